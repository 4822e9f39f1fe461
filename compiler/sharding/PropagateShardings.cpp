//===- PropagateShardings.cpp - Gives every tensor a sharding -------------===//
//
// A fixed point over factors: ops are asked for their rules only, so an op of a
// plugin is propagated like one of ours. Splits are only ever added, never taken
// back, so the walk ends after at most (dimensions x axes) rounds.
//
//===----------------------------------------------------------------------===//

#include "compiler/sharding/Passes.h"

#include "dialects/dist/Dist.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/PatternMatch.h"

namespace weft {
#define GEN_PASS_DEF_PROPAGATESHARDINGS
#include "compiler/sharding/Passes.h.inc"

namespace {
using namespace mlir;
using namespace dist;
using Axes = SmallVector<StringRef, 2>;

/// What is known of a value's layout so far.
struct Layout {
  ShardingAttr::DimAxes dims;
  SmallVector<bool> isOpen; ///< Dimensions that may still be split.
  ReduceKind partialKind = ReduceKind::sum;
  SmallVector<StringRef> partialAxes;

  bool uses(StringRef axis) const {
    return llvm::is_contained(partialAxes, axis) ||
           llvm::any_of(dims, [&](const auto &axes) { return llvm::is_contained(axes, axis); });
  }
};

class Propagation {
public:
  Propagation(func::FuncOp function, MeshInterface mesh, FlatSymbolRefAttr meshName)
      : function(function), mesh(mesh), meshName(meshName) {}

  LogicalResult run() {
    if (failed(start()))
      return failure();
    for (bool changed = true; changed;) {
      changed = false;
      for (Operation &op : function.getBody().front())
        changed |= visit(&op);
      for (Operation &op : llvm::reverse(function.getBody().front()))
        changed |= visit(&op);
    }
    write();
    return success();
  }

private:
  /// A layout for every value; marks are written into it.
  LogicalResult start() {
    for (Type type : llvm::concat<const Type>(function.getArgumentTypes(), function.getResultTypes()))
      if (!isa<RankedTensorType>(type))
        return function.emitError() << "takes or gives " << type << "; wanted tensors in a function on a mesh";
    for (Value argument : function.getArguments()) {
      layouts[argument] = openLayout(argument);
      for (Operation &op : function.getBody().front())
        if (auto mark = dyn_cast<ConstrainOp>(op); mark && mark.getInput() == argument) {
          if (mark.getSharding().isPartial())
            return mark.emitError() << "marks an argument as a sum still to be made; a tensor function takes finished "
                                       "tensors, make the sum in the caller";
          layouts[argument] = markedLayout(mark);
          break;
        }
    }
    if (!function.getBody().hasOneBlock())
      return function.emitError() << "has " << function.getBody().getBlocks().size()
                                  << " blocks; wanted one in a function on a mesh";
    auto walked = function.walk([&](Operation *op) -> WalkResult {
      bool isKnown = isa<ConstrainOp, func::FuncOp, func::ReturnOp, ShardingRuleInterface>(op);
      if (!isKnown || op->getNumRegions() > (isa<func::FuncOp>(op) ? 1u : 0u))
        return op->emitError() << "'" << op->getName()
                               << "' has no sharding rule; wanted ops with one in a function on a mesh";
      for (Value result : op->getResults())
        layouts[result] = isa<ConstrainOp>(op) ? markedLayout(cast<ConstrainOp>(op)) : openLayout(result);
      return WalkResult::advance();
    });
    if (walked.wasInterrupted())
      return failure();
    // A sum still to be made was left so by its producer.
    auto partials = function.walk([&](ConstrainOp mark) -> WalkResult {
      if (!mark.getSharding().isPartial())
        return WalkResult::advance();
      if (llvm::any_of(mark->getUsers(), llvm::IsaPred<func::ReturnOp>))
        return mark.emitError() << "marks a result as a sum still to be made; a tensor function gives finished tensors";
      Layout &input = layouts[mark.getInput()];
      input.partialKind = mark.getSharding().getPartialKind();
      input.partialAxes = mark.getSharding().getPartial();
      return WalkResult::advance();
    });
    return failure(partials.wasInterrupted());
  }

  Layout openLayout(Value value) const {
    Layout layout;
    layout.dims.resize(cast<RankedTensorType>(value.getType()).getRank());
    layout.isOpen.assign(layout.dims.size(), true);
    return layout;
  }

  Layout markedLayout(ConstrainOp mark) const {
    Layout layout;
    layout.dims = mark.getSharding().getDimAxes();
    layout.isOpen.assign(layout.dims.size(), false);
    for (int64_t dim : mark.getOpen())
      layout.isOpen[dim] = true;
    layout.partialKind = mark.getSharding().getPartialKind();
    layout.partialAxes = mark.getSharding().getPartial();
    return layout;
  }

  bool visit(Operation *op) {
    if (auto mark = dyn_cast<ConstrainOp>(op)) {
      bool changed = false;
      for (unsigned dim = 0; dim < layouts[mark.getInput()].dims.size(); ++dim) {
        changed |= split(mark.getResult(), dim, layouts[mark.getInput()].dims[dim]);
        changed |= split(mark.getInput(), dim, layouts[mark.getResult()].dims[dim]);
      }
      return changed;
    }
    auto ruled = dyn_cast<ShardingRuleInterface>(op);
    if (!ruled)
      return false;
    ShardingRule rule = ruled.getShardingRule();
    SmallVector<Axes> factorAxes(rule.factors.size());
    forEachDim(op, rule, [&](Value value, unsigned dim, int factor) {
      if (factorAxes[factor].empty())
        factorAxes[factor] = layouts[value].dims[dim];
    });
    bool changed = false;
    forEachDim(op, rule, [&](Value value, unsigned dim, int factor) {
      changed |= split(value, dim, fittingAxes(factorAxes[factor], rule.factors[factor].size));
    });
    return changed;
  }

  void forEachDim(Operation *op, const ShardingRule &rule, function_ref<void(Value, unsigned, int)> visit) {
    auto all = [&](ValueRange values, ArrayRef<SmallVector<int, 4>> factors) {
      for (auto [value, dims] : llvm::zip(values, factors))
        for (auto [dim, factor] : llvm::enumerate(dims))
          if (factor != ShardingRule::whole)
            visit(value, static_cast<unsigned>(dim), factor);
    };
    all(op->getOperands(), rule.operands);
    all(op->getResults(), rule.results);
  }

  /// The longest run of axes from the outermost on whose slots divide `size`.
  Axes fittingAxes(ArrayRef<StringRef> axes, int64_t size) const {
    Axes fitting;
    int64_t slots = 1;
    for (StringRef axis : axes) {
      slots *= axisSize(mesh, axis);
      if (size % slots != 0)
        break;
      fitting.push_back(axis);
    }
    return fitting;
  }

  /// Splits an open, whole dimension. Says whether anything changed.
  bool split(Value value, unsigned dim, ArrayRef<StringRef> axes) {
    Layout &layout = layouts[value];
    if (!layout.isOpen[dim] || !layout.dims[dim].empty() || axes.empty())
      return false;
    Axes fitting;
    for (StringRef axis : fittingAxes(axes, cast<RankedTensorType>(value.getType()).getDimSize(dim))) {
      if (layout.uses(axis))
        break;
      fitting.push_back(axis);
    }
    layout.dims[dim] = fitting;
    return !fitting.empty();
  }

  /// Puts the layouts into the types, and turns marks into reshardings or nothing.
  void write() {
    for (auto &[value, layout] : layouts) {
      auto sharding = ShardingAttr::get(meshName, layout.dims, layout.partialKind, layout.partialAxes);
      value.setType(withSharding(cast<RankedTensorType>(value.getType()), sharding));
    }
    for (ConstrainOp mark : llvm::make_early_inc_range(function.getOps<ConstrainOp>())) {
      if (mark.getInput().getType() == mark.getType()) {
        mark.replaceAllUsesWith(mark.getInput());
      } else {
        OpBuilder builder(mark);
        mark.replaceAllUsesWith(ReshardOp::create(builder, mark.getLoc(), mark.getType(), mark.getInput()).getResult());
      }
      mark.erase();
    }
    auto results = function.getBody().front().getTerminator()->getOperandTypes();
    function.setType(FunctionType::get(function.getContext(), function.getBody().getArgumentTypes(), results));
  }

  func::FuncOp function;
  MeshInterface mesh;
  FlatSymbolRefAttr meshName;
  llvm::MapVector<Value, Layout> layouts;
};

struct PropagateShardings : impl::PropagateShardingsBase<PropagateShardings> {
  using PropagateShardingsBase::PropagateShardingsBase;

  void runOnOperation() override {
    auto meshName = getOperation()->getAttrOfType<FlatSymbolRefAttr>(meshAttrName);
    MeshInterface mesh = lookUpMesh(getOperation(), meshName);
    if (mesh && !getOperation().isExternal() && !programOf(getOperation().getBody()) &&
        failed(Propagation(getOperation(), mesh, meshName).run()))
      signalPassFailure();
  }
};
} // namespace
} // namespace weft

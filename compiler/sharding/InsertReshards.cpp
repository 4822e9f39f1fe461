//===- InsertReshards.cpp - Makes shardings fit each op's rule ------------===//
//
// Ops are settled one by one, each at the least cost given what its neighbours
// hold; the cost is told in Passes.td. A choice over many ops at once is a
// matter for the search over layouts, which writes types before this pass.
//
//===----------------------------------------------------------------------===//

#include "compiler/sharding/Passes.h"

#include "compiler/sharding/ReshardSteps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace weft {
#define GEN_PASS_DEF_INSERTRESHARDS
#include "compiler/sharding/Passes.h.inc"

namespace {
using namespace mlir;
using namespace dist;
using namespace sharding;
using Axes = SmallVector<StringRef, 2>;

/// Multiplications that take about as long as one byte between slots.
constexpr double multiplicationsPerByte = 64;

/// More ways than this to split one op are not compared; only rules with a dozen factors and axes come near.
constexpr size_t maxChoices = 4096;

/// One way to split an op: axes for each factor, and the shardings that follow.
struct Choice {
  SmallVector<Axes> factorAxes;
  SmallVector<ShardingAttr> operands, results;
  double cost = 0;
  int64_t slots = 1;
};

class OpSplitter {
public:
  OpSplitter(ShardingRuleInterface op, MeshInterface mesh, FlatSymbolRefAttr meshName)
      : op(op), rule(op.getShardingRule()), mesh(mesh), meshName(meshName) {}

  LogicalResult run() {
    std::optional<Choice> best;
    size_t tried = 0;
    forEachSuggestion(0, {}, [&](ArrayRef<Axes> factorAxes) {
      std::optional<Choice> choice;
      if (tried++ < maxChoices)
        choice = evaluate(factorAxes);
      if (choice && (!best || choice->cost < best->cost || (choice->cost == best->cost && choice->slots > best->slots)))
        best = std::move(choice);
    });
    if (!best)
      return op->emitError()
             << "is asked for a sum over axes that it does not sum over; wanted a partial result only where "
                "a reduced dimension is split";
    apply(*best);
    return success();
  }

private:
  /// Calls `visit` with every combination of splits that some operand or result has for a factor, no split included.
  void forEachSuggestion(size_t factor, SmallVector<Axes> chosen, function_ref<void(ArrayRef<Axes>)> visit) {
    if (factor == rule.factors.size())
      return visit(chosen);
    SmallVector<Axes> suggestions = {{}};
    auto collect = [&](ValueRange values, ArrayRef<SmallVector<int, 4>> factors) {
      for (auto [value, dims] : llvm::zip(values, factors))
        for (auto [dim, found] : llvm::enumerate(dims)) {
          if (found != static_cast<int>(factor))
            continue;
          Axes axes = shardingOf(value).getDimAxes()[dim];
          bool clashes = llvm::any_of(chosen, [&](const Axes &others) {
            return llvm::any_of(axes, [&](StringRef axis) { return llvm::is_contained(others, axis); });
          });
          if (!clashes && rule.factors[factor].size % axesSize(mesh, axes) == 0 &&
              !llvm::is_contained(suggestions, axes))
            suggestions.push_back(axes);
        }
    };
    collect(op->getResults(), rule.results);
    collect(op->getOperands(), rule.operands);
    for (const Axes &axes : suggestions) {
      chosen.push_back(axes);
      forEachSuggestion(factor + 1, chosen, visit);
      chosen.pop_back();
    }
  }

  std::optional<Choice> evaluate(ArrayRef<Axes> factorAxes) {
    Choice choice;
    choice.factorAxes.assign(factorAxes.begin(), factorAxes.end());
    double work = 1;
    SmallVector<StringRef> reduced;
    for (auto [factor, axes] : llvm::zip(rule.factors, factorAxes)) {
      work *= double(factor.size);
      choice.slots *= axesSize(mesh, axes);
      if (factor.kind == FactorKind::reduce)
        llvm::append_range(reduced, axes);
    }
    choice.cost = work / double(choice.slots) / multiplicationsPerByte;
    for (auto [operand, dims] : llvm::zip(op->getOperands(), rule.operands)) {
      ShardingAttr wanted = shardingFor(dims, factorAxes, {});
      choice.operands.push_back(wanted);
      choice.cost += costBetween(operand, shardingOf(operand), wanted);
    }
    for (auto [result, dims] : llvm::zip(op->getResults(), rule.results)) {
      ShardingAttr given = shardingFor(dims, factorAxes, reduced), wanted = shardingOf(result);
      for (StringRef axis : wanted.getPartial())
        if (!llvm::is_contained(reduced, axis) || wanted.getPartialKind() != rule.reduceKind)
          return std::nullopt;
      choice.results.push_back(given);
      choice.cost += costBetween(result, given, wanted);
    }
    return choice;
  }

  ShardingAttr shardingFor(ArrayRef<int> dims, ArrayRef<Axes> factorAxes, ArrayRef<StringRef> reduced) {
    ShardingAttr::DimAxes axes;
    for (int factor : dims)
      axes.push_back(factor == ShardingRule::whole ? Axes() : factorAxes[factor]);
    // In the mesh's order, so that equal sums have one spelling.
    SmallVector<StringRef> partial;
    for (StringRef axis : mesh.getAxisNames())
      if (llvm::is_contained(reduced, axis))
        partial.push_back(axis);
    return ShardingAttr::get(meshName, axes, rule.reduceKind, partial);
  }

  double costBetween(Value value, ShardingAttr from, ShardingAttr to) {
    return costOf(planReshard(from, to, mesh), cast<RankedTensorType>(value.getType()), from, mesh);
  }

  void apply(const Choice &choice) {
    OpBuilder builder(op);
    for (auto [operand, wanted] : llvm::zip(op->getOpOperands(), choice.operands)) {
      Type type = withSharding(cast<RankedTensorType>(operand.get().getType()), wanted);
      if (operand.get().getType() != type)
        operand.set(ReshardOp::create(builder, op->getLoc(), type, operand.get()));
    }
    builder.setInsertionPointAfter(op);
    for (auto [result, given] : llvm::zip(op->getResults(), choice.results)) {
      Type wanted = result.getType();
      Type type = withSharding(cast<RankedTensorType>(wanted), given);
      if (type == wanted)
        continue;
      result.setType(type);
      auto reshard = ReshardOp::create(builder, op->getLoc(), wanted, result);
      result.replaceAllUsesExcept(reshard, reshard);
    }
  }

  ShardingRuleInterface op;
  ShardingRule rule;
  MeshInterface mesh;
  FlatSymbolRefAttr meshName;
};

struct InsertReshards : impl::InsertReshardsBase<InsertReshards> {
  using InsertReshardsBase::InsertReshardsBase;

  void runOnOperation() override {
    auto meshName = getOperation()->getAttrOfType<FlatSymbolRefAttr>(meshAttrName);
    MeshInterface mesh = lookUpMesh(getOperation(), meshName);
    if (!mesh || programOf(getOperation().getBody()))
      return;
    SmallVector<ShardingRuleInterface> ops;
    auto walked = getOperation().walk([&](ShardingRuleInterface op) -> WalkResult {
      auto isLaidOut = [](Type type) { return bool(shardingOf(type)); };
      if (!llvm::all_of(op->getOperandTypes(), isLaidOut) || !llvm::all_of(op->getResultTypes(), isLaidOut))
        return op->emitError()
               << "has a tensor without a sharding; wanted one on each, run weft-propagate-shardings first";
      ops.push_back(op);
      return WalkResult::advance();
    });
    if (walked.wasInterrupted())
      return signalPassFailure();
    for (ShardingRuleInterface op : ops)
      if (failed(OpSplitter(op, mesh, meshName).run()))
        return signalPassFailure();
  }
};
} // namespace
} // namespace weft

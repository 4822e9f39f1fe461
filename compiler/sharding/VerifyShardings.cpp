//===- VerifyShardings.cpp - Every op is split as its rule says -----------===//

#include "compiler/sharding/Passes.h"

#include "dialects/dist/Dist.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringExtras.h"

namespace weft {
#define GEN_PASS_DEF_VERIFYSHARDINGS
#include "compiler/sharding/Passes.h.inc"

namespace {
using namespace mlir;
using namespace dist;
using Axes = SmallVector<StringRef, 2>;

std::string textOf(ArrayRef<StringRef> axes) {
  return axes.empty() ? "no axes" : "axes '" + llvm::join(axes, "', '") + "'";
}

/// S2 and S3 for one op.
class OpCheck {
public:
  explicit OpCheck(ShardingRuleInterface op) : op(op), rule(op.getShardingRule()) {}

  LogicalResult run() {
    factorAxes.resize(rule.factors.size());
    for (auto [i, operand, dims] : llvm::enumerate(op->getOperands(), rule.operands))
      if (failed(check("operand", i, operand, dims)))
        return failure();
    for (auto [i, result, dims] : llvm::enumerate(op->getResults(), rule.results))
      if (failed(check("result", i, result, dims)))
        return failure();
    return checkPartials();
  }

private:
  LogicalResult check(StringRef what, size_t index, Value value, ArrayRef<int> dims) { // S2
    for (auto [dim, factor] : llvm::enumerate(dims)) {
      Axes axes = shardingOf(value).getDimAxes()[dim];
      if (factor == ShardingRule::whole) {
        if (!axes.empty())
          return op->emitError() << what << ' ' << index << " has dimension " << dim << " split over " << textOf(axes)
                                 << "; wanted it whole";
        continue;
      }
      if (factorAxes[factor] && *factorAxes[factor] != axes)
        return op->emitError() << what << ' ' << index << " has dimension " << dim << " split over " << textOf(axes)
                               << "; wanted " << textOf(*factorAxes[factor]) << " as its equals";
      for (auto [other, taken] : llvm::enumerate(factorAxes))
        for (StringRef axis : axes)
          if (taken && static_cast<int>(other) != factor && llvm::is_contained(*taken, axis))
            return op->emitError() << "splits two of its dimensions over axis '" << axis << "'; wanted one";
      factorAxes[factor] = axes;
    }
    return success();
  }

  LogicalResult checkPartials() { // S3
    SmallVector<StringRef> wanted;
    for (auto [factor, axes] : llvm::zip(rule.factors, factorAxes))
      if (factor.kind == FactorKind::reduce && axes)
        llvm::append_range(wanted, *axes);
    for (auto [i, operand] : llvm::enumerate(op->getOperands())) {
      ShardingAttr sharding = shardingOf(operand);
      if (!sharding.isPartial())
        continue;
      bool isLinear = i < rule.linearIn.size() && rule.linearIn[i] && sharding.getPartialKind() == ReduceKind::sum;
      if (!isLinear || rule.reduceKind != ReduceKind::sum)
        return op->emitError() << "operand " << i << " is a sum still to be made over " << textOf(sharding.getPartial())
                               << ", in which the op is not linear; wanted it made";
      llvm::append_range(wanted, sharding.getPartial());
    }
    llvm::sort(wanted);
    for (Value result : op->getResults()) {
      SmallVector<StringRef> found = shardingOf(result).getPartial();
      llvm::sort(found);
      if (found != wanted || (!found.empty() && shardingOf(result).getPartialKind() != rule.reduceKind))
        return op->emitError() << "result is partial over " << textOf(found) << "; wanted "
                               << stringifyReduceKind(rule.reduceKind) << " over " << textOf(wanted);
    }
    return success();
  }

  ShardingRuleInterface op;
  ShardingRule rule;
  SmallVector<std::optional<Axes>> factorAxes;
};

struct VerifyShardings : impl::VerifyShardingsBase<VerifyShardings> {
  using VerifyShardingsBase::VerifyShardingsBase;

  void runOnOperation() override {
    meshName = getOperation()->getAttrOfType<FlatSymbolRefAttr>(meshAttrName);
    if (!meshName || getOperation().isExternal() || programOf(getOperation().getBody()))
      return;
    for (Type type : llvm::concat<const Type>(getOperation().getArgumentTypes(), getOperation().getResultTypes()))
      if (!isOnMesh(type) || shardingOf(type).isPartial()) { // S1, S4
        getOperation().emitError() << "takes or gives " << type << "; wanted a sharding on " << meshName
                                   << " that is not partial";
        return signalPassFailure();
      }
    auto walked = getOperation().walk([&](Operation *op) -> WalkResult {
      if (isa<ConstrainOp>(op)) // S1
        return op->emitError() << "is left; wanted none after weft-propagate-shardings";
      for (Type type : op->getResultTypes())
        if (!isOnMesh(type)) // S1
          return op->emitError() << "gives " << type << "; wanted a sharding on " << meshName;
      if (auto ruled = dyn_cast<ShardingRuleInterface>(op))
        return OpCheck(ruled).run();
      return WalkResult::advance();
    });
    if (walked.wasInterrupted())
      signalPassFailure();
  }

  bool isOnMesh(Type type) const { return shardingOf(type) && shardingOf(type).getMesh() == meshName; }

  FlatSymbolRefAttr meshName;
};
} // namespace
} // namespace weft

//===- VerifyPartition.cpp - Tensor functions are programs of one slot ----===//

#include "compiler/sharding/Passes.h"

#include "dialects/dist/Dist.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace weft {
#define GEN_PASS_DEF_VERIFYPARTITION
#include "compiler/sharding/Passes.h.inc"

namespace {
using namespace mlir;
using namespace dist;

struct VerifyPartition : impl::VerifyPartitionBase<VerifyPartition> {
  using VerifyPartitionBase::VerifyPartitionBase;

  void runOnOperation() override {
    auto meshName = getOperation()->getAttrOfType<FlatSymbolRefAttr>(meshAttrName);
    if (meshName && !getOperation().isExternal() && (failed(checkBody(meshName)) || failed(checkParts())))
      signalPassFailure();
  }

  LogicalResult checkBody(FlatSymbolRefAttr meshName) { // P1
    Block &body = getOperation().getBody().front();
    auto spmd = dyn_cast<SpmdOp>(body.front());
    bool isWhole = spmd && spmd.getMeshAttr() == meshName && spmd->getNextNode() == body.getTerminator() &&
                   llvm::equal(spmd.getInputs(), body.getArguments()) &&
                   llvm::equal(spmd.getOutputs(), body.getTerminator()->getOperands());
    if (isWhole)
      return success();
    return getOperation().emitError()
           << "is not one dist.spmd on " << meshName
           << " of its arguments and a return of its results; wanted that of a partitioned function";
  }

  LogicalResult checkParts() { // P2
    auto spmd = cast<SpmdOp>(getOperation().getBody().front().front());
    auto walked = spmd.getBody().walk([](Operation *op) -> WalkResult {
      if (isa<ReshardOp, ConstrainOp>(op))
        return op->emitError() << "is inside dist.spmd; wanted collectives";
      for (Type type : op->getResultTypes())
        if (shardingOf(type))
          return op->emitError() << "gives " << type << " inside dist.spmd; wanted a tensor without sharding";
      return WalkResult::advance();
    });
    return failure(walked.wasInterrupted());
  }
};
} // namespace
} // namespace weft

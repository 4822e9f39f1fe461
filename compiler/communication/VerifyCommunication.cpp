//===- VerifyCommunication.cpp - The runtime can run every collective -----===//

#include "compiler/communication/Passes.h"

#include "dialects/dist/Dist.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/TypeSwitch.h"

namespace weft {
#define GEN_PASS_DEF_VERIFYCOMMUNICATION
#include "compiler/communication/Passes.h.inc"

namespace {
using namespace mlir;
using namespace dist;

LogicalResult checkPlace(Operation *op) { // K1
  if (isa<SpmdOp>(op->getParentOp()))
    return success();
  return op->emitError() << "stands in '" << op->getParentOp()->getName()
                         << "'; wanted it in the body of dist.spmd itself, where every slot takes it";
}

LogicalResult checkShards(Operation *op, Value whole, int64_t dim) { // K2
  for (int64_t size : cast<RankedTensorType>(whole.getType()).getShape().take_front(dim))
    if (size != 1)
      return op->emitError() << "has shards along dimension " << dim << " of " << whole.getType()
                             << ", which are not contiguous; wanted them packed by weft-pack-collectives";
  return success();
}

LogicalResult checkAxes(Operation *op, FlatSymbolRefAttr meshName, ArrayAttr axes) { // K3
  size_t found = 0;
  for (StringRef axis : lookUpMesh(op, meshName).getAxisNames())
    if (found < axes.size() && cast<StringAttr>(axes[found]).getValue() == axis)
      ++found;
  if (found == axes.size())
    return success();
  return op->emitError() << "names axes " << axes << " in another order than " << meshName
                         << "; wanted the mesh's order";
}

LogicalResult check(Operation *op) {
  return llvm::TypeSwitch<Operation *, LogicalResult>(op)
      .Case<AllReduceOp>([](auto step) {
        return failure(failed(checkPlace(step)) || failed(checkAxes(step, step.getMeshAttr(), step.getAxesAttr())));
      })
      .Case<ReduceScatterOp>([](auto step) {
        return failure(failed(checkPlace(step)) || failed(checkAxes(step, step.getMeshAttr(), step.getAxesAttr())) ||
                       failed(checkShards(step, step.getInput(), step.getDim())));
      })
      .Case<AllGatherOp>([](auto step) {
        return failure(failed(checkPlace(step)) || failed(checkAxes(step, step.getMeshAttr(), step.getAxesAttr())) ||
                       failed(checkShards(step, step.getResult(), step.getDim())));
      })
      .Default([](Operation *) { return success(); });
}

struct VerifyCommunication : impl::VerifyCommunicationBase<VerifyCommunication> {
  using VerifyCommunicationBase::VerifyCommunicationBase;

  void runOnOperation() override {
    auto walked = getOperation().walk([](SpmdOp spmd) -> WalkResult {
      return spmd.getBody().walk([](Operation *op) -> WalkResult { return check(op); });
    });
    if (walked.wasInterrupted())
      signalPassFailure();
  }
};
} // namespace
} // namespace weft

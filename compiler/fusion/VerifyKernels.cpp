//===- VerifyKernels.cpp - Slots run only kernels and collectives ---------===//

#include "compiler/fusion/Passes.h"

#include "dialects/dist/Dist.h"
#include "dialects/nn/Nn.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/BuiltinOps.h"

namespace weft {
#define GEN_PASS_DEF_VERIFYKERNELS
#include "compiler/fusion/Passes.h.inc"

namespace {
using namespace mlir;
using namespace dist;

LogicalResult checkBody(Block &body) { // F1
  for (Operation &op : body) {
    if (isa<AllReduceOp, ReduceScatterOp, AllGatherOp, SlotIndexOp, YieldOp, nn::ReshapeOp, nn::YieldOp>(op))
      continue;
    if (auto scan = dyn_cast<nn::ScanOp>(op)) {
      if (failed(checkBody(scan.getBody().front())))
        return failure();
      continue;
    }
    auto call = dyn_cast<func::CallOp>(op);
    auto kernel =
        call ? SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(call, call.getCalleeAttr()) : func::FuncOp();
    if (!kernel || !kernel->hasAttr(kernelAttrName))
      return op.emitError() << "is run by slots; wanted a collective or the call of a kernel";
  }
  return success();
}

LogicalResult checkKernel(func::FuncOp kernel) {
  if (kernel.isExternal()) // F3
    return kernel.emitError() << "has no body; wanted the ops of the kernel";
  auto walked = kernel.walk([](Operation *op) -> WalkResult { // F2
    if (isa<DistDialect>(op->getDialect()))
      return op->emitError() << "is in a kernel; wanted ops that one slot computes alone";
    return WalkResult::advance();
  });
  if (walked.wasInterrupted())
    return failure();
  for (Type type : llvm::concat<const Type>(kernel.getArgumentTypes(), kernel.getResultTypes())) { // F3
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (!tensor || !tensor.hasStaticShape() || tensor.getEncoding())
      return kernel.emitError() << "takes or gives " << type << "; wanted tensors of static shape without encoding";
  }
  if (kernel.getNumResults() == 0) // F3
    return kernel.emitError() << "gives nothing; wanted at least one tensor";
  return success();
}

struct VerifyKernels : impl::VerifyKernelsBase<VerifyKernels> {
  using VerifyKernelsBase::VerifyKernelsBase;

  void runOnOperation() override {
    auto walked = getOperation().walk([](Operation *op) -> WalkResult {
      if (auto spmd = dyn_cast<SpmdOp>(op))
        return checkBody(spmd.getBody().front());
      if (auto function = dyn_cast<func::FuncOp>(op); function && function->hasAttr(kernelAttrName))
        return checkKernel(function);
      return WalkResult::advance();
    });
    if (walked.wasInterrupted())
      signalPassFailure();
  }
};
} // namespace
} // namespace weft

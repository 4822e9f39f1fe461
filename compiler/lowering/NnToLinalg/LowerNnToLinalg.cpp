//===- LowerNnToLinalg.cpp - Replaces every op by its linalg form ---------===//

#include "compiler/lowering/NnToLinalg/Passes.h"

#include "dialects/base/Base.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace weft {
#define GEN_PASS_DEF_LOWERNNTOLINALG
#include "compiler/lowering/NnToLinalg/Passes.h.inc"

namespace {
using namespace mlir;

struct LowerNnToLinalg : impl::LowerNnToLinalgBase<LowerNnToLinalg> {
  using LowerNnToLinalgBase::LowerNnToLinalgBase;

  void runOnOperation() override {
    SmallVector<LinalgFormInterface> ops;
    getOperation().walk([&](LinalgFormInterface op) { ops.push_back(op); });
    for (LinalgFormInterface op : ops) {
      OpBuilder builder(op);
      FailureOr<SmallVector<Value>> values = op.buildLinalg(builder, op->getOperands());
      if (failed(values))
        return signalPassFailure();
      op->replaceAllUsesWith(*values);
      op->erase();
    }
  }
};
} // namespace
} // namespace weft

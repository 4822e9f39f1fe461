//===- Pullbacks.cpp - The derivatives of ops, attached to them -----------===//

#include "compiler/autodiff/Pullbacks.h"

#include "compiler/autodiff/PullbackBuilder.h"
#include "dialects/dist/Dist.h"

using namespace mlir;

namespace weft::autodiff {
namespace {

/// What is laid out stays laid out in the derivative.
struct ConstrainPullback : PullbackOf<ConstrainPullback, dist::ConstrainOp> {
  Cotangents buildPullback(Operation *op, OpBuilder &builder, ArrayRef<Value> cotangents, ArrayRef<bool>) const {
    auto constrain = cast<dist::ConstrainOp>(op);
    Value laidOut = dist::ConstrainOp::create(builder, op->getLoc(), constrain.getType(), cotangents[0],
                                              constrain.getSharding(), constrain.getOpenAttr());
    return SmallVector<Value>{laidOut};
  }
};

} // namespace

void registerPullbacks(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, nn::NnDialect *) {
    attachElementwisePullbacks(*context);
    attachMovePullbacks(*context);
    attachProductPullbacks(*context);
    attachRowPullbacks(*context);
  });
  registry.addExtension(+[](MLIRContext *context, dist::DistDialect *) {
    dist::ConstrainOp::attachInterface<ConstrainPullback>(*context);
  });
}

} // namespace weft::autodiff

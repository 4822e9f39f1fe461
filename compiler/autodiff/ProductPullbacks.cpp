//===- ProductPullbacks.cpp - Derivatives of matmul and attention ---------===//

#include "compiler/autodiff/PullbackBuilder.h"
#include "compiler/autodiff/Pullbacks.h"

using namespace mlir;

namespace weft::autodiff {
namespace {

Value lastTwoExchanged(PullbackBuilder &build, Value x) {
  auto perm = llvm::to_vector(llvm::seq<int64_t>(0, typeOf(x).getRank()));
  std::swap(perm[perm.size() - 1], perm[perm.size() - 2]);
  return build.transpose(x, perm);
}

/// `[..., M, K]` as `[... · M, K]`.
Value asOneMatrix(PullbackBuilder &build, Value x) {
  int64_t columns = typeOf(x).getShape().back();
  return build.reshape(x, {typeOf(x).getNumElements() / columns, columns});
}

/// With L and R the matrices as they are read: L's cotangent is G·Rᵀ and R's is Lᵀ·G. Which of the two factors stands
/// first, and which is read transposed, follows from how the operands lie in memory; nothing is copied but for a left
/// operand that is read transposed beside a right one that serves every batch index.
struct MatmulPullback : PullbackOf<MatmulPullback, nn::MatmulOp> {
  Cotangents buildPullback(Operation *op, OpBuilder &builder, ArrayRef<Value> cotangents, ArrayRef<bool> wanted) const {
    auto matmul = cast<nn::MatmulOp>(op);
    PullbackBuilder build(builder, op);
    Value left = matmul.getLhs(), right = matmul.getRhs(), g = cotangents[0], forLeft, forRight;
    bool readsLeft = matmul.getTransposeLhs(), readsRight = matmul.getTransposeRhs();
    bool servesAll = typeOf(right).getRank() < typeOf(left).getRank();
    if (wanted[0]) {
      if (!readsLeft)
        forLeft = build.matmul(g, right, false, !readsRight);
      else if (!servesAll)
        forLeft = build.matmul(right, g, readsRight, true);
      else
        forLeft = lastTwoExchanged(build, build.matmul(g, right, false, !readsRight));
    }
    if (wanted[1]) {
      if (servesAll) { // The sum over the batch is the product of tall matrices.
        left = asOneMatrix(build, readsLeft ? lastTwoExchanged(build, left) : left);
        g = asOneMatrix(build, g);
        readsLeft = false;
      }
      forRight = readsRight ? build.matmul(g, left, true, readsLeft) : build.matmul(left, g, !readsLeft, false);
    }
    return SmallVector<Value>{forLeft, forRight};
  }
};

struct AttentionPullback : PullbackOf<AttentionPullback, nn::AttentionOp> {
  Cotangents buildPullback(Operation *op, OpBuilder &builder, ArrayRef<Value> cotangents, ArrayRef<bool>) const {
    auto attention = cast<nn::AttentionOp>(op);
    if (cotangents[1])
      return op->emitOpError() << "has no derivative of its second result, the log-sum-exp of the scores; only its "
                                  "first result may be used on the way to the value";
    auto gradients = nn::AttentionGradOp::create(
        builder, op->getLoc(),
        TypeRange{attention.getQueries().getType(), attention.getKeys().getType(), attention.getValues().getType()},
        attention.getQueries(), attention.getKeys(), attention.getValues(), attention.getResult(), attention.getLse(),
        cotangents[0], attention.getOffset(), attention.getHeads(), attention.getCausal(), attention.getScale());
    SmallVector<Value> given(gradients.getResults());
    given.resize(op->getNumOperands());
    return given;
  }
};

} // namespace

void attachProductPullbacks(MLIRContext &context) {
  nn::MatmulOp::attachInterface<MatmulPullback>(context);
  nn::AttentionOp::attachInterface<AttentionPullback>(context);
}

} // namespace weft::autodiff

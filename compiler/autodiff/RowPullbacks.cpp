//===- RowPullbacks.cpp - Derivatives of sums, softmax, norms, losses -----===//
//
// A largest element among equal ones is not one: reduce min and max give each
// of the equal elements the same part of the cotangent.
//
//===----------------------------------------------------------------------===//

#include "compiler/autodiff/PullbackBuilder.h"
#include "compiler/autodiff/Pullbacks.h"

using namespace mlir;

namespace weft::autodiff {
namespace {

using nn::CompareKind;
using nn::ElementwiseKind;

struct ReducePullback : PullbackOf<ReducePullback, nn::ReduceOp> {
  Cotangents buildPullback(Operation *op, OpBuilder &builder, ArrayRef<Value> cotangents, ArrayRef<bool>) const {
    auto reduce = cast<nn::ReduceOp>(op);
    PullbackBuilder build(builder, op);
    Value x = reduce.getInput(), g = cotangents[0];
    ArrayRef<int64_t> dims = reduce.getDims();
    if (reduce.getKind() == ReduceKind::sum)
      return SmallVector<Value>{build.repeat(g, x, dims)};
    Value chosen = build.compare(CompareKind::eq, x, build.repeat(reduce.getResult(), x, dims));
    Value count = build.sum(build.cast(chosen, typeOf(x).getElementType()), dims);
    return SmallVector<Value>{build.select(chosen, build.repeat(build.div(g, count), x, dims), build.zeros(x))};
  }
};

/// y·(g − Σ g·y).
struct SoftmaxPullback : PullbackOf<SoftmaxPullback, nn::SoftmaxOp> {
  Cotangents buildPullback(Operation *op, OpBuilder &builder, ArrayRef<Value> cotangents, ArrayRef<bool>) const {
    auto softmax = cast<nn::SoftmaxOp>(op);
    PullbackBuilder build(builder, op);
    Value y = softmax.getResult(), g = cotangents[0];
    int64_t dim = softmax.getDim();
    Value mixed = build.repeat(build.sum(build.mul(g, y), {dim}), y, {dim});
    return SmallVector<Value>{build.mul(y, build.sub(g, mixed))};
  }
};

/// 1/√(mean(x²) + eps), for each row.
Value inverseSize(PullbackBuilder &build, Value x, int64_t dim, double eps) {
  Value square = build.mean(build.mul(x, x), dim);
  return build.unary(ElementwiseKind::rsqrt, build.add(square, build.splat(square, eps)));
}

/// With y the norm's result and r the factor of its row: r·(g − y·mean(g·y)), and with the mean taken off before,
/// −r·mean(g).
Value pullBackNorm(PullbackBuilder &build, Value centred, Value y, Value g, int64_t dim, double eps, bool takesMean) {
  Value along = build.repeat(build.mean(build.mul(g, y), dim), y, {dim});
  Value rest = build.sub(g, build.mul(y, along));
  if (takesMean)
    rest = build.sub(rest, build.repeat(build.mean(g, dim), y, {dim}));
  return build.mul(build.repeat(inverseSize(build, centred, dim, eps), y, {dim}), rest);
}

struct RmsNormPullback : PullbackOf<RmsNormPullback, nn::RmsNormOp> {
  Cotangents buildPullback(Operation *op, OpBuilder &builder, ArrayRef<Value> cotangents, ArrayRef<bool>) const {
    auto norm = cast<nn::RmsNormOp>(op);
    PullbackBuilder build(builder, op);
    return SmallVector<Value>{pullBackNorm(build, norm.getInput(), norm.getResult(), cotangents[0], norm.getDim(),
                                           norm.getEps().convertToDouble(), /*takesMean=*/false)};
  }
};

struct LayerNormPullback : PullbackOf<LayerNormPullback, nn::LayerNormOp> {
  Cotangents buildPullback(Operation *op, OpBuilder &builder, ArrayRef<Value> cotangents, ArrayRef<bool>) const {
    auto norm = cast<nn::LayerNormOp>(op);
    PullbackBuilder build(builder, op);
    int64_t dim = norm.getDim();
    Value x = norm.getInput(), centred = build.sub(x, build.repeat(build.mean(x, dim), x, {dim}));
    return SmallVector<Value>{pullBackNorm(build, centred, norm.getResult(), cotangents[0], dim,
                                           norm.getEps().convertToDouble(), /*takesMean=*/true)};
  }
};

/// (softmax(row) − one at the id)·g.
struct CrossEntropyPullback : PullbackOf<CrossEntropyPullback, nn::CrossEntropyOp> {
  Cotangents buildPullback(Operation *op, OpBuilder &builder, ArrayRef<Value> cotangents, ArrayRef<bool>) const {
    auto loss = cast<nn::CrossEntropyOp>(op);
    PullbackBuilder build(builder, op);
    Value logits = loss.getLogits();
    int64_t dim = typeOf(logits).getRank() - 1, classes = typeOf(logits).getShape().back();
    Value weights = nn::SoftmaxOp::create(builder, op->getLoc(), logits.getType(), logits, dim);
    Value known = nn::buildOneHot(builder, op->getLoc(), build.clamped(loss.getIds(), classes - 1), classes,
                                  typeOf(logits).getElementType());
    return SmallVector<Value>{build.mul(build.sub(weights, known), build.repeat(cotangents[0], logits, {dim})),
                              Value()};
  }
};

} // namespace

void attachRowPullbacks(MLIRContext &context) {
  nn::ReduceOp::attachInterface<ReducePullback>(context);
  nn::SoftmaxOp::attachInterface<SoftmaxPullback>(context);
  nn::RmsNormOp::attachInterface<RmsNormPullback>(context);
  nn::LayerNormOp::attachInterface<LayerNormPullback>(context);
  nn::CrossEntropyOp::attachInterface<CrossEntropyPullback>(context);
}

} // namespace weft::autodiff

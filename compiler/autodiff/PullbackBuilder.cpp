//===- PullbackBuilder.cpp - Short words for the ops of pullbacks ---------===//

#include "compiler/autodiff/PullbackBuilder.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace weft::autodiff {
namespace {

SplatElementsAttr splatOf(Value value) {
  SplatElementsAttr splat;
  matchPattern(value, m_Constant(&splat));
  return splat;
}

bool isOne(Value value) {
  SplatElementsAttr splat = splatOf(value);
  return splat && isa<FloatType>(splat.getElementType()) && splat.getSplatValue<APFloat>().isExactlyValue(1.0);
}

RankedTensorType withShape(Value like, ArrayRef<int64_t> shape) {
  return RankedTensorType::get(shape, typeOf(like).getElementType());
}

} // namespace

RankedTensorType typeOf(Value value) { return llvm::cast<RankedTensorType>(value.getType()); }

Value PullbackBuilder::unary(nn::ElementwiseKind kind, Value x) {
  return nn::ElementwiseOp::create(builder, place, x.getType(), kind, ValueRange{x});
}

Value PullbackBuilder::binary(nn::ElementwiseKind kind, Value x, Value y) {
  return nn::ElementwiseOp::create(builder, place, x.getType(), kind, ValueRange{x, y});
}

Value PullbackBuilder::mul(Value x, Value y) {
  if (isOne(x))
    return y;
  return isOne(y) ? x : binary(nn::ElementwiseKind::mul, x, y);
}

Value PullbackBuilder::splat(Value like, double value) { return nn::buildSplat(builder, place, typeOf(like), value); }

Value PullbackBuilder::compare(nn::CompareKind kind, Value left, Value right) {
  auto type = RankedTensorType::get(typeOf(left).getShape(), builder.getI1Type());
  return nn::CompareOp::create(builder, place, type, kind, left, right);
}

Value PullbackBuilder::select(Value condition, Value x, Value y) {
  return nn::SelectOp::create(builder, place, x.getType(), condition, x, y);
}

Value PullbackBuilder::selectWhere(nn::CompareKind kind, Value left, Value right, Value x, Value y) {
  return select(compare(kind, left, right), x, y);
}

Value PullbackBuilder::sum(Value x, ArrayRef<int64_t> dims) {
  if (dims.empty())
    return x;
  SmallVector<int64_t> kept;
  for (auto [dim, size] : llvm::enumerate(typeOf(x).getShape()))
    if (!llvm::is_contained(dims, static_cast<int64_t>(dim)))
      kept.push_back(size);
  return nn::ReduceOp::create(builder, place, withShape(x, kept), ReduceKind::sum, x, dims);
}

Value PullbackBuilder::mean(Value x, int64_t dim) { return nn::buildMean(builder, place, x, {dim}); }

Value PullbackBuilder::repeat(Value x, Value like, ArrayRef<int64_t> dims) {
  SmallVector<int64_t> kept;
  for (int64_t dim = 0; dim < typeOf(like).getRank(); ++dim)
    if (!llvm::is_contained(dims, dim))
      kept.push_back(dim);
  return builder.createOrFold<nn::BroadcastOp>(place, withShape(x, typeOf(like).getShape()), x, kept);
}

Value PullbackBuilder::reshape(Value x, ArrayRef<int64_t> shape) {
  return builder.createOrFold<nn::ReshapeOp>(place, withShape(x, shape), x);
}

Value PullbackBuilder::transpose(Value x, ArrayRef<int64_t> perm) {
  SmallVector<int64_t> shape;
  for (int64_t dim : perm)
    shape.push_back(typeOf(x).getShape()[dim]);
  return builder.createOrFold<nn::TransposeOp>(place, withShape(x, shape), x, perm);
}

Value PullbackBuilder::matmul(Value lhs, Value rhs, bool transposesLhs, bool transposesRhs) {
  ArrayRef<int64_t> left = typeOf(lhs).getShape(), right = typeOf(rhs).getShape();
  SmallVector<int64_t> shape(left.drop_back(2));
  shape.push_back(left[left.size() - (transposesLhs ? 1 : 2)]);
  shape.push_back(right[right.size() - (transposesRhs ? 2 : 1)]);
  return nn::MatmulOp::create(builder, place, withShape(lhs, shape), lhs, rhs, transposesLhs, transposesRhs);
}

Value PullbackBuilder::cast(Value x, Type element) {
  return builder.createOrFold<nn::CastOp>(place, RankedTensorType::get(typeOf(x).getShape(), element), x);
}

Value PullbackBuilder::clamped(Value ids, int64_t largest) {
  Value above = binary(nn::ElementwiseKind::max, ids, splat(ids, 0));
  return binary(nn::ElementwiseKind::min, above, splat(ids, double(largest)));
}

} // namespace weft::autodiff

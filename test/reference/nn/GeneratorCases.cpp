//===- GeneratorCases.cpp - The op that a random program has next ---------===//
//
// Each gives a value of the program's float type, and stays where float32 is well
// conditioned: no branch of a program hangs on the last bit of a value, so that places of
// largest elements are asked of constants.
//
//===----------------------------------------------------------------------===//

#include "test/reference/nn/RandomProgram.h"

namespace weft::reference {
using namespace mlir;
using nn::ElementwiseKind;

Value RandomProgram::next() {
  if (options.loops && depth < 2 && pick(6) == 0)
    return loop();
  Value x = values[pick(values.size())];
  switch (pick(8)) {
  case 0:
  case 1:
    return nextElements(x);
  case 2:
    return nextMatmul(x);
  case 3:
    return nextShape(x);
  case 4:
    return nextMove(x);
  case 5:
    return nextRows(x);
  case 6:
    return nextAttention(x);
  default:
    return nextDraw(x);
  }
}

Value RandomProgram::ids(ArrayRef<int64_t> shape, int64_t count) {
  auto type = RankedTensorType::get(shape, pick(2) ? builder.getI32Type() : builder.getI64Type());
  SmallVector<Attribute> elements;
  for (int64_t i = 0; i < type.getNumElements(); ++i)
    elements.push_back(builder.getIntegerAttr(type.getElementType(), int64_t(pick(count + 2)) - 1));
  return nn::ConstantOp::create(builder, place, type, DenseElementsAttr::get(type, elements));
}

Value RandomProgram::nextElements(Value x) {
  static constexpr ElementwiseKind bounded[] = {ElementwiseKind::gelu, ElementwiseKind::relu, ElementwiseKind::sigmoid,
                                                ElementwiseKind::silu, ElementwiseKind::erf,  ElementwiseKind::neg,
                                                ElementwiseKind::abs,  ElementwiseKind::tanh, ElementwiseKind::sin,
                                                ElementwiseKind::cos};
  static constexpr ElementwiseKind positive[] = {ElementwiseKind::sqrt, ElementwiseKind::rsqrt, ElementwiseKind::log};
  static constexpr ElementwiseKind pairs[] = {ElementwiseKind::add, ElementwiseKind::sub, ElementwiseKind::mul,
                                              ElementwiseKind::min, ElementwiseKind::max};
  switch (pick(6)) {
  case 0:
    return unary(bounded[pick(10)], x);
  case 1:
    return unary(ElementwiseKind::exp, tame(x));
  case 2:
    return unary(positive[pick(3)],
                 binary(ElementwiseKind::add, unary(ElementwiseKind::abs, x), splat(shapeOf(x), 0.5)));
  case 3: {
    // The smaller or the larger one, so that nothing jumps where the two are equal.
    Value y = alike(x);
    auto bools = RankedTensorType::get(shapeOf(x), builder.getI1Type());
    auto kind = static_cast<nn::CompareKind>(2 + pick(4));
    Value condition = nn::CompareOp::create(builder, place, bools, kind, x, y);
    return nn::SelectOp::create(builder, place, x.getType(), condition, x, y);
  }
  default:
    return binary(pairs[pick(5)], tame(x), alike(x));
  }
}

Value RandomProgram::nextMatmul(Value x) {
  ArrayRef<int64_t> shape = shapeOf(x);
  if (shape.size() < 2)
    return tame(x);
  bool isLeft = pick(3) == 0, isRight = pick(3) == 0;
  int64_t m = shape[shape.size() - 2], k = shape.back(), n = randomShape()[0];
  if (isLeft)
    std::swap(m, k);
  SmallVector<int64_t> right = {isRight ? n : k, isRight ? k : n}, result(shape.drop_back(2));
  result.append({m, n});
  if (shape.size() == 3 && pick(2))
    right.insert(right.begin(), shape[0]);
  auto flag = [&](bool isSet) { return isSet ? builder.getUnitAttr() : UnitAttr(); };
  return nn::MatmulOp::create(builder, place, typeOf(result), tame(x), dense(right), flag(isLeft), flag(isRight));
}

Value RandomProgram::nextShape(Value x) {
  ArrayRef<int64_t> shape = shapeOf(x);
  switch (pick(4)) {
  case 0: {
    if (shape.size() < 2)
      return tame(x);
    int64_t dim = pick(shape.size());
    SmallVector<int64_t> result(shape);
    result.erase(result.begin() + dim);
    auto kind = static_cast<ReduceKind>(pick(3));
    return nn::ReduceOp::create(builder, place, typeOf(result), kind, x, ArrayRef<int64_t>{dim});
  }
  case 1: {
    auto perm = llvm::to_vector(llvm::seq<int64_t>(0, shape.size()));
    for (size_t i = perm.size(); i > 1; --i)
      std::swap(perm[i - 1], perm[pick(i)]);
    SmallVector<int64_t> result;
    for (int64_t dim : perm)
      result.push_back(shape[dim]);
    return nn::TransposeOp::create(builder, place, typeOf(result), x, perm);
  }
  case 2: {
    SmallVector<int64_t> result(shape);
    if (result.size() >= 2 && pick(2)) {
      result[1] *= result[0];
      result.erase(result.begin());
    } else if (!result.empty() && result[0] % 2 == 0) {
      result[0] /= 2;
      result.insert(result.begin() + pick(2), 2);
    }
    return nn::ReshapeOp::create(builder, place, typeOf(result), x);
  }
  default: {
    if (shape.size() > 2)
      return nn::buildMean(builder, place, x, {0});
    SmallVector<int64_t> result(shape), dims;
    size_t added = pick(shape.size() + 1);
    result.insert(result.begin() + added, 4);
    for (size_t i = 0; i < shape.size(); ++i)
      dims.push_back(i + (i >= added));
    return nn::BroadcastOp::create(builder, place, typeOf(result), x, dims);
  }
  }
}

Value RandomProgram::nextMove(Value x) {
  ArrayRef<int64_t> shape = shapeOf(x);
  if (shape.empty())
    return tame(x);
  int64_t dim = pick(shape.size()), size = shape[dim];
  SmallVector<int64_t> other(shape), offsets(shape.size(), 0);
  switch (pick(6)) {
  case 0:
    other[dim] = 1 + pick(size);
    offsets[dim] = pick(size - other[dim] + 1);
    return nn::SliceOp::create(builder, place, typeOf(other), x, offsets);
  case 1:
    other[dim] = size + 4;
    offsets[dim] = pick(5);
    return nn::PadOp::create(builder, place, typeOf(other), x, offsets);
  case 2:
    other[dim] = 2 * size;
    return nn::ConcatOp::create(builder, place, typeOf(other), ValueRange{x, alike(x)}, dim);
  case 3: {
    other[dim] = 1 + pick(size);
    auto type = RankedTensorType::get({}, builder.getI32Type());
    Value start = nn::buildSplat(builder, place, type, double(pick(size + 2)) - 1);
    return nn::UpdateSliceOp::create(builder, place, x.getType(), x, dense(other), start, dim);
  }
  case 4:
    other[dim] = 6;
    return nn::GatherOp::create(builder, place, typeOf(other), x, ids({6}, size), dim);
  default:
    other[dim] = 5;
    return nn::ScatterAddOp::create(builder, place, typeOf(other), tame(x), ids({size}, 5), dim);
  }
}

Value RandomProgram::nextRows(Value x) {
  ArrayRef<int64_t> shape = shapeOf(x);
  if (shape.empty())
    return tame(x);
  int64_t dim = pick(shape.size());
  switch (pick(5)) {
  case 0:
    return nn::SoftmaxOp::create(builder, place, x.getType(), x, dim);
  case 1:
    // An eps that no row's variance is small beside: what is nearly constant has no deviation that float32 knows.
    return nn::LayerNormOp::create(builder, place, x.getType(), x, builder.getI64IntegerAttr(dim),
                                   builder.getF64FloatAttr(0.25));
  case 2:
    return nn::RmsNormOp::create(builder, place, x.getType(), x, builder.getI64IntegerAttr(dim),
                                 builder.getF64FloatAttr(0.25));
  case 3:
    return nn::CrossEntropyOp::create(builder, place, typeOf(shape.drop_back()), x,
                                      ids(shape.drop_back(), shape.back()));
  default: {
    SmallVector<int64_t> taken(shape);
    taken[dim] = 1 + pick(shape[dim]);
    auto places = RankedTensorType::get(taken, builder.getI32Type());
    auto top = nn::TopKOp::create(builder, place, typeOf(taken), places, dense(shape), dim);
    if (pick(2))
      return top.getValues();
    SmallVector<int64_t> rest(taken);
    rest.erase(rest.begin() + dim);
    Value first =
        nn::ArgmaxOp::create(builder, place, RankedTensorType::get(rest, builder.getI32Type()), top.getValues(), dim);
    return pick(2) ? nn::CastOp::create(builder, place, typeOf(taken), top.getPlaces()).getResult()
                   : nn::CastOp::create(builder, place, typeOf(rest), first).getResult();
  }
  }
}

Value RandomProgram::nextAttention(Value x) {
  ArrayRef<int64_t> shape = shapeOf(x);
  if (shape.size() < 2)
    return tame(x);
  int64_t heads = shape.back() % 2 ? 1 : 2, keys = shape[shape.size() - 2] + pick(3);
  if (pick(3) == 0 && shape.back() % (2 * heads) == 0)
    return nn::buildRope(builder, place, x, shape.size() - 2, heads, 100.0);
  SmallVector<int64_t> keyShape(shape), lseShape(shape.drop_back(2));
  keyShape[shape.size() - 2] = keys;
  lseShape.append({heads, shape[shape.size() - 2]});
  Value q = tame(x), k = dense(keyShape), v = dense(keyShape), offset;
  UnitAttr causal = pick(2) ? builder.getUnitAttr() : UnitAttr();
  if (causal && pick(2))
    offset = nn::buildSplat(builder, place, RankedTensorType::get({}, builder.getI32Type()), double(pick(4)));
  auto count = builder.getI64IntegerAttr(heads);
  auto scale = builder.getF64FloatAttr(0.5);
  auto attention =
      nn::AttentionOp::create(builder, place, x.getType(), typeOf(lseShape), q, k, v, offset, count, causal, scale);
  if (pick(2))
    return attention.getResult();
  auto grad =
      nn::AttentionGradOp::create(builder, place, x.getType(), k.getType(), v.getType(), q, k, v, attention.getResult(),
                                  attention.getLse(), dense(shape), offset, count, causal, scale);
  return grad->getResult(pick(3));
}

Value RandomProgram::nextDraw(Value x) {
  ArrayRef<int64_t> shape = shapeOf(x);
  auto keyType = RankedTensorType::get({}, builder.getI64Type());
  switch (pick(3)) {
  case 0: {
    Value key = nn::buildSplat(builder, place, keyType, double(pick(1000)));
    Value number = nn::buildSplat(builder, place, keyType, double(pick(1000)));
    key = nn::FoldInOp::create(builder, place, keyType, key, number);
    auto kind = pick(2) ? nn::RandomKind::normal : nn::RandomKind::uniform;
    Value drawn = nn::RandomOp::create(builder, place, x.getType(), kind, key, pick(100));
    return binary(ElementwiseKind::add, tame(x), drawn);
  }
  case 1: {
    if (shape.empty())
      return tame(x);
    Value count = nn::IotaOp::create(builder, place, x.getType(), pick(shape.size()), Value());
    return binary(ElementwiseKind::mul, tame(x), count);
  }
  default: {
    if (shape.empty() || shape.size() > 2)
      return tame(x);
    return nn::buildOneHot(builder, place, ids(shape, 4), 4, element);
  }
  }
}

} // namespace weft::reference

//===- NnBuilders.cpp - Small programs that have no op of their own -------===//

#include "dialects/nn/Nn.h"

#include <cmath>

using namespace mlir;

namespace weft::nn {

Value buildSplat(OpBuilder &builder, Location location, RankedTensorType type, double value) {
  auto plain = RankedTensorType::get(type.getShape(), type.getElementType());
  Attribute element;
  if (auto floats = dyn_cast<FloatType>(type.getElementType())) {
    element = builder.getFloatAttr(floats, value);
  } else {
    auto integer = cast<IntegerType>(type.getElementType());
    element = IntegerAttr::get(integer, APInt(integer.getWidth(), static_cast<uint64_t>(static_cast<int64_t>(value)),
                                              /*isSigned=*/true, /*implicitTrunc=*/true));
  }
  return ConstantOp::create(builder, location, type, DenseElementsAttr::get(plain, element));
}

Value buildMean(OpBuilder &builder, Location location, Value input, ArrayRef<int64_t> dims) {
  auto type = cast<RankedTensorType>(input.getType());
  SmallVector<int64_t> shape;
  int64_t count = 1;
  for (auto [dim, size] : llvm::enumerate(type.getShape())) {
    if (llvm::is_contained(dims, static_cast<int64_t>(dim)))
      count *= size;
    else
      shape.push_back(size);
  }
  auto resultType = RankedTensorType::get(shape, type.getElementType());
  Value sum = ReduceOp::create(builder, location, resultType, ReduceKind::sum, input, dims);
  auto scale = DenseElementsAttr::get(resultType, builder.getFloatAttr(type.getElementType(), 1.0 / double(count)));
  Value factor = ConstantOp::create(builder, location, resultType, scale);
  return ElementwiseOp::create(builder, location, resultType, ElementwiseKind::mul, ValueRange{sum, factor});
}

Value buildBroadcastTo(OpBuilder &builder, Location location, Value input, ArrayRef<int64_t> shape) {
  auto type = cast<RankedTensorType>(input.getType());
  if (type.getShape() == shape)
    return input;
  if (type.getRank() > static_cast<int64_t>(shape.size()))
    return {};
  SmallVector<int64_t> kept, dims;
  size_t offset = shape.size() - type.getRank();
  for (auto [dim, size] : llvm::enumerate(type.getShape())) {
    if (size == shape[offset + dim]) {
      kept.push_back(size);
      dims.push_back(static_cast<int64_t>(offset + dim));
    } else if (size != 1) {
      return {};
    }
  }
  if (kept != type.getShape())
    input = ReshapeOp::create(builder, location, RankedTensorType::get(kept, type.getElementType()), input);
  auto resultType = RankedTensorType::get(shape, type.getElementType());
  return BroadcastOp::create(builder, location, resultType, input, dims);
}

Value buildOneHot(OpBuilder &builder, Location location, Value ids, int64_t count, Type element) {
  auto type = cast<RankedTensorType>(ids.getType());
  SmallVector<int64_t> shape(type.getShape());
  shape.push_back(count);
  auto places = RankedTensorType::get(shape, type.getElementType());
  Value mine =
      BroadcastOp::create(builder, location, places, ids, llvm::to_vector(llvm::seq<int64_t>(0, type.getRank())));
  Value all = IotaOp::create(builder, location, places, type.getRank(), Value());
  auto bools = RankedTensorType::get(shape, builder.getI1Type());
  Value isThere = CompareOp::create(builder, location, bools, CompareKind::eq, mine, all);
  if (element.isInteger(1))
    return isThere;
  return CastOp::create(builder, location, RankedTensorType::get(shape, element), isThere);
}

Value buildRope(OpBuilder &builder, Location location, Value input, int64_t dim, int64_t heads, double base,
                Value start) {
  auto type = cast<RankedTensorType>(input.getType());
  ArrayRef<int64_t> shape = type.getShape();
  int64_t columns = shape.back(), half = heads > 0 ? columns / heads / 2 : 0;
  bool isDouble = type.getElementType().isF64();
  if (dim < 0 || dim >= type.getRank() - 1 || heads < 1 || columns != heads * half * 2)
    return {};
  FloatType element = isDouble ? FloatType(builder.getF64Type()) : FloatType(builder.getF32Type());
  auto typeOf = [&](ArrayRef<int64_t> sizes) { return RankedTensorType::get(sizes, element); };

  // Angles: place times base^(-2 i / (2 half)), for each place and each pair.
  SmallVector<Attribute> speeds;
  for (int64_t i = 0; i < half; ++i)
    speeds.push_back(builder.getFloatAttr(element, std::pow(base, -double(i) / double(half))));
  Value speed = ConstantOp::create(builder, location, typeOf({half}), DenseElementsAttr::get(typeOf({half}), speeds));
  Value place = IotaOp::create(builder, location, typeOf({shape[dim], half}), 0, start);
  speed = BroadcastOp::create(builder, location, place.getType(), speed, ArrayRef<int64_t>{1});
  Value angle =
      ElementwiseOp::create(builder, location, place.getType(), ElementwiseKind::mul, ValueRange{place, speed});

  // Columns as heads by halves by pairs; the first half is turned with the second.
  SmallVector<int64_t> cut(shape.drop_back()), pairs;
  cut.append({heads, 2, half});
  Value value = input;
  if (type.getElementType() != element)
    value = CastOp::create(builder, location, typeOf(shape), value);
  value = ReshapeOp::create(builder, location, typeOf(cut), value);
  pairs = cut;
  pairs[pairs.size() - 2] = 1;
  SmallVector<int64_t> zero(cut.size(), 0), one(cut.size(), 0), dims = {dim, static_cast<int64_t>(cut.size()) - 1};
  one[one.size() - 2] = 1;
  Value first = SliceOp::create(builder, location, typeOf(pairs), value, zero);
  Value second = SliceOp::create(builder, location, typeOf(pairs), value, one);
  auto unary = [&](ElementwiseKind kind, Value x) -> Value {
    return ElementwiseOp::create(builder, location, x.getType(), kind, ValueRange{x});
  };
  auto binary = [&](ElementwiseKind kind, Value x, Value y) -> Value {
    return ElementwiseOp::create(builder, location, x.getType(), kind, ValueRange{x, y});
  };
  Value cosine = BroadcastOp::create(builder, location, typeOf(pairs), unary(ElementwiseKind::cos, angle), dims);
  Value sine = BroadcastOp::create(builder, location, typeOf(pairs), unary(ElementwiseKind::sin, angle), dims);
  Value turnedFirst = binary(ElementwiseKind::sub, binary(ElementwiseKind::mul, first, cosine),
                             binary(ElementwiseKind::mul, second, sine));
  Value turnedSecond = binary(ElementwiseKind::add, binary(ElementwiseKind::mul, second, cosine),
                              binary(ElementwiseKind::mul, first, sine));
  Value turned = ConcatOp::create(builder, location, typeOf(cut), ValueRange{turnedFirst, turnedSecond},
                                  static_cast<int64_t>(cut.size()) - 2);
  turned = ReshapeOp::create(builder, location, typeOf(shape), turned);
  if (type.getElementType() != element)
    turned = CastOp::create(builder, location, RankedTensorType::get(shape, type.getElementType()), turned);
  return turned;
}

} // namespace weft::nn

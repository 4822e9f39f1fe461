//===- OrderForms.cpp - The largest elements and their places -------------===//
//
// Elements are compared as integers that have their order, NaN above all numbers, so
// that one comparison serves every type. Of equal ones the lower place counts.
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/NnToLinalg/LinalgForms.h"
#include "compiler/lowering/NnToLinalg/Loops.h"
#include "compiler/lowering/NnToLinalg/ScalarForms.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace weft::lowering {
namespace {
using namespace mlir;

/// An integer that is larger where `x` is; the zeros are one.
Value orderOf(OpBuilder &builder, Location place, Value x) {
  auto type = dyn_cast<FloatType>(x.getType());
  if (!type)
    return x;
  unsigned width = type.getWidth();
  Type bits = builder.getIntegerType(width);
  auto constant = [&](const APInt &value) -> Value {
    return arith::ConstantOp::create(builder, place, builder.getIntegerAttr(bits, value));
  };
  ScalarForms forms(builder, place, type, /*mayFuse=*/false);
  Value number = forms.bitsOf(forms.add(x, forms.constant(0.0)));
  // Negative floats grow with the bits behind the sign; as integers they must fall.
  Value sign = arith::ShRSIOp::create(builder, place, number, constant(APInt(width, width - 1)));
  Value flipped = arith::AndIOp::create(builder, place, sign, constant(APInt::getSignedMaxValue(width)));
  Value order = arith::XOrIOp::create(builder, place, number, flipped);
  Value isNan = arith::CmpFOp::create(builder, place, arith::CmpFPredicate::UNO, x, x);
  return arith::SelectOp::create(builder, place, isNan, constant(APInt::getSignedMaxValue(width)), order);
}

/// Whether (order a, place i) stands before (order b, place j): larger, or equal and at a lower place.
Value isBefore(OpBuilder &builder, Location place, Value a, Value i, Value b, Value j) {
  Value isLarger = arith::CmpIOp::create(builder, place, arith::CmpIPredicate::sgt, a, b);
  Value isEqual = arith::CmpIOp::create(builder, place, arith::CmpIPredicate::eq, a, b);
  Value isLower = arith::CmpIOp::create(builder, place, arith::CmpIPredicate::slt, i, j);
  return arith::OrIOp::create(builder, place, isLarger, arith::AndIOp::create(builder, place, isEqual, isLower));
}

/// Rows of orders along a dimension.
struct Orders {
  Orders(OpBuilder &builder, Location place, Value input, int64_t dim) : builder(builder), place(place), dim(dim) {
    RankedTensorType type = typeOf(input);
    shape.assign(type.getShape().begin(), type.getShape().end());
    kept = dimsBut(type.getRank(), dim);
    rowShape = shape;
    rowShape.erase(rowShape.begin() + dim);
    element = builder.getIntegerType(type.getElementTypeBitWidth());
    orders = mappedAlike(builder, place, RankedTensorType::get(shape, element), input,
                         [](OpBuilder &inner, Location at, ValueRange x) { return orderOf(inner, at, x[0]); });
  }

  /// The first of each row, as its place; with `found`, which holds `turn` places of each row, the first of those that
  /// stand behind the last of them.
  Value first(OpBuilder &inner, Value found, Value turn) {
    Type i32 = inner.getI32Type();
    int64_t rank = shape.size();
    AffineMap row = mapOf(inner.getContext(), rank, kept);
    SmallVector<AffineMap> maps = {inner.getMultiDimIdentityMap(rank), row, row};
    SmallVector<utils::IteratorType> loops(rank, utils::IteratorType::parallel);
    loops[dim] = utils::IteratorType::reduction;
    // Behind everything that a row can hold.
    auto start = [&](Type type, const APInt &value) {
      Value constant = arith::ConstantOp::create(inner, place, inner.getIntegerAttr(type, value));
      Value empty = emptyOf(inner, place, RankedTensorType::get(rowShape, type));
      return linalg::FillOp::create(inner, place, constant, empty).getResult(0);
    };
    SmallVector<Value> starts = {start(element, APInt::getSignedMinValue(element.getIntOrFloatBitWidth())),
                                 start(i32, APInt::getSignedMaxValue(32))};
    auto search = linalg::GenericOp::create(inner, place, TypeRange(starts), ValueRange(orders), starts, maps, loops,
                                            [&](OpBuilder &body, Location at, ValueRange x) {
                                              Value index = linalg::IndexOp::create(body, at, dim);
                                              Value mine = arith::IndexCastOp::create(body, at, i32, index);
                                              Value best = x[x.size() - 2], bestPlace = x.back();
                                              Value isTaken = isBefore(body, at, x[0], mine, best, bestPlace);
                                              if (found)
                                                isTaken = arith::AndIOp::create(
                                                    body, at, isTaken, isBehind(body, at, found, turn, x[0], mine));
                                              Value order = arith::SelectOp::create(body, at, isTaken, x[0], best);
                                              Value there = arith::SelectOp::create(body, at, isTaken, mine, bestPlace);
                                              linalg::YieldOp::create(body, at, {order, there});
                                            });
    return search.getResult(1);
  }

  /// Whether (order, mine) stands behind the last place that was found for the row at the indices of the loops.
  Value isBehind(OpBuilder &body, Location at, Value found, Value turn, Value order, Value mine) {
    Value zero = arith::ConstantIndexOp::create(body, at, 0), one = arith::ConstantIndexOp::create(body, at, 1);
    Value isFirst = arith::CmpIOp::create(body, at, arith::CmpIPredicate::eq, turn, zero);
    Value before = arith::SubIOp::create(body, at, turn, arith::SelectOp::create(body, at, isFirst, zero, one));
    SmallVector<Value> indices;
    for (size_t i = 0; i < shape.size(); ++i)
      indices.push_back(linalg::IndexOp::create(body, at, i));
    indices[dim] = before;
    Value last = tensor::ExtractOp::create(body, at, found, indices);
    indices[dim] = clampedIndex(body, at, last, shape[dim]);
    Value lastOrder = tensor::ExtractOp::create(body, at, orders, indices);
    return arith::OrIOp::create(body, at, isFirst, isBefore(body, at, lastOrder, last, order, mine));
  }

  OpBuilder &builder;
  Location place;
  int64_t dim;
  SmallVector<int64_t> shape, rowShape, kept;
  Type element;
  Value orders;
};

struct ArgmaxForm : ComputingForm<ArgmaxForm, nn::ArgmaxOp> {
  static SmallVector<Value> build(nn::ArgmaxOp op, OpBuilder &builder, ValueRange operands) {
    return {Orders(builder, op.getLoc(), operands[0], op.getDim()).first(builder, {}, {})};
  }
};

/// One pass over the rows for each element that is asked for.
struct TopKForm : ComputingForm<TopKForm, nn::TopKOp> {
  static SmallVector<Value> build(nn::TopKOp op, OpBuilder &builder, ValueRange operands) {
    Location place = op.getLoc();
    int64_t dim = op.getDim(), rank = typeOf(operands[0]).getRank();
    Orders rows(builder, place, operands[0], dim);
    auto placesType = cast<RankedTensorType>(op.getPlaces().getType());
    SmallVector<int64_t> oneShape(placesType.getShape());
    oneShape[dim] = 1;
    auto bound = [&](int64_t value) -> Value { return arith::ConstantIndexOp::create(builder, place, value); };
    Value none = filled(builder, place, placesType, builder.getI32IntegerAttr(0));
    auto loop = scf::ForOp::create(
        builder, place, bound(0), bound(placesType.getShape()[dim]), bound(1), none,
        [&](OpBuilder &inner, Location at, Value i, ValueRange state) {
          Value there = rows.first(inner, state[0], i);
          Value one = reshaped(inner, at, there, RankedTensorType::get(oneShape, inner.getI32Type()));
          SmallVector<OpFoldResult> offsets(rank, inner.getIndexAttr(0)), steps(rank, inner.getIndexAttr(1)), sizes;
          for (int64_t size : oneShape)
            sizes.push_back(inner.getIndexAttr(size));
          offsets[dim] = i;
          Value places = tensor::InsertSliceOp::create(inner, at, one, state[0], offsets, sizes, steps);
          scf::YieldOp::create(inner, at, places);
        });
    auto valuesType = RankedTensorType::get(placesType.getShape(), typeOf(operands[0]).getElementType());
    Value values = mappedAlike(builder, place, valuesType, loop.getResult(0),
                               [&](OpBuilder &inner, Location at, ValueRange x) -> Value {
                                 SmallVector<Value> places;
                                 for (int64_t i = 0; i < rank; ++i)
                                   places.push_back(i == dim ? clampedIndex(inner, at, x[0], rows.shape[dim])
                                                             : linalg::IndexOp::create(inner, at, i).getResult());
                                 return tensor::ExtractOp::create(inner, at, operands[0], places);
                               });
    return {values, loop.getResult(0)};
  }
};

} // namespace

void attachOrderForms(MLIRContext &context) {
  nn::ArgmaxOp::attachInterface<ArgmaxForm>(context);
  nn::TopKOp::attachInterface<TopKForm>(context);
}

} // namespace weft::lowering

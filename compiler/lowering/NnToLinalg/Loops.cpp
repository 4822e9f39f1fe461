//===- Loops.cpp - What the linalg forms are made of ----------------------===//

#include "compiler/lowering/NnToLinalg/Loops.h"

#include "compiler/lowering/NnToLinalg/ElementForms.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/AffineExpr.h"

namespace weft::lowering {
using namespace mlir;

Value emptyOf(OpBuilder &builder, Location place, RankedTensorType type) {
  return tensor::EmptyOp::create(builder, place, type.getShape(), type.getElementType());
}

Value filled(OpBuilder &builder, Location place, RankedTensorType type, TypedAttr element) {
  Value value = arith::ConstantOp::create(builder, place, element);
  value = convertElement(builder, place, value, type.getElementType());
  return linalg::FillOp::create(builder, place, value, emptyOf(builder, place, type)).getResult(0);
}

AffineMap mapOf(MLIRContext *context, int64_t loopCount, ArrayRef<int64_t> loops) {
  SmallVector<AffineExpr> places;
  for (int64_t loop : loops)
    places.push_back(getAffineDimExpr(loop, context));
  return AffineMap::get(loopCount, 0, places, context);
}

SmallVector<int64_t> dimsBut(int64_t rank, int64_t dim) {
  SmallVector<int64_t> dims;
  for (int64_t i = 0; i < rank; ++i)
    if (i != dim)
      dims.push_back(i);
  return dims;
}

Value mapped(OpBuilder &builder, Location place, RankedTensorType output, ValueRange inputs,
             ArrayRef<AffineMap> inputMaps, ElementBody body) {
  SmallVector<AffineMap> maps(inputMaps);
  maps.push_back(builder.getMultiDimIdentityMap(output.getRank()));
  SmallVector<utils::IteratorType> loops(output.getRank(), utils::IteratorType::parallel);
  return linalg::GenericOp::create(builder, place, TypeRange(output), inputs,
                                   ValueRange(emptyOf(builder, place, output)), maps, loops,
                                   [&](OpBuilder &inner, Location at, ValueRange elements) {
                                     linalg::YieldOp::create(inner, at, body(inner, at, elements.drop_back()));
                                   })
      .getResult(0);
}

Value mappedAlike(OpBuilder &builder, Location place, RankedTensorType output, ValueRange inputs, ElementBody body) {
  SmallVector<AffineMap> maps(inputs.size(), builder.getMultiDimIdentityMap(output.getRank()));
  return mapped(builder, place, output, inputs, maps, body);
}

Value contracted(OpBuilder &builder, Location place, RankedTensorType output, int64_t loopCount,
                 ArrayRef<int64_t> outputLoops, ValueRange inputs, ArrayRef<AffineMap> inputMaps, ReduceKind kind,
                 ElementBody body) {
  SmallVector<utils::IteratorType> loops(loopCount, utils::IteratorType::reduction);
  for (int64_t loop : outputLoops)
    loops[loop] = utils::IteratorType::parallel;
  SmallVector<AffineMap> maps(inputMaps);
  maps.push_back(mapOf(builder.getContext(), loopCount, outputLoops));
  Value start = filled(builder, place, output, startOf(builder, kind, output.getElementType()));
  return linalg::GenericOp::create(builder, place, TypeRange(output), inputs, ValueRange(start), maps, loops,
                                   [&](OpBuilder &inner, Location at, ValueRange elements) {
                                     Value term = body(inner, at, elements.drop_back());
                                     Value both = combine(inner, at, kind, elements.back(), term);
                                     linalg::YieldOp::create(inner, at, both);
                                   })
      .getResult(0);
}

Value reduced(OpBuilder &builder, Location place, RankedTensorType output, Value input, ArrayRef<int64_t> dims,
              ReduceKind kind) {
  int64_t rank = typeOf(input).getRank();
  SmallVector<int64_t> kept;
  for (int64_t dim = 0; dim < rank; ++dim)
    if (!llvm::is_contained(dims, dim))
      kept.push_back(dim);
  return contracted(builder, place, output, rank, kept, input, builder.getMultiDimIdentityMap(rank), kind,
                    [](OpBuilder &, Location, ValueRange x) { return x[0]; });
}

Value reshaped(OpBuilder &builder, Location place, Value input, RankedTensorType output) {
  RankedTensorType from = typeOf(input);
  if (from == output)
    return input;
  auto all = [](int64_t rank) {
    SmallVector<ReassociationIndices> groups;
    if (rank)
      groups.push_back(llvm::to_vector<2>(llvm::seq<int64_t>(0, rank)));
    return groups;
  };
  auto flat = RankedTensorType::get({from.getNumElements()}, from.getElementType());
  if (from.getRank() == 0)
    input = tensor::ExpandShapeOp::create(builder, place, flat, input, ArrayRef<ReassociationIndices>{});
  else if (from.getRank() > 1)
    input = tensor::CollapseShapeOp::create(builder, place, flat, input, all(from.getRank()));
  if (output.getRank() == 0)
    return tensor::CollapseShapeOp::create(builder, place, output, input, ArrayRef<ReassociationIndices>{});
  if (output.getRank() > 1)
    return tensor::ExpandShapeOp::create(builder, place, output, input, all(output.getRank()));
  return input;
}

Value converted(OpBuilder &builder, Location place, Value input, Type element) {
  if (typeOf(input).getElementType() == element)
    return input;
  auto output = RankedTensorType::get(typeOf(input).getShape(), element);
  return mappedAlike(builder, place, output, input, [&](OpBuilder &inner, Location at, ValueRange x) {
    return convertElement(inner, at, x[0], element);
  });
}

Value clampedIndex(OpBuilder &builder, Location place, Value integer, int64_t size) {
  auto constant = [&](int64_t value) -> Value {
    return arith::ConstantOp::create(builder, place, builder.getIntegerAttr(integer.getType(), value));
  };
  // A dimension may be larger than the integer's type can tell; then no id is too large.
  int64_t most = std::min(size - 1, APInt::getSignedMaxValue(integer.getType().getIntOrFloatBitWidth()).getSExtValue());
  Value notBelow = arith::MaxSIOp::create(builder, place, integer, constant(0));
  Value inside = arith::MinSIOp::create(builder, place, notBelow, constant(most));
  return arith::IndexCastOp::create(builder, place, builder.getIndexType(), inside);
}

} // namespace weft::lowering

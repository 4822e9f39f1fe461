//===- NnOps.cpp - Syntax of nn's ops and builders of small programs ------===//

#include "dialects/nn/Nn.h"

#include "mlir/IR/OpImplementation.h"

using namespace mlir;

#define GET_OP_CLASSES
#include "dialects/nn/NnOps.cpp.inc"

namespace weft::nn {

unsigned arity(ElementwiseKind kind) { return kind <= ElementwiseKind::max ? 2 : 1; }
bool isFloatKind(ElementwiseKind kind) { return kind >= ElementwiseKind::exp; }

/// `dense<0.5> : tensor<4xf32>`, and behind it `as tensor<4xf32, #encoding>` where the result's type has an encoding.
ParseResult ConstantOp::parse(OpAsmParser &parser, OperationState &result) {
  ElementsAttr value;
  if (parser.parseOptionalAttrDict(result.attributes) || parser.parseAttribute(value, "value", result.attributes))
    return failure();
  Type type = value.getType();
  if (succeeded(parser.parseOptionalKeyword("as")) && parser.parseType(type))
    return failure();
  result.addTypes(type);
  return success();
}

void ConstantOp::print(OpAsmPrinter &printer) {
  printer.printOptionalAttrDict((*this)->getAttrs(), {"value"});
  printer << ' ' << getValue();
  if (getValue().getType() != getType())
    printer << " as " << getType();
}

Operation *ConstantOp::buildLocal(OpBuilder &builder, ValueRange operands, TypeRange resultTypes) {
  auto local = cast<RankedTensorType>(resultTypes.front());
  auto value = cast<ElementsAttr>(getValue());
  if (auto splat = dyn_cast<SplatElementsAttr>(getValue()))
    value = splat.resizeSplat(RankedTensorType::get(local.getShape(), local.getElementType()));
  return ConstantOp::create(builder, getLoc(), local, value);
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

} // namespace weft::nn

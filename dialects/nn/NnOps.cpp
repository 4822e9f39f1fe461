//===- NnOps.cpp - Syntax of nn's ops, and what their kinds are ------===//

#include "dialects/nn/Nn.h"

#include "mlir/IR/OpImplementation.h"

using namespace mlir;

#define GET_OP_CLASSES
#include "dialects/nn/NnOps.cpp.inc"

namespace weft::nn {

unsigned arity(ElementwiseKind kind) { return kind <= ElementwiseKind::max ? 2 : 1; }
bool isFloatKind(ElementwiseKind kind) { return kind >= ElementwiseKind::exp; }

MatmulSizes matmulSizes(MatmulOp op) {
  auto last = [](Value operand, bool isTransposed) {
    ArrayRef<int64_t> shape = cast<RankedTensorType>(operand.getType()).getShape().take_back(2);
    return isTransposed ? std::pair(shape[1], shape[0]) : std::pair(shape[0], shape[1]);
  };
  auto [m, k] = last(op.getLhs(), op.getTransposeLhs());
  auto [rightRows, n] = last(op.getRhs(), op.getTransposeRhs());
  return {m, n, k, rightRows};
}

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

} // namespace weft::nn

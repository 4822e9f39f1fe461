//===- NnVerify.cpp - The numbered constraints of nn's ops ----------------===//
//
// Encodings are not compared: between two passes an operand may be split in
// another way than the result, and `weft-verify-shardings` says when it may not.
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/Nn.h"

using namespace mlir;

namespace weft::nn {
namespace {

RankedTensorType typeOf(Value value) { return cast<RankedTensorType>(value.getType()); }

/// A shape for messages: `4x8`, or `a single element`.
std::string textOf(ArrayRef<int64_t> shape) {
  std::string text = shape.empty() ? "no dimensions" : "";
  for (auto [i, size] : llvm::enumerate(shape))
    text += (i ? "x" : "") + std::to_string(size);
  return text;
}

LogicalResult shapeIs(Operation *op, RankedTensorType found, ArrayRef<int64_t> wanted) {
  if (found.getShape() == wanted)
    return success();
  return op->emitOpError() << "result has shape " << textOf(found.getShape()) << "; wanted " << textOf(wanted);
}

LogicalResult sameElements(Operation *op, RankedTensorType found, RankedTensorType wanted) {
  if (found.getElementType() == wanted.getElementType())
    return success();
  return op->emitOpError() << "mixes elements of " << found.getElementType() << " and " << wanted.getElementType()
                           << "; wanted one element type, convert with nn.cast";
}

LogicalResult increasing(Operation *op, ArrayRef<int64_t> dims, int64_t rank) {
  for (auto [i, dim] : llvm::enumerate(dims)) {
    if (dim < 0 || dim >= rank)
      return op->emitOpError() << "dims has " << dim << "; wanted 0 to " << rank - 1;
    if (i && dim <= dims[i - 1])
      return op->emitOpError() << "dims has " << dim << " after " << dims[i - 1] << "; wanted increasing dimensions";
  }
  return success();
}

} // namespace

LogicalResult ConstantOp::verify() {
  auto value = cast<ShapedType>(getValue().getType()); // C1
  if (value.getShape() == getType().getShape() && value.getElementType() == getType().getElementType())
    return success();
  return emitOpError() << "value is " << value << ", result is " << getType() << "; wanted one shape and element type";
}

LogicalResult ElementwiseOp::verify() {
  StringRef kind = stringifyElementwiseKind(getKind());
  if (getInputs().size() != arity(getKind())) // C1
    return emitOpError() << kind << " has " << getInputs().size() << " operands; wanted " << arity(getKind());
  for (Value input : getInputs()) { // C2
    if (typeOf(input).getShape() != getType().getShape())
      return emitOpError() << kind << " has an operand of shape " << textOf(typeOf(input).getShape())
                           << " and a result of shape " << textOf(getType().getShape())
                           << "; wanted one shape, repeat with nn.broadcast";
    if (failed(sameElements(*this, typeOf(input), getType())))
      return failure();
  }
  if (isFloatKind(getKind()) && !isa<FloatType>(getType().getElementType())) // C3
    return emitOpError() << kind << " has elements of " << getType().getElementType() << "; wanted f32 or f64";
  return success();
}

LogicalResult MatmulOp::verify() {
  RankedTensorType lhs = typeOf(getLhs()), rhs = typeOf(getRhs());
  if (lhs.getRank() < 2 || (rhs.getRank() != 2 && rhs.getRank() != lhs.getRank())) // C1
    return emitOpError() << "has operands of rank " << lhs.getRank() << " and " << rhs.getRank()
                         << "; wanted a left rank of 2 or more, and a right rank of 2 or the same";
  ArrayRef<int64_t> left = lhs.getShape(), right = rhs.getShape();
  int64_t k = right[right.size() - 2];
  if (left.back() != k) // C2
    return emitOpError() << "contracts " << left.back() << " columns with " << k << " rows; wanted as many";
  ArrayRef<int64_t> batch = left.drop_back(2);
  if (right.size() > 2 && right.drop_back(2) != batch) // C3
    return emitOpError() << "has batch dimensions " << textOf(batch) << " and " << textOf(right.drop_back(2))
                         << "; wanted the same";
  SmallVector<int64_t> wanted(left.drop_back(1));
  wanted.push_back(right.back());
  if (failed(shapeIs(*this, getType(), wanted))) // C4
    return failure();
  if (failed(sameElements(*this, rhs, lhs))) // C5
    return failure();
  return sameElements(*this, getType(), lhs);
}

LogicalResult ReduceOp::verify() {
  RankedTensorType input = typeOf(getInput());
  if (getDims().empty()) // C1
    return emitOpError() << "dims is empty; wanted at least one dimension";
  if (failed(increasing(*this, getDims(), input.getRank()))) // C1
    return failure();
  SmallVector<int64_t> wanted;
  for (auto [dim, size] : llvm::enumerate(input.getShape()))
    if (!llvm::is_contained(getDims(), static_cast<int64_t>(dim)))
      wanted.push_back(size);
  if (failed(shapeIs(*this, getType(), wanted))) // C2
    return failure();
  return sameElements(*this, getType(), input);
}

LogicalResult SoftmaxOp::verify() {
  RankedTensorType input = typeOf(getInput());
  if (getDim() < 0 || getDim() >= input.getRank()) // C1
    return emitOpError() << "dim is " << getDim() << "; wanted a dimension of an operand of rank " << input.getRank();
  if (failed(shapeIs(*this, getType(), input.getShape()))) // C2
    return failure();
  return sameElements(*this, getType(), input);
}

LogicalResult ReshapeOp::verify() {
  RankedTensorType input = typeOf(getInput());
  if (input.getNumElements() != getType().getNumElements()) // C1
    return emitOpError() << "cuts " << input.getNumElements() << " elements into " << getType().getNumElements()
                         << "; wanted as many";
  return sameElements(*this, getType(), input);
}

LogicalResult TransposeOp::verify() {
  RankedTensorType input = typeOf(getInput());
  SmallVector<bool> seen(input.getRank(), false);
  bool valid = static_cast<int64_t>(getPerm().size()) == input.getRank();
  for (int64_t dim : getPerm())
    valid = valid && dim >= 0 && dim < input.getRank() && !std::exchange(seen[dim], true);
  if (!valid) // C1
    return emitOpError() << "perm is not a permutation of the " << input.getRank() << " dimensions of the operand";
  SmallVector<int64_t> wanted;
  for (int64_t dim : getPerm())
    wanted.push_back(input.getShape()[dim]);
  if (failed(shapeIs(*this, getType(), wanted))) // C2
    return failure();
  return sameElements(*this, getType(), input);
}

LogicalResult BroadcastOp::verify() {
  RankedTensorType input = typeOf(getInput());
  if (static_cast<int64_t>(getDims().size()) != input.getRank()) // C1
    return emitOpError() << "dims has " << getDims().size() << " entries; wanted one for each of the "
                         << input.getRank() << " dimensions of the operand";
  if (failed(increasing(*this, getDims(), getType().getRank()))) // C1
    return failure();
  for (auto [dim, size] : llvm::zip(getDims(), input.getShape())) // C2
    if (getType().getShape()[dim] != size)
      return emitOpError() << "repeats a dimension of size " << size << " as one of size " << getType().getShape()[dim]
                           << "; wanted the same size";
  return sameElements(*this, getType(), input);
}

LogicalResult CastOp::verify() { return shapeIs(*this, getType(), typeOf(getInput()).getShape()); } // C1

} // namespace weft::nn

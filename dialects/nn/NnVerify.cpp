//===- NnVerify.cpp - The numbered constraints of nn's ops ----------------===//
//
// Encodings are not compared: between two passes an operand may be split in
// another way than the result, and `weft-verify-shardings` says when it may not.
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/NnChecks.h"

using namespace mlir;

namespace weft::nn {

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
    return emitOpError() << kind << " has elements of " << getType().getElementType() << "; wanted a float type";
  return success();
}

LogicalResult CompareOp::verify() {
  if (typeOf(getLhs()).getShape() != getType().getShape() || typeOf(getRhs()).getShape() != getType().getShape()) // C1
    return emitOpError() << "has operands of shape " << textOf(typeOf(getLhs()).getShape()) << " and "
                         << textOf(typeOf(getRhs()).getShape()) << " and a result of shape "
                         << textOf(getType().getShape()) << "; wanted one shape, repeat with nn.broadcast";
  if (failed(sameElements(*this, typeOf(getRhs()), typeOf(getLhs())))) // C1
    return failure();
  bool isOrder = getKind() != CompareKind::eq && getKind() != CompareKind::ne;
  if (isOrder && typeOf(getLhs()).getElementType().isInteger(1)) // C2
    return emitOpError() << "orders elements of i1; wanted eq or ne";
  return success();
}

LogicalResult SelectOp::verify() {
  for (Value operand : getOperands()) // C1
    if (typeOf(operand).getShape() != getType().getShape())
      return emitOpError() << "has an operand of shape " << textOf(typeOf(operand).getShape())
                           << " and a result of shape " << textOf(getType().getShape())
                           << "; wanted one shape, repeat with nn.broadcast";
  if (failed(sameElements(*this, typeOf(getOnTrue()), getType()))) // C2
    return failure();
  return sameElements(*this, typeOf(getOnFalse()), getType());
}

LogicalResult MatmulOp::verify() {
  RankedTensorType lhs = typeOf(getLhs()), rhs = typeOf(getRhs());
  if (lhs.getRank() < 2 || (rhs.getRank() != 2 && rhs.getRank() != lhs.getRank())) // C1
    return emitOpError() << "has operands of rank " << lhs.getRank() << " and " << rhs.getRank()
                         << "; wanted a left rank of 2 or more, and a right rank of 2 or the same";
  ArrayRef<int64_t> left = lhs.getShape(), right = rhs.getShape();
  MatmulSizes sizes = matmulSizes(*this);
  if (sizes.k != sizes.rightRows) // C2
    return emitOpError() << "contracts " << sizes.k << " columns with " << sizes.rightRows << " rows; wanted as many";
  ArrayRef<int64_t> batch = left.drop_back(2);
  if (right.size() > 2 && right.drop_back(2) != batch) // C3
    return emitOpError() << "has batch dimensions " << textOf(batch) << " and " << textOf(right.drop_back(2))
                         << "; wanted the same";
  SmallVector<int64_t> wanted(batch);
  wanted.append({sizes.m, sizes.n});
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

LogicalResult CastOp::verify() { return shapeIs(*this, getType(), typeOf(getInput()).getShape()); } // C1

} // namespace weft::nn

//===- NnVerifyMoves.cpp - The constraints of ops that move elements ------===//

#include "dialects/nn/NnChecks.h"

using namespace mlir;

namespace weft::nn {
namespace {

/// Whether a box of `inner`'s shape at `offsets` lies within `outer`; the name of the attribute is for the message.
LogicalResult boxIsWithin(Operation *op, StringRef name, ArrayRef<int64_t> offsets, ArrayRef<int64_t> inner,
                          ArrayRef<int64_t> outer) {
  if (offsets.size() != outer.size() || inner.size() != outer.size()) // C1
    return op->emitOpError() << name << " has " << offsets.size() << " entries for shapes " << textOf(inner) << " and "
                             << textOf(outer) << "; wanted an entry for each dimension, and one rank";
  for (auto [dim, offset] : llvm::enumerate(offsets)) // C2
    if (offset < 0 || offset > outer[dim] - inner[dim])
      return op->emitOpError() << name << " has " << offset << " in dimension " << dim << ", where " << inner[dim]
                               << " of " << outer[dim] << " elements stand; wanted 0 to " << outer[dim] - inner[dim];
  return success();
}

/// `shape` with dimension `dim` replaced by the dimensions of `ids`.
SmallVector<int64_t> gatheredShape(ArrayRef<int64_t> shape, int64_t dim, ArrayRef<int64_t> ids) {
  SmallVector<int64_t> result(shape.take_front(dim));
  llvm::append_range(result, ids);
  llvm::append_range(result, shape.drop_front(dim + 1));
  return result;
}

} // namespace

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

LogicalResult SliceOp::verify() {
  RankedTensorType input = typeOf(getInput());
  if (failed(boxIsWithin(*this, "offsets", getOffsets(), getType().getShape(), input.getShape()))) // C1, C2
    return failure();
  return sameElements(*this, getType(), input); // C3
}

LogicalResult PadOp::verify() {
  RankedTensorType input = typeOf(getInput());
  if (failed(boxIsWithin(*this, "low", getLow(), input.getShape(), getType().getShape()))) // C1, C2
    return failure();
  return sameElements(*this, getType(), input); // C3
}

LogicalResult ConcatOp::verify() {
  if (getInputs().empty()) // C1
    return emitOpError() << "has no operand; wanted at least one";
  if (failed(dimIsWithin(*this, getDim(), getType().getRank()))) // C1
    return failure();
  int64_t together = 0;
  for (Value input : getInputs()) {
    RankedTensorType type = typeOf(input);
    SmallVector<int64_t> wanted(getType().getShape());
    if (type.getRank() == getType().getRank())
      wanted[getDim()] = type.getShape()[getDim()];
    if (failed(shapeIs(*this, type, wanted, "operand")) || failed(sameElements(*this, type, getType()))) // C2, C3
      return failure();
    together += type.getShape()[getDim()];
  }
  SmallVector<int64_t> wanted(getType().getShape());
  wanted[getDim()] = together;
  return shapeIs(*this, getType(), wanted); // C2
}

LogicalResult UpdateSliceOp::verify() {
  RankedTensorType into = typeOf(getInto()), part = typeOf(getPart());
  if (failed(dimIsWithin(*this, getDim(), into.getRank()))) // C1
    return failure();
  SmallVector<int64_t> wanted(into.getShape());
  if (part.getRank() == into.getRank())
    wanted[getDim()] = std::min(part.getShape()[getDim()], into.getShape()[getDim()]);
  if (failed(shapeIs(*this, part, wanted, "part"))) // C2
    return failure();
  if (failed(shapeIs(*this, getType(), into.getShape())) || failed(sameElements(*this, part, into))) // C3
    return failure();
  return sameElements(*this, getType(), into);
}

LogicalResult GatherOp::verify() {
  RankedTensorType input = typeOf(getInput());
  if (failed(dimIsWithin(*this, getDim(), input.getRank()))) // C1
    return failure();
  SmallVector<int64_t> wanted = gatheredShape(input.getShape(), getDim(), typeOf(getIds()).getShape());
  if (failed(shapeIs(*this, getType(), wanted))) // C2
    return failure();
  return sameElements(*this, getType(), input); // C3
}

LogicalResult ScatterAddOp::verify() {
  if (failed(dimIsWithin(*this, getDim(), getType().getRank()))) // C1
    return failure();
  SmallVector<int64_t> wanted = gatheredShape(getType().getShape(), getDim(), typeOf(getIds()).getShape());
  if (failed(shapeIs(*this, typeOf(getUpdates()), wanted, "updates"))) // C2
    return failure();
  return sameElements(*this, getType(), typeOf(getUpdates())); // C3
}

LogicalResult IotaOp::verify() { return dimIsWithin(*this, getDim(), getType().getRank()); } // C1

} // namespace weft::nn

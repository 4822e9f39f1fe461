//===- NnChecks.cpp - What the verifiers of nn's ops share ----------------===//

#include "dialects/nn/NnChecks.h"

using namespace mlir;

namespace weft::nn {

RankedTensorType typeOf(Value value) { return cast<RankedTensorType>(value.getType()); }

std::string textOf(ArrayRef<int64_t> shape) {
  std::string text = shape.empty() ? "no dimensions" : "";
  for (auto [i, size] : llvm::enumerate(shape))
    text += (i ? "x" : "") + std::to_string(size);
  return text;
}

LogicalResult shapeIs(Operation *op, RankedTensorType found, ArrayRef<int64_t> wanted, StringRef what) {
  if (found.getShape() == wanted)
    return success();
  return op->emitOpError() << what << " has shape " << textOf(found.getShape()) << "; wanted " << textOf(wanted);
}

LogicalResult sameElements(Operation *op, RankedTensorType found, RankedTensorType wanted) {
  if (found.getElementType() == wanted.getElementType())
    return success();
  return op->emitOpError() << "mixes elements of " << found.getElementType() << " and " << wanted.getElementType()
                           << "; wanted one element type, convert with nn.cast";
}

LogicalResult dimIsWithin(Operation *op, int64_t dim, int64_t rank) {
  if (dim >= 0 && dim < rank)
    return success();
  return op->emitOpError() << "dim is " << dim << "; wanted a dimension of a tensor of rank " << rank;
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

} // namespace weft::nn

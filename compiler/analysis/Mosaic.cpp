//===- Mosaic.cpp - Ops that put tensors together element by element ------===//

#include "compiler/analysis/Mosaic.h"

#include "dialects/nn/Nn.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/STLExtras.h"

namespace weft::analysis {
using namespace mlir;

namespace {

RankedTensorType typeOf(Value value) { return cast<RankedTensorType>(value.getType()); }

bool isComputed(Value value) {
  Type element = typeOf(value).getElementType();
  return element.isF32() || element.isF64() || element.isInteger(1) || element.isInteger(32) || element.isInteger(64);
}

bool isArithmetic(Operation *op) {
  if (auto elementwise = dyn_cast<nn::ElementwiseOp>(op))
    return !nn::isFloatKind(elementwise.getKind()) && elementwise.getKind() != nn::ElementwiseKind::div;
  return isa<nn::CompareOp, nn::SelectOp, nn::CastOp>(op);
}

bool isFree(Operation *op) {
  if (auto constant = dyn_cast<nn::ConstantOp>(op))
    return constant.getValue().isSplat();
  auto iota = dyn_cast<nn::IotaOp>(op);
  return iota && !iota.getStart();
}

} // namespace

Placement Placement::ofOperand(Operation *op, unsigned number) const {
  Placement moved = *this;
  if (auto slice = dyn_cast<nn::SliceOp>(op)) {
    for (auto [offset, by] : llvm::zip(moved.offsets, slice.getOffsets()))
      offset += by;
  } else if (auto pad = dyn_cast<nn::PadOp>(op)) {
    for (auto [offset, low] : llvm::zip(moved.offsets, pad.getLow()))
      offset -= low;
  } else if (auto concat = dyn_cast<nn::ConcatOp>(op)) {
    for (Value before : concat.getInputs().take_front(number))
      moved.offsets[concat.getDim()] -= typeOf(before).getDimSize(concat.getDim());
  } else if (auto transpose = dyn_cast<nn::TransposeOp>(op)) {
    for (auto [to, from] : llvm::enumerate(transpose.getPerm())) {
      moved.dims[from] = dims[to];
      moved.offsets[from] = offsets[to];
    }
  } else if (auto broadcast = dyn_cast<nn::BroadcastOp>(op)) {
    moved.dims.clear();
    moved.offsets.clear();
    for (int64_t dim : broadcast.getDims()) {
      moved.dims.push_back(dims[dim]);
      moved.offsets.push_back(offsets[dim]);
    }
  }
  return moved;
}

bool isMove(Operation *op) { return isa<nn::SliceOp, nn::ConcatOp, nn::PadOp, nn::TransposeOp, nn::BroadcastOp>(op); }

bool isMosaic(ArrayRef<Operation *> ops) {
  bool moves = false;
  for (Operation *op : ops) {
    if (!isMove(op) && !isArithmetic(op) && !isFree(op))
      return false;
    if (!llvm::all_of(op->getOperands(), isComputed) || !llvm::all_of(op->getResults(), isComputed))
      return false;
    moves |= isMove(op);
    // What is made once would be made for each repetition.
    auto broadcast = dyn_cast<nn::BroadcastOp>(op);
    Operation *source = broadcast ? broadcast.getInput().getDefiningOp() : nullptr;
    if (source && llvm::is_contained(ops, source) && !isFree(source) && !isMove(source))
      return false;
  }
  return moves;
}

} // namespace weft::analysis

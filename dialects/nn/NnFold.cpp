//===- NnFold.cpp - Folds that change no bit of a value -------------------===//
//
// Only what is exact for every input: x * 1, x / 1, x - 0 and x + -0 are x,
// NaN and signed zeros included; x + 0 is not (-0 + 0 is 0).
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/Nn.h"

#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace weft::nn {
namespace {

/// Whether all elements of a constant operand are `wanted`, its sign included.
bool isSplatOf(Attribute operand, double wanted) {
  auto splat = dyn_cast_if_present<SplatElementsAttr>(operand);
  if (!splat)
    return false;
  if (isa<FloatType>(splat.getElementType())) {
    double value = splat.getSplatValue<APFloat>().convertToDouble();
    return value == wanted && std::signbit(value) == std::signbit(wanted);
  }
  return splat.getSplatValue<APInt>() == static_cast<uint64_t>(std::abs(wanted));
}

/// `splat` as a value of `type`'s shape.
Attribute resized(SplatElementsAttr splat, RankedTensorType type) {
  return splat.resizeSplat(RankedTensorType::get(type.getShape(), type.getElementType()));
}

} // namespace

OpFoldResult ConstantOp::fold(FoldAdaptor) { return getValue(); }

OpFoldResult ElementwiseOp::fold(FoldAdaptor operands) {
  if (getInputs().front().getType() != getType())
    return {};
  Attribute right = getInputs().size() == 2 ? operands.getInputs()[1] : Attribute();
  bool isSame = (getKind() == ElementwiseKind::mul && isSplatOf(right, 1.0)) ||
                (getKind() == ElementwiseKind::div && isSplatOf(right, 1.0)) ||
                (getKind() == ElementwiseKind::add && isSplatOf(right, -0.0)) ||
                (getKind() == ElementwiseKind::sub && isSplatOf(right, 0.0));
  if (isSame)
    return getInputs().front();
  auto inner = getInputs().front().getDefiningOp<ElementwiseOp>();
  if (!inner || inner.getKind() != getKind())
    return {};
  if (getKind() == ElementwiseKind::neg && inner.getInputs().front().getType() == getType())
    return inner.getInputs().front();
  if (getKind() == ElementwiseKind::relu || getKind() == ElementwiseKind::abs)
    return inner.getResult();
  return {};
}

OpFoldResult ReshapeOp::fold(FoldAdaptor operands) {
  if (getInput().getType() == getType())
    return getInput();
  if (auto value = dyn_cast_if_present<DenseElementsAttr>(operands.getInput()))
    return value.reshape(RankedTensorType::get(getType().getShape(), getType().getElementType()));
  return {};
}

OpFoldResult TransposeOp::fold(FoldAdaptor operands) {
  if (getInput().getType() == getType() && llvm::equal(getPerm(), llvm::seq<int64_t>(0, getType().getRank())))
    return getInput();
  if (auto splat = dyn_cast_if_present<SplatElementsAttr>(operands.getInput()))
    return resized(splat, getType());
  // Undoes the transposition that made its operand.
  auto inner = getInput().getDefiningOp<TransposeOp>();
  if (!inner || inner.getInput().getType() != getType())
    return {};
  for (auto [i, dim] : llvm::enumerate(getPerm()))
    if (inner.getPerm()[dim] != static_cast<int64_t>(i))
      return {};
  return inner.getInput();
}

OpFoldResult BroadcastOp::fold(FoldAdaptor operands) {
  if (getInput().getType() == getType())
    return getInput();
  if (auto splat = dyn_cast_if_present<SplatElementsAttr>(operands.getInput()))
    return resized(splat, getType());
  return {};
}

OpFoldResult CastOp::fold(FoldAdaptor) {
  if (getInput().getType() == getType())
    return getInput();
  return {};
}

} // namespace weft::nn

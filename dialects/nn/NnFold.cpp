//===- NnFold.cpp - Folds that change no bit of a value -------------------===//
//
// Only what is exact for every input: x * 1, x / 1, x - 0 and x + -0 are x,
// NaN and signed zeros included; x + 0 is not (-0 + 0 is 0).
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/Nn.h"

#include "llvm/ADT/APSInt.h"

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

/// The element as one of the other type, as the op says it; null of a NaN, whose bits are the machine's to choose.
Attribute converted(Attribute element, Type type) {
  auto *wanted = dyn_cast<FloatType>(type) ? &cast<FloatType>(type).getFloatSemantics() : nullptr;
  auto toNearest = APFloat::rmNearestTiesToEven;
  if (auto from = dyn_cast<FloatAttr>(element)) {
    APFloat value = from.getValue();
    bool exact = false;
    if (type.isInteger(1))
      return IntegerAttr::get(type, APInt(1, !value.isZero()));
    if (!wanted) {
      llvm::APSInt whole(type.getIntOrFloatBitWidth(), type.isUnsignedInteger());
      value.convertToInteger(whole, APFloat::rmTowardZero, &exact); // NaN is 0, what is out of range the nearest
      return IntegerAttr::get(type, whole);
    }
    if (value.isNaN())
      return {};
    value.convert(*wanted, toNearest, &exact);
    return FloatAttr::get(type, value);
  }
  auto from = cast<IntegerAttr>(element);
  APInt value = from.getValue();
  bool isUnsigned = value.getBitWidth() == 1 || from.getType().isUnsignedInteger();
  if (type.isInteger(1))
    return IntegerAttr::get(type, APInt(1, !value.isZero()));
  if (!wanted) {
    unsigned width = type.getIntOrFloatBitWidth();
    return IntegerAttr::get(type, isUnsigned ? value.zextOrTrunc(width) : value.sextOrTrunc(width));
  }
  APFloat number(*wanted);
  number.convertFromAPInt(value, !isUnsigned, toNearest);
  return FloatAttr::get(type, number);
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

OpFoldResult SelectOp::fold(FoldAdaptor operands) {
  bool isTrue = isSplatOf(operands.getCondition(), 1), isFalse = isSplatOf(operands.getCondition(), 0);
  Value taken = isFalse ? getOnFalse() : getOnTrue();
  if ((isTrue || isFalse || getOnTrue() == getOnFalse()) && taken.getType() == getType())
    return taken;
  return {};
}

OpFoldResult SliceOp::fold(FoldAdaptor operands) {
  if (getInput().getType() == getType())
    return getInput();
  if (auto splat = dyn_cast_if_present<SplatElementsAttr>(operands.getInput()))
    return resized(splat, getType());
  return {};
}

OpFoldResult ConcatOp::fold(FoldAdaptor) {
  return getInputs().size() == 1 && getInputs()[0].getType() == getType() ? OpFoldResult(getInputs()[0])
                                                                          : OpFoldResult();
}

OpFoldResult PadOp::fold(FoldAdaptor) {
  return getInput().getType() == getType() ? OpFoldResult(getInput()) : OpFoldResult();
}

/// A product reads its operands transposed, so that a transposition of the last two dimensions needs no copy.
LogicalResult MatmulOp::canonicalize(MatmulOp op, PatternRewriter &rewriter) {
  auto swapped = [](Value operand) -> Value {
    auto transpose = operand.getDefiningOp<TransposeOp>();
    if (!transpose)
      return {};
    auto wanted = llvm::to_vector(llvm::seq<int64_t>(0, transpose.getType().getRank()));
    std::swap(wanted.back(), wanted[wanted.size() - 2]);
    return ArrayRef<int64_t>(wanted) == transpose.getPerm() ? transpose.getInput() : Value();
  };
  Value lhs = swapped(op.getLhs()), rhs = swapped(op.getRhs());
  if (!lhs && !rhs)
    return rewriter.notifyMatchFailure(op, "no operand is transposed in its last two dimensions");
  rewriter.modifyOpInPlace(op, [&] {
    if (lhs) {
      op.getLhsMutable().assign(lhs);
      op.setTransposeLhs(!op.getTransposeLhs());
    }
    if (rhs) {
      op.getRhsMutable().assign(rhs);
      op.setTransposeRhs(!op.getTransposeRhs());
    }
  });
  return success();
}

OpFoldResult CastOp::fold(FoldAdaptor operands) {
  if (getInput().getType() == getType())
    return getInput();
  auto splat = dyn_cast_if_present<SplatElementsAttr>(operands.getInput());
  if (!splat)
    return {};
  Attribute element = converted(splat.getSplatValue<Attribute>(), getType().getElementType());
  return element ? DenseElementsAttr::get(cast<ShapedType>(getType()), element) : OpFoldResult();
}

} // namespace weft::nn

//===- ElementwiseForms.cpp - Constants, elementwise ops, conversions -----===//

#include "compiler/lowering/NnToLinalg/ElementForms.h"
#include "compiler/lowering/NnToLinalg/LinalgForms.h"
#include "compiler/lowering/NnToLinalg/Loops.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

namespace weft::lowering {
namespace {
using namespace mlir;

struct ConstantForm : MovingForm<ConstantForm, nn::ConstantOp> {
  static Value build(nn::ConstantOp op, OpBuilder &builder, ValueRange) {
    auto value = cast<DenseElementsAttr>(op.getValue());
    if (!value.getElementType().isUnsignedInteger())
      return arith::ConstantOp::create(builder, op.getLoc(), value);
    // arith has no constants with a sign of their own.
    auto bits = builder.getIntegerType(value.getElementType().getIntOrFloatBitWidth());
    Value constant = arith::ConstantOp::create(builder, op.getLoc(), value.bitcast(bits));
    return converted(builder, op.getLoc(), constant, value.getElementType());
  }
};

struct ElementwiseForm : ComputingForm<ElementwiseForm, nn::ElementwiseOp> {
  static SmallVector<Value> build(nn::ElementwiseOp op, OpBuilder &builder, ValueRange operands) {
    return {mappedAlike(
        builder, op.getLoc(), typeOf(operands[0]), operands,
        [&](OpBuilder &inner, Location at, ValueRange x) { return applyElementwise(inner, at, op.getKind(), x); })};
  }
};

struct CompareForm : ComputingForm<CompareForm, nn::CompareOp> {
  static SmallVector<Value> build(nn::CompareOp op, OpBuilder &builder, ValueRange operands) {
    return {mappedAlike(builder, op.getLoc(), op.getType(), operands, [&](OpBuilder &inner, Location at, ValueRange x) {
      return compareElements(inner, at, op.getKind(), x[0], x[1]);
    })};
  }
};

struct SelectForm : MovingForm<SelectForm, nn::SelectOp> {
  static Value build(nn::SelectOp op, OpBuilder &builder, ValueRange operands) {
    return mappedAlike(builder, op.getLoc(), op.getType(), operands,
                       [](OpBuilder &inner, Location at, ValueRange x) -> Value {
                         return arith::SelectOp::create(inner, at, x[0], x[1], x[2]);
                       });
  }
};

struct CastForm : MovingForm<CastForm, nn::CastOp> {
  static Value build(nn::CastOp op, OpBuilder &builder, ValueRange operands) {
    return converted(builder, op.getLoc(), operands[0], op.getType().getElementType());
  }
};

} // namespace

void attachElementwiseForms(MLIRContext &context) {
  nn::ConstantOp::attachInterface<ConstantForm>(context);
  nn::ElementwiseOp::attachInterface<ElementwiseForm>(context);
  nn::CompareOp::attachInterface<CompareForm>(context);
  nn::SelectOp::attachInterface<SelectForm>(context);
  nn::CastOp::attachInterface<CastForm>(context);
}

} // namespace weft::lowering

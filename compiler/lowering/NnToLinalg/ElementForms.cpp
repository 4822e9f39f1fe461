//===- ElementForms.cpp - What is computed of single elements -------------===//

#include "compiler/lowering/NnToLinalg/ElementForms.h"

#include "compiler/lowering/NnToLinalg/ScalarForms.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

namespace weft::lowering {
namespace {
using namespace mlir;
using nn::ElementwiseKind;

Value applyToFloats(OpBuilder &builder, Location place, ElementwiseKind kind, ValueRange x, FloatType type) {
  ScalarForms forms(builder, place, type);
  switch (kind) {
  case ElementwiseKind::add:
    return forms.add(x[0], x[1]);
  case ElementwiseKind::sub:
    return forms.sub(x[0], x[1]);
  case ElementwiseKind::mul:
    return forms.mul(x[0], x[1]);
  case ElementwiseKind::div:
    return forms.div(x[0], x[1]);
  case ElementwiseKind::min:
    return forms.min(x[0], x[1]);
  case ElementwiseKind::max:
    return forms.max(x[0], x[1]);
  case ElementwiseKind::neg:
    return forms.neg(x[0]);
  case ElementwiseKind::abs:
    return forms.abs(x[0]);
  case ElementwiseKind::relu:
    return forms.max(x[0], forms.constant(0.0));
  case ElementwiseKind::exp:
    return forms.exp(x[0]);
  case ElementwiseKind::log:
    return forms.log(x[0]);
  case ElementwiseKind::sqrt:
    return math::SqrtOp::create(builder, place, x[0]);
  case ElementwiseKind::rsqrt:
    return forms.rsqrt(x[0]);
  case ElementwiseKind::tanh:
    return forms.tanh(x[0]);
  case ElementwiseKind::erf:
    return forms.erf(x[0]);
  case ElementwiseKind::gelu:
    return forms.gelu(x[0]);
  case ElementwiseKind::silu:
    return forms.silu(x[0]);
  case ElementwiseKind::sigmoid:
    return forms.sigmoid(x[0]);
  }
  llvm_unreachable("every kind is above");
}

/// Rounds to zero; 0 for a divisor of 0, and -x for -1, which the instruction traps on for the smallest x.
Value divideIntegers(OpBuilder &builder, Location place, Value x, Value y) {
  auto constant = [&](int64_t value) {
    return arith::ConstantOp::create(builder, place, builder.getIntegerAttr(x.getType(), value)).getResult();
  };
  Value zero = constant(0), one = constant(1);
  Value isZero = arith::CmpIOp::create(builder, place, arith::CmpIPredicate::eq, y, zero);
  Value isMinusOne = arith::CmpIOp::create(builder, place, arith::CmpIPredicate::eq, y, constant(-1));
  Value isSpecial = arith::OrIOp::create(builder, place, isZero, isMinusOne);
  Value divisor = arith::SelectOp::create(builder, place, isSpecial, one, y);
  Value quotient = arith::DivSIOp::create(builder, place, x, divisor);
  Value negated = arith::SubIOp::create(builder, place, zero, x);
  Value special = arith::SelectOp::create(builder, place, isZero, zero, negated);
  return arith::SelectOp::create(builder, place, isSpecial, special, quotient);
}

Value applyToIntegers(OpBuilder &builder, Location place, ElementwiseKind kind, ValueRange x) {
  Value zero = arith::ConstantOp::create(builder, place, builder.getIntegerAttr(x[0].getType(), 0));
  switch (kind) {
  case ElementwiseKind::add:
    return arith::AddIOp::create(builder, place, x[0], x[1]);
  case ElementwiseKind::sub:
    return arith::SubIOp::create(builder, place, x[0], x[1]);
  case ElementwiseKind::mul:
    return arith::MulIOp::create(builder, place, x[0], x[1]);
  case ElementwiseKind::div:
    return divideIntegers(builder, place, x[0], x[1]);
  case ElementwiseKind::min:
    return arith::MinSIOp::create(builder, place, x[0], x[1]);
  case ElementwiseKind::max:
    return arith::MaxSIOp::create(builder, place, x[0], x[1]);
  case ElementwiseKind::neg:
    return arith::SubIOp::create(builder, place, zero, x[0]);
  case ElementwiseKind::abs:
    return arith::MaxSIOp::create(builder, place, x[0], arith::SubIOp::create(builder, place, zero, x[0]));
  case ElementwiseKind::relu:
    return arith::MaxSIOp::create(builder, place, x[0], zero);
  default:
    llvm_unreachable("the verifier lets no other kind have integers");
  }
}

} // namespace

Value applyElementwise(OpBuilder &builder, Location place, ElementwiseKind kind, ValueRange operands) {
  if (auto type = dyn_cast<FloatType>(operands.front().getType()))
    return applyToFloats(builder, place, kind, operands, type);
  return applyToIntegers(builder, place, kind, operands);
}

TypedAttr startOf(OpBuilder &builder, ReduceKind kind, Type element) {
  if (auto type = dyn_cast<FloatType>(element)) {
    double start = kind == ReduceKind::sum ? 0.0 : kind == ReduceKind::min ? INFINITY : -INFINITY;
    return builder.getFloatAttr(type, start);
  }
  unsigned width = element.getIntOrFloatBitWidth();
  APInt start = kind == ReduceKind::sum   ? APInt::getZero(width)
                : kind == ReduceKind::min ? APInt::getSignedMaxValue(width)
                                          : APInt::getSignedMinValue(width);
  return builder.getIntegerAttr(element, start);
}

Value combine(OpBuilder &builder, Location place, ReduceKind kind, Value a, Value b) {
  bool isFloat = isa<FloatType>(a.getType());
  switch (kind) {
  case ReduceKind::sum:
    if (isFloat)
      return arith::AddFOp::create(builder, place, a, b,
                                   arith::FastMathFlags::reassoc | arith::FastMathFlags::contract);
    return arith::AddIOp::create(builder, place, a, b);
  case ReduceKind::min:
    if (isFloat)
      return arith::MinimumFOp::create(builder, place, a, b);
    return arith::MinSIOp::create(builder, place, a, b);
  case ReduceKind::max:
    if (isFloat)
      return arith::MaximumFOp::create(builder, place, a, b);
    return arith::MaxSIOp::create(builder, place, a, b);
  }
  llvm_unreachable("every kind is above");
}

Value convertElement(OpBuilder &builder, Location place, Value value, Type to) {
  Type from = value.getType();
  if (from == to)
    return value;
  bool isWider = from.getIntOrFloatBitWidth() < to.getIntOrFloatBitWidth();
  if (isa<FloatType>(from) && isa<FloatType>(to))
    return isWider ? arith::ExtFOp::create(builder, place, to, value).getResult()
                   : arith::TruncFOp::create(builder, place, to, value).getResult();
  if (isa<IntegerType>(from) && isa<IntegerType>(to))
    return isWider ? arith::ExtSIOp::create(builder, place, to, value).getResult()
                   : arith::TruncIOp::create(builder, place, to, value).getResult();
  if (isa<IntegerType>(from))
    return arith::SIToFPOp::create(builder, place, to, value);

  // Float to integer. The conversion is undefined out of range, so it only ever sees what is inside.
  unsigned width = to.getIntOrFloatBitWidth();
  ScalarForms forms(builder, place, cast<FloatType>(from));
  Value bound = forms.constant(std::ldexp(1.0, static_cast<int>(width) - 1));
  auto compare = [&](arith::CmpFPredicate predicate, Value a, Value b) {
    return arith::CmpFOp::create(builder, place, predicate, a, b).getResult();
  };
  auto integer = [&](const APInt &number) {
    return arith::ConstantOp::create(builder, place, builder.getIntegerAttr(to, number)).getResult();
  };
  Value isHigh = compare(arith::CmpFPredicate::OGE, value, bound);
  Value isLow = compare(arith::CmpFPredicate::OLT, value, forms.neg(bound));
  Value isNan = compare(arith::CmpFPredicate::UNO, value, value);
  Value isOut = arith::OrIOp::create(builder, place, arith::OrIOp::create(builder, place, isHigh, isLow), isNan);
  Value inside = arith::SelectOp::create(builder, place, isOut, forms.constant(0.0), value);
  Value result = arith::FPToSIOp::create(builder, place, to, inside);
  result = arith::SelectOp::create(builder, place, isHigh, integer(APInt::getSignedMaxValue(width)), result);
  return arith::SelectOp::create(builder, place, isLow, integer(APInt::getSignedMinValue(width)), result);
}

} // namespace weft::lowering

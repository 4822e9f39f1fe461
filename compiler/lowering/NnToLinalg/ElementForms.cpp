//===- ElementForms.cpp - What is computed of single elements -------------===//

#include "compiler/lowering/NnToLinalg/ElementForms.h"

#include "compiler/lowering/NnToLinalg/NarrowFloats.h"
#include "compiler/lowering/NnToLinalg/ScalarForms.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

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
    return forms.sqrt(x[0]);
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
  case ElementwiseKind::sin:
    return forms.sin(x[0]);
  case ElementwiseKind::cos:
    return forms.cos(x[0]);
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

/// A bool is 0 or 1, a u8 has no sign.
bool hasSign(Type type) { return !type.isInteger(1) && !type.isUnsignedInteger(); }

/// arith computes on integers without a sign of their own.
Value signless(OpBuilder &builder, Location place, Value value) {
  auto type = dyn_cast<IntegerType>(value.getType());
  if (!type || type.isSignless())
    return value;
  Type bits = builder.getIntegerType(type.getWidth());
  return UnrealizedConversionCastOp::create(builder, place, bits, value).getResult(0);
}

/// bf16 and f16 become anything else through f32, and the other way round where that is exact.
Value convertFloat(OpBuilder &builder, Location place, Value value, FloatType to) {
  if (value.getType().getIntOrFloatBitWidth() == 16)
    value = widenFloat(builder, place, value);
  if (to.getWidth() == 16)
    return narrowFloat(builder, place, value, to);
  unsigned from = value.getType().getIntOrFloatBitWidth();
  if (from < to.getWidth())
    return arith::ExtFOp::create(builder, place, to, value);
  return from == to.getWidth() ? value : arith::TruncFOp::create(builder, place, to, value).getResult();
}

Value isNotZero(OpBuilder &builder, Location place, Value value) {
  if (value.getType().isBF16() || value.getType().isF16())
    value = widenFloat(builder, place, value);
  if (auto type = dyn_cast<FloatType>(value.getType())) {
    Value zero = arith::ConstantOp::create(builder, place, builder.getFloatAttr(type, 0.0));
    return arith::CmpFOp::create(builder, place, arith::CmpFPredicate::UNE, value, zero);
  }
  value = signless(builder, place, value);
  Value zero = arith::ConstantOp::create(builder, place, builder.getIntegerAttr(value.getType(), 0));
  return arith::CmpIOp::create(builder, place, arith::CmpIPredicate::ne, value, zero);
}

Value convertInteger(OpBuilder &builder, Location place, Value value, bool isSigned, Type to) {
  unsigned from = value.getType().getIntOrFloatBitWidth(), width = to.getIntOrFloatBitWidth();
  if (auto type = dyn_cast<FloatType>(to)) {
    // To a narrow type through f64, which has room for all that could decide its rounding, but of 64 bits.
    Type wide = type.getWidth() == 16 ? Type(builder.getF64Type()) : to;
    Value number = isSigned ? arith::SIToFPOp::create(builder, place, wide, value).getResult()
                            : arith::UIToFPOp::create(builder, place, wide, value).getResult();
    return type.getWidth() == 16 ? narrowFloat(builder, place, number, type) : number;
  }
  if (from > width)
    return arith::TruncIOp::create(builder, place, to, value);
  if (from == width)
    return value;
  return isSigned ? arith::ExtSIOp::create(builder, place, to, value).getResult()
                  : arith::ExtUIOp::create(builder, place, to, value).getResult();
}

/// To zero; NaN is 0, and what is out of range the nearest integer. The conversion is undefined out of range, so it
/// only ever sees what is inside.
Value roundToInteger(OpBuilder &builder, Location place, Value value, IntegerType to, bool isSigned) {
  if (value.getType().getIntOrFloatBitWidth() < 32)
    value = convertFloat(builder, place, value, builder.getF32Type());
  unsigned width = to.getWidth();
  ScalarForms forms(builder, place, cast<FloatType>(value.getType()));
  auto compare = [&](arith::CmpFPredicate predicate, Value a, Value b) {
    return arith::CmpFOp::create(builder, place, predicate, a, b).getResult();
  };
  auto integer = [&](const APInt &number) {
    return arith::ConstantOp::create(builder, place, builder.getIntegerAttr(to, number)).getResult();
  };
  Value bound = forms.constant(std::ldexp(1.0, static_cast<int>(width) - isSigned));
  Value isHigh = compare(arith::CmpFPredicate::OGE, value, bound);
  Value isLow = compare(arith::CmpFPredicate::OLT, value, isSigned ? forms.neg(bound) : forms.constant(0.0));
  Value isNan = compare(arith::CmpFPredicate::UNO, value, value);
  Value isOut = arith::OrIOp::create(builder, place, arith::OrIOp::create(builder, place, isHigh, isLow), isNan);
  Value inside = arith::SelectOp::create(builder, place, isOut, forms.constant(0.0), value);
  Value result = isSigned ? arith::FPToSIOp::create(builder, place, to, inside).getResult()
                          : arith::FPToUIOp::create(builder, place, to, inside).getResult();
  APInt most = isSigned ? APInt::getSignedMaxValue(width) : APInt::getMaxValue(width);
  APInt least = isSigned ? APInt::getSignedMinValue(width) : APInt::getZero(width);
  result = arith::SelectOp::create(builder, place, isHigh, integer(most), result);
  return arith::SelectOp::create(builder, place, isLow, integer(least), result);
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

Value compareElements(OpBuilder &builder, Location place, nn::CompareKind kind, Value a, Value b) {
  if (isa<FloatType>(a.getType())) {
    static constexpr arith::CmpFPredicate predicates[] = {arith::CmpFPredicate::OEQ, arith::CmpFPredicate::UNE,
                                                          arith::CmpFPredicate::OLT, arith::CmpFPredicate::OLE,
                                                          arith::CmpFPredicate::OGT, arith::CmpFPredicate::OGE};
    return arith::CmpFOp::create(builder, place, predicates[static_cast<unsigned>(kind)], a, b);
  }
  static constexpr arith::CmpIPredicate withSign[] = {arith::CmpIPredicate::eq,  arith::CmpIPredicate::ne,
                                                      arith::CmpIPredicate::slt, arith::CmpIPredicate::sle,
                                                      arith::CmpIPredicate::sgt, arith::CmpIPredicate::sge};
  static constexpr arith::CmpIPredicate withoutSign[] = {arith::CmpIPredicate::eq,  arith::CmpIPredicate::ne,
                                                         arith::CmpIPredicate::ult, arith::CmpIPredicate::ule,
                                                         arith::CmpIPredicate::ugt, arith::CmpIPredicate::uge};
  auto predicate = (hasSign(a.getType()) ? withSign : withoutSign)[static_cast<unsigned>(kind)];
  return arith::CmpIOp::create(builder, place, predicate, signless(builder, place, a), signless(builder, place, b));
}

Value convertElement(OpBuilder &builder, Location place, Value value, Type to) {
  Type from = value.getType();
  if (from == to)
    return value;
  Type bits = isa<IntegerType>(to) ? Type(builder.getIntegerType(to.getIntOrFloatBitWidth())) : to;
  Value result;
  if (isa<FloatType>(from) && isa<FloatType>(to))
    result = convertFloat(builder, place, value, cast<FloatType>(to));
  else if (to.isInteger(1))
    result = isNotZero(builder, place, value);
  else if (isa<FloatType>(from))
    result = roundToInteger(builder, place, value, cast<IntegerType>(bits), hasSign(to));
  else
    result = convertInteger(builder, place, signless(builder, place, value), hasSign(from), bits);
  return result.getType() == to ? result : UnrealizedConversionCastOp::create(builder, place, to, result).getResult(0);
}

} // namespace weft::lowering

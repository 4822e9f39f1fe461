//===- ScalarForms.h - exp, log, sin and more from basic arithmetic -------===//
//
// Kernels call no libm: every function is built of additions, multiplications,
// divisions, comparisons, selections and moves of bits, without a branch, so that
// LLVM vectorises the loop around it for any ISA. Accuracy against a float64
// reference (f32) or exact values (f64), for arguments whose result is normal:
//
//            f32       f64
//   exp      2e-7      4e-16   relative
//   log      2e-7      4e-16   relative
//   tanh     4e-7      1e-15   relative
//   erf      3e-7      1e-15   relative
//   gelu     6e-7      2e-14   relative to the result, negative arguments included
//   sin cos  2e-7      4e-16   relative, |x| up to 1e6; beyond 2^50 only bounded
//
// Infinities, NaN and zeros give what C's functions give, but that gelu and silu of
// minus infinity are NaN, as their definitions say.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"

namespace weft::lowering {

/// Builds values of one type, f32, f64, or vectors of them, at the builder's place. With `mayFuse`, a product and a sum
/// may become one operation, where the ISA has it; without it, every ISA gives the same bits.
class ScalarForms {
public:
  ScalarForms(mlir::OpBuilder &builder, mlir::Location place, mlir::Type type, bool mayFuse = true);

  mlir::Value exp(mlir::Value x);
  /// e^x and 2^x where x is not positive, but for what it was rounded by: half of the operations of `exp`. 0 where the
  /// result would not be normal.
  mlir::Value expOfNegative(mlir::Value x);
  mlir::Value exp2OfNegative(mlir::Value x);
  mlir::Value log(mlir::Value x);
  mlir::Value tanh(mlir::Value x);
  mlir::Value erf(mlir::Value x);
  mlir::Value gelu(mlir::Value x);
  mlir::Value sigmoid(mlir::Value x);
  mlir::Value silu(mlir::Value x);
  mlir::Value rsqrt(mlir::Value x);
  mlir::Value sqrt(mlir::Value x);
  mlir::Value sin(mlir::Value x);
  mlir::Value cos(mlir::Value x);
  /// cos(2 pi n / 2^bits) for an integer n of the type's width, 0 <= n < 2^bits, bits at most 24 (f32) or 53 (f64): the
  /// quadrant is exact.
  mlir::Value cosOfTurn(mlir::Value n, unsigned bits);

  mlir::Value constant(double value);
  mlir::Value add(mlir::Value a, mlir::Value b);
  mlir::Value sub(mlir::Value a, mlir::Value b);
  mlir::Value mul(mlir::Value a, mlir::Value b);
  mlir::Value div(mlir::Value a, mlir::Value b);
  mlir::Value neg(mlir::Value a);
  mlir::Value abs(mlir::Value a);
  mlir::Value min(mlir::Value a, mlir::Value b); ///< NaN where one is NaN.
  mlir::Value max(mlir::Value a, mlir::Value b);
  mlir::Value select(mlir::Value condition, mlir::Value a, mlir::Value b);
  mlir::Value isEqual(mlir::Value a, mlir::Value b);
  mlir::Value bitsOf(mlir::Value x);

private:
  /// x = n ln 2 + r with |r| <= ln 2 / 2; n as an integer of the type's width.
  struct Reduced {
    mlir::Value n, r;
  };
  Reduced reduce(mlir::Value x);
  /// value * 2^n for the low bits of `shifted`, which are n and the exponent's bias; 0 where they are.
  mlir::Value scaled(mlir::Value value, mlir::Value shifted);
  /// x = n pi/2 + r with |r| <= pi/4; n as for `Reduced`.
  Reduced reduceByQuadrants(mlir::Value x);
  /// sin(n pi/2 + r).
  mlir::Value sinOf(Reduced angle);
  mlir::Value powerOfTwo(mlir::Value n);
  /// (e^r - 1) / r for |r| <= ln 2 / 2.
  mlir::Value expTail(mlir::Value r);
  /// erfc(z) / exp(-z^2) for z >= 0.
  mlir::Value erfcScaled(mlir::Value z);
  /// exp(-scale * x^2) without the rounding error of the square; scale is 1 or 1/2.
  mlir::Value expOfNegatedSquare(mlir::Value x, double scale);
  /// The first coefficient is that of the highest power.
  mlir::Value polynomial(mlir::Value x, llvm::ArrayRef<double> coefficients);
  mlir::Value integer(std::int64_t value);
  mlir::Value fromBits(mlir::Value bits);
  mlir::Value isLess(mlir::Value a, mlir::Value b);

  mlir::OpBuilder &builder;
  mlir::Location place;
  mlir::Type type, bits; ///< `bits`: the integers of its width.
  bool isDouble, mayFuse;
};

} // namespace weft::lowering

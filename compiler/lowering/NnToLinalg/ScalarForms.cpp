//===- ScalarForms.cpp - exp, log, sin and more from basic arithmetic -----===//
//
// exp: Cody-Waite reduction to |r| <= ln2/2 and a polynomial there, Taylor's for f64, for
// f32 the one of degree 6 whose greatest relative error, 2e-9, is least; 2^x alike. log: the
// series of atanh on [sqrt(1/2), sqrt(2)). tanh: through e^(2|x|) - 1, which loses nothing
// near 0. erf: Maclaurin's series below 1, else 1 - erfc; for f32 a fit of erf(x) / x by x^2
// below 1 and one of log2(erfc(x)) up to 4, where erf is 1, both exact to 2e-9. erfc: exp(-z^2) t P(2t - 1) with
// t = 1 / (1 + z/2), P the Chebyshev fit of erfc(z) exp(z^2) / t on (0, 1]; its error is
// 5e-9 (f32) and 4e-17 (f64). sin, cos: Cody-Waite reduction by pi/2, for f32 in f64, and
// Taylor's series on [-pi/4, pi/4].
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/NnToLinalg/ScalarForms.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/TypeUtilities.h"

#include <cmath>

namespace weft::lowering {
namespace {
using namespace mlir;

constexpr double erfcFitSingle[] = {-1.9773342853812135e-6,   0.0000420878745841013984, -0.0000311484370603260251,
                                    -0.000299199669376224981, 0.000425197106728493183,  0.00152899732269662623,
                                    -0.00324104592391184205,  -0.0107515692748962815,   0.0182212370168257394,
                                    0.139735726443530315,     0.343580340531563096,     0.510791357056157299};

constexpr double erfcFitDouble[] = {
    -9.74311575491408142e-10,  -1.89831857179007993e-9,   1.26830803160456759e-8,    6.44359792504665299e-9,
    -6.81807659906556887e-8,   3.62016832609387957e-8,    1.76301815171054866e-7,    -3.26547497920038591e-7,
    -1.13196135095213927e-8,   1.03085658380961523e-6,    -1.81670790247911873e-6,   -5.77822298179878042e-7,
    8.05865461413892915e-6,    -0.0000108429100583954416, -0.0000170740251517084809, 0.0000722341675923938921,
    -0.0000171857818523117683, -0.000331536573085982607,  0.000418648036929319064,   0.00154530601373183425,
    -0.00323959253412977848,   -0.0107553309440170101,    0.018221115753444061,      0.139736046278014349,
    0.343580342206905284,      0.510791352621011526};

/// (e^r - 1) / r for |r| <= ln 2 / 2, and (2^r - 1) / r for |r| <= 1/2.
constexpr double expFitSingle[] = {0.0013843644278826815, 0.008374163481163696, 0.041668002577143204,
                                   0.16666431168935472,   0.49999994205532655,  1.0};
constexpr double exp2FitSingle[] = {0.00015353362062362725, 0.0013398874588463007, 0.00961843735849835,
                                    0.055503324707023814,   0.2402264791361115,    0.6931472028552514};

constexpr double erfFitSingle[] = {7.853861649744554e-05, -0.0008010194296489381, 0.005188327843418009,
                                   -0.026853812075741387, 0.11283585154112832,    -0.3761262582510815,
                                   1.1283791657270978};
constexpr double logErfcFitSingle[] = {0.0002688893039889316, -0.004252581821232078, 0.031505707117747375,
                                       -0.14875169068794097,  -0.9206482821910824,   -1.6260460494515234,
                                       -0.0004926973004426571};

constexpr double log2E = 1.4426950408889634074;
constexpr double sqrtHalf = 0.70710678118654752440;

/// ln 2 in two parts; the first has so few bits that a product with any exponent is exact.
double ln2High(bool isDouble) { return isDouble ? 0x1.62e42fee00000p-1 : 0x1.63p-1; }
double ln2Low(bool isDouble) { return isDouble ? 1.90821492927058770e-10 : -2.12194440054690583e-4; }

} // namespace

ScalarForms::ScalarForms(OpBuilder &builder, Location place, Type type, bool mayFuse)
    : builder(builder), place(place), type(type), isDouble(getElementTypeOrSelf(type).isF64()), mayFuse(mayFuse) {
  bits = builder.getIntegerType(isDouble ? 64 : 32);
  if (auto vector = dyn_cast<VectorType>(type))
    bits = vector.clone(bits);
}

Value ScalarForms::exp(Value x) {
  // Beyond these the result is infinity or 0, and the power of two below would not fit its bits.
  x = min(max(x, constant(isDouble ? -746.0 : -104.0)), constant(isDouble ? 710.0 : 89.0));
  auto [n, r] = reduce(x);
  Value value = add(constant(1.0), mul(r, expTail(r)));
  // In two halves: 2^n alone may be too large or too small for a normal number where the product is not.
  Value half = arith::ShRSIOp::create(builder, place, n, integer(1));
  Value rest = arith::SubIOp::create(builder, place, n, half);
  return mul(mul(value, powerOfTwo(half)), powerOfTwo(rest));
}

Value ScalarForms::expOfNegative(Value x) {
  x = max(x, constant(isDouble ? -709.0 : -88.0));
  double shift = isDouble ? 0x1.8p52 + 1023 : 0x1.8p23 + 127;
  Value shifted = add(mul(x, constant(log2E)), constant(shift)), n = sub(shifted, constant(shift));
  Value r = sub(sub(x, mul(n, constant(ln2High(isDouble)))), mul(n, constant(ln2Low(isDouble))));
  return scaled(add(constant(1.0), mul(r, expTail(r))), shifted);
}

Value ScalarForms::exp2OfNegative(Value x) {
  x = max(x, constant(isDouble ? -1023.0 : -127.0));
  double shift = isDouble ? 0x1.8p52 + 1023 : 0x1.8p23 + 127;
  Value shifted = add(x, constant(shift)), r = sub(x, sub(shifted, constant(shift)));
  SmallVector<double> tail(std::begin(exp2FitSingle), std::end(exp2FitSingle));
  if (isDouble) {
    tail.clear();
    double term = 1;
    for (int n = 1; n <= 14; ++n) {
      term *= M_LN2 / n;
      tail.insert(tail.begin(), term);
    }
  }
  return scaled(add(constant(1.0), mul(r, polynomial(r, tail))), shifted);
}

Value ScalarForms::scaled(Value value, Value shifted) {
  Value exponent = arith::ShLIOp::create(builder, place, bitsOf(shifted), integer(isDouble ? 52 : 23));
  return mul(value, fromBits(exponent));
}

Value ScalarForms::log(Value x) {
  int64_t fractionBits = isDouble ? 52 : 23;
  double smallestNormal = isDouble ? 0x1p-1022 : 0x1p-126, lift = isDouble ? 0x1p54 : 0x1p25;
  Value isTiny = isLess(x, constant(smallestNormal));
  Value lifted = select(isTiny, mul(x, constant(lift)), x);
  Value start = integer(isDouble ? 0x3fe6a09e667f3bcd : 0x3f3504f3); // sqrt(1/2)
  Value moved = arith::SubIOp::create(builder, place, bitsOf(lifted), start);
  Value exponent = arith::ShRSIOp::create(builder, place, moved, integer(fractionBits));
  Value fraction = arith::AndIOp::create(builder, place, moved, integer((int64_t(1) << fractionBits) - 1));
  Value m = fromBits(arith::AddIOp::create(builder, place, fraction, start));
  Value e = arith::SIToFPOp::create(builder, place, type, exponent);
  e = sub(e, select(isTiny, constant(std::log2(lift)), constant(0.0)));

  Value f = sub(m, constant(1.0));
  Value s = div(f, add(constant(2.0), f)), z = mul(s, s);
  SmallVector<double> series; // of 2 atanh(s) / s - 2, by z
  for (int n = isDouble ? 11 : 5; n >= 1; --n)
    series.push_back(2.0 / (2 * n + 1));
  Value tail = mul(s, mul(z, polynomial(z, series)));
  double high = ln2High(isDouble);
  // f = 2s + sf, and 2 atanh(s) = 2s + tail; written with f, which is exact, it is exact to the last bits near 1.
  Value small = sub(f, sub(mul(s, f), tail));
  Value result = add(mul(e, constant(high)), add(small, mul(e, constant(ln2Low(isDouble)))));

  Value infinity = constant(INFINITY), zero = constant(0.0);
  Value isInfinite = arith::CmpFOp::create(builder, place, arith::CmpFPredicate::OEQ, x, infinity);
  Value isZero = arith::CmpFOp::create(builder, place, arith::CmpFPredicate::OEQ, x, zero);
  Value isBad = arith::CmpFOp::create(builder, place, arith::CmpFPredicate::ULT, x, zero); // negative or NaN
  result = select(isInfinite, infinity, result);
  result = select(isZero, constant(-INFINITY), result);
  return select(isBad, constant(NAN), result);
}

Value ScalarForms::tanh(Value x) {
  // Beyond this the result is 1 to the last bit.
  Value size = min(abs(x), constant(isDouble ? 20.0 : 10.0));
  auto [n, r] = reduce(mul(constant(2.0), size));
  Value scale = powerOfTwo(n);
  Value grown = add(mul(scale, mul(r, expTail(r))), sub(scale, constant(1.0))); // e^(2|x|) - 1
  Value result = div(grown, add(grown, constant(2.0)));
  return math::CopySignOp::create(builder, place, result, x);
}

Value ScalarForms::erf(Value x) {
  Value size = abs(x), square = mul(x, x);
  if (!isDouble) {
    Value near = mul(x, polynomial(square, erfFitSingle));
    Value tail = exp2OfNegative(polynomial(min(size, constant(4.0)), logErfcFitSingle));
    Value far = math::CopySignOp::create(builder, place, sub(constant(1.0), tail), x);
    return select(isLess(size, constant(1.0)), near, far);
  }
  SmallVector<double> series;
  double factorial = 1;
  for (int n = 0; n <= 18; ++n, factorial *= -n)
    series.insert(series.begin(), 2 / std::sqrt(M_PI) / (factorial * (2 * n + 1)));
  Value isSmall = isLess(size, constant(1.0));
  // The unused branch must not overflow to a NaN that the vector unit would trap on; it is only selected away.
  Value near = mul(x, polynomial(select(isSmall, square, constant(0.0)), series));
  Value tail = mul(expOfNegatedSquare(size, 1.0), erfcScaled(size));
  Value far = math::CopySignOp::create(builder, place, sub(constant(1.0), tail), x);
  return select(isSmall, near, far);
}

/// x Phi(x) with Phi from the tail on the argument's own side: 1 + erf would lose all bits for negative arguments.
Value ScalarForms::gelu(Value x) {
  // Behind the bound the tail is less than any normal number, and such take a hundred times as long: it is 0.
  Value bound = constant(isDouble ? 37.5 : 12.93), size = abs(x), near = min(size, bound);
  Value tail = mul(constant(0.5), mul(expOfNegatedSquare(near, 0.5), erfcScaled(mul(near, constant(sqrtHalf)))));
  tail = select(isLess(bound, size), constant(0.0), tail);
  return mul(x, select(isLess(x, constant(0.0)), tail, sub(constant(1.0), tail)));
}

Value ScalarForms::sigmoid(Value x) { return div(constant(1.0), add(constant(1.0), exp(neg(x)))); }
Value ScalarForms::silu(Value x) { return div(x, add(constant(1.0), exp(neg(x)))); }
Value ScalarForms::sqrt(Value x) { return math::SqrtOp::create(builder, place, x); }
Value ScalarForms::rsqrt(Value x) { return div(constant(1.0), sqrt(x)); }

Value ScalarForms::sin(Value x) { return sinOf(reduceByQuadrants(x)); }

Value ScalarForms::cos(Value x) {
  Reduced angle = reduceByQuadrants(x);
  angle.n = arith::AddIOp::create(builder, place, angle.n, integer(1));
  return sinOf(angle);
}

Value ScalarForms::cosOfTurn(Value n, unsigned bitCount) {
  Value half = integer(int64_t(1) << (bitCount - 3)), quadrantBits = integer(bitCount - 2);
  Value quadrant = arith::ShRUIOp::create(builder, place, arith::AddIOp::create(builder, place, n, half), quadrantBits);
  Value start = arith::ShLIOp::create(builder, place, quadrant, quadrantBits);
  Value rest = arith::SIToFPOp::create(builder, place, type, arith::SubIOp::create(builder, place, n, start));
  Value r = mul(rest, constant(std::ldexp(2 * M_PI, -static_cast<int>(bitCount))));
  return sinOf({arith::AddIOp::create(builder, place, quadrant, integer(1)), r});
}

ScalarForms::Reduced ScalarForms::reduce(Value x) {
  // Adding 1.5 * 2^fraction rounds to an integer and leaves it in the low bits; no instruction beyond SSE2.
  double shift = isDouble ? 0x1.8p52 : 0x1.8p23;
  Value shifted = add(mul(x, constant(log2E)), constant(shift));
  Value n = arith::SubIOp::create(builder, place, bitsOf(shifted), bitsOf(constant(shift)));
  Value whole = sub(shifted, constant(shift));
  double high = ln2High(isDouble);
  Value r = sub(sub(x, mul(whole, constant(high))), mul(whole, constant(ln2Low(isDouble))));
  return {n, r};
}

ScalarForms::Reduced ScalarForms::reduceByQuadrants(Value x) {
  if (!isDouble) {
    // Three parts of pi/2 in f32 would not do for |x| = 1e5; in f64 two are more than enough.
    Type wider = builder.getF64Type();
    if (auto vector = dyn_cast<VectorType>(type))
      wider = vector.clone(wider);
    ScalarForms wide(builder, place, wider, mayFuse);
    auto [n, r] = wide.reduceByQuadrants(arith::ExtFOp::create(builder, place, wide.type, x));
    return {arith::TruncIOp::create(builder, place, bits, n), arith::TruncFOp::create(builder, place, type, r)};
  }
  double shift = 0x1.8p52;
  Value shifted = add(mul(x, constant(2 / M_PI)), constant(shift));
  Value n = arith::SubIOp::create(builder, place, bitsOf(shifted), bitsOf(constant(shift)));
  Value whole = sub(shifted, constant(shift));
  // pi/2 in parts of 33, 33 and 53 bits: products with the first two are exact for |n| < 2^20.
  Value r = sub(x, mul(whole, constant(0x1.921fb544p0)));
  r = sub(r, mul(whole, constant(0x1.0b4611a6p-34)));
  r = sub(r, mul(whole, constant(0x1.3198a2e037073p-69)));
  // An argument too large for this leaves no remainder that means anything; the result is bounded still. NaN stays.
  return {n, max(min(r, constant(1.0)), constant(-1.0))};
}

Value ScalarForms::sinOf(Reduced angle) {
  auto [n, r] = angle;
  Value square = mul(r, r);
  SmallVector<double> sines, cosines; // of sin(r)/r - 1 and of cos(r) - 1 + r^2/2, by r^2
  double factorial = 2;
  for (int k = 3; k <= (isDouble ? 17 : 11); ++k) {
    factorial *= k;
    double term = ((k / 2) % 2 ? -1 : 1) / factorial;
    (k % 2 ? sines : cosines).insert((k % 2 ? sines : cosines).begin(), term);
  }
  Value sine = add(r, mul(r, mul(square, polynomial(square, sines))));
  Value tail = mul(mul(square, square), polynomial(square, cosines));
  Value cosine = add(sub(constant(1.0), mul(square, constant(0.5))), tail);
  auto hasBit = [&](int64_t bit) -> Value {
    Value masked = arith::AndIOp::create(builder, place, n, integer(bit));
    return arith::CmpIOp::create(builder, place, arith::CmpIPredicate::ne, masked, integer(0));
  };
  Value value = select(hasBit(1), cosine, sine);
  return select(hasBit(2), neg(value), value);
}

Value ScalarForms::powerOfTwo(Value n) {
  Value biased = arith::AddIOp::create(builder, place, n, integer(isDouble ? 1023 : 127));
  return fromBits(arith::ShLIOp::create(builder, place, biased, integer(isDouble ? 52 : 23)));
}

Value ScalarForms::expTail(Value r) {
  if (!isDouble)
    return polynomial(r, expFitSingle);
  SmallVector<double> series;
  double factorial = 1;
  for (int n = 1; n <= 13; ++n) {
    factorial *= n;
    series.insert(series.begin(), 1 / factorial);
  }
  return polynomial(r, series);
}

Value ScalarForms::erfcScaled(Value z) {
  Value t = div(constant(1.0), add(constant(1.0), mul(constant(0.5), z)));
  Value u = sub(add(t, t), constant(1.0));
  return mul(t, polynomial(u, isDouble ? ArrayRef<double>(erfcFitDouble) : ArrayRef<double>(erfcFitSingle)));
}

Value ScalarForms::expOfNegatedSquare(Value x, double scale) {
  // x = h + l with a square of h that is exact; exp(-s - e) = exp(-s) (1 - e) for the rounding error e of s.
  int64_t cleared = isDouble ? 27 : 12;
  // Beyond this the result is 0; without the bound, infinity minus infinity would make the error a NaN.
  x = min(x, constant(isDouble ? 40.0 : 16.0));
  Value h = fromBits(arith::AndIOp::create(builder, place, bitsOf(x), integer(-(int64_t(1) << cleared))));
  // Without the leave to fuse: the error is that of the square as it was rounded.
  Value square = arith::MulFOp::create(builder, place, x, x);
  Value exact = arith::MulFOp::create(builder, place, h, h);
  Value error = add(arith::SubFOp::create(builder, place, exact, square), mul(sub(x, h), add(x, h)));
  Value main = expOfNegative(mul(square, constant(-scale)));
  return sub(main, mul(main, mul(error, constant(scale))));
}

Value ScalarForms::polynomial(Value x, ArrayRef<double> coefficients) {
  Value sum = constant(coefficients.front());
  for (double coefficient : coefficients.drop_front())
    sum = add(mul(sum, x), constant(coefficient));
  return sum;
}

/// As it is, or in every lane of a vector.
static TypedAttr spread(TypedAttr one, Type type) {
  auto vector = dyn_cast<VectorType>(type);
  return vector ? TypedAttr(DenseElementsAttr::get(vector, one)) : one;
}

Value ScalarForms::constant(double value) {
  TypedAttr one = builder.getFloatAttr(getElementTypeOrSelf(type), value);
  return arith::ConstantOp::create(builder, place, spread(one, type));
}
Value ScalarForms::integer(int64_t value) {
  TypedAttr one = builder.getIntegerAttr(getElementTypeOrSelf(bits), value);
  return arith::ConstantOp::create(builder, place, spread(one, bits));
}

// A product and a sum may become one fused operation where the caller lets them; nothing else is left to the compiler.
static arith::FastMathFlags flagsOf(bool mayFuse) {
  return mayFuse ? arith::FastMathFlags::contract : arith::FastMathFlags::none;
}

Value ScalarForms::add(Value a, Value b) { return arith::AddFOp::create(builder, place, a, b, flagsOf(mayFuse)); }
Value ScalarForms::sub(Value a, Value b) { return arith::SubFOp::create(builder, place, a, b, flagsOf(mayFuse)); }
Value ScalarForms::mul(Value a, Value b) { return arith::MulFOp::create(builder, place, a, b, flagsOf(mayFuse)); }
Value ScalarForms::div(Value a, Value b) { return arith::DivFOp::create(builder, place, a, b); }
Value ScalarForms::neg(Value a) { return arith::NegFOp::create(builder, place, a); }
Value ScalarForms::abs(Value a) { return math::AbsFOp::create(builder, place, a); }
Value ScalarForms::min(Value a, Value b) { return arith::MinimumFOp::create(builder, place, a, b); }
Value ScalarForms::max(Value a, Value b) { return arith::MaximumFOp::create(builder, place, a, b); }
Value ScalarForms::bitsOf(Value x) { return arith::BitcastOp::create(builder, place, bits, x); }
Value ScalarForms::fromBits(Value x) { return arith::BitcastOp::create(builder, place, type, x); }
Value ScalarForms::select(Value condition, Value a, Value b) {
  return arith::SelectOp::create(builder, place, condition, a, b);
}
Value ScalarForms::isEqual(Value a, Value b) {
  return arith::CmpFOp::create(builder, place, arith::CmpFPredicate::OEQ, a, b);
}
Value ScalarForms::isLess(Value a, Value b) {
  return arith::CmpFOp::create(builder, place, arith::CmpFPredicate::OLT, a, b);
}

} // namespace weft::lowering

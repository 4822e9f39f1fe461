//===- Elements.cpp - Each element by itself, in float64 ------------------===//

#include "test/reference/nn/Cases.h"

#include <cstdlib>

namespace weft::reference {
namespace {
using namespace mlir;
using nn::ElementwiseKind;

double nanMin(double a, double b) { return std::isnan(a) || std::isnan(b) ? NAN : std::fmin(a, b); }
double nanMax(double a, double b) { return std::isnan(a) || std::isnan(b) ? NAN : std::fmax(a, b); }

/// What a two's-complement integer of `width` bits keeps.
int64_t wrapped(uint64_t bits, unsigned width) { return static_cast<int64_t>(bits << (64 - width)) >> (64 - width); }

double ofFloats(ElementwiseKind kind, double a, double b) {
  switch (kind) {
  case ElementwiseKind::add:
    return a + b;
  case ElementwiseKind::sub:
    return a - b;
  case ElementwiseKind::mul:
    return a * b;
  case ElementwiseKind::div:
    return a / b;
  case ElementwiseKind::min:
    return nanMin(a, b);
  case ElementwiseKind::max:
    return nanMax(a, b);
  case ElementwiseKind::neg:
    return -a;
  case ElementwiseKind::abs:
    return std::fabs(a);
  case ElementwiseKind::relu:
    return nanMax(a, 0);
  case ElementwiseKind::exp:
    return std::exp(a);
  case ElementwiseKind::log:
    return std::log(a);
  case ElementwiseKind::sqrt:
    return std::sqrt(a);
  case ElementwiseKind::rsqrt:
    return 1 / std::sqrt(a);
  case ElementwiseKind::tanh:
    return std::tanh(a);
  case ElementwiseKind::erf:
    return std::erf(a);
  case ElementwiseKind::gelu:
    // The square of the argument magnifies its rounding, so it is not rounded to a double.
    return double(a * 0.5L * std::erfc(-a * std::sqrt(0.5L)));
  case ElementwiseKind::silu:
    return a / (1 + std::exp(-a));
  case ElementwiseKind::sigmoid:
    return 1 / (1 + std::exp(-a));
  case ElementwiseKind::sin:
    return std::sin(a);
  case ElementwiseKind::cos:
    return std::cos(a);
  }
  std::abort();
}

/// Wraps around, as unsigned numbers do.
uint64_t ofIntegers(ElementwiseKind kind, int64_t a, int64_t b) {
  auto x = static_cast<uint64_t>(a), y = static_cast<uint64_t>(b);
  switch (kind) {
  case ElementwiseKind::add:
    return x + y;
  case ElementwiseKind::sub:
    return x - y;
  case ElementwiseKind::mul:
    return x * y;
  case ElementwiseKind::div:
    return b == 0 ? 0 : b == -1 ? -x : static_cast<uint64_t>(a / b);
  case ElementwiseKind::min:
    return a < b ? x : y;
  case ElementwiseKind::max:
    return a > b ? x : y;
  case ElementwiseKind::neg:
    return -x;
  case ElementwiseKind::abs:
    return a < 0 ? -x : x;
  case ElementwiseKind::relu:
    return a < 0 ? 0 : x;
  default:
    std::abort();
  }
}

Tensor elementwise(nn::ElementwiseOp op, const std::vector<Tensor> &operands) {
  Tensor result = zerosOf(op.getResult());
  unsigned width = op.getType().getElementTypeBitWidth();
  for (int64_t i = 0; i < result.count(); ++i) {
    double a = operands[0].elements[i], b = operands.size() > 1 ? operands[1].elements[i] : 0;
    result.elements[i] = isInteger(op.getResult())
                             ? double(wrapped(ofIntegers(op.getKind(), int64_t(a), int64_t(b)), width))
                             : ofFloats(op.getKind(), a, b);
  }
  return result;
}

bool isRelated(nn::CompareKind kind, double a, double b) {
  switch (kind) {
  case nn::CompareKind::eq:
    return a == b;
  case nn::CompareKind::ne:
    return a != b;
  case nn::CompareKind::lt:
    return a < b;
  case nn::CompareKind::le:
    return a <= b;
  case nn::CompareKind::gt:
    return a > b;
  case nn::CompareKind::ge:
    return a >= b;
  }
  std::abort();
}

Tensor compare(nn::CompareOp op, const Tensor &a, const Tensor &b) {
  Tensor result = zerosOf(op.getResult());
  for (int64_t i = 0; i < result.count(); ++i)
    result.elements[i] = isRelated(op.getKind(), a.elements[i], b.elements[i]);
  return result;
}

Tensor select(const Tensor &condition, const Tensor &a, const Tensor &b) {
  Tensor result = a;
  for (int64_t i = 0; i < result.count(); ++i)
    if (condition.elements[i] == 0)
      result.elements[i] = b.elements[i];
  return result;
}

Tensor constant(nn::ConstantOp op) {
  Tensor result = zerosOf(op.getResult());
  auto value = cast<DenseElementsAttr>(op.getValue());
  int64_t i = 0;
  bool isUnsigned = elementOf(op.getResult()).isUnsignedInteger() || elementOf(op.getResult()).isInteger(1);
  if (isInteger(op.getResult()))
    for (const APInt &number : value.getValues<APInt>())
      result.elements[i++] = isUnsigned ? double(number.getZExtValue()) : double(number.getSExtValue());
  else
    for (APFloat number : value.getValues<APFloat>()) {
      bool lost = false;
      number.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven, &lost);
      result.elements[i++] = number.convertToDouble();
    }
  return result;
}

Tensor convert(nn::CastOp op, const Tensor &input) {
  Tensor result = input;
  auto to = dyn_cast<IntegerType>(elementOf(op.getResult()));
  if (!to)
    return result;
  unsigned width = to.getWidth();
  bool isUnsigned = to.isUnsigned();
  double least = isUnsigned ? 0 : -std::ldexp(1.0, int(width) - 1);
  double most = std::ldexp(1.0, int(width) - !isUnsigned) - 1;
  for (double &value : result.elements) {
    if (width == 1)
      value = value != 0; // NaN is no zero.
    else if (isInteger(op.getInput()))
      value = isUnsigned ? double(static_cast<uint64_t>(int64_t(value)) & 0xff)
                         : double(wrapped(static_cast<uint64_t>(int64_t(value)), width));
    else if (std::isnan(value))
      value = 0;
    else
      value = std::fmin(std::fmax(std::trunc(value), least), most);
  }
  return result;
}

} // namespace

Results evaluateElements(Operation *op, const std::vector<Tensor> &operands) {
  if (auto node = dyn_cast<nn::ElementwiseOp>(op))
    return {{elementwise(node, operands)}};
  if (auto node = dyn_cast<nn::CompareOp>(op))
    return {{compare(node, operands[0], operands[1])}};
  if (isa<nn::SelectOp>(op))
    return {{select(operands[0], operands[1], operands[2])}};
  if (auto node = dyn_cast<nn::CastOp>(op))
    return {{convert(node, operands[0])}};
  if (auto node = dyn_cast<nn::ConstantOp>(op))
    return {{constant(node)}};
  return {};
}

} // namespace weft::reference

//===- ElementwisePullbacks.cpp - Derivatives element by element ----------===//
//
// Where the result says as much as the operand, the result is read: it is kept
// anyway, or made again as cheaply. At a kink: relu and abs have the derivative
// 0 at 0; of equal operands of min and max each has half.
//
//===----------------------------------------------------------------------===//

#include "compiler/autodiff/PullbackBuilder.h"
#include "compiler/autodiff/Pullbacks.h"

#include <numbers>

using namespace mlir;

namespace weft::autodiff {
namespace {

using nn::CompareKind;
using nn::ElementwiseKind;

/// Φ(x) + x·φ(x), of the normal distribution.
Value geluSlope(PullbackBuilder &build, Value x) {
  Value erf = build.unary(ElementwiseKind::erf, build.mul(x, std::numbers::sqrt2 / 2));
  Value share = build.mul(build.add(erf, build.splat(x, 1)), 0.5);
  Value density = build.unary(ElementwiseKind::exp, build.mul(build.mul(x, x), -0.5));
  density = build.mul(density, std::numbers::inv_sqrtpi * std::numbers::sqrt2 / 2);
  return build.add(share, build.mul(x, density));
}

/// s·(1 + x·(1 − s)) with s = sigmoid(x).
Value siluSlope(PullbackBuilder &build, Value x) {
  Value s = build.unary(ElementwiseKind::sigmoid, x), one = build.splat(x, 1);
  return build.mul(s, build.add(one, build.mul(x, build.sub(one, s))));
}

/// The derivative of a kind of one operand by it, times `g`.
Value pullBackUnary(PullbackBuilder &build, ElementwiseKind kind, Value x, Value y, Value g) {
  switch (kind) {
  case ElementwiseKind::neg:
    return build.neg(g);
  case ElementwiseKind::abs: {
    Value zero = build.zeros(x);
    Value below = build.selectWhere(CompareKind::lt, x, zero, build.neg(g), zero);
    return build.selectWhere(CompareKind::gt, x, zero, g, below);
  }
  case ElementwiseKind::relu:
    return build.selectWhere(CompareKind::le, y, build.zeros(y), build.zeros(g), g); // A NaN lets g through.
  case ElementwiseKind::exp:
    return build.mul(g, y);
  case ElementwiseKind::log:
    return build.div(g, x);
  case ElementwiseKind::sqrt:
    return build.div(build.mul(g, 0.5), y);
  case ElementwiseKind::rsqrt:
    return build.mul(build.mul(g, -0.5), build.mul(y, build.mul(y, y)));
  case ElementwiseKind::tanh: {
    // Not 1 − y²: the difference is exact where y is near 1, its square is not.
    Value one = build.splat(y, 1);
    return build.mul(g, build.mul(build.sub(one, y), build.add(one, y)));
  }
  case ElementwiseKind::erf: {
    Value slope = build.unary(ElementwiseKind::exp, build.neg(build.mul(x, x)));
    return build.mul(build.mul(g, 2 * std::numbers::inv_sqrtpi), slope);
  }
  case ElementwiseKind::gelu:
    return build.mul(g, geluSlope(build, x));
  case ElementwiseKind::silu:
    return build.mul(g, siluSlope(build, x));
  case ElementwiseKind::sigmoid:
    return build.mul(g, build.mul(y, build.sub(build.splat(y, 1), y)));
  case ElementwiseKind::sin:
    return build.mul(g, build.unary(ElementwiseKind::cos, x));
  case ElementwiseKind::cos:
    return build.neg(build.mul(g, build.unary(ElementwiseKind::sin, x)));
  default:
    llvm_unreachable("a kind of two operands");
  }
}

/// The larger (smaller) operand has the cotangent, equal ones half of it each. `loses` says when the first one has
/// none.
void pullBackExtremum(PullbackBuilder &build, CompareKind loses, ValueRange operands, Value g, ArrayRef<bool> wanted,
                      SmallVector<Value> &given) {
  Value shared = build.selectWhere(CompareKind::eq, operands[0], operands[1], build.mul(g, 0.5), g);
  for (unsigned i : {0u, 1u})
    if (wanted[i])
      given[i] = build.selectWhere(loses, operands[i], operands[1 - i], build.zeros(g), shared);
}

struct ElementwisePullback : PullbackOf<ElementwisePullback, nn::ElementwiseOp> {
  Cotangents buildPullback(Operation *op, OpBuilder &builder, ArrayRef<Value> cotangents, ArrayRef<bool> wanted) const {
    auto elementwise = cast<nn::ElementwiseOp>(op);
    PullbackBuilder build(builder, op);
    ValueRange x = elementwise.getInputs();
    Value y = elementwise.getResult(), g = cotangents[0];
    SmallVector<Value> given(x.size());
    switch (ElementwiseKind kind = elementwise.getKind()) {
    case ElementwiseKind::add:
      given = {g, g};
      break;
    case ElementwiseKind::sub:
      given = {g, wanted[1] ? build.neg(g) : Value()};
      break;
    case ElementwiseKind::mul:
      for (unsigned i : {0u, 1u})
        if (wanted[i])
          given[i] = build.mul(g, x[1 - i]);
      break;
    case ElementwiseKind::div:
      given[0] = build.div(g, x[1]);
      if (wanted[1])
        given[1] = build.neg(build.mul(given[0], y));
      break;
    case ElementwiseKind::min:
      pullBackExtremum(build, CompareKind::gt, x, g, wanted, given);
      break;
    case ElementwiseKind::max:
      pullBackExtremum(build, CompareKind::lt, x, g, wanted, given);
      break;
    default:
      given[0] = pullBackUnary(build, kind, x[0], y, g);
    }
    return given;
  }
};

/// The condition has no cotangent: where it changes, the derivative does not exist.
struct SelectPullback : PullbackOf<SelectPullback, nn::SelectOp> {
  Cotangents buildPullback(Operation *op, OpBuilder &builder, ArrayRef<Value> cotangents, ArrayRef<bool> wanted) const {
    auto select = cast<nn::SelectOp>(op);
    PullbackBuilder build(builder, op);
    Value g = cotangents[0], zero = build.zeros(g);
    return SmallVector<Value>{Value(), wanted[1] ? build.select(select.getCondition(), g, zero) : Value(),
                              wanted[2] ? build.select(select.getCondition(), zero, g) : Value()};
  }
};

struct CastPullback : PullbackOf<CastPullback, nn::CastOp> {
  Cotangents buildPullback(Operation *op, OpBuilder &builder, ArrayRef<Value> cotangents, ArrayRef<bool>) const {
    PullbackBuilder build(builder, op);
    return SmallVector<Value>{build.cast(cotangents[0], typeOf(op->getOperand(0)).getElementType())};
  }
};

} // namespace

void attachElementwisePullbacks(MLIRContext &context) {
  nn::ElementwiseOp::attachInterface<ElementwisePullback>(context);
  nn::SelectOp::attachInterface<SelectPullback>(context);
  nn::CastOp::attachInterface<CastPullback>(context);
}

} // namespace weft::autodiff

//===- TensorOps.cpp - Expressions over tensors as nn ---------------------===//
//
// One op for each operator and core function; a number beside a tensor takes its
// element type, and shapes are made equal where sema lets them broadcast.
//
//===----------------------------------------------------------------------===//

#include "lang/lowering/TensorEmitter.h"

using namespace mlir;

namespace weft::lowering {

using sema::BuiltinId;
using syntax::BinaryOp;

namespace {

nn::ElementwiseKind kindOf(BuiltinId id) {
  switch (id) {
  case BuiltinId::tensorExp:
    return nn::ElementwiseKind::exp;
  case BuiltinId::tensorLog:
    return nn::ElementwiseKind::log;
  case BuiltinId::tensorSqrt:
    return nn::ElementwiseKind::sqrt;
  case BuiltinId::tensorRsqrt:
    return nn::ElementwiseKind::rsqrt;
  case BuiltinId::tensorTanh:
    return nn::ElementwiseKind::tanh;
  case BuiltinId::tensorErf:
    return nn::ElementwiseKind::erf;
  case BuiltinId::tensorGelu:
    return nn::ElementwiseKind::gelu;
  case BuiltinId::tensorSilu:
    return nn::ElementwiseKind::silu;
  case BuiltinId::tensorRelu:
    return nn::ElementwiseKind::relu;
  case BuiltinId::tensorSigmoid:
    return nn::ElementwiseKind::sigmoid;
  case BuiltinId::tensorSin:
    return nn::ElementwiseKind::sin;
  case BuiltinId::tensorCos:
    return nn::ElementwiseKind::cos;
  case BuiltinId::tensorAbs:
    return nn::ElementwiseKind::abs;
  case BuiltinId::tensorMin:
    return nn::ElementwiseKind::min;
  case BuiltinId::tensorMax:
    return nn::ElementwiseKind::max;
  default:
    llvm_unreachable("no elementwise builtin");
  }
}

bool isElementwise(BuiltinId id) { return id >= BuiltinId::tensorExp && id <= BuiltinId::tensorAbs; }

nn::CompareKind relationOf(BinaryOp op) {
  switch (op) {
  case BinaryOp::equal:
    return nn::CompareKind::eq;
  case BinaryOp::notEqual:
    return nn::CompareKind::ne;
  case BinaryOp::less:
    return nn::CompareKind::lt;
  case BinaryOp::lessEqual:
    return nn::CompareKind::le;
  case BinaryOp::greater:
    return nn::CompareKind::gt;
  default:
    return nn::CompareKind::ge;
  }
}

bool isRelation(BinaryOp op) { return op >= BinaryOp::equal && op <= BinaryOp::greaterEqual; }

} // namespace

Value TensorEmitter::elementwise(source::Span span, nn::ElementwiseKind kind, ValueRange inputs) {
  Value value = inputs[0];
  return nn::ElementwiseOp::create(builder, module.at(span), value.getType(), kind, inputs);
}

std::pair<Value, Value> TensorEmitter::paired(const syntax::Expr *expr, const syntax::Expr *left,
                                              const syntax::Expr *right) {
  // A number beside a tensor takes its element type.
  Value a = isNumber(left) ? Value() : emitTensor(left), b = isNumber(right) ? Value() : emitTensor(right);
  if ((!a && !isNumber(left)) || (!b && !isNumber(right)))
    return {};
  RankedTensorType result = typeOf(module.program.of(expr).type);
  Type element = a || b ? cast<RankedTensorType>((a ? a : b).getType()).getElementType() : result.getElementType();
  if (!a)
    a = scalar(left, element);
  if (!b)
    b = scalar(right, element);
  if (!a || !b)
    return {};
  Location at = module.at(expr->span);
  return {nn::buildBroadcastTo(builder, at, a, result.getShape()),
          nn::buildBroadcastTo(builder, at, b, result.getShape())};
}

bool TensorEmitter::computes(source::Span span, Value value) {
  auto type = cast<RankedTensorType>(value.getType());
  Type element = type.getElementType();
  bool can = isa<FloatType>(element) || element.isSignlessInteger(32) || element.isSignlessInteger(64);
  if (!can)
    module.refuse(diagnostics::Code::tensorValueNotCarried, span, "arithmetic on " + shown(type),
                  "compute in f32 or i32 and `cast` to what is kept");
  return can;
}

Value TensorEmitter::elementwise(const syntax::Expr *expr, nn::ElementwiseKind kind, const syntax::Expr *left,
                                 const syntax::Expr *right) {
  auto [a, b] = paired(expr, left, right);
  return a && b && computes(expr->span, a) ? elementwise(expr->span, kind, {a, b}) : Value();
}

Value TensorEmitter::compare(const syntax::BinaryExpr *expr) {
  if (!sema::base(module.program.of(expr).type)->is(sema::TypeKind::tensor)) {
    module.refuse(diagnostics::Code::notCarried, expr->span, "a comparison of two numbers in a tensor function",
                  "compare tensors; what two numbers say is known before");
    return {};
  }
  auto [a, b] = paired(expr, expr->left, expr->right);
  if (!a || !b)
    return {};
  return nn::CompareOp::create(builder, module.at(expr->span), typeOf(module.program.of(expr).type),
                               relationOf(expr->op), a, b);
}

Value TensorEmitter::select(const syntax::Expr *expr, const sema::CallInfo &info) {
  Value condition = emitTensor(info.arguments[0].value);
  auto [a, b] = paired(expr, info.arguments[1].value, info.arguments[2].value);
  if (!condition || !a || !b)
    return {};
  Location at = module.at(expr->span);
  condition = nn::buildBroadcastTo(builder, at, condition, cast<RankedTensorType>(a.getType()).getShape());
  return nn::SelectOp::create(builder, at, a.getType(), condition, a, b);
}

Value TensorEmitter::binary(const syntax::BinaryExpr *expr) {
  if (isRelation(expr->op))
    return compare(expr);
  switch (expr->op) {
  case BinaryOp::matmul: {
    Value a = emitTensor(expr->left), b = emitTensor(expr->right);
    if (!a || !b || !computes(expr->span, a))
      return {};
    return matmul(expr, a, b);
  }
  case BinaryOp::add:
    return elementwise(expr, nn::ElementwiseKind::add, expr->left, expr->right);
  case BinaryOp::subtract:
    return elementwise(expr, nn::ElementwiseKind::sub, expr->left, expr->right);
  case BinaryOp::multiply:
    return elementwise(expr, nn::ElementwiseKind::mul, expr->left, expr->right);
  case BinaryOp::divide:
    return elementwise(expr, nn::ElementwiseKind::div, expr->left, expr->right);
  default:
    module.refuse(diagnostics::Code::notCarried, expr->span,
                  "`" + std::string(syntax::spelling(expr->op)) + "` on tensors");
    return {};
  }
}

/// Batches of both sides are made equal, but for a matrix on the right, which serves all of them.
Value TensorEmitter::matmul(const syntax::BinaryExpr *expr, Value left, Value right) {
  Location at = module.at(expr->span);
  RankedTensorType result = typeOf(module.program.of(expr).type);
  auto lhs = cast<RankedTensorType>(left.getType()), rhs = cast<RankedTensorType>(right.getType());
  if (isa<IntegerType>(result.getElementType())) {
    module.refuse(diagnostics::Code::tensorValueNotCarried, expr->span, "`@` of whole numbers",
                  "`cast(x, f32)` before it");
    return {};
  }
  auto batched = [&](Value value, RankedTensorType type) {
    SmallVector<std::int64_t> shape(result.getShape().drop_back(2));
    shape.append(type.getShape().take_back(2).begin(), type.getShape().take_back(2).end());
    return nn::buildBroadcastTo(builder, at, value, shape);
  };
  left = batched(left, lhs);
  if (rhs.getRank() > 2)
    right = batched(right, rhs);
  return nn::MatmulOp::create(builder, at, result, left, right, UnitAttr(), UnitAttr());
}

Value TensorEmitter::reduce(source::Span span, const sema::CallInfo &info, Value input) {
  auto type = cast<RankedTensorType>(input.getType());
  if (type.getRank() == 0)
    return input;
  if (!computes(span, input))
    return {};
  if (info.builtin == BuiltinId::tensorMean)
    return nn::buildMean(builder, module.at(span), input, dimensions(info, type));
  ReduceKind kind = info.builtin == BuiltinId::tensorSum   ? ReduceKind::sum
                    : info.builtin == BuiltinId::tensorMin ? ReduceKind::min
                                                           : ReduceKind::max;
  return nn::ReduceOp::create(builder, module.at(span), typeOf(info.result), kind, input, dimensions(info, type));
}

std::optional<TensorParts> TensorEmitter::call(const syntax::Expr *expr, const sema::CallInfo &info) {
  source::Span span = expr->span;
  if (info.kind == sema::CalleeKind::tensorFn)
    return called(expr, info);
  if (info.kind != sema::CalleeKind::tensorCore) {
    module.refuse(diagnostics::Code::notCarried, span, "this call in a tensor function");
    return std::nullopt;
  }
  auto one = [](Value value) { return value ? std::optional(TensorParts{value, {}}) : std::nullopt; };
  bool named = info.arguments.size() > 1 && info.arguments[1].dimension >= 0;
  switch (info.builtin) {
  case BuiltinId::tensorMin:
  case BuiltinId::tensorMax:
    if (info.arguments.size() == 2 && !named)
      return one(elementwise(expr, kindOf(info.builtin), info.arguments[0].value, info.arguments[1].value));
    break;
  case BuiltinId::tensorSelect:
    return one(select(expr, info));
  case BuiltinId::tensorConcat:
    return one(concat(span, info));
  case BuiltinId::tensorZeros:
  case BuiltinId::tensorOnes:
  case BuiltinId::tensorIota:
  case BuiltinId::tensorNormal:
  case BuiltinId::tensorUniform:
    return fill(span, info);
  case BuiltinId::tensorEach:
    return each(expr, info);
  case BuiltinId::tensorReduce:
    return fold(expr, info);
  case BuiltinId::tensorGrad:
  case BuiltinId::tensorValueAndGrad:
    return gradient(expr, info);
  default:
    break;
  }
  Value input = emitTensor(info.arguments[0].value);
  if (!input)
    return std::nullopt;
  if (isElementwise(info.builtin))
    return computes(span, input) ? one(elementwise(span, kindOf(info.builtin), input)) : std::nullopt;
  switch (info.builtin) {
  case BuiltinId::tensorSum:
  case BuiltinId::tensorMin:
  case BuiltinId::tensorMax:
  case BuiltinId::tensorMean:
    return one(reduce(span, info, input));
  case BuiltinId::tensorSplit:
    return split(span, info, input);
  case BuiltinId::tensorTopK: {
    std::optional<TensorLayout> layout = layoutOf(info.result);
    auto op = nn::TopKOp::create(builder, module.at(span), layout->fields[0].tensor, layout->fields[1].tensor, input,
                                 builder.getI64IntegerAttr(info.arguments[1].dimension));
    return TensorParts{{}, {{op.getValues(), {}}, {op.getPlaces(), {}}}};
  }
  default:
    return one(moved(expr, info, input));
  }
}

} // namespace weft::lowering

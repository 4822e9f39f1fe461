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

} // namespace

Value TensorEmitter::emit(const syntax::Expr *expr) {
  const sema::ExprInfo &info = module.program.of(expr);
  Value value = emitBare(expr);
  if (value && !computed(expr->span, cast<RankedTensorType>(value.getType())))
    return {};
  if (value && info.conversion.intToFloat && isa<IntegerType>(cast<RankedTensorType>(value.getType()).getElementType()))
    value = scalar(expr->span, numberOf(expr), builder.getF64Type());
  return value;
}

/// The number that a literal writes.
double TensorEmitter::numberOf(const syntax::Expr *expr) {
  if (auto *whole = syntax::as<syntax::IntExpr>(expr))
    return static_cast<double>(whole->value);
  if (auto *real = syntax::as<syntax::FloatExpr>(expr))
    return real->value;
  if (auto *negated = syntax::as<syntax::UnaryExpr>(expr); negated && negated->op == syntax::UnaryOp::negate)
    return -numberOf(negated->operand);
  const sema::ExprInfo &info = module.program.of(expr);
  if (info.denotes == sema::Denotes::dim) {
    auto found = sizes.find(info.symbol->dim);
    return static_cast<double>(found != sizes.end() ? found->second : info.symbol->dim->value.value_or(0));
  }
  module.refuse(diagnostics::Code::tensorValueNotCarried, expr->span, "a computed number in a tensor function",
                "write it as a constant");
  return 0;
}

bool TensorEmitter::isNumber(const syntax::Expr *expr) {
  return !sema::base(module.program.of(expr).type)->is(sema::TypeKind::tensor);
}

/// The same without the way through a float; nothing where it is no whole number.
std::optional<__int128> TensorEmitter::wholeOf(const syntax::Expr *expr) {
  if (auto *whole = syntax::as<syntax::IntExpr>(expr))
    return whole->value;
  if (auto *negated = syntax::as<syntax::UnaryExpr>(expr); negated && negated->op == syntax::UnaryOp::negate) {
    std::optional<__int128> operand = wholeOf(negated->operand);
    return operand ? std::optional(-*operand) : std::nullopt; // 2^63 too, which is refused where it is used
  }
  return std::nullopt;
}

/// A number beside a tensor of this element type. Null after it was refused.
Value TensorEmitter::scalar(const syntax::Expr *expr, Type element) {
  std::optional<__int128> whole = wholeOf(expr);
  auto integer = dyn_cast<IntegerType>(element);
  if (!whole || !integer)
    return scalar(expr->span, numberOf(expr), element);
  unsigned bits = integer.getWidth();
  std::int64_t most = llvm::maxIntN(bits);
  if (*whole > most || *whole < -static_cast<__int128>(most) - 1) {
    module.engine
        .error(diagnostics::Code::badNumber, expr->span,
               "`" + std::string(module.sources.file(expr->span.file).text(expr->span)) + "` does not fit i" +
                   std::to_string(bits))
        .hint("an i" + std::to_string(bits) + " goes from " + std::to_string(-most - 1) + " to " +
              std::to_string(most));
    return {};
  }
  auto type = RankedTensorType::get({}, element);
  return nn::ConstantOp::create(
      builder, module.at(expr->span), type,
      DenseElementsAttr::get(type, Attribute(builder.getIntegerAttr(element, static_cast<std::int64_t>(*whole)))));
}

Value TensorEmitter::scalar(source::Span span, double number, Type element) {
  auto type = RankedTensorType::get({}, element);
  Attribute value = isa<FloatType>(element)
                        ? Attribute(builder.getFloatAttr(element, number))
                        : Attribute(builder.getIntegerAttr(element, static_cast<std::int64_t>(number)));
  return nn::ConstantOp::create(builder, module.at(span), type, DenseElementsAttr::get(type, value));
}

Value TensorEmitter::emitBare(const syntax::Expr *expr) {
  source::Span span = expr->span;
  if (auto *block = syntax::as<syntax::BlockExpr>(expr))
    return this->block(block);
  if (auto *binary = syntax::as<syntax::BinaryExpr>(expr))
    return this->binary(binary);
  if (auto *negated = syntax::as<syntax::UnaryExpr>(expr);
      negated && negated->op == syntax::UnaryOp::negate && !isNumber(negated->operand)) {
    Value operand = emit(negated->operand);
    return operand ? elementwise(span, nn::ElementwiseKind::neg, {operand}) : Value();
  }
  if (const sema::CallInfo *call = module.program.call(expr))
    return this->call(expr, *call);
  if (const TensorParts *parts = partsOf(expr); parts && parts->value)
    return parts->value;
  if (isNumber(expr))
    return scalar(span, numberOf(expr), builder.getF32Type());
  module.refuse(diagnostics::Code::tensorOpNotCarried, span, "this expression in a tensor function");
  return {};
}

Value TensorEmitter::block(const syntax::BlockExpr *expr) {
  Value last;
  for (const syntax::Stmt *stmt : expr->statements) {
    if (auto *let = syntax::as<syntax::LetStmt>(stmt)) {
      const sema::PatternInfo &pattern = module.program.pattern(let->pattern);
      Value value = emit(let->value);
      if (!value)
        return {};
      if (pattern.match == sema::Match::bind)
        values[pattern.symbol].value = value;
      continue;
    }
    auto *expression = syntax::as<syntax::ExprStmt>(stmt);
    last = expression ? emit(expression->expr) : Value();
    if (!last)
      return {};
  }
  return last;
}

Value TensorEmitter::elementwise(source::Span span, nn::ElementwiseKind kind, ValueRange inputs) {
  Value value = inputs[0];
  return nn::ElementwiseOp::create(builder, module.at(span), value.getType(), kind, inputs);
}

Value TensorEmitter::elementwise(const syntax::Expr *expr, nn::ElementwiseKind kind, const syntax::Expr *left,
                                 const syntax::Expr *right) {
  // A number beside a tensor takes its element type.
  Value a = isNumber(left) ? Value() : emit(left), b = isNumber(right) ? Value() : emit(right);
  if ((!a && !isNumber(left)) || (!b && !isNumber(right)))
    return {};
  Type element = cast<RankedTensorType>((a ? a : b).getType()).getElementType();
  if (!a)
    a = scalar(left, element);
  if (!b)
    b = scalar(right, element);
  if (!a || !b)
    return {};
  RankedTensorType result = typeOf(module.program.of(expr).type);
  Location at = module.at(expr->span);
  a = nn::buildBroadcastTo(builder, at, a, result.getShape());
  b = nn::buildBroadcastTo(builder, at, b, result.getShape());
  return elementwise(expr->span, kind, {a, b});
}

Value TensorEmitter::binary(const syntax::BinaryExpr *expr) {
  switch (expr->op) {
  case BinaryOp::matmul: {
    Value a = emit(expr->left), b = emit(expr->right);
    return a && b ? nn::MatmulOp::create(builder, module.at(expr->span), typeOf(module.program.of(expr).type), a, b)
                        .getResult()
                  : Value();
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
    module.refuse(diagnostics::Code::tensorOpNotCarried, expr->span,
                  "`" + std::string(syntax::spelling(expr->op)) + "` on tensors");
    return {};
  }
}

/// The dimensions that a reduction names; all, where it names none.
SmallVector<std::int64_t> TensorEmitter::dimensions(const sema::CallInfo &info, RankedTensorType input) {
  SmallVector<std::int64_t> dims;
  for (const sema::BoundArgument &argument : llvm::drop_begin(info.arguments))
    if (argument.dimension >= 0)
      dims.push_back(argument.dimension);
  if (dims.empty())
    for (std::int64_t dim = 0; dim < input.getRank(); ++dim)
      dims.push_back(dim);
  llvm::sort(dims);
  return dims;
}

Value TensorEmitter::call(const syntax::Expr *expr, const sema::CallInfo &info) {
  source::Span span = expr->span;
  Location at = module.at(span);
  if (info.kind == sema::CalleeKind::tensorFn)
    return callFunction(expr, info);
  if (info.kind != sema::CalleeKind::tensorCore) {
    module.refuse(diagnostics::Code::tensorOpNotCarried, span, "this call in a tensor function");
    return {};
  }
  bool named = info.arguments.size() > 1 && info.arguments[1].dimension >= 0;
  bool two = (info.builtin == BuiltinId::tensorMin || info.builtin == BuiltinId::tensorMax) &&
             info.arguments.size() == 2 && !named;
  if (two)
    return elementwise(expr, kindOf(info.builtin), info.arguments[0].value, info.arguments[1].value);
  // What makes a tensor out of nothing, or out of an rng: it has no tensor to begin with.
  bool makes = info.builtin == BuiltinId::tensorZeros || info.builtin == BuiltinId::tensorOnes ||
               info.builtin == BuiltinId::tensorIota || info.builtin == BuiltinId::tensorNormal ||
               info.builtin == BuiltinId::tensorUniform;
  if (makes) {
    module.engine
        .error(diagnostics::Code::tensorOpNotCarried, span,
               "`" + std::string(sema::nameOf(info.builtin)) + "` is not carried by this build")
        .hint("make the tensor a parameter of the workflow");
    return {};
  }
  Value input = emit(info.arguments[0].value);
  if (!input)
    return {};
  auto type = cast<RankedTensorType>(input.getType());
  RankedTensorType result = typeOf(info.result);
  if (isElementwise(info.builtin))
    return elementwise(span, kindOf(info.builtin), input);
  switch (info.builtin) {
  case BuiltinId::tensorSum:
  case BuiltinId::tensorMin:
  case BuiltinId::tensorMax: {
    ReduceKind kind = info.builtin == BuiltinId::tensorSum   ? ReduceKind::sum
                      : info.builtin == BuiltinId::tensorMin ? ReduceKind::min
                                                             : ReduceKind::max;
    return nn::ReduceOp::create(builder, at, result, kind, input, dimensions(info, type));
  }
  case BuiltinId::tensorMean:
    return nn::buildMean(builder, at, input, dimensions(info, type));
  case BuiltinId::tensorSoftmax:
    return nn::SoftmaxOp::create(builder, at, result, input, builder.getI64IntegerAttr(dimensions(info, type)[0]));
  case BuiltinId::tensorTranspose: {
    SmallVector<std::int64_t> order;
    for (std::int64_t dim = 0; dim < type.getRank(); ++dim)
      order.push_back(dim);
    if (info.arguments.size() > 1 && info.arguments[1].value) {
      auto *list = syntax::as<syntax::ListExpr>(info.arguments[1].value);
      if (!list)
        return {};
      for (auto [index, place] : llvm::enumerate(list->elements))
        order[index] = static_cast<std::int64_t>(numberOf(place));
    } else {
      std::swap(order[type.getRank() - 1], order[type.getRank() - 2]);
    }
    return nn::TransposeOp::create(builder, at, result, input, order);
  }
  case BuiltinId::tensorReshape:
    return nn::ReshapeOp::create(builder, at, result, input);
  case BuiltinId::tensorCast:
    return nn::CastOp::create(builder, at, result, input);
  default:
    module.engine.error(diagnostics::Code::tensorOpNotCarried, span,
                        "`" + std::string(sema::nameOf(info.builtin)) + "` is not carried by this build");
    return {};
  }
}

} // namespace weft::lowering

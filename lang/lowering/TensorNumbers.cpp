//===- TensorNumbers.cpp - Numbers in tensor functions --------------------===//
//
// What is known when the plan is made: literals, sizes, parameters of type int and
// float, and what is computed of them.
//
//===----------------------------------------------------------------------===//

#include "lang/lowering/TensorEmitter.h"

#include "lang/sema/Evaluate.h"

using namespace mlir;

namespace weft::lowering {

using syntax::BinaryOp;

/// The number that is known when the plan is made.
double TensorEmitter::numberOf(const syntax::Expr *expr) {
  const sema::ExprInfo &info = module.program.of(expr);
  if (info.denotes == sema::Denotes::dim) {
    auto found = instance.sizes.find(info.symbol->dim);
    return static_cast<double>(found != instance.sizes.end() ? found->second : info.symbol->dim->value.value_or(0));
  }
  if (info.denotes == sema::Denotes::local)
    if (auto found = instance.numbers.find(info.symbol); found != instance.numbers.end())
      return found->second;
  if (std::optional<sema::Constant> known = sema::evaluate(module.program, expr); known && known->number())
    return *known->number();
  if (auto *negated = syntax::as<syntax::UnaryExpr>(expr); negated && negated->op == syntax::UnaryOp::negate)
    return -numberOf(negated->operand);
  if (auto *pair = syntax::as<syntax::BinaryExpr>(expr)) {
    double left = numberOf(pair->left), right = numberOf(pair->right);
    switch (pair->op) {
    case BinaryOp::add:
      return left + right;
    case BinaryOp::subtract:
      return left - right;
    case BinaryOp::multiply:
      return left * right;
    case BinaryOp::divide:
      if (right != 0)
        return left / right;
      break;
    default:
      break;
    }
  }
  module.refuse(diagnostics::Code::tensorValueNotCarried, expr->span, "this number in a tensor function",
                "write it as a constant");
  return 0;
}

bool TensorEmitter::isNumber(const syntax::Expr *expr) { return sema::isNumber(module.program.of(expr).type); }

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
  if (element.isInteger(1)) {
    std::optional<sema::Constant> known = sema::evaluate(module.program, expr);
    if (known && known->boolean())
      return scalar(expr->span, *known->boolean() ? 1 : 0, element);
  }
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

} // namespace weft::lowering

//===- Asserts.cpp - What holds, or why it does not -----------------------===//
//
// In a test both sides of a comparison are computed once, compared, and shown
// where they differ.
//
//===----------------------------------------------------------------------===//

#include "lang/lowering/BodyEmitter.h"

using namespace mlir;

namespace weft::lowering {

using expr::Kind;

namespace {

/// The comparison that the condition is, if its sides can be shown.
const syntax::BinaryExpr *comparisonIn(const syntax::Expr *condition) {
  using syntax::BinaryOp;
  auto *binary = syntax::as<syntax::BinaryExpr>(condition);
  return binary && binary->op >= BinaryOp::equal && binary->op <= BinaryOp::greaterEqual ? binary : nullptr;
}

} // namespace

void BodyEmitter::assertThat(const syntax::AssertExpr *expr) {
  source::Span span = expr->span;
  auto *comparison = inTest ? comparisonIn(expr->condition) : nullptr;
  Value left, right, holds;
  if (comparison) {
    left = emit(comparison->left);
    right = emit(comparison->right);
    holds = builtin(span, operatorName(comparison->op), {left, right}, module.simple(Kind::boolean));
  } else {
    holds = emit(expr->condition);
  }
  auto fails = [&] {
    std::string condition(module.sources.file(expr->condition->span.file).text(expr->condition->span));
    if (inTest)
      return fail(span, "failed", whyInTest(expr, condition, comparison, left, right), {});
    Value why = expr->why ? emit(expr->why, module.simple(Kind::string)) : text(span, "assert: " + condition);
    return fail(span, "failed", why, {});
  };
  std::vector<Maker> makers = {[&] { return none(span); }, fails};
  if (expr->why) // It is computed where it is needed, and may take a call.
    branch(expr->why, holds, module.simple(Kind::none), makers);
  else
    choose(span, holds, module.simple(Kind::none), makers);
}

/// "main.weft:7: assert f(x) == 3", what the author says of it, and both sides of a comparison.
Value BodyEmitter::whyInTest(const syntax::AssertExpr *expr, const std::string &condition,
                             const syntax::BinaryExpr *comparison, Value left, Value right) {
  source::Span span = expr->span;
  Type string = module.simple(Kind::string);
  const source::SourceFile &file = module.sources.file(span.file);
  std::string pieces = file.name() + ":" + std::to_string(file.location(span.begin).line) + ": assert " + condition;
  SmallVector<Attribute> texts;
  SmallVector<Value> holes;
  auto hole = [&](const std::string &before, Value value) {
    texts.push_back(builder.getStringAttr(pieces + before));
    pieces.clear();
    holes.push_back(value);
  };
  if (expr->why)
    hole(": ", emit(expr->why, string));
  if (comparison) {
    std::string op =
        comparison->op == syntax::BinaryOp::equal ? "" : std::string(syntax::spelling(comparison->op)) + " ";
    hole("\nexpected " + op, expr::ToJsonOp::create(builder, module.at(span), string, right));
    hole("\nfound    ", expr::ToJsonOp::create(builder, module.at(span), string, left));
  }
  if (holes.empty())
    return text(span, pieces);
  texts.push_back(builder.getStringAttr(pieces));
  return expr::FormatOp::create(builder, module.at(span), string, builder.getArrayAttr(texts), holes);
}

} // namespace weft::lowering

//===- Statements.cpp - Blocks and lets -----------------------------------===//

#include "lang/lowering/BodyEmitter.h"

using namespace mlir;

namespace weft::lowering {

Value BodyEmitter::block(const syntax::BlockExpr *expr, Type wanted) {
  for (std::size_t i = 0; i + 1 < expr->statements.size(); ++i)
    statement(expr->statements[i]);
  if (auto *last = dynamic_cast<const syntax::ExprStmt *>(expr->statements.back()))
    return emit(last->expr, wanted);
  statement(expr->statements.back());
  return none(expr->span, wanted);
}

void BodyEmitter::statement(const syntax::Stmt *stmt) {
  if (auto *expression = syntax::as<syntax::ExprStmt>(stmt)) {
    emit(expression->expr);
    return;
  }
  auto *let = syntax::as<syntax::LetStmt>(stmt);
  if (!let)
    return; // Mocks and `crash everywhere` are part of the test's entry.
  std::string before = binding;
  if (auto *name = syntax::as<syntax::NamePattern>(let->pattern))
    binding += (binding.empty() ? "" : ".") + name->name.text;
  Value value = emit(let->value);
  binding = before;
  bindPattern(let->pattern, value);
}

} // namespace weft::lowering

//===- Strings.cpp - Interpolation and lambdas ----------------------------===//
//
// What goes into a string must have a text: an absent value has none, and bytes,
// files, functions and tensors are not text.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Checker.h"

#include <algorithm>

namespace weft::sema {
using syntax::as;

Type Checker::inferString(const syntax::StringExpr *expr) {
  for (const syntax::StringPiece &piece : expr->pieces)
    if (piece.hole)
      checkHole(piece.hole);
  return simple(TypeKind::string);
}

void Checker::checkHole(const syntax::Expr *hole) {
  Type type = seen(infer(hole));
  if (type->is(TypeKind::error) || type->is(TypeKind::variable))
    return;
  std::string written(sources.file(hole->span.file).text(hole->span));
  if (type->is(TypeKind::optional)) {
    error(Code::absentText, hole->span, "`" + written + "` may be absent, and an absent value has no text")
        .mark(show(type))
        .hint("`${" + written + " ?? \"…\"}`");
    return;
  }
  bool known = true;
  walk(inference.settle(type), [&](Type part) {
    switch (part->kind) {
    case TypeKind::bytes:
    case TypeKind::file:
    case TypeKind::rng:
    case TypeKind::function:
    case TypeKind::agent:
    case TypeKind::none:
    case TypeKind::parameter:
    case TypeKind::never:
      known = false;
      break;
    case TypeKind::tensor:
      known &= part->dims.empty();
      break;
    default:
      break;
    }
  });
  if (known)
    return;
  Diagnostic &report = error(Code::noText, hole->span, a(type) + " has no text");
  if (type->is(TypeKind::parameter))
    report.hint("a generic fn knows nothing of its values; take a string");
  else if (type->is(TypeKind::none))
    report.hint("what stands here gives nothing");
}

Type Checker::inferLambda(const syntax::LambdaExpr *expr, Type hint) {
  Type wanted = hint ? seen(hint) : nullptr;
  bool fitting = wanted && wanted->is(TypeKind::function);
  if (fitting && wanted->elements.size() != expr->parameters.size()) {
    error(Code::wrongArguments, expr->span,
          "a function of " + std::to_string(wanted->elements.size()) +
              (wanted->elements.size() == 1 ? " argument" : " arguments") + " is asked, this lambda takes " +
              std::to_string(expr->parameters.size()));
    return fail();
  }
  if (!fitting && (!wanted || !wanted->is(TypeKind::error))) {
    if (wanted && !wanted->is(TypeKind::variable)) {
      error(Code::typeMismatch, expr->span, "expected " + show(hint) + ", found a lambda");
      return fail();
    }
  }
  std::vector<const Symbol *> captures;
  std::vector<Type> parameters;
  bool stepping = std::exchange(body.stepping, nullptr) == expr;
  body.lambdas += stepping ? 0 : 1;
  LoopFrame *loop = std::exchange(body.loop, nullptr);
  Type result = inScope(
      [&] {
        for (std::size_t i = 0; i < expr->parameters.size(); ++i) {
          const syntax::LambdaParam *parameter = expr->parameters[i];
          Type type = fitting ? resolved(wanted->elements[i]) : inference.fresh();
          parameters.push_back(type);
          if (parameter->name.text == "_")
            continue;
          if (Symbol *symbol = bindLocal(parameter, parameter->name, type))
            symbol->used = true;
        }
        Type expected = fitting ? resolved(wanted->element) : nullptr;
        if (!expected || expected->is(TypeKind::variable)) {
          Type found = infer(expr->body, expected);
          if (expected && !convert(expr->body, expected))
            mismatch(expr->body, expected, found);
          return found;
        }
        return check(expr->body, expected);
      },
      &captures);
  body.loop = loop;
  body.lambdas -= stepping ? 0 : 1;
  std::erase_if(captures, [](const Symbol *symbol) {
    return symbol->kind < SymbolKind::parameter || symbol->kind > SymbolKind::it;
  });
  module().captures[expr->id] = std::move(captures);
  return program.types.function(std::move(parameters), result);
}

} // namespace weft::sema

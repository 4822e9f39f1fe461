//===- Answers.cpp - `call as T` ------------------------------------------===//
//
// After a model or an agent without a signature, T's schema is sent; after a call
// that gives json or a string, the result is read as a T; `weights` gives a T.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Checker.h"

namespace weft::sema {
using syntax::as;

Type Checker::inferAs(const syntax::AsExpr *expr) {
  Type wanted = resolveType(expr->type);
  Type found = seen(infer(expr->operand));
  if (found->is(TypeKind::error) || wanted->is(TypeKind::error))
    return wanted;
  if (!isJson(wanted)) {
    error(Code::asTypeMisplaced, expr->type->span, "no answer can be a " + text(wanted));
    return fail();
  }
  auto made = module().calls.find(expr->operand->id);
  bool reads = made != module().calls.end() && made->second.kind == CalleeKind::system &&
               made->second.builtin == BuiltinId::weights;
  if (reads && inference.unify(info(expr->operand).type, wanted)) {
    module().answers[expr->id] = AsKind::given;
    return wanted;
  }
  const Symbol *callee = made == module().calls.end() ? nullptr : made->second.callee;
  bool free = callee && (callee->model || (callee->agent && !callee->agent->decl->hasSignature));
  if (free) {
    module().answers[expr->id] = AsKind::answer;
  } else if (found->is(TypeKind::json)) {
    module().answers[expr->id] = AsKind::json;
  } else if (found->is(TypeKind::string)) {
    module().answers[expr->id] = AsKind::text;
  } else {
    Diagnostic &report =
        error(Code::asTypeMisplaced, expr->span,
              "the call already gives " + a(found) + "; `as` reads json, a string, or asks a model for a type");
    if (callee)
      report.note(callee->span, "declared here");
    return fail();
  }
  return wanted;
}

} // namespace weft::sema

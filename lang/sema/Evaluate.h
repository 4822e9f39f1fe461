//===- Evaluate.h - What an expression is, if it is known -----------------===//
//
// Evaluates checked expressions whose parts are constants. What it cannot
// evaluate is simply not known; it never guesses and never fails.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/sema/CheckedProgram.h"

namespace weft::sema {

/// Values of names that have none of their own: fields and `it` of a where.
using Known = std::map<const Symbol *, Constant>;

std::optional<Constant> evaluate(const CheckedProgram &program, const syntax::Expr *expr, const Known &known = {});

} // namespace weft::sema

//===- Walk.h - The expressions below an expression -----------------------===//
//
// For rules that look at every part of a body after its types are known.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/syntax/Ast.h"

#include <functional>

namespace weft::sema {

/// Direct subexpressions in order of evaluation; statements of a block are looked
/// into, patterns and types are not. The judge of a vote is one.
void forEachChild(const syntax::Expr *expr, const std::function<void(const syntax::Expr *)> &visit);

/// The expression and everything below it, outer first.
void forEachExpr(const syntax::Expr *expr, const std::function<void(const syntax::Expr *)> &visit);

/// The top expressions of a declaration: bodies, defaults, wheres, entries.
void forEachRoot(const syntax::Decl *decl, const std::function<void(const syntax::Expr *)> &visit);

} // namespace weft::sema

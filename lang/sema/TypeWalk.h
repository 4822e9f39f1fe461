//===- TypeWalk.h - The types that a declaration writes down --------------===//
#pragma once

#include "lang/syntax/Ast.h"

#include <functional>

namespace weft::sema {

/// Every name of a type in the declaration, in its signature and in its body, outer first.
void forEachNamedType(const syntax::Decl *decl, const std::function<void(const syntax::NamedType *)> &visit);

} // namespace weft::sema

//===- DeclarationStarts.h - Where one declaration ends and the next begins -===//
//
// Asked by the token reader while brackets may be open by mistake: a declaration
// that surely begins ends everything before it. Internal to lang/syntax.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstddef>

namespace weft::syntax {

/// A word in the first column that does not belong to a header, and so cannot go on with what stands before it.
bool beginsAnew(std::size_t type);

/// A token that a declaration cannot end with: what follows on the next line belongs to it.
bool wantsMore(std::size_t type);

/// Whether nothing but a declaration can begin with these three tokens.
bool declares(std::size_t first, std::size_t second, std::size_t third);

} // namespace weft::syntax

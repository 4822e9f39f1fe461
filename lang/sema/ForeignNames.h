//===- ForeignNames.h - Names that other languages have -------------------===//
//
// `null`, `str`, `.length`: what nobody declared and nothing near explains. The
// words of other grammars are in lang/syntax/ForeignWords.h.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <string_view>

namespace weft::sema {

/// What to write instead of a value or a function of this name; empty if nothing is known of it.
std::string_view adviceOnValue(std::string_view name);
/// The same of a type, `str`.
std::string_view adviceOnType(std::string_view name);
/// The same of what is asked of a value behind a dot, `length`.
std::string_view adviceOnMember(std::string_view name);

} // namespace weft::sema

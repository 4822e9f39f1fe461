//===- Formatter.h - The one way to lay a program out ---------------------===//
//
// Two blanks a level, lines of at most 120, one blank around operators. What was
// written on one line stays there if it fits; braces that were opened over
// several lines stay open. Up to one empty line between things is kept, comments
// stay with what they stand above or behind. The tree is the same afterwards, and
// formatting again changes nothing.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/syntax/Parser.h"

#include <optional>
#include <string>

namespace weft::format {

inline constexpr unsigned maxWidth = 120;

/// The program in canonical form. `module` must be what `parse` made of `file`;
/// nothing if that was not without errors. O(n).
std::optional<std::string> format(const syntax::ParseResult &parsed, const source::SourceFile &file);

} // namespace weft::format

//===- Lines.h - Which ends of lines count --------------------------------===//
//
// A newline separates only where the innermost open bracket is a brace, and not
// where the line before or after says that it goes on. What is left over is what
// the grammar knows. Internal to lang/syntax.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/syntax/TokenReader.h"

namespace weft::syntax {

/// Operators, dots, calls and `else` that may follow each other without a
/// separator, counted over all open brackets: the depth of the tree.
inline constexpr unsigned maxChain = 1000;

/// Indices of the tokens that the parser shall see, comments excluded. Reports
/// a line that begins with `-` and chains that are too long; then `run` is no
/// longer sound. The run's brackets must match.
std::vector<std::uint32_t> dropNewlines(const source::SourceFile &file, const TokenList &list, TokenRun &run,
                                        diagnostics::DiagnosticEngine &diagnostics);

} // namespace weft::syntax

//===- Explain.h - From a place in the tokens to words --------------------===//
//
// A parser knows that a token does not fit. What a person wants to know is which
// slip it was: the wrong word for a thing, a reserved word as a name, a line that
// ended too early. Internal to lang/syntax.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/syntax/RunParser.h"

namespace weft::syntax {

/// Reports why the tokens `kept` are not a declaration.
void explain(const source::SourceFile &file, const TokenList &list, const std::vector<std::uint32_t> &kept,
             const Failure &failure, diagnostics::DiagnosticEngine &diagnostics);

/// Reports that no declaration begins with token `first`.
void explainNoDeclaration(const source::SourceFile &file, const Token &first,
                          diagnostics::DiagnosticEngine &diagnostics);

} // namespace weft::syntax

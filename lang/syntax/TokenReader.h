//===- TokenReader.h - Text to tokens, one run per declaration ------------===//
//
// Between the generated lexer and parser stands everything that needs memory:
// strings that do not end, brackets that do not match, nesting, and where one
// declaration ends and the next begins. A broken declaration is reported here
// and not parsed; its neighbours are.
//
// Internal to lang/syntax. Types of tokens are those of grammar::WeftLexer.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/diagnostics/Diagnostic.h"

#include <cstdint>
#include <string>
#include <vector>

namespace weft::syntax {

using source::Span;

struct Token {
  std::uint16_t type = 0;
  bool firstOnLine = false; ///< Only spaces stand before it.
  bool hidden = false;      ///< A comment.
  std::uint32_t begin = 0;  ///< Byte offsets.
  std::uint32_t end = 0;
  std::uint32_t depth = 0; ///< Brackets, strings and holes open before it.
};

/// Tokens [first, last) of one declaration.
struct TokenRun {
  std::uint32_t first = 0;
  std::uint32_t last = 0;
  bool sound = true; ///< Nothing was reported about it yet.
};

struct TokenList {
  std::vector<Token> tokens; ///< Comments and newlines included; the end of the file is the last one.
  std::vector<TokenRun> runs;
};

/// Reads a whole file. Reports bytes that are not UTF-8, strings and holes
/// without an end, stray characters, unmatched brackets, nesting too deep.
TokenList readTokens(const source::SourceFile &file, diagnostics::DiagnosticEngine &diagnostics);

/// How a token is called in a message: "`foo`", "the end of the line".
std::string describe(const source::SourceFile &file, const Token &token);

} // namespace weft::syntax

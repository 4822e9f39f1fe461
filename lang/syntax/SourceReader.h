//===- SourceReader.h - What reading a file keeps in mind -----------------===//
//
// The lexer's mode stack and the stack of open brackets here move together, one
// entry for each `{`, string and hole, so that a string that does not end is cut
// at its line and reading goes on as if it had. Round and square brackets are on
// the second stack only.
//
// Internal to lang/syntax: `readTokens` is the way in.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/syntax/TokenKinds.h"
#include "lang/syntax/TokenReader.h"

#include <array>
#include <optional>
#include <utility>

namespace weft::syntax {

/// A lexer whose mode stack cannot run empty.
class Lexer : public grammar::WeftLexer {
public:
  using WeftLexer::WeftLexer;
  std::size_t popMode() override { return modeStack.empty() ? mode : WeftLexer::popMode(); }
};

/// Reads one file, once. The lexer must not outlive it.
class SourceReader {
public:
  SourceReader(const source::SourceFile &file, diagnostics::DiagnosticEngine &diagnostics)
      : file(file), diagnostics(diagnostics) {}

  TokenList read();

private:
  /// One open bracket, quote or hole.
  struct Open {
    std::uint32_t token;
    bool onModeStack;
  };
  Span span(const Token &token) const { return {file.id(), token.begin, token.end}; }
  const Token &opener(const Open &entry) const { return list.tokens[entry.token]; }

  void take(Lexer &lexer, Token token);

  // Where declarations begin
  /// A run begins with the first token, and with a word in the first column
  /// that cannot go on with what stands before it.
  void beginRuns(Lexer &lexer, std::uint32_t index);
  bool goesOnAfter(std::uint32_t index) const;
  void startRun(std::uint32_t index);
  /// The three latest tokens, if only a declaration can begin with them: at the
  /// beginning of a line, or anywhere where nothing is open.
  std::optional<std::uint32_t> declarationStart() const;
  /// Everything that is open before token `first` was forgotten.
  void beginDeclaration(Lexer &lexer, std::uint32_t first);

  // Brackets
  bool sound() const { return list.runs.back().sound; }
  void spoil() { list.runs.back().sound = false; }

  void push(std::uint32_t index, bool onModeStack);
  static bool matches(std::size_t opening, std::size_t closing);
  void close(Lexer &lexer, std::uint32_t index);
  /// Makes the lexer's stack fit what is open.
  void restoreModes(Lexer &lexer);
  void unclosed(const Open &entry, const std::string &why, Span where);
  /// Where a bracket that was forgotten shows: the first pair whose closing
  /// line is not indented as its opening line is.
  void noteIndentation(diagnostics::Diagnostic &error) const;
  std::size_t indentation(std::uint32_t line) const;

  // Strings
  bool insideString() const;
  /// The line ended inside a string; the lexer has left it already.
  void breakString(Lexer &lexer);
  /// The line ended inside a hole: the outermost string ends with it, or, if it
  /// is a block, goes on on the next line.
  void breakHole(Lexer &lexer);
  /// A string break took the newline with it.
  void endLine();
  void closeAtEnd();

  // What stands nowhere, and the end
  void stray(std::uint32_t index);
  TokenList finish();

  const source::SourceFile &file;
  diagnostics::DiagnosticEngine &diagnostics;
  TokenList list;
  std::vector<Open> open;
  /// Brackets of this run that matched: opening and closing token.
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
  /// The three latest tokens that are not comments or newlines, index + 1; 0 before the third.
  std::array<std::uint32_t, 3> recent{};
  std::uint32_t strayLine = 0;
  bool atLineStart = true;
  bool tooDeep = false;
};

} // namespace weft::syntax

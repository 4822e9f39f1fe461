//===- Lines.cpp - Which ends of lines count ------------------------------===//
//
// One pass with a stack of open brackets. Each bracket also counts the links of
// the chain that it stands in, so that no tree gets deeper than later stages can
// walk.
//
//===----------------------------------------------------------------------===//

#include "lang/syntax/Lines.h"

#include "lang/syntax/TokenKinds.h"

#include <algorithm>

namespace weft::syntax {
namespace {

using diagnostics::Code;

class LineJoiner {
public:
  LineJoiner(const source::SourceFile &file, const TokenList &list, TokenRun &run,
             diagnostics::DiagnosticEngine &diagnostics)
      : file(file), list(list), run(run), diagnostics(diagnostics) {}

  std::vector<std::uint32_t> drop() {
    kept.reserve(run.last - run.first);
    levels.push_back({0, 0});
    for (std::uint32_t index = run.first; index < run.last && run.sound; ++index) {
      const Token &token = list.tokens[index];
      if (token.hidden)
        continue;
      if (token.type == Kind::NEWLINE) {
        if (separates(index))
          keep(index);
        continue;
      }
      keep(index);
    }
    return std::move(kept);
  }

private:
  struct Level {
    std::size_t opening;
    unsigned links; ///< Of the chain since the last separator.
  };

  Span span(const Token &token) const { return {file.id(), token.begin, token.end}; }
  const Token &token(std::uint32_t index) const { return list.tokens[index]; }

  void keep(std::uint32_t index) {
    kept.push_back(index);
    std::size_t type = token(index).type;
    if (type == Kind::NEWLINE || type == Kind::COMMA || type == Kind::SEMICOLON || type == Kind::FATARROW ||
        type == Kind::BAR) {
      links -= levels.back().links;
      levels.back().links = 0;
      return;
    }
    if (isLink(type) && ++levels.back().links && ++links > maxChain) {
      diagnostics
          .error(Code::expressionTooLong, span(token(index)),
                 "more than " + std::to_string(maxChain) + " operators, dots and calls follow each other here")
          .hint("name parts with `let`, or use `sum`, `join` or `reduce` over a list");
      run.sound = false;
    }
    if (isOpening(type) || isQuote(type)) {
      levels.push_back({type, 0});
    } else if (isClosing(type) || type == Kind::STRING_END) {
      links -= levels.back().links;
      if (levels.size() > 1)
        levels.pop_back();
    }
  }

  /// Adds a level to the tree.
  static bool isLink(std::size_t type) {
    switch (type) {
    case Kind::DOT:
    case Kind::LPAREN:
    case Kind::LBRACKET:
    case Kind::LBRACE:
    case Kind::GREATER:
    case Kind::ARROW:
    case Kind::ELSE:
    case Kind::TRY:
    case Kind::AS:
    case Kind::WITH:
      return true;
    default:
      return isInfix(type);
    }
  }

  /// The next token of this run that is neither newline nor comment, or the
  /// run's end.
  std::uint32_t nextVisible(std::uint32_t index) const {
    do
      ++index;
    while (index < run.last && (token(index).hidden || token(index).type == Kind::NEWLINE));
    return std::min(index, run.last);
  }

  bool separates(std::uint32_t newline) {
    if (levels.back().opening != Kind::LBRACE || kept.empty())
      return false;
    std::size_t before = token(kept.back()).type;
    bool beforeIsName = isWord(before) && kept.size() > 1 && token(kept[kept.size() - 2]).type == Kind::DOT;
    if (!beforeIsName && goesOnAfter(before))
      return false;
    std::uint32_t nextIndex = nextVisible(newline);
    if (nextIndex >= run.last)
      return false;
    std::size_t after = token(nextIndex).type;
    std::uint32_t second = nextVisible(nextIndex);
    // `by: 3` is an entry, whatever its key.
    bool isKey = isWord(after) && second < run.last && token(second).type == Kind::COLON;
    if (!isKey && goesOnBefore(after))
      return false;
    // `-1 => …` begins an arm; nothing else can.
    bool isArm = token(second).type == Kind::NUMBER && token(nextVisible(second)).type == Kind::FATARROW;
    if (after == Kind::MINUS && !isArm) {
      bothReadings(nextIndex);
      return false;
    }
    return true;
  }

  static bool goesOnAfter(std::size_t type) {
    if (isInfix(type) || isOpening(type))
      return true;
    switch (type) {
    case Kind::NEWLINE:
    case Kind::COMMA:
    case Kind::SEMICOLON:
    case Kind::COLON:
    case Kind::DOT:
    case Kind::ASSIGN:
    case Kind::ARROW:
    case Kind::FATARROW:
    case Kind::BOTHWAYS:
    case Kind::BAR:
    case Kind::ELSE:
    case Kind::WHERE:
    case Kind::AS:
    case Kind::WITH:
      return true;
    default:
      return false;
    }
  }

  static bool goesOnBefore(std::size_t type) {
    if (isClosing(type))
      return true;
    switch (type) {
    case Kind::COMMA:
    case Kind::SEMICOLON:
    case Kind::DOT:
    case Kind::ELSE:
    case Kind::CATCH:
    case Kind::WITH:
    case Kind::AS:
    case Kind::BY:
    case Kind::WHERE:
    case Kind::ARROW:
    case Kind::FATARROW:
    case Kind::ASSIGN:
    case Kind::BAR:
    case Kind::GREATER:
      return true;
    case Kind::MINUS:
    case Kind::NOT:
      return false;
    default:
      return isInfix(type);
    }
  }

  void bothReadings(std::uint32_t minus) {
    run.sound = false;
    diagnostics
        .error(Code::lineStartsWithMinus, span(token(minus)),
               "this line can be read in two ways: as a subtraction that goes on from the line above, or as a new "
               "negative value")
        .note(span(token(kept.back())), "the line above is complete here")
        .hint("to subtract, end the line above with `-`")
        .hint("for a value of its own, put it in parentheses: `(-x)`");
  }

  const source::SourceFile &file;
  const TokenList &list;
  TokenRun &run;
  diagnostics::DiagnosticEngine &diagnostics;
  std::vector<std::uint32_t> kept;
  std::vector<Level> levels;
  unsigned links = 0;
};

} // namespace

std::vector<std::uint32_t> dropNewlines(const source::SourceFile &file, const TokenList &list, TokenRun &run,
                                        diagnostics::DiagnosticEngine &diagnostics) {
  return LineJoiner(file, list, run, diagnostics).drop();
}

} // namespace weft::syntax

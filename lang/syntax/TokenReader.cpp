//===- TokenReader.cpp - Text to tokens, one run per declaration ----------===//
//
// The lexer's mode stack and the stack of open brackets here move together, one
// entry for each `{`, string and hole, so that a string that does not end is cut
// at its line and reading goes on as if it had. Round and square brackets are on
// the second stack only.
//
//===----------------------------------------------------------------------===//

#include "lang/syntax/TokenReader.h"

#include "lang/syntax/DeclarationStarts.h"
#include "lang/syntax/ForeignWords.h"
#include "lang/syntax/Parser.h"
#include "lang/syntax/TokenKinds.h"
#include "lang/syntax/Utf8.h"

#include <algorithm>
#include <string>

namespace weft::syntax {
namespace {

using diagnostics::Code;

constexpr std::size_t maxFileBytes = 16u << 20;

/// A lexer whose mode stack cannot run empty.
class Lexer : public grammar::WeftLexer {
public:
  using WeftLexer::WeftLexer;
  std::size_t popMode() override { return modeStack.empty() ? mode : WeftLexer::popMode(); }
};

class Reader {
public:
  Reader(const source::SourceFile &file, diagnostics::DiagnosticEngine &diagnostics)
      : file(file), diagnostics(diagnostics) {}

  TokenList read() {
    std::string_view text = file.text();
    if (text.size() > maxFileBytes) {
      diagnostics.error(Code::fileTooLarge, {file.id(), 0, 0},
                        "this file has " + std::to_string(text.size()) + " bytes, a module may have 16 MiB");
      return finish();
    }
    if (auto bad = firstBadUtf8(text)) {
      auto at = static_cast<std::uint32_t>(*bad);
      diagnostics.error(Code::notUtf8, {file.id(), at, at + 1}, "this byte is not UTF-8 text")
          .hint("save the file as UTF-8");
      return finish();
    }
    std::uint32_t base = text.starts_with("\xEF\xBB\xBF") ? 3 : 0; // A byte order mark is no text.
    CodePointOffsets offsets(text.substr(base), base);
    antlr4::ANTLRInputStream input{std::string(text.substr(base))};
    Lexer lexer(&input);
    lexer.removeErrorListeners();
    for (;;) {
      auto token = lexer.nextToken();
      bool last = token->getType() == antlr4::Token::EOF;
      auto type = last ? endOfFile : static_cast<std::uint16_t>(token->getType());
      std::uint32_t begin = last ? static_cast<std::uint32_t>(text.size()) : offsets.byte(token->getStartIndex());
      std::uint32_t end = last ? begin : offsets.byte(token->getStopIndex() + 1);
      take(lexer, {type, atLineStart, type == Kind::DOC || type == Kind::COMMENT, begin, end,
                   static_cast<std::uint32_t>(open.size())});
      if (last || tooDeep)
        break;
    }
    return finish();
  }

private:
  /// One open bracket, quote or hole.
  struct Open {
    std::uint32_t token;
    bool onModeStack;
  };

  Span span(const Token &token) const { return {file.id(), token.begin, token.end}; }
  const Token &opener(const Open &entry) const { return list.tokens[entry.token]; }

  void take(Lexer &lexer, Token token) {
    auto index = static_cast<std::uint32_t>(list.tokens.size());
    list.tokens.push_back(token);
    atLineStart = token.type == Kind::NEWLINE || token.type == Kind::STRING_BREAK;
    if (token.hidden)
      return;
    if (token.type == Kind::NEWLINE) {
      if (insideString())
        breakHole(lexer);
      return;
    }
    if (token.type == endOfFile) {
      closeAtEnd();
      return;
    }
    beginRuns(lexer, index);
    recent[0] = recent[1];
    recent[1] = recent[2];
    recent[2] = index + 1;
    if (auto first = declarationStart())
      beginDeclaration(lexer, *first);

    if (isQuote(token.type) || token.type == Kind::HOLE || token.type == Kind::LBRACE)
      push(index, true);
    else if (token.type == Kind::LPAREN || token.type == Kind::LBRACKET)
      push(index, false);
    else if (token.type == Kind::STRING_END)
      open.pop_back();
    else if (isClosing(token.type))
      close(lexer, index);
    else if (token.type == Kind::STRING_BREAK)
      breakString(lexer);
    else if (token.type == Kind::STRAY)
      stray(index);
  }

  //===--------------------------------------------------------------------===//
  // Where declarations begin
  //===--------------------------------------------------------------------===//

  /// A run begins with the first token, and with a word in the first column
  /// that cannot go on with what stands before it.
  void beginRuns(Lexer &lexer, std::uint32_t index) {
    const Token &token = list.tokens[index];
    if (list.runs.empty()) {
      list.runs.push_back({index, index, true});
      return;
    }
    if (!open.empty() || !token.firstOnLine || list.runs.back().first == index)
      return;
    bool firstColumn = token.begin == 0 || file.text()[token.begin - 1] == '\n';
    bool reserved = token.type == Kind::FN || token.type == Kind::TYPE || token.type == Kind::WORKFLOW;
    if ((firstColumn || reserved) && beginsAnew(token.type) && !goesOnAfter(recent[2] - 1))
      startRun(index);
  }

  bool goesOnAfter(std::uint32_t index) const {
    std::size_t type = list.tokens[index].type;
    if (index == list.runs.back().first)
      return beginsDeclaration(type); // Its name follows.
    return wantsMore(type);
  }

  void startRun(std::uint32_t index) {
    list.runs.back().last = index;
    list.runs.push_back({index, index, true});
    pairs.clear();
    strayLine = 0;
  }

  /// The three latest tokens, if only a declaration can begin with them: at the
  /// beginning of a line, or anywhere where nothing is open.
  std::optional<std::uint32_t> declarationStart() const {
    if (!recent[0])
      return std::nullopt;
    const Token &first = list.tokens[recent[0] - 1];
    if (!beginsDeclaration(first.type) || !(first.firstOnLine || first.depth == 0))
      return std::nullopt;
    std::size_t second = list.tokens[recent[1] - 1].type;
    std::size_t third = list.tokens[recent[2] - 1].type;
    return declares(first.type, second, third) ? std::optional(recent[0] - 1) : std::nullopt;
  }

  /// Everything that is open before token `first` was forgotten.
  void beginDeclaration(Lexer &lexer, std::uint32_t first) {
    std::uint32_t depth = list.tokens[first].depth;
    if (depth != 0) {
      unclosed(open[0], "the declaration that begins here would stand inside it", span(list.tokens[first]));
      std::size_t modes = 0;
      for (std::size_t at = 0; at < depth; ++at)
        modes += open[at].onModeStack;
      lexer.modeStack.erase(lexer.modeStack.begin(), lexer.modeStack.begin() + static_cast<std::ptrdiff_t>(modes));
      open.erase(open.begin(), open.begin() + depth);
      for (std::uint32_t at = first; at < list.tokens.size(); ++at)
        list.tokens[at].depth -= std::min(depth, list.tokens[at].depth);
    }
    if (list.runs.back().first != first)
      startRun(first);
  }

  //===--------------------------------------------------------------------===//
  // Brackets
  //===--------------------------------------------------------------------===//

  bool sound() const { return list.runs.back().sound; }
  void spoil() { list.runs.back().sound = false; }

  void push(std::uint32_t index, bool onModeStack) {
    open.push_back({index, onModeStack});
    if (open.size() <= maxNesting)
      return;
    // The quotes around a hole are no level of their own.
    auto isLevel = [&](const Open &entry) { return !isQuote(opener(entry).type); };
    if (std::count_if(open.begin(), open.end(), isLevel) <= static_cast<std::ptrdiff_t>(maxNesting))
      return;
    // Reading stops: that at most this much is open keeps every search below short.
    tooDeep = true;
    if (!sound())
      return;
    diagnostics
        .error(Code::nestedTooDeep, span(list.tokens[index]),
               "brackets nest more than " + std::to_string(maxNesting) + " deep")
        .note(span(opener(open[0])), "the outermost one is here")
        .hint("give inner parts a name with `let`, or move them into a `fn`");
    spoil();
  }

  static bool matches(std::size_t opening, std::size_t closing) {
    return closing == Kind::RPAREN     ? opening == Kind::LPAREN
           : closing == Kind::RBRACKET ? opening == Kind::LBRACKET
                                       : opening == Kind::LBRACE || opening == Kind::HOLE;
  }

  void close(Lexer &lexer, std::uint32_t index) {
    const Token &token = list.tokens[index];
    // Only the innermost string's own brackets can be meant.
    std::size_t at = open.size();
    while (at > 0 && !isQuote(opener(open[at - 1]).type) && !matches(opener(open[at - 1]).type, token.type))
      --at;
    if (at == 0 || isQuote(opener(open[at - 1]).type)) {
      if (sound()) {
        auto &error = diagnostics.error(Code::unmatchedBracket, span(token), describe(file, token) + " closes nothing");
        if (!open.empty())
          error.note(span(opener(open.back())), "what is open is this");
      }
      spoil();
      // The lexer took a `}` for the end of what is innermost; that is still open.
      if (token.type == Kind::RBRACE && !open.empty())
        restoreModes(lexer);
      return;
    }
    if (at < open.size()) {
      const Open &inner = open.back();
      if (sound())
        diagnostics
            .error(Code::unclosedBracket, span(opener(inner)),
                   describe(file, opener(inner)) + " is not closed before " + describe(file, token))
            .note(span(token), "the enclosing " + describe(file, opener(open[at - 1])) + " is closed here");
      spoil();
    }
    pairs.push_back({open[at - 1].token, index});
    open.resize(at - 1);
    restoreModes(lexer);
  }

  /// Makes the lexer's stack fit what is open.
  void restoreModes(Lexer &lexer) {
    lexer.modeStack.clear();
    std::size_t mode = 0;
    for (const Open &entry : open) {
      if (!entry.onModeStack)
        continue;
      lexer.modeStack.push_back(mode);
      std::size_t type = opener(entry).type;
      mode = type == Kind::QUOTE         ? static_cast<std::size_t>(Kind::LINE_STRING)
             : type == Kind::BLOCK_QUOTE ? static_cast<std::size_t>(Kind::BLOCK_STRING)
                                         : 0;
    }
    lexer.mode = mode;
  }

  void unclosed(const Open &entry, const std::string &why, Span where) {
    if (sound()) {
      auto &error = diagnostics.error(Code::unclosedBracket, span(opener(entry)),
                                      describe(file, opener(entry)) + " is never closed");
      error.note(where, why);
      noteIndentation(error);
    }
    spoil();
  }

  /// Where a bracket that was forgotten shows: the first pair whose closing
  /// line is not indented as its opening line is.
  void noteIndentation(diagnostics::Diagnostic &error) const {
    auto earlier = [](const auto &left, const auto &right) { return left.second < right.second; };
    const std::pair<std::uint32_t, std::uint32_t> *best = nullptr;
    for (const auto &pair : pairs) {
      const Token &opening = list.tokens[pair.first], &closing = list.tokens[pair.second];
      std::uint32_t openLine = file.location(opening.begin).line, closeLine = file.location(closing.begin).line;
      if (openLine == closeLine || !closing.firstOnLine || indentation(openLine) == indentation(closeLine))
        continue;
      if (!best || earlier(pair, *best))
        best = &pair;
    }
    if (!best)
      return;
    const Token &opening = list.tokens[best->first];
    error.note(span(list.tokens[best->second]), "this closes the " + describe(file, opening) + " of line " +
                                                    std::to_string(file.location(opening.begin).line) +
                                                    ", which is indented differently");
  }

  std::size_t indentation(std::uint32_t line) const {
    std::string_view text = file.line(line);
    return std::min(text.find_first_not_of(" \t"), text.size());
  }

  //===--------------------------------------------------------------------===//
  // Strings
  //===--------------------------------------------------------------------===//

  bool insideString() const {
    return std::any_of(open.begin(), open.end(), [&](const Open &entry) { return isQuote(opener(entry).type); });
  }

  /// The line ended inside a string; the lexer has left it already.
  void breakString(Lexer &lexer) {
    Token quote = opener(open.back());
    open.pop_back();
    if (insideString()) {
      breakHole(lexer);
      return;
    }
    if (sound()) {
      std::uint32_t lineEnd = list.tokens.back().begin;
      diagnostics
          .error(Code::unterminatedString, {file.id(), quote.begin, std::max(lineEnd, quote.end)},
                 "this string is not closed on its line")
          .hint("close it with `\"`; text of several lines stands between `\"\"\"` and `\"\"\"`");
    }
    spoil();
    endLine();
  }

  /// The line ended inside a hole: the outermost string ends with it, or, if it
  /// is a block, goes on on the next line.
  void breakHole(Lexer &lexer) {
    auto isString = [&](const Open &entry) { return isQuote(opener(entry).type); };
    auto outermost = std::find_if(open.begin(), open.end(), isString);
    auto hole =
        std::find_if(outermost, open.end(), [&](const Open &entry) { return opener(entry).type == Kind::HOLE; });
    if (sound())
      diagnostics.error(Code::unterminatedHole, span(opener(*hole)), "`${` is not closed on this line")
          .hint("close it with `}` before the line ends; a dollar that is meant as text is `\\$`");
    spoil();
    bool isBlock = opener(*outermost).type == Kind::BLOCK_QUOTE;
    open.erase(outermost + (isBlock ? 1 : 0), open.end());
    restoreModes(lexer);
    if (list.tokens.back().type == Kind::STRING_BREAK)
      endLine();
  }

  /// A string break took the newline with it.
  void endLine() {
    Token newline = list.tokens.back();
    newline.type = Kind::NEWLINE;
    list.tokens.push_back(newline);
  }

  void closeAtEnd() {
    if (list.runs.empty() || open.empty())
      return;
    const Open *innermostString = nullptr;
    const Open *hole = nullptr;
    for (const Open &entry : open) {
      if (isQuote(opener(entry).type))
        innermostString = &entry;
      else if (opener(entry).type == Kind::HOLE && !hole)
        hole = &entry;
    }
    if (hole && sound()) {
      diagnostics.error(Code::unterminatedHole, span(opener(*hole)), "`${` is not closed on this line")
          .hint("close it with `}`; a dollar that is meant as text is `\\$`");
      spoil();
    } else if (innermostString && sound()) {
      bool isBlock = opener(*innermostString).type == Kind::BLOCK_QUOTE;
      diagnostics
          .error(Code::unterminatedString, span(opener(*innermostString)),
                 isBlock ? "this block of text is never closed" : "this string is not closed on its line")
          .hint(isBlock ? "close it with `\"\"\"`" : "close it with `\"`");
      spoil();
    }
    auto end = static_cast<std::uint32_t>(file.text().size());
    unclosed(open[0], "the file ends here", {file.id(), end, end});
  }

  //===--------------------------------------------------------------------===//
  // Stray characters
  //===--------------------------------------------------------------------===//

  void stray(std::uint32_t index) {
    const Token &token = list.tokens[index];
    std::uint32_t line = file.location(token.begin).line;
    spoil();
    if (strayLine == line) // One message for a line; `'a b'` and `&&` are one mistake.
      return;
    strayLine = line;
    std::string_view rest = file.text().substr(token.begin);
    auto &error =
        diagnostics.error(Code::strayCharacter, span(token), describe(file, token) + " means nothing in the language");
    if (std::string_view hint = strayHint(rest); !hint.empty())
      error.hint(std::string(hint));
  }

  TokenList finish() {
    if (list.tokens.empty() || list.tokens.back().type != endOfFile) {
      auto end = static_cast<std::uint32_t>(file.text().size());
      list.tokens.push_back({endOfFile, true, false, end, end, 0});
    }
    if (!list.runs.empty())
      list.runs.back().last = static_cast<std::uint32_t>(list.tokens.size()) - 1;
    return std::move(list);
  }

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

} // namespace

TokenList readTokens(const source::SourceFile &file, diagnostics::DiagnosticEngine &diagnostics) {
  return Reader(file, diagnostics).read();
}

std::string describe(const source::SourceFile &file, const Token &token) {
  switch (token.type) {
  case endOfFile:
    return "the end of the file";
  case Kind::NEWLINE:
    return "the end of the line";
  case Kind::QUOTE:
  case Kind::BLOCK_QUOTE:
  case Kind::TEXT:
    return "a string";
  case Kind::STRING_END:
    return "the end of the string";
  default:
    return "`" + std::string(file.text({file.id(), token.begin, token.end})) + "`";
  }
}

} // namespace weft::syntax

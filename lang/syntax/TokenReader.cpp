//===- TokenReader.cpp - Text to tokens, one run per declaration ----------===//
//
// Token for token: where a declaration begins, what is opened and closed, what
// means nothing.
//
//===----------------------------------------------------------------------===//

#include "lang/syntax/TokenReader.h"

#include "lang/syntax/DeclarationStarts.h"
#include "lang/syntax/ForeignWords.h"
#include "lang/syntax/SourceReader.h"
#include "lang/syntax/Utf8.h"

#include <algorithm>
#include <string>

namespace weft::syntax {

using diagnostics::Code;

namespace {
constexpr std::size_t maxFileBytes = 16u << 20;
} // namespace

TokenList SourceReader::read() {
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

void SourceReader::take(Lexer &lexer, Token token) {
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

void SourceReader::beginRuns(Lexer &lexer, std::uint32_t index) {
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

bool SourceReader::goesOnAfter(std::uint32_t index) const {
  std::size_t type = list.tokens[index].type;
  if (index == list.runs.back().first)
    return beginsDeclaration(type); // Its name follows.
  return wantsMore(type);
}

void SourceReader::startRun(std::uint32_t index) {
  list.runs.back().last = index;
  list.runs.push_back({index, index, true});
  pairs.clear();
  strayLine = 0;
}

std::optional<std::uint32_t> SourceReader::declarationStart() const {
  if (!recent[0])
    return std::nullopt;
  const Token &first = list.tokens[recent[0] - 1];
  if (!beginsDeclaration(first.type) || !(first.firstOnLine || first.depth == 0))
    return std::nullopt;
  std::size_t second = list.tokens[recent[1] - 1].type;
  std::size_t third = list.tokens[recent[2] - 1].type;
  return declares(first.type, second, third) ? std::optional(recent[0] - 1) : std::nullopt;
}

void SourceReader::beginDeclaration(Lexer &lexer, std::uint32_t first) {
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

void SourceReader::stray(std::uint32_t index) {
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

TokenList SourceReader::finish() {
  if (list.tokens.empty() || list.tokens.back().type != endOfFile) {
    auto end = static_cast<std::uint32_t>(file.text().size());
    list.tokens.push_back({endOfFile, true, false, end, end, 0});
  }
  if (!list.runs.empty())
    list.runs.back().last = static_cast<std::uint32_t>(list.tokens.size()) - 1;
  return std::move(list);
}

TokenList readTokens(const source::SourceFile &file, diagnostics::DiagnosticEngine &diagnostics) {
  return SourceReader(file, diagnostics).read();
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

//===- OpenBrackets.cpp - What is open, and what closes it ----------------===//
//
// A bracket that is missing is told where it was opened; where it was forgotten
// shows in the indentation.
//
//===----------------------------------------------------------------------===//

#include "lang/syntax/Parser.h"
#include "lang/syntax/SourceReader.h"

#include <algorithm>
#include <string>

namespace weft::syntax {

using diagnostics::Code;

void SourceReader::push(std::uint32_t index, bool onModeStack) {
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

bool SourceReader::matches(std::size_t opening, std::size_t closing) {
  return closing == Kind::RPAREN     ? opening == Kind::LPAREN
         : closing == Kind::RBRACKET ? opening == Kind::LBRACKET
                                     : opening == Kind::LBRACE || opening == Kind::HOLE;
}

void SourceReader::close(Lexer &lexer, std::uint32_t index) {
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

void SourceReader::restoreModes(Lexer &lexer) {
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

void SourceReader::unclosed(const Open &entry, const std::string &why, Span where) {
  if (sound()) {
    auto &error = diagnostics.error(Code::unclosedBracket, span(opener(entry)),
                                    describe(file, opener(entry)) + " is never closed");
    error.note(where, why);
    noteIndentation(error);
  }
  spoil();
}

void SourceReader::noteIndentation(diagnostics::Diagnostic &error) const {
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

std::size_t SourceReader::indentation(std::uint32_t line) const {
  std::string_view text = file.line(line);
  return std::min(text.find_first_not_of(" \t"), text.size());
}

} // namespace weft::syntax

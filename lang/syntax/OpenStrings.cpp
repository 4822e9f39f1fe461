//===- OpenStrings.cpp - Strings and holes that do not end ----------------===//
//
// A string is cut at the end of its line, so that the rest of the file is read as
// what it is.
//
//===----------------------------------------------------------------------===//

#include "lang/syntax/SourceReader.h"

#include <algorithm>
#include <string>

namespace weft::syntax {

using diagnostics::Code;

bool SourceReader::insideString() const {
  return std::any_of(open.begin(), open.end(), [&](const Open &entry) { return isQuote(opener(entry).type); });
}

void SourceReader::breakString(Lexer &lexer) {
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

void SourceReader::breakHole(Lexer &lexer) {
  auto isString = [&](const Open &entry) { return isQuote(opener(entry).type); };
  auto outermost = std::find_if(open.begin(), open.end(), isString);
  auto hole = std::find_if(outermost, open.end(), [&](const Open &entry) { return opener(entry).type == Kind::HOLE; });
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

void SourceReader::endLine() {
  Token newline = list.tokens.back();
  newline.type = Kind::NEWLINE;
  list.tokens.push_back(newline);
}

void SourceReader::closeAtEnd() {
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

} // namespace weft::syntax

//===- AstBuilder.cpp - Places, words and comments ------------------------===//
//
// What all builders need: spans from tokens, and whose documentation a comment
// is.
//
//===----------------------------------------------------------------------===//

#include "lang/syntax/AstBuilder.h"

#include "lang/syntax/TokenKinds.h"

#include <algorithm>

namespace weft::syntax {

Span AstBuilder::span(antlr4::Token *token) const {
  const Token &found = raw(token);
  return {file.id(), found.begin, found.end};
}

Span AstBuilder::span(antlr4::ParserRuleContext *tree) const {
  Span first = span(tree->getStart());
  // A rule that matched nothing has no last token.
  return tree->getStop() ? source::join(first, span(tree->getStop())) : first;
}

std::string AstBuilder::text(antlr4::Token *token) const { return std::string(file.text(span(token))); }

/// Documentation stands on lines of its own directly above.
std::string AstBuilder::doc(antlr4::Token *first) {
  std::vector<std::string_view> lines;
  unsigned newlines = 0;
  for (std::size_t at = first->getStartIndex(); at-- > 0;) {
    const Token &token = list.tokens[at];
    if (token.type == Kind::NEWLINE) {
      if (++newlines > 1)
        break;
      continue;
    }
    if (token.type != Kind::DOC || !token.firstOnLine)
      break;
    newlines = 0;
    documentation.insert(at);
    std::string_view line = file.text({file.id(), token.begin + 3, token.end});
    if (line.starts_with(' '))
      line.remove_prefix(1);
    lines.push_back(line);
  }
  std::string result;
  for (std::size_t at = lines.size(); at-- > 0;)
    result += std::string(lines[at]) + (at == 0 ? "" : "\n");
  return result;
}

std::vector<Comment> AstBuilder::looseComments() const {
  std::vector<Comment> comments;
  for (std::size_t at = 0; at < list.tokens.size(); ++at) {
    const Token &token = list.tokens[at];
    if (!token.hidden || documentation.contains(at))
      continue;
    Span place{file.id(), token.begin, token.end};
    comments.push_back({place, std::string(file.text(place)), token.firstOnLine});
  }
  return comments;
}

} // namespace weft::syntax

//===- Sequence.cpp - Things in brackets, and the comments between --------===//
//
// Comments are taken in the order of the text: those before a thing stand above
// it, one on its last line stays behind it, those inside that no bracket took
// follow it.
//
//===----------------------------------------------------------------------===//

#include "lang/format/Printer.h"

#include <algorithm>

namespace weft::format {

bool Printer::commentBefore(std::uint32_t offset) const {
  return nextComment < module.comments.size() && module.comments[nextComment].span.begin < offset;
}

Printer::Piece Printer::ownComment() {
  const syntax::Comment &comment = module.comments[nextComment++];
  std::string content = comment.text;
  content.erase(content.find_last_not_of(" \t\r") + 1);
  std::uint32_t line = lineOf(comment.span.begin);
  bool isLooseDoc = content.starts_with("///");
  return {text(std::move(content)), line, line, true, false, isLooseDoc};
}

Doc Printer::trailingComment(const Item &item, std::uint32_t limit) {
  if (!commentBefore(limit))
    return nullptr;
  const syntax::Comment &comment = module.comments[nextComment];
  if (comment.span.begin < item.span.end || lineOf(comment.span.begin) != lineOf(item.span.end))
    return nullptr;
  return ownComment().doc;
}

std::vector<Printer::Piece> Printer::pieces(std::vector<Item> items, std::uint32_t end) {
  std::vector<Piece> made;
  for (std::size_t at = 0; at < items.size(); ++at) {
    Item &item = items[at];
    while (commentBefore(item.span.begin))
      made.push_back(ownComment());
    auto docLines =
        static_cast<std::uint32_t>(item.doc.empty() ? 0 : 1 + std::count(item.doc.begin(), item.doc.end(), '\n'));
    std::vector<Doc> parts;
    std::string rest = item.doc;
    for (std::uint32_t index = 0; index < docLines; ++index) {
      std::size_t newline = rest.find('\n');
      std::string content = rest.substr(0, newline);
      content.erase(content.find_last_not_of(" \t\r") + 1);
      parts.push_back(text(content.empty() ? "///" : "/// " + content));
      parts.push_back(hardLine());
      rest.erase(0, newline == std::string::npos ? rest.size() : newline + 1);
    }
    parts.push_back(item.build());
    std::uint32_t firstLine = lineOf(item.span.begin);
    Piece piece{nullptr, firstLine - std::min(docLines, firstLine - 1), lineOf(item.span.end), false,
                item.needsSeparator};
    // What stood inside and found no place follows on lines of its own.
    std::vector<Piece> inside;
    while (commentBefore(item.span.end)) {
      inside.push_back(ownComment());
      inside.back().firstLine = inside.back().lastLine = piece.lastLine;
    }
    std::uint32_t limit = at + 1 < items.size() ? items[at + 1].span.begin : end;
    Doc behind = inside.empty() ? trailingComment(item, limit) : nullptr;
    piece.doc = concat(std::move(parts));
    made.push_back(piece);
    if (behind) {
      Piece comment{behind, piece.lastLine, piece.lastLine, true, false};
      // Joined to the thing by the caller, behind a separator.
      comment.firstLine = 0;
      made.push_back(comment);
    }
    made.insert(made.end(), inside.begin(), inside.end());
  }
  while (commentBefore(end))
    made.push_back(ownComment());
  return made;
}

/// Whether the author broke the line between the bracket and what follows it.
bool Printer::opensOnNewLine(const Item &first) const {
  std::string_view content = file.text();
  for (std::uint32_t at = first.span.begin; at-- > 0;) {
    if (content[at] == '\n')
      return true;
    if (content[at] != ' ' && content[at] != '\t' && content[at] != '\r')
      return false;
  }
  return false;
}

Doc Printer::bracketed(const Brackets &brackets, std::vector<Item> items, std::uint32_t end) {
  if (items.empty())
    return text(std::string(brackets.open) + brackets.close);
  bool keepOpen = brackets.padded && opensOnNewLine(items.front());
  std::vector<Piece> parts = pieces(std::move(items), end);
  bool hasComments = std::any_of(parts.begin(), parts.end(), [](const Piece &piece) { return piece.isComment; });

  std::vector<Doc> inside;
  std::string separator(brackets.flatSeparator);
  std::string mark = separator.substr(0, 1);
  std::size_t lastThing = parts.size();
  while (lastThing > 0 && parts[lastThing - 1].isComment)
    --lastThing;
  for (std::size_t at = 0; at < parts.size(); ++at) {
    const Piece &piece = parts[at];
    bool behind = piece.isComment && piece.firstLine == 0;
    if (at > 0 && behind) {
      inside.push_back(text(" "));
    } else if (at > 0) {
      // The line of a comment that follows its thing is the thing's.
      std::uint32_t before = parts[at - 1].lastLine;
      if (piece.firstLine > before + 1 || piece.wouldTake(parts[at - 1]))
        inside.push_back(ifBroken(emptyLine(), text("")));
      inside.push_back(line());
    }
    inside.push_back(piece.doc);
    if (piece.isComment)
      continue;
    bool isLast = at + 1 >= lastThing;
    bool nextNeeds = false;
    for (std::size_t next = at + 1; next < parts.size(); ++next)
      if (!parts[next].isComment) {
        nextNeeds = parts[next].needsSeparator;
        break;
      }
    Doc broken = text(brackets.separatorsStay || nextNeeds ? mark : "");
    if (!isLast)
      inside.push_back(ifBroken(broken, text(mark)));
    else if (brackets.separatorsStay)
      inside.push_back(ifBroken(broken, text("")));
  }
  Doc edge = keepOpen || hasComments ? hardLine() : brackets.padded ? line() : softLine();
  return group(
      concat({text(brackets.open), indent(concat({edge, concat(std::move(inside))})), edge, text(brackets.close)}));
}

} // namespace weft::format

//===- Markup.cpp - The marks of Markdown and HTML inside a line ----------===//

#include "runtime/agent/model/extractive/Blocks.h"
#include "runtime/agent/model/extractive/Characters.h"

#include <algorithm>
#include <vector>

namespace weft::extractive {
namespace {

constexpr std::size_t maxTagBytes = 200; ///< A longer "<…>" is text with signs in it.

constexpr std::size_t nowhere = std::string_view::npos;
constexpr std::size_t mostStars = 3; ///< "***so***"; a longer run is an ornament.

/// The end of a tag that starts at `i`, or npos: "<b>", "</b>", "<img …>".
std::size_t tagEnd(std::string_view text, std::size_t i) {
  std::size_t j = i + 1;
  if (j < text.size() && text[j] == '/')
    ++j;
  if (j >= text.size() || !isLetter(static_cast<unsigned char>(text[j])))
    return nowhere;
  std::size_t end = text.substr(0, i + maxTagBytes + 1).find('>', j);
  if (end == nowhere)
    return nowhere;
  // "<name@host>", "<https://…>" and "<file>" placeholders are text; tags are short lower-case names.
  std::size_t nameEnd = std::min(text.substr(0, end).find_first_of(" />", j), end);
  std::string name = lowered(text.substr(j, nameEnd - j));
  for (std::string_view known :
       {"a",   "b",       "i",       "p",      "br",      "em",     "img", "strong", "code", "div", "span", "h1",
        "h2",  "h3",      "h4",      "table",  "tr",      "td",     "th",  "ul",     "ol",   "li",  "sup",  "sub",
        "kbd", "details", "summary", "center", "picture", "source", "pre", "hr",     "u",    "tt"})
    if (name == known)
      return end;
  return nowhere;
}

/// For each bracket the one that closes it, or npos. A text can be one bracket after another, megabytes of them.
std::vector<std::size_t> closingBrackets(std::string_view text) {
  std::vector<std::size_t> partners(text.size(), nowhere), squares, rounds;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto &open = text[i] == '[' || text[i] == ']' ? squares : rounds;
    if (text[i] == '[' || text[i] == '(') {
      open.push_back(i);
    } else if ((text[i] == ']' || text[i] == ')') && !open.empty()) {
      partners[open.back()] = i;
      open.pop_back();
    }
  }
  return partners;
}

/// One pass; texts inside of links and quotes are read where they stand, however deep.
class Stripper {
public:
  explicit Stripper(std::string_view text) : text(text) {}

  std::string run() {
    inner.push_back({text.size(), text.size(), 0, false});
    out.reserve(text.size());
    for (std::size_t i = 0;;) {
      while (i == inner.back().end) {
        i = inner.back().resume;
        leave();
        if (inner.empty())
          return std::move(out);
      }
      i = take(i);
    }
  }

private:
  /// A text that is read for itself: the whole, or what a link or quotes hold.
  struct Inner {
    std::size_t end, resume; ///< Behind its last byte; where it goes on behind its marks.
    std::size_t start;       ///< In `out`.
    bool quoted;
    bool inCode = false;                 ///< What stands around it is a literal.
    std::size_t ticks = 0, lastTick = 0; ///< In `out`.
  };

  /// Handles what begins at `i`, and returns where the next thing begins.
  std::size_t take(std::size_t i) {
    char c = text[i];
    std::size_t end = inner.back().end;
    bool atStart = out.size() == inner.back().start;
    if (CodePoint point = decodeAt(text, i); atStart && isSpace(point.value))
      return i + point.sizeBytes;
    // Quotes of TeX and of old manuals: ``so''.
    if (c == '`' && i + 1 < end && text[i + 1] == '`')
      if (std::size_t quote = nextQuote(i); quote != nowhere && quote + 2 <= end) {
        out += '"';
        inner.push_back({quote, quote + 2, out.size(), true, code});
        code = false;
        return i + 2;
      }
    if (c == '`') {
      // Literals keep one pair of quotes; reStructuredText doubles them.
      while (i + 1 < end && text[i + 1] == '`')
        ++i;
      code = !code;
      ++inner.back().ticks;
      inner.back().lastTick = out.size();
    } else if (!code) {
      if (std::size_t next = linkAt(i, end); next != nowhere)
        return next;
      if (c == '<')
        if (std::size_t close = tagEnd(text.substr(0, end), i); close != nowhere)
          return close + 1;
      if (c == '*') {
        std::size_t stars = std::min(text.find_first_not_of('*', i), end) - i;
        bool before = !atStart && out.back() != ' ', after = i + stars < end && text[i + stars] != ' ';
        if (stars > mostStars || !(before != after || (stars >= 2 && before)))
          out.append(stars, '*');
        return i + stars;
      }
      if (c == ' ' && !atStart && out.back() == ' ')
        return i + 1;
    }
    out += c;
    return i + 1;
  }

  /// "[text](target)" and "[text][reference]" leave their text, "![](picture)" leaves nothing.
  std::size_t linkAt(std::size_t i, std::size_t end) {
    bool image = text[i] == '!' && i + 1 < end && text[i + 1] == '[';
    if (text[i] != '[' && !image)
      return nowhere;
    if (partners.empty())
      partners = closingBrackets(text);
    std::size_t start = i + image, close = partners[start];
    if (close == nowhere || close + 1 >= end || (text[close + 1] != '(' && (text[close + 1] != '[' || image)))
      return nowhere;
    std::size_t target = partners[close + 1];
    if (target == nowhere || target >= end)
      return nowhere;
    if (image)
      return target + 1;
    inner.push_back({close, target + 1, out.size(), false});
    return start + 1;
  }

  std::size_t nextQuote(std::size_t from) {
    if (!quoteKnown || (quote != nowhere && quote < from))
      quote = text.find("''", from);
    quoteKnown = true;
    return quote;
  }

  void leave() {
    Inner left = inner.back();
    inner.pop_back();
    // A quote that never closes was an apostrophe of some kind.
    if (code && left.ticks == 1)
      out.erase(left.lastTick, 1);
    else if (!inner.empty())
      inner.back().ticks += left.ticks;
    code = left.inCode;
    std::string_view whole = std::string_view(out).substr(left.start), kept = trimmed(whole);
    std::size_t size = kept.size();
    out.erase(left.start, kept.empty() ? 0 : static_cast<std::size_t>(kept.data() - whole.data()));
    out.resize(left.start + size);
    if (left.quoted)
      out += '"';
  }

  std::string_view text;
  std::string out;
  std::vector<Inner> inner;
  std::vector<std::size_t> partners; ///< Made when a bracket asks for its own.
  std::size_t quote = nowhere;       ///< The next one that closes.
  bool quoteKnown = false, code = false;
};

} // namespace

std::string withoutMarkup(std::string_view text) { return Stripper(text).run(); }

} // namespace weft::extractive

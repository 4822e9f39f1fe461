//===- Markup.cpp - The marks of Markdown and HTML inside a line ----------===//

#include "runtime/agent/model/extractive/Blocks.h"
#include "runtime/agent/model/extractive/Characters.h"

#include <algorithm>

namespace weft::extractive {
namespace {

constexpr std::size_t maxTagBytes = 200; ///< A longer "<…>" is text with signs in it.

/// The end of a tag that starts at `i`, or npos: "<b>", "</b>", "<img …>".
std::size_t tagEnd(std::string_view text, std::size_t i) {
  std::size_t j = i + 1;
  if (j < text.size() && text[j] == '/')
    ++j;
  if (j >= text.size() || !isLetter(static_cast<unsigned char>(text[j])))
    return std::string_view::npos;
  std::size_t end = text.find('>', j);
  if (end == std::string_view::npos || end - i > maxTagBytes)
    return std::string_view::npos;
  // "<name@host>", "<https://…>" and "<file>" placeholders are text; tags are short lower-case names.
  std::size_t nameEnd = std::min(text.find_first_of(" />", j), end);
  std::string_view name = text.substr(j, nameEnd - j);
  for (std::string_view known :
       {"a",   "b",       "i",       "p",      "br",      "em",     "img", "strong", "code", "div", "span", "h1",
        "h2",  "h3",      "h4",      "table",  "tr",      "td",     "th",  "ul",     "ol",   "li",  "sup",  "sub",
        "kbd", "details", "summary", "center", "picture", "source", "pre", "hr",     "u",    "tt"})
    if (lowered(name) == known)
      return end;
  return std::string_view::npos;
}

/// The bracket that closes the one at `i`, or npos.
std::size_t closing(std::string_view text, std::size_t i, char open, char close) {
  int depth = 0;
  for (std::size_t j = i; j < text.size(); ++j) {
    depth += text[j] == open;
    depth -= text[j] == close;
    if (depth == 0)
      return j;
  }
  return std::string_view::npos;
}

} // namespace

std::string withoutMarkup(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool code = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    // Quotes of TeX and of old manuals: ``so''.
    if (text.substr(i, 2) == "``" && text.find("''", i) != std::string_view::npos) {
      std::size_t end = text.find("''", i);
      out += '"' + withoutMarkup(text.substr(i + 2, end - i - 2)) + '"';
      i = end + 1;
      continue;
    }
    if (c == '`') {
      // Literals keep one pair of quotes; reStructuredText doubles them.
      while (i + 1 < text.size() && text[i + 1] == '`')
        ++i;
      code = !code;
      out += '`';
      continue;
    }
    if (code) {
      out += c;
      continue;
    }
    bool image = c == '!' && i + 1 < text.size() && text[i + 1] == '[';
    if (c == '[' || image) {
      std::size_t start = i + image;
      std::size_t end = closing(text, start, '[', ']');
      if (end != std::string_view::npos && end + 1 < text.size() && text[end + 1] == '(') {
        std::size_t target = closing(text, end + 1, '(', ')');
        if (target != std::string_view::npos) {
          if (!image)
            out += withoutMarkup(text.substr(start + 1, end - start - 1));
          i = target;
          continue;
        }
      }
      // "[text][reference]"
      if (end != std::string_view::npos && end + 1 < text.size() && text[end + 1] == '[' && !image) {
        std::size_t target = closing(text, end + 1, '[', ']');
        if (target != std::string_view::npos) {
          out += withoutMarkup(text.substr(start + 1, end - start - 1));
          i = target;
          continue;
        }
      }
    }
    if (c == '<')
      if (std::size_t end = tagEnd(text, i); end != std::string_view::npos) {
        i = end;
        continue;
      }
    if (c == '*') {
      std::size_t stars = text.find_first_not_of('*', i);
      stars = (stars == std::string_view::npos ? text.size() : stars) - i;
      bool before = !out.empty() && out.back() != ' ', after = i + stars < text.size() && text[i + stars] != ' ';
      if (stars <= 3 && (before != after || (stars >= 2 && before))) {
        i += stars - 1;
        continue;
      }
    }
    if (c == ' ' && !out.empty() && out.back() == ' ')
      continue;
    out += c;
  }
  // A quote that never closes was an apostrophe of some kind.
  if (code && std::count(out.begin(), out.end(), '`') == 1)
    out.erase(out.find('`'), 1);
  return std::string(trimmed(out));
}

} // namespace weft::extractive

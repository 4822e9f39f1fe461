//===- StringLiterals.cpp - Escapes, and the indentation of blocks --------===//
//
// A block of text loses the blanks that it has because it stands in a program,
// and only those: what an escape or a hole gives is text, whatever it looks like.
//
//===----------------------------------------------------------------------===//

#include "lang/syntax/Literals.h"

#include "lang/syntax/Utf8.h"

#include <algorithm>
#include <cstdlib>

namespace weft::syntax {

using diagnostics::Code;

std::string readEscape(std::string_view text, Span span, diagnostics::DiagnosticEngine &diagnostics) {
  switch (text[1]) {
  case 'n':
    return "\n";
  case 't':
    return "\t";
  case 'r':
    return "\r";
  case '"':
  case '\\':
  case '$':
    return std::string(text.substr(1));
  case 'u':
    if (text.size() > 3) {
      std::string digits(text.substr(3, text.size() - 4));
      unsigned long value = digits.size() > 8 ? 0x110000UL : std::strtoul(digits.c_str(), nullptr, 16);
      if (value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF)) {
        std::string result;
        appendUtf8(result, static_cast<char32_t>(value));
        return result;
      }
      diagnostics.error(Code::badEscape, span, quote(text) + " is not a code point")
          .hint("code points go from 0 to 10FFFF, without D800 to DFFF");
      return {};
    }
    [[fallthrough]];
  default:
    std::string shown = text[1] == '\n' ? "a backslash at the end of a line" : quote(text);
    diagnostics.error(Code::badEscape, span, shown + " is not an escape")
        .hint("escapes are `\\n \\t \\r \\\" \\\\ \\$` and `\\u{1F600}`; a backslash is `\\\\`");
    return {};
  }
}

namespace {

bool isBlank(char c) { return c == ' ' || c == '\t'; }

/// Drops what a block's quotes stand for: the rest of the first line if it is
/// empty, and the last line if it is.
void trimEnds(std::vector<StringPart> &parts) {
  auto isRaw = [](const StringPart &part) { return !part.hole && !part.escaped; };
  if (!parts.empty() && isRaw(parts.front())) {
    std::string &text = parts.front().text;
    std::size_t end = std::find_if_not(text.begin(), text.end(), isBlank) - text.begin();
    if (end < text.size() && text[end] == '\n')
      text.erase(0, end); // The newline itself goes below, so that the line after it is seen as one.
  }
  if (!parts.empty() && isRaw(parts.back())) {
    std::string &text = parts.back().text;
    std::size_t newline = text.rfind('\n');
    if (newline != std::string::npos &&
        std::all_of(text.begin() + static_cast<std::ptrdiff_t>(newline) + 1, text.end(), isBlank))
      text.erase(parts.size() == 1 && newline == 0 ? 1 : newline);
  }
}

/// Blanks in front of every line that has text, but for the first.
std::size_t commonIndentation(const std::vector<StringPart> &parts) {
  std::size_t common = std::string::npos;
  std::size_t here = 0;
  bool leading = false;
  auto text = [&] {
    if (leading)
      common = std::min(common, here);
    leading = false;
  };
  for (const StringPart &part : parts) {
    if (part.hole || part.escaped) {
      text();
      continue;
    }
    for (char c : part.text) {
      if (c == '\n') {
        leading = true;
        here = 0;
      } else if (leading && isBlank(c)) {
        ++here;
      } else {
        text();
      }
    }
  }
  return common == std::string::npos ? 0 : common;
}

void removeIndentation(std::vector<StringPart> &parts) {
  for (StringPart &part : parts)
    if (!part.hole && !part.escaped)
      for (std::size_t at = part.text.find("\r\n"); at != std::string::npos; at = part.text.find("\r\n", at))
        part.text.erase(at, 1);
  trimEnds(parts);
  std::size_t common = commonIndentation(parts);
  std::size_t left = 0;
  bool first = true;
  for (StringPart &part : parts) {
    if (part.hole || part.escaped) {
      left = 0;
      first = false;
      continue;
    }
    std::string kept;
    for (char c : part.text) {
      if (c == '\n') {
        left = common;
        if (!first)
          kept += c;
      } else if (left > 0 && isBlank(c)) {
        --left;
      } else {
        left = 0;
        kept += c;
      }
      first = false;
    }
    part.text = std::move(kept);
  }
}

} // namespace

std::vector<StringPiece> assemble(std::vector<StringPart> parts, bool isBlock) {
  if (isBlock)
    removeIndentation(parts);
  std::vector<StringPiece> pieces;
  for (StringPart &part : parts) {
    if (!part.hole && part.text.empty())
      continue;
    if (!part.hole && !pieces.empty() && !pieces.back().hole) {
      pieces.back().text += part.text;
      pieces.back().span = source::join(pieces.back().span, part.span);
      continue;
    }
    pieces.push_back({part.span, std::move(part.text), part.hole});
  }
  return pieces;
}

} // namespace weft::syntax

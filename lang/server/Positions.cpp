//===- Positions.cpp - Bytes here, lines and columns there ----------------===//

#include "lang/server/Positions.h"

#include <algorithm>

namespace weft::server {
namespace {

/// Bytes of the code point at the beginning of a text that is not empty.
std::size_t lengthOfFirst(std::string_view text) {
  auto first = static_cast<unsigned char>(text[0]);
  std::size_t length = first < 0xC2 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 1;
  if (length > text.size())
    return 1;
  for (std::size_t at = 1; at < length; ++at)
    if ((static_cast<unsigned char>(text[at]) & 0xC0) != 0x80)
      return 1;
  return length;
}

std::uint32_t unitsOfPoint(std::size_t bytes, Encoding encoding) {
  switch (encoding) {
  case Encoding::utf8:
    return static_cast<std::uint32_t>(bytes);
  case Encoding::utf16:
    return bytes == 4 ? 2 : 1;
  case Encoding::utf32:
    break;
  }
  return 1;
}

/// Where the next line begins; the end of the text if this is the last one.
std::size_t afterLine(std::string_view text, std::size_t begin) {
  std::size_t end = text.find_first_of("\r\n", begin);
  if (end == std::string_view::npos)
    return text.size();
  return end + (text.substr(end).starts_with("\r\n") ? 2 : 1);
}

/// Whether a line break stands before the byte.
bool endsLine(std::string_view text, std::size_t at) {
  return at > 0 && (text[at - 1] == '\n' || text[at - 1] == '\r');
}

} // namespace

std::string_view nameOf(Encoding encoding) {
  return encoding == Encoding::utf8 ? "utf-8" : encoding == Encoding::utf16 ? "utf-16" : "utf-32";
}

std::uint32_t unitsOf(std::string_view text, Encoding encoding) {
  std::uint32_t units = 0;
  while (!text.empty()) {
    std::size_t length = lengthOfFirst(text);
    units += unitsOfPoint(length, encoding);
    text.remove_prefix(length);
  }
  return units;
}

std::uint32_t offsetAt(std::string_view text, Position position, Encoding encoding) {
  std::size_t begin = 0;
  for (std::uint32_t line = 0; line < position.line; ++line) {
    // Editors name a line beyond the last one to mean the end; nothing is counted up to it.
    std::size_t after = begin == text.size() ? begin : afterLine(text, begin);
    if (after == text.size() && (begin == after || !endsLine(text, after)))
      return static_cast<std::uint32_t>(text.size());
    begin = after;
  }
  std::size_t end = std::min(text.find_first_of("\r\n", begin), text.size());
  std::uint32_t units = 0;
  while (begin < end && units < position.character) {
    std::size_t length = lengthOfFirst(text.substr(begin, end - begin));
    units += unitsOfPoint(length, encoding);
    if (units > position.character)
      break;
    begin += length;
  }
  return static_cast<std::uint32_t>(begin);
}

LineTable::LineTable(std::string_view text, Encoding encoding) : text(text), encoding(encoding), starts{0} {
  for (std::size_t at = 0; at < text.size();) {
    at = afterLine(text, at);
    if (endsLine(text, at))
      starts.push_back(static_cast<std::uint32_t>(at));
  }
  std::uint32_t units = 0;
  for (std::uint32_t at = 0; at < text.size();) {
    if (at >= marks.size() * strideBytes)
      marks.push_back({at, units});
    std::size_t length = lengthOfFirst(text.substr(at));
    units += unitsOfPoint(length, encoding);
    at += static_cast<std::uint32_t>(length);
  }
}

std::uint32_t LineTable::unitsUpTo(std::uint32_t offset) const {
  std::size_t index = std::min<std::size_t>(offset / strideBytes, marks.size() - 1);
  if (marks[index].offset > offset)
    --index;
  return marks[index].units + unitsOf(text.substr(marks[index].offset, offset - marks[index].offset), encoding);
}

Position LineTable::positionAt(std::uint32_t offset) const {
  offset = std::min(offset, static_cast<std::uint32_t>(text.size()));
  auto line = static_cast<std::uint32_t>(std::upper_bound(starts.begin(), starts.end(), offset) - starts.begin() - 1);
  return {line, marks.empty() ? 0 : unitsUpTo(offset) - unitsUpTo(starts[line])};
}

json::value LineTable::range(std::uint32_t begin, std::uint32_t end) const {
  return {{"start", toJson(positionAt(begin))}, {"end", toJson(positionAt(end))}};
}

json::value toJson(Position position) { return {{"line", position.line}, {"character", position.character}}; }

std::optional<Position> positionIn(const json::value &params, std::string_view path) {
  const json::value *found = at(params, path);
  if (!found)
    return std::nullopt;
  std::optional<std::uint32_t> line = numberAt(*found, "line"), character = numberAt(*found, "character");
  return line && character ? std::optional(Position{*line, *character}) : std::nullopt;
}

} // namespace weft::server

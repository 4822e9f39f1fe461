//===- SourceFile.cpp - The text of modules, and places in it -------------===//
//
// Line starts are found once; a location is a binary search and a walk over one
// line, so that columns can be counted in code points.
//
//===----------------------------------------------------------------------===//

#include "lang/source/SourceFile.h"

#include <algorithm>

namespace weft::source {

Span join(Span left, Span right) {
  return {left.file, std::min(left.begin, right.begin), std::max(left.end, right.end)};
}

SourceFile::SourceFile(FileId id, std::string name, std::string text)
    : fileId(id), fileName(std::move(name)), content(std::move(text)) {
  lineStarts.push_back(0);
  for (std::size_t at = content.find('\n'); at != std::string::npos; at = content.find('\n', at + 1))
    lineStarts.push_back(static_cast<std::uint32_t>(at + 1));
}

std::string_view SourceFile::text(Span span) const {
  std::size_t begin = std::min<std::size_t>(span.begin, content.size());
  std::size_t end = std::clamp<std::size_t>(span.end, begin, content.size());
  return std::string_view(content).substr(begin, end - begin);
}

Location SourceFile::location(std::uint32_t offset) const {
  offset = std::min(offset, static_cast<std::uint32_t>(content.size()));
  auto after = std::upper_bound(lineStarts.begin(), lineStarts.end(), offset);
  auto line = static_cast<std::uint32_t>(after - lineStarts.begin());
  std::uint32_t column = 1;
  // Every byte but a continuation byte begins a code point.
  for (std::uint32_t at = lineStarts[line - 1]; at < offset; ++at)
    column += (static_cast<unsigned char>(content[at]) & 0xC0) != 0x80;
  return {line, column};
}

std::string_view SourceFile::line(std::uint32_t number) const {
  if (number == 0 || number > lineStarts.size())
    return {};
  std::size_t begin = lineStarts[number - 1];
  std::size_t end = number < lineStarts.size() ? lineStarts[number] - 1 : content.size();
  if (end > begin && content[end - 1] == '\r')
    --end;
  return std::string_view(content).substr(begin, end - begin);
}

const SourceFile &Sources::add(std::string name, std::string text) {
  return files.emplace_back(static_cast<FileId>(files.size()), std::move(name), std::move(text));
}

} // namespace weft::source

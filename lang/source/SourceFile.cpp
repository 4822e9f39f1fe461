//===- SourceFile.cpp - The text of modules, and places in it -------------===//
//
// Line starts are found once, and how many code points stand before every 256th
// byte, so that a column is counted over a few bytes however long its line is.
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
  pointsBefore.reserve(content.size() / strideBytes + 1);
  pointsBefore.push_back(0);
  for (std::size_t at = strideBytes; at <= content.size(); at += strideBytes)
    pointsBefore.push_back(pointsBefore.back() + pointsIn(at - strideBytes, at));
}

std::uint32_t SourceFile::pointsIn(std::size_t begin, std::size_t end) const {
  // Every byte but a continuation byte begins a code point.
  return static_cast<std::uint32_t>(std::count_if(content.begin() + static_cast<std::ptrdiff_t>(begin),
                                                  content.begin() + static_cast<std::ptrdiff_t>(end),
                                                  [](char byte) { return (byte & 0xC0) != 0x80; }));
}

std::uint32_t SourceFile::pointsUpTo(std::uint32_t offset) const {
  std::uint32_t stride = offset / strideBytes;
  return pointsBefore[stride] + pointsIn(std::size_t{stride} * strideBytes, offset);
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
  return {line, pointsUpTo(offset) - pointsUpTo(lineStarts[line - 1]) + 1};
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

//===- SourceFileTest.cpp - Places in the text ----------------------------===//

#include "lang/source/SourceFile.h"

#include <gtest/gtest.h>

namespace weft::source {
namespace {

/// By the definition: every byte but a continuation byte begins a code point.
Location counted(const std::string &text, std::uint32_t offset) {
  Location at;
  for (std::uint32_t i = 0; i < offset; ++i)
    if (text[i] == '\n')
      at = {at.line + 1, 1};
    else
      at.column += (text[i] & 0xC0) != 0x80;
  return at;
}

TEST(SourceFile, columnsCountCodePointsWhereverTheLineBegins) {
  // Lines of every length around the stride, of one to four bytes a code point.
  std::string text;
  for (int line = 0; line < 40; ++line) {
    for (int i = 0; i < line * 9; ++i)
      text += i % 4 == 0 ? "a" : i % 4 == 1 ? "ß" : i % 4 == 2 ? "→" : "🦉";
    text += '\n';
  }
  Sources sources;
  const SourceFile &file = sources.add("main.weft", text);
  for (std::uint32_t offset = 0; offset <= text.size(); ++offset)
    ASSERT_EQ(file.location(offset), counted(text, offset)) << "byte " << offset;
}

TEST(SourceFile, aTextOfOneStrideEndsInPlace) {
  for (std::size_t size : {0, 1, 255, 256, 257, 512}) {
    Sources sources;
    const SourceFile &file = sources.add("main.weft", std::string(size, 'x'));
    EXPECT_EQ(file.location(static_cast<std::uint32_t>(size)), (Location{1, static_cast<std::uint32_t>(size) + 1}));
    EXPECT_EQ(file.location(100'000), file.location(static_cast<std::uint32_t>(size))) << "past the end is the end";
  }
}

/// Generated programs have lines of megabytes. Counting each column from the line's start, this takes an hour.
TEST(SourceFile, aPlaceCostsTheSameOnALongLine) {
  Sources sources;
  const SourceFile &file = sources.add("main.weft", std::string(4 << 20, 'x'));
  std::uint64_t sum = 0;
  for (std::uint32_t offset = 0; offset < file.text().size(); offset += 4)
    sum += file.location(offset).column;
  EXPECT_EQ(sum, (std::uint64_t{1} << 20) * (2 * (1 << 20) - 1)); // Columns 1, 5, 9, … of 2^20 places.
}

} // namespace
} // namespace weft::source

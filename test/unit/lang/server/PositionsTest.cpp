//===- PositionsTest.cpp - Bytes, lines and columns -----------------------===//

#include "lang/server/Positions.h"

#include <gtest/gtest.h>

#include <random>

namespace weft::server {
namespace {

constexpr Encoding encodings[] = {Encoding::utf8, Encoding::utf16, Encoding::utf32};

TEST(Positions, ColumnsCountWhatWasAgreedOn) {
  std::string text = "aü🐈b\nc";
  std::uint32_t b = static_cast<std::uint32_t>(text.find('b'));
  EXPECT_EQ(LineTable(text, Encoding::utf8).positionAt(b), (Position{0, 7}));
  EXPECT_EQ(LineTable(text, Encoding::utf16).positionAt(b), (Position{0, 4}));
  EXPECT_EQ(LineTable(text, Encoding::utf32).positionAt(b), (Position{0, 3}));
  EXPECT_EQ(offsetAt(text, {0, 7}, Encoding::utf8), b);
  EXPECT_EQ(offsetAt(text, {0, 4}, Encoding::utf16), b);
  EXPECT_EQ(offsetAt(text, {0, 3}, Encoding::utf32), b);
}

TEST(Positions, InsideACodePointIsItsBeginning) {
  std::string text = "🐈b";
  EXPECT_EQ(offsetAt(text, {0, 1}, Encoding::utf16), 0u);
  EXPECT_EQ(offsetAt(text, {0, 3}, Encoding::utf8), 0u);
}

TEST(Positions, BeyondTheEnds) {
  EXPECT_EQ(offsetAt("ab\ncd", {0, 9}, Encoding::utf16), 2u);
  EXPECT_EQ(offsetAt("ab\ncd", {9, 0}, Encoding::utf16), 5u);
  EXPECT_EQ(offsetAt("ab\n", {1, 0}, Encoding::utf16), 3u);
  EXPECT_EQ(offsetAt("ab\n", {2, 0}, Encoding::utf16), 3u);
  EXPECT_EQ(offsetAt("", {0, 0}, Encoding::utf16), 0u);
  // The last line that can be named; counting up to it would take seconds.
  EXPECT_EQ(offsetAt("ab\n", {4294967295u, 4294967295u}, Encoding::utf16), 3u);
  EXPECT_EQ(offsetAt("", {4294967295u, 0}, Encoding::utf16), 0u);
  EXPECT_EQ(LineTable("ab\n", Encoding::utf16).positionAt(99), (Position{1, 0}));
}

TEST(Positions, EveryKindOfLineBreak) {
  std::string text = "a\r\nb\rc\nd";
  LineTable lines(text, Encoding::utf16);
  EXPECT_EQ(lines.positionAt(3), (Position{1, 0}));
  EXPECT_EQ(lines.positionAt(5), (Position{2, 0}));
  EXPECT_EQ(lines.positionAt(7), (Position{3, 0}));
  EXPECT_EQ(offsetAt(text, {0, 5}, Encoding::utf16), 1u);
  EXPECT_EQ(offsetAt(text, {2, 0}, Encoding::utf16), 5u);
}

/// Whatever the bytes are: each beginning of a code point is found again.
TEST(Positions, ThereAndBack) {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    std::string text;
    std::vector<std::uint32_t> begins;
    for (int i = 0; i < (round % 10 ? 60 : 2000); ++i) {
      constexpr std::string_view parts[] = {"a", "ü", "→", "🐈", "\n", "\r\n", "\r", "\xFF", "\xC3", "\xF0\x9F"};
      begins.push_back(static_cast<std::uint32_t>(text.size()));
      text += parts[random() % std::size(parts)];
    }
    for (Encoding encoding : encodings) {
      LineTable lines(text, encoding);
      for (std::uint32_t at : begins) {
        bool inBreak = at > 0 && text[at - 1] == '\r' && text[at] == '\n';
        if (!inBreak) {
          ASSERT_EQ(offsetAt(text, lines.positionAt(at), encoding), at) << "round " << round;
        }
      }
    }
  }
}

} // namespace
} // namespace weft::server

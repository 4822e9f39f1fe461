//===- CursorTest.cpp - What stands around a place ------------------------===//

#include "lang/server/Cursor.h"

#include <gtest/gtest.h>

namespace weft::server {
namespace {

/// `|` marks the cursor.
Cursor around(std::string text) {
  static std::string kept; // `line` looks into it.
  std::size_t place = text.find('|');
  kept = text.erase(place, 1);
  return cursorAt(kept, static_cast<std::uint32_t>(place));
}

std::string open(const std::string &text) {
  Cursor cursor = around(text);
  return {cursor.open.begin(), cursor.open.end()};
}

TEST(Cursor, OpenBrackets) {
  EXPECT_EQ(open("fn f(a) { g([1, |"), "{([");
  EXPECT_EQ(open("a ) } |"), "");
  EXPECT_EQ(open("\"{ ( ${ x(| \""), "$(");
  EXPECT_EQ(open("\"{ (\" |"), "");
  EXPECT_EQ(open("// { (\n [|"), "[");
  EXPECT_EQ(open("\"\"\"\n{ \" ( ${y} \"\"\" [|"), "[");
}

TEST(Cursor, TextsAndComments) {
  EXPECT_TRUE(around("x = \"a |").inText);
  EXPECT_TRUE(around("x = \"a \\\" |").inText);
  EXPECT_FALSE(around("x = \"a ${ |").inText);
  EXPECT_TRUE(around("x = \"a ${ b } |").inText);
  EXPECT_FALSE(around("x = \"a\" |").inText);
  EXPECT_FALSE(around("x = \"not closed\n|").inText);
  EXPECT_TRUE(around("\"\"\"\n a \" |").inText);
  EXPECT_TRUE(around("a // b |").inText);
  EXPECT_FALSE(around("a // b\n|").inText);
}

TEST(Cursor, WordsAndLines) {
  Cursor cursor = around("let x = a.na|me + 1");
  EXPECT_EQ(cursor.wordBegin, 10u);
  EXPECT_EQ(cursor.wordEnd, 14u);
  EXPECT_EQ(cursor.before, '.');
  EXPECT_EQ(cursor.line, "let x = a.");
  EXPECT_FALSE(cursor.firstOfLine);
  EXPECT_TRUE(around("a {\n  b|").firstOfLine);
  EXPECT_EQ(around("a {\n  b|").before, '{');
  EXPECT_EQ(around("|").before, 0);
}

TEST(Cursor, ClosesWhatTheLineOpened) {
  Cursor cursor = around("fn f() {\n  g(h([1, |");
  EXPECT_EQ(closing(cursor.openLine), "]))");
  EXPECT_EQ(closing(cursor.open), "]))}");
}

} // namespace
} // namespace weft::server

//===- CodesTest.cpp - The catalogue of messages --------------------------===//
//
// Order and uniqueness are checked when the table is compiled; here is what a
// compiler cannot see.
//
//===----------------------------------------------------------------------===//

#include "lang/diagnostics/Codes.h"
#include "lang/diagnostics/Render.h"

#include <gtest/gtest.h>

using namespace weft::diagnostics;

TEST(Codes, NumbersHaveFourDigits) {
  EXPECT_EQ(number(Code::unexpectedToken), "W0101");
  EXPECT_EQ(number(Code::notCarried), "W0001");
  EXPECT_EQ(number(Code::flowDown), "W0901");
}

TEST(Codes, EveryNumberIsFoundAgain) {
  for (const CodeInfo &entry : allCodes()) {
    EXPECT_EQ(findCode(number(entry.code)), entry.code) << entry.name;
    EXPECT_EQ(&info(entry.code), &entry);
  }
}

TEST(Codes, SmallLetterIsAccepted) { EXPECT_EQ(findCode("w0501"), Code::speculativeWrite); }

TEST(Codes, OthersAreNotFound) {
  for (std::string_view text : {"", "W", "W9999", "E0101", "W101", "W01011", "W0000", "W010x"})
    EXPECT_FALSE(findCode(text)) << text;
}

TEST(Codes, TitlesAndExplanationsAreTexts) {
  for (const CodeInfo &entry : allCodes()) {
    EXPECT_FALSE(entry.title.empty()) << entry.name;
    EXPECT_NE(entry.title.back(), '.') << entry.name;
    EXPECT_GT(entry.explanation.size(), 30u) << entry.name;
    EXPECT_EQ(entry.explanation.back(), '\n') << entry.name;
  }
}

TEST(Codes, ExplainNamesCodeAndTitle) {
  std::string text = explain(Code::chainedComparison);
  EXPECT_TRUE(text.starts_with("W0119: comparisons cannot be chained\n")) << text;
  EXPECT_NE(text.find("a < b and b < c"), std::string::npos);
}

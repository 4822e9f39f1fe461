//===- NearestTest.cpp - Did you mean? ------------------------------------===//
//
// A guess must be right often enough to be read: what is far gets none.
//
//===----------------------------------------------------------------------===//

#include "lang/diagnostics/Nearest.h"

#include <gtest/gtest.h>

#include <vector>

using namespace weft::diagnostics;

namespace {
const std::vector<std::string> names = {"reader", "writer", "planner", "len", "map", "filter", "std"};
} // namespace

TEST(EditDistance, CountsInsertionsDeletionsChangesAndSwaps) {
  EXPECT_EQ(editDistance("", ""), 0u);
  EXPECT_EQ(editDistance("abc", "abc"), 0u);
  EXPECT_EQ(editDistance("abc", "abcd"), 1u);
  EXPECT_EQ(editDistance("abc", "ac"), 1u);
  EXPECT_EQ(editDistance("abc", "axc"), 1u);
  EXPECT_EQ(editDistance("raeder", "reader"), 1u);
  EXPECT_EQ(editDistance("kitten", "sitting"), 3u);
  EXPECT_EQ(editDistance("", "abc"), 3u);
}

TEST(EditDistance, IsSymmetric) {
  for (const std::string &left : names)
    for (const std::string &right : names)
      EXPECT_EQ(editDistance(left, right), editDistance(right, left)) << left << " " << right;
}

TEST(Nearest, FindsTheSlip) {
  EXPECT_EQ(nearest("raeder", names), "reader");
  EXPECT_EQ(nearest("fliter", names), "filter");
  EXPECT_EQ(nearest("Reader", names), "reader");
  EXPECT_EQ(nearest("plnner", names), "planner");
}

TEST(Nearest, FarNamesGetNoGuess) {
  EXPECT_EQ(nearest("zebra", names), std::nullopt);
  EXPECT_EQ(nearest("x", names), std::nullopt);
  EXPECT_EQ(nearest("", names), std::nullopt);
  EXPECT_EQ(nearest("reader", {}), std::nullopt);
}

TEST(Nearest, TheNameItselfIsNoGuess) { EXPECT_NE(nearest("reader", names), "reader"); }

TEST(Nearest, LongNamesAreCutNotRefused) {
  std::string lengthy(5000, 'a');
  EXPECT_EQ(nearest(lengthy, names), std::nullopt);
}

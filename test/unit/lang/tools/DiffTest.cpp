//===- DiffTest.cpp - A diff, applied, gives the other text ---------------===//

#include "lang/tools/Diff.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <sstream>
#include <vector>

using weft::tools::unifiedDiff;

namespace {

std::vector<std::string> linesOf(const std::string &text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t newline = text.find('\n', at);
    std::size_t end = newline == std::string::npos ? text.size() : newline + 1;
    lines.push_back(text.substr(at, end - at));
    at = end;
  }
  return lines;
}

/// What `patch` does, and fails the test where the diff does not fit.
std::string patched(const std::string &before, const std::string &diff) {
  std::vector<std::string> old = linesOf(before);
  std::vector<std::string> made;
  std::size_t next = 0;
  std::vector<std::string> lines = linesOf(diff);
  for (std::size_t at = 2; at < lines.size(); ++at) {
    int first = 0, count = 1;
    if (std::sscanf(lines[at].c_str(), "@@ -%d,%d", &first, &count) >= 1) {
      std::size_t begin = static_cast<std::size_t>(count == 0 ? first : first - 1);
      EXPECT_GE(begin, next);
      while (next < begin)
        made.push_back(old.at(next++));
      continue;
    }
    if (lines[at].starts_with("\\"))
      continue;
    std::string line = lines[at].substr(1);
    if (at + 1 < lines.size() && lines[at + 1].starts_with("\\"))
      line.pop_back();
    if (lines[at][0] != '+') {
      EXPECT_LT(next, old.size());
      if (next < old.size()) {
        EXPECT_EQ(old[next], line);
      }
      ++next;
    }
    if (lines[at][0] != '-')
      made.push_back(line);
  }
  while (next < old.size())
    made.push_back(old[next++]);
  std::string text;
  for (const std::string &line : made)
    text += line;
  return text;
}

std::size_t changes(const std::string &diff) {
  std::size_t count = 0;
  for (const std::string &line : linesOf(diff))
    count += (line[0] == '+' || line[0] == '-') && !line.starts_with("+++") && !line.starts_with("---");
  return count;
}

} // namespace

TEST(Diff, EqualTextsHaveNone) {
  EXPECT_EQ(unifiedDiff("", "", "x"), "");
  EXPECT_EQ(unifiedDiff("a\nb", "a\nb", "x"), "");
}

TEST(Diff, OneLineInTheMiddle) {
  EXPECT_EQ(unifiedDiff("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n", "a.weft"),
            "--- a.weft\n+++ a.weft\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
}

TEST(Diff, FarChangesAreHunksOfTheirOwn) {
  std::string before, after;
  for (int line = 0; line < 40; ++line) {
    before += std::to_string(line) + "\n";
    after += (line == 5 || line == 30 ? "x" : "") + std::to_string(line) + "\n";
  }
  std::string diff = unifiedDiff(before, after, "x");
  EXPECT_EQ(std::count(diff.begin(), diff.end(), '@'), 8);
  EXPECT_EQ(changes(diff), 4u);
  EXPECT_EQ(patched(before, diff), after);
}

TEST(Diff, AMissingLineBreakAtTheEndIsADifference) {
  std::string diff = unifiedDiff("a\nb", "a\nb\n", "x");
  EXPECT_EQ(diff, "--- x\n+++ x\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n");
  EXPECT_EQ(patched("a\nb", diff), "a\nb\n");
}

TEST(Diff, FromNothingAndToNothing) {
  EXPECT_EQ(unifiedDiff("", "a\n", "x"), "--- x\n+++ x\n@@ -0,0 +1 @@\n+a\n");
  EXPECT_EQ(unifiedDiff("a\n", "", "x"), "--- x\n+++ x\n@@ -1 +0,0 @@\n-a\n");
}

TEST(Diff, AppliedItGivesTheOtherText) {
  std::mt19937 random(11);
  for (int round = 0; round < 400; ++round) {
    auto text = [&] {
      std::string made;
      for (unsigned lines = random() % 30; lines > 0; --lines)
        made += std::string(1, static_cast<char>('a' + random() % 4)) + "\n";
      if (random() % 4 == 0 && !made.empty())
        made.pop_back();
      return made;
    };
    std::string before = text(), after = text();
    ASSERT_EQ(patched(before, unifiedDiff(before, after, "x")), after) << before << "---\n" << after;
  }
}

TEST(Diff, ItIsAShortestOne) {
  // The example of Myers' paper: ABCABBA to CBABAC takes five changes.
  EXPECT_EQ(changes(unifiedDiff("A\nB\nC\nA\nB\nB\nA\n", "C\nB\nA\nB\nA\nC\n", "x")), 5u);
}

TEST(Diff, BeyondTheBoundItIsStillCorrect) {
  std::string before, after;
  for (int line = 0; line < 6000; ++line) {
    before += "a" + std::to_string(line) + "\n";
    after += "b" + std::to_string(line) + "\n";
  }
  EXPECT_EQ(patched(before, unifiedDiff(before, after, "x")), after);
}

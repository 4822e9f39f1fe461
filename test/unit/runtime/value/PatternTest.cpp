//===- PatternTest.cpp - Patterns of `matches` ----------------------------===//

#include "runtime/value/Pattern.h"
#include "runtime/base/Random.h"
#include "test/support/Seeds.h"

#include <gtest/gtest.h>
#include <regex>

namespace weft::value {
namespace {

bool fits(std::string_view pattern, std::string_view text) {
  auto parsed = Pattern::parse(pattern);
  EXPECT_TRUE(parsed) << pattern << ": " << parsed.error().message;
  return parsed && parsed->matches(text);
}

std::string refusal(std::string_view pattern) {
  auto parsed = Pattern::parse(pattern);
  return parsed ? "accepted" : parsed.error().message;
}

TEST(Pattern, ClassesAndRanges) {
  EXPECT_TRUE(fits("[a-c]", "b"));
  EXPECT_FALSE(fits("[a-c]", "d"));
  EXPECT_TRUE(fits("[^a-c]", "d"));
  EXPECT_TRUE(fits("[]a]", "]"));
  EXPECT_TRUE(fits("[a-]", "-"));
  EXPECT_TRUE(fits("[\\d_]+", "1_2"));
  EXPECT_TRUE(fits("\\w+\\s\\S", "ab3 !"));
  EXPECT_FALSE(fits("\\D", "7"));
  EXPECT_TRUE(fits("[é-ü]", "ö"));
}

TEST(Pattern, APointIsACodePoint) {
  EXPECT_TRUE(fits(".", "😀"));
  EXPECT_FALSE(fits(".", "\n"));
  EXPECT_TRUE(fits("..", "é!"));
}

TEST(Pattern, Repetitions) {
  EXPECT_TRUE(fits("a*", ""));
  EXPECT_FALSE(fits("a+", ""));
  EXPECT_TRUE(fits("ab?c", "ac"));
  EXPECT_TRUE(fits("a{2,3}", "aaa"));
  EXPECT_FALSE(fits("a{2,3}", "aaaa"));
  EXPECT_FALSE(fits("a{2,3}", "a"));
  EXPECT_TRUE(fits("a{2,}", "aaaaa"));
  EXPECT_TRUE(fits("(ab){2}", "abab"));
  EXPECT_TRUE(fits("a{0}b", "b"));
  EXPECT_TRUE(fits("(a*)*b", "aab"));
}

TEST(Pattern, AlternativesReachTheirEnds) {
  for (const char *text : {"ax", "bx", "cx"})
    EXPECT_TRUE(fits("(a|b|c)x", text));
  EXPECT_FALSE(fits("(a|b|c)x", "x"));
  EXPECT_TRUE(fits("y?(a|b)*", "yabba"));
  EXPECT_TRUE(fits("a|", ""));
  EXPECT_TRUE(fits("(?:a|b(?:c|d|e))+", "abeabc"));
}

TEST(Pattern, AnchorsMeanNothingAtTheEnds) {
  EXPECT_TRUE(fits("^ab$", "ab"));
  EXPECT_TRUE(fits("a\\$", "a$"));
  EXPECT_TRUE(fits("\\\\$", "\\"));
}

TEST(Pattern, MistakesNameTheirOffset) {
  EXPECT_EQ(refusal("a)"), "found ')' without '(' at offset 1");
  EXPECT_EQ(refusal("(a"), "expected ')' at offset 2");
  EXPECT_EQ(refusal("*a"), "found a repetition of nothing at offset 0");
  EXPECT_EQ(refusal("[a"), "expected ']' at offset 2");
  EXPECT_EQ(refusal("[b-a]"), "found a range that ends before it starts at offset 4");
  EXPECT_EQ(refusal("a{3,2}"), "found a repetition of at least 3 and at most 2 at offset 6");
  EXPECT_EQ(refusal("a{x}"), "expected a count at offset 2");
  EXPECT_EQ(refusal("\\1"), "found \\1, which has no meaning at offset 2");
  EXPECT_EQ(refusal("\\"), "found '\\' at the end at offset 1");
  EXPECT_EQ(refusal("(?=a)"), "found \"(?\", only \"(?:\" is known at offset 1");
  EXPECT_EQ(refusal("(a{1000}){1000}"), "a pattern of more than 4000 states; shorten its counted repetitions");
  EXPECT_NE(refusal(std::string(5000, 'a')), "accepted");
  EXPECT_NE(refusal(std::string(5000, '(')), "accepted");
}

// What makes backtracking take 2^30 steps.
TEST(Pattern, NestedRepetitionIsLinear) { EXPECT_FALSE(fits("(a+)+b", std::string(3000, 'a'))); }

TEST(Pattern, AgreesWithAnotherImplementation) {
  base::Random random(5);
  int fitting = 0;
  for (std::uint64_t round = 0; round < test::tries(3000, 60'000); ++round) {
    std::string pattern, text;
    int open = 0;
    for (std::uint64_t i = 1 + random.below(8); i > 0; --i) {
      constexpr const char *atoms[] = {"a", "b", ".", "[ab]", "[^a]", "(", "a|", "\\d"};
      std::uint64_t pick = random.below(8);
      open += pick == 5;
      pattern += atoms[pick];
      if (pick < 5 && random.below(3) == 0) {
        constexpr const char *signs[] = {"*", "+", "?", "{1,2}"};
        pattern += signs[random.below(4)];
      }
      if (open && pick < 5 && random.below(3) == 0) {
        pattern += ")";
        --open;
      }
    }
    for (; open; --open)
      pattern += "a)";
    for (std::uint64_t i = random.below(5); i > 0; --i)
      text += "ab1"[random.below(3)];
    bool expected = std::regex_match(text, std::regex(pattern, std::regex::ECMAScript));
    ASSERT_EQ(fits(pattern, text), expected) << pattern << " on " << text;
    fitting += expected;
  }
  EXPECT_GT(fitting, 300);
}

// A pattern may come from a model: reading it is bounded before fuel is spent on it.
TEST(Pattern, ALongTextIsRefusedBeforeItIsRead) {
  auto parsed = Pattern::parse(std::string(Pattern::maxTextBytes + 1, '|'));
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code, base::Code::limit);
  EXPECT_FALSE(Pattern::parse(std::string(Pattern::maxTextBytes, '|')));
}

TEST(Pattern, WorkCountsTheRangesOfSets) {
  EXPECT_EQ(Pattern::parse("[a-z]")->work(), Pattern::parse("a")->work());
  std::string wide = "[";
  for (int i = 0; i < 1000; ++i)
    wide += "a-z";
  EXPECT_GE(Pattern::parse(wide + "]")->work(), 1000u);
}

TEST(Pattern, RandomTextsAreParsedOrRefused) {
  base::Random random(6);
  for (std::uint64_t round = 0; round < test::tries(20'000, 400'000); ++round) {
    std::string pattern;
    for (std::uint64_t i = random.below(12); i > 0; --i)
      pattern += "ab.[]()^$|*+?{},-\\19dwn"[random.below(24)];
    if (auto parsed = Pattern::parse(pattern.c_str()))
      parsed->matches("ab1.$");
  }
}

} // namespace
} // namespace weft::value

//===- PatternTest.cpp - Regular expressions ------------------------------===//

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

/// Groups are not repeated: what they hold after an empty round differs between implementations.
std::string randomPattern(base::Random &random) {
  std::string pattern;
  int open = 0;
  for (std::uint64_t i = 1 + random.below(8); i > 0; --i) {
    constexpr const char *atoms[] = {"a", "b", ".", "[ab]", "[^a]", "(", "a|", "\\d"};
    std::uint64_t pick = random.below(8);
    open += pick == 5;
    pattern += atoms[pick];
    if (pick < 5 && random.below(3) == 0) {
      constexpr const char *signs[] = {"*", "+", "?", "{1,2}", "*?", "+?", "??", "{1,2}?"};
      pattern += signs[random.below(8)];
    }
    if (open && pick < 5 && random.below(3) == 0) {
      pattern += ")";
      --open;
    }
  }
  for (; open; --open)
    pattern += "a)";
  return pattern;
}

std::string randomText(base::Random &random, std::uint64_t most) {
  std::string text;
  for (std::uint64_t i = random.below(most); i > 0; --i)
    text += "ab1"[random.below(3)];
  return text;
}

TEST(Pattern, AgreesWithAnotherImplementation) {
  base::Random random(5);
  int fitting = 0;
  for (std::uint64_t round = 0; round < test::tries(3000, 60'000); ++round) {
    std::string pattern = randomPattern(random), text = randomText(random, 5);
    bool expected = std::regex_match(text, std::regex(pattern, std::regex::ECMAScript));
    ASSERT_EQ(fits(pattern, text), expected) << pattern << " on " << text;
    fitting += expected;
  }
  EXPECT_GT(fitting, 300);
}

/// "[0,2)(0,1)- [3,3)…": each part, then its groups.
std::string found(std::string_view pattern, std::string_view text) {
  auto parsed = Pattern::parse(pattern, Pattern::Groups::kept);
  EXPECT_TRUE(parsed) << pattern << ": " << parsed.error().message;
  std::string out;
  for (const Pattern::Match &match : parsed ? parsed->findAll(text) : std::vector<Pattern::Match>{}) {
    out += out.empty() ? "" : " ";
    for (std::size_t i = 0; i < match.size(); ++i)
      out += !match[i] ? "-"
                       : (i ? "(" : "[") + std::to_string(match[i]->begin) + "," + std::to_string(match[i]->end) + ")";
  }
  return out;
}

TEST(Pattern, FindsFromLeftToRight) {
  EXPECT_EQ(found("\\d+", "3 of 12"), "[0,1) [5,7)");
  EXPECT_EQ(found("a|ab", "ab"), "[0,1)");
  EXPECT_EQ(found("ab|a", "ab"), "[0,2)");
  EXPECT_EQ(found("x", "ab"), "");
  EXPECT_EQ(found("é", "aéé"), "[1,3) [3,5)");
}

TEST(Pattern, FindsAsManyOrAsFew) {
  EXPECT_EQ(found("<.*>", "<a><b>"), "[0,6)");
  EXPECT_EQ(found("<.*?>", "<a><b>"), "[0,3) [3,6)");
  EXPECT_EQ(found("a+?", "aaa"), "[0,1) [1,2) [2,3)");
  EXPECT_EQ(found("a{2,}?", "aaaaa"), "[0,2) [2,4)");
  EXPECT_EQ(found("a??b", "ab"), "[0,2)");
}

TEST(Pattern, FindsEmptyParts) {
  EXPECT_EQ(found("", "ab"), "[0,0) [1,1) [2,2)");
  EXPECT_EQ(found("x*", "axb"), "[0,0) [1,2) [2,2) [3,3)");
  EXPECT_EQ(found("", ""), "[0,0)");
}

TEST(Pattern, AnchorsHoldAPartAtItsEnd) {
  EXPECT_EQ(found("^a", "aa"), "[0,1)");
  EXPECT_EQ(found("a$", "aa"), "[1,2)");
  EXPECT_EQ(found("^a$", "aa"), "");
  EXPECT_EQ(found("^", "aa"), "[0,0)");
  EXPECT_EQ(found("^a|b$", "ab"), "") << "both hold for all of the pattern";
}

TEST(Pattern, GroupsKeepWhatTheyTookLast) {
  EXPECT_EQ(found("(a)(b)?", "ab a"), "[0,2)(0,1)(1,2) [3,4)(3,4)-");
  EXPECT_EQ(found("((a)b)(?:c)", "abc"), "[0,3)(0,2)(0,1)");
  EXPECT_EQ(found("(?:([ab])1)+", "a1b1"), "[0,4)(2,3)");
  EXPECT_EQ(found("(a|(b))*", "ba"), "[0,2)(1,2)(0,1) [2,2)--");
  EXPECT_EQ(found("(a*)*", "aa"), "[0,2)(0,2) [2,2)-") << "an empty round is none";
}

TEST(Pattern, FindsWhatAnotherImplementationFinds) {
  base::Random random(7);
  int parts = 0;
  for (std::uint64_t round = 0; round < test::tries(3000, 60'000); ++round) {
    std::string pattern = randomPattern(random), text = randomText(random, 9), expected;
    std::regex regex(pattern, std::regex::ECMAScript);
    for (std::size_t from = 0; from <= text.size();) {
      std::smatch match;
      auto flags = from ? std::regex_constants::match_prev_avail : std::regex_constants::match_default;
      auto begin = text.cbegin() + static_cast<std::ptrdiff_t>(from);
      if (!std::regex_search(begin, text.cend(), match, regex, flags))
        break;
      expected += expected.empty() ? "" : " ";
      for (std::size_t i = 0; i < match.size(); ++i)
        expected += !match[i].matched ? "-"
                                      : (i ? "(" : "[") + std::to_string(match[i].first - text.cbegin()) + "," +
                                            std::to_string(match[i].second - text.cbegin()) + ")";
      from = static_cast<std::size_t>(match[0].second - text.cbegin()) + (match.length(0) == 0);
      ++parts;
    }
    ASSERT_EQ(found(pattern, text), expected) << pattern << " on " << text;
  }
  EXPECT_GT(parts, 3000);
}

// Looking for each part anew would read the whole rest of the text from each of its places.
TEST(Pattern, FindingAllIsLinear) {
  std::string text(100'000, 'a');
  auto parsed = Pattern::parse("a.*b|a", Pattern::Groups::kept);
  EXPECT_EQ(parsed->findAll(text).size(), text.size());
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
    if (auto parsed = Pattern::parse(pattern.c_str(), Pattern::Groups::kept)) {
      parsed->matches("ab1.$");
      parsed->findAll("ab1.$");
    }
  }
}

} // namespace
} // namespace weft::value

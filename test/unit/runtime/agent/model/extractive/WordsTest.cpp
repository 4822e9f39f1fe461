//===- WordsTest.cpp - Words, stems, tokens, code points ------------------===//

#include "runtime/agent/model/extractive/Words.h"
#include "runtime/agent/model/extractive/Characters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weft::extractive {
namespace {

using testing::ElementsAre;

TEST(Words, InnerSignsBelongToTheWord) {
  std::vector<std::string> words;
  for (const Word &word : wordsOf("Don't edit config.yaml (open-source, a_b)."))
    words.emplace_back(word.text);
  EXPECT_THAT(words, ElementsAre("Don't", "edit", "config.yaml", "open-source", "a_b"));
}

TEST(Words, OneStemForOneFamily) {
  EXPECT_EQ(stem("licenses"), stem("licensed"));
  EXPECT_EQ(stem("licensing"), stem("license"));
  EXPECT_EQ(stem("copies"), stem("copy"));
  EXPECT_EQ(stem("distribution"), stem("distributions"));
  EXPECT_EQ(stem("running"), stem("run"));
  EXPECT_NE(stem("program"), stem("process"));
  EXPECT_EQ(stem("bus"), "bus");
}

TEST(Words, TermsLeaveGrammarOut) {
  EXPECT_THAT(termsOf("The fish is in the lake, and it swims."), ElementsAre("fish", "lake", "swim"));
}

TEST(Tokens, CountsAreFixedForEver) {
  EXPECT_EQ(countTokens(""), 0u);
  EXPECT_EQ(countTokens("a"), 1u);
  EXPECT_EQ(countTokens("hello world"), 4u);
  EXPECT_EQ(countTokens("f(x) = 1;"), 3u);
  EXPECT_EQ(countTokens("a b, c d. e"), 4u);
  EXPECT_EQ(countTokens("日本語"), 2u);
}

TEST(Characters, RepairedTextIsValidAndLosesNoLetter) {
  EXPECT_EQ(repaired("\xEF\xBB\xBFgr\xC3\xBC\xC3\x9F\x65\r\nx\xFFy\x01z"), "grüße\nx\xEF\xBF\xBDyz");
  EXPECT_EQ(lowered("GRÜSSE ÄÖ ПРИВЕТ"), "grüsse äö привет");
  EXPECT_EQ(firstCodePoints("äöü", 2), "äö");
  EXPECT_EQ(length("äöü日"), 4u);
}

} // namespace
} // namespace weft::extractive

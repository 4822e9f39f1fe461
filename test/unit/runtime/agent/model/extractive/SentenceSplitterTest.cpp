//===- SentenceSplitterTest.cpp - Ends of sentences, and what only looks so ===//

#include "runtime/agent/model/extractive/SentenceSplitter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weft::extractive {
namespace {

using testing::ElementsAre;

TEST(SentenceSplitter, PlainSentences) {
  EXPECT_THAT(sentencesOf("One is here. Two asks? Three cries! Four"),
              ElementsAre("One is here.", "Two asks?", "Three cries!", "Four"));
}

// A row of marks is looked through once, not from each of its marks.
TEST(SentenceSplitter, LongRowsOfDots) {
  constexpr std::size_t many = 300'000;
  std::string dots(many, '.'), closed;
  for (std::size_t i = 0; i < many; ++i)
    closed += ".)";
  EXPECT_THAT(sentencesOf("Go " + dots + "x on. Then stop."), ElementsAre("Go " + dots + "x on.", "Then stop."));
  EXPECT_THAT(sentencesOf("Go " + dots + " on. Then stop."), ElementsAre("Go " + dots + " on.", "Then stop."));
  EXPECT_THAT(sentencesOf("Go " + closed + "x on. Then stop."), ElementsAre("Go " + closed + "x on.", "Then stop."));
}

TEST(SentenceSplitter, BracketsThatCloseBehindTheMarks) {
  EXPECT_THAT(sentencesOf("It is (really [so.]). It ends."), ElementsAre("It is (really [so.]).", "It ends."));
  EXPECT_THAT(sentencesOf("It is (so.) and (on...). It ends."), ElementsAre("It is (so.) and (on...).", "It ends."));
}

TEST(SentenceSplitter, AbbreviationsDoNotEndASentence) {
  EXPECT_THAT(sentencesOf("Use a lock, e.g. Peterson's, cf. Fig. 3 of Dr. Knuth. It works."),
              ElementsAre("Use a lock, e.g. Peterson's, cf. Fig. 3 of Dr. Knuth.", "It works."));
}

TEST(SentenceSplitter, AnAbbreviationBeforeACapitalMayEndOne) {
  EXPECT_THAT(sentencesOf("Bring pens, paper, etc. Lunch is at noon."),
              ElementsAre("Bring pens, paper, etc.", "Lunch is at noon."));
}

TEST(SentenceSplitter, InitialsNumbersAndNames) {
  EXPECT_THAT(sentencesOf("J. R. Smith runs 3.5 of it from config.yaml. Version 2.0 follows."),
              ElementsAre("J. R. Smith runs 3.5 of it from config.yaml.", "Version 2.0 follows."));
}

TEST(SentenceSplitter, AClauseKeepsItsNumber) {
  EXPECT_THAT(sentencesOf("12. You may copy it. You may sell it."),
              ElementsAre("12. You may copy it.", "You may sell it."));
}

TEST(SentenceSplitter, BracketsHoldASentenceTogether) {
  EXPECT_THAT(sentencesOf("It stops (it says so. Twice.) and ends. Next."),
              ElementsAre("It stops (it says so. Twice.) and ends.", "Next."));
}

TEST(SentenceSplitter, ClosingQuotesBelongToTheSentence) {
  EXPECT_THAT(sentencesOf("He said \"go.\" She went."), ElementsAre("He said \"go.\"", "She went."));
}

TEST(SentenceSplitter, OtherScripts) {
  EXPECT_THAT(sentencesOf("Это первое. Это второе."), ElementsAre("Это первое.", "Это второе."));
  EXPECT_THAT(sentencesOf("これは一つ。これは二つ。"), ElementsAre("これは一つ。", "これは二つ。"));
}

TEST(SentenceSplitter, AVeryLongClauseIsCutAtItsSemicolons) {
  std::string clause(200, 'x');
  std::string paragraph = "First " + clause + "; second " + clause + "; third " + clause + ".";
  auto parts = sentencesOf(paragraph);
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_TRUE(parts[0].ends_with(";"));
}

TEST(SentenceSplitter, NothingGivesNothing) {
  EXPECT_TRUE(sentencesOf("").empty());
  EXPECT_TRUE(sentencesOf("   ").empty());
}

} // namespace
} // namespace weft::extractive

//===- AnswerTest.cpp - Typed answers out of texts and records ------------===//

#include "runtime/agent/model/extractive/Extractive.h"
#include "runtime/base/Random.h"
#include "runtime/value/Json.h"
#include "test/support/Seeds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weft::extractive {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using value::Tag;
using value::TypeId;
using value::TypeKind;
using value::Value;

const char *ferry = R"(Summarise for a reader who does not know it.
Document: ferry.md

# The Ferry

The ferry is a boat that carries people and carts across the river. It leaves every hour.

## Fares

Passengers must pay the fare before the ferry leaves. Carts pay twice the fare of passengers.
Children under six years travel without a fare.

## Weather

The ferry does not leave when the river is higher than the mark. The ferry master decides about the weather.
)";

/// Checks are named by what they ask, not compiled: the filler knows them only by their answers.
struct Check {
  std::string text;
  std::function<bool(std::span<const Value>)> holds;
};

class AnswerTest : public testing::Test {
protected:
  value::TypeTable types;
  std::vector<Check> checks;
  TypeId text = types.simple(TypeKind::string), real = types.simple(TypeKind::real),
         whole = types.simple(TypeKind::integer);
  TypeId yes = types.simple(TypeKind::boolean), texts = types.list(text);

  std::int32_t check(std::string where, std::function<bool(std::span<const Value>)> holds) {
    checks.push_back({std::move(where), std::move(holds)});
    return static_cast<std::int32_t>(checks.size() - 1);
  }
  value::Field field(std::string name, TypeId type, std::string where,
                     std::function<bool(std::span<const Value>)> holds) {
    return {std::move(name), type, check(where, std::move(holds)), where, ""};
  }

  base::Result<Answer> ask(std::string_view prompt, std::optional<TypeId> type, std::int64_t maxTokens = 0) {
    Question question{"",
                      prompt,
                      &types,
                      type,
                      [this](std::int32_t index, std::span<const Value> values) {
                        return checks.at(static_cast<std::size_t>(index)).holds(values);
                      },
                      maxTokens};
    return answer(question);
  }
  std::string json(std::string_view prompt, TypeId type) {
    auto answer = ask(prompt, type);
    if (!answer)
      return "error: " + answer.error().message;
    EXPECT_TRUE(value::fromJson(answer->text, type, types)) << answer->text;
    return answer->text;
  }
};

TEST_F(AnswerTest, ANoteOfAText) {
  TypeId point = types.record("Point", {{"claim", text}, {"sentence", text}, {"section", text}, {"document", text}});
  TypeId note = types.record("Note", {{"title", text}, {"points", types.list(point)}});
  EXPECT_EQ(json(ferry, types.record("Short", {field("points", types.list(point), "len(points) == 2",
                                                     [](auto values) { return values.back().items().size() == 2; })})),
            "{\"points\":[{\"claim\":\"The ferry is a boat that carries people and carts across the "
            "river.\",\"sentence\":\"The "
            "ferry is a boat that carries people and carts across the river.\",\"section\":\"The "
            "Ferry\",\"document\":\"ferry.md\"},"
            "{\"claim\":\"Passengers must pay the fare before the ferry leaves.\",\"sentence\":\"Passengers must pay "
            "the fare "
            "before the ferry leaves.\",\"section\":\"Fares\",\"document\":\"ferry.md\"}]}");
  EXPECT_THAT(json(ferry, note), HasSubstr("{\"title\":\"The Ferry\""));
}

TEST_F(AnswerTest, PlainTexts) {
  EXPECT_THAT(ask(ferry, std::nullopt)->text, HasSubstr("carries people and carts"));
  std::string keywords = std::string("List the keywords of this text:\n") + ferry;
  EXPECT_THAT(ask(keywords, std::nullopt)->text, HasSubstr("ferry"));
  EXPECT_EQ(ask("", std::nullopt)->text, "");
  EXPECT_EQ(ask("Hello", std::nullopt)->text, "Hello");
}

TEST_F(AnswerTest, AWhereIsAlwaysRespected) {
  auto size = [](auto values) { return values.back().items().size(); };
  auto string = [](auto values) { return values.back().asText(); };
  TypeId strict = types.record(
      "Strict",
      {field("title", text, "len(title) <= 12", [=](auto v) { return string(v).size() <= 12; }),
       field("points", texts, "2 <= len(points)", [=](auto v) { return size(v) >= 2 && size(v) <= 2; }),
       field("summary", text, "len(summary) >= 150", [=](auto v) { return string(v).size() >= 150; }),
       field("slug", text, "matches(slug, \"[a-z_]+\")",
             [=](auto v) {
               return !string(v).empty() &&
                      string(v).find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string::npos;
             }),
       field("language", text, "language == \"en\" or language == \"de\"",
             [=](auto v) { return string(v) == "en" || string(v) == "de"; }),
       field("score", real, "3.0 <= score and score <= 4.5",
             [](auto v) { return v.back().asFloat() >= 3 && v.back().asFloat() <= 4.5; }),
       field("stars", whole, "1 <= stars and stars <= 5 and stars != 3",
             [](auto v) { return v.back().asInt() >= 1 && v.back().asInt() <= 5 && v.back().asInt() != 3; }),
       field("sure", yes, "sure == (stars > 3)", [](auto v) { return v.back().asBool() == (v[6].asInt() > 3); })});
  std::string answer = json(ferry, strict);
  EXPECT_THAT(answer, Not(HasSubstr("error")));
  EXPECT_THAT(answer, AllOf(HasSubstr("\"title\":\"The Ferry\""), HasSubstr("\"language\":\"en\"")));
}

TEST_F(AnswerTest, AWhereThatNothingSatisfiesIsNamed) {
  TypeId never = types.record("Never", {field("title", text, "title == title + \"x\"", [](auto) { return false; })});
  EXPECT_THAT(json(ferry, never), AllOf(HasSubstr("error: $.title"), HasSubstr("title == title + \"x\"")));
  TypeId many = types.record(
      "Many", {field("points", texts, "len(points) >= 30", [](auto v) { return v.back().items().size() >= 30; })});
  EXPECT_THAT(json(ferry, many), AllOf(HasSubstr("$.points"), HasSubstr("len(points) >= 30"), HasSubstr("sentences")));
}

TEST_F(AnswerTest, WhatNoTextCanFillIsRefused) {
  TypeId blob = types.record("Blob", {{"data", types.simple(TypeKind::bytes)}});
  auto answer = ask(ferry, blob);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, base::Code::unsupported);
  EXPECT_THAT(answer.error().message, HasSubstr("$.data"));
  TypeId optional = types.record("Maybe", {{"data", types.optional(types.simple(TypeKind::bytes))}, {"title", text}});
  EXPECT_EQ(json(ferry, optional), "{\"title\":\"The Ferry\"}");
}

TEST_F(AnswerTest, SumsByTheirWords) {
  TypeId subject = types.sum("Subject", {{"cooking", {}, "food, kitchens and recipes"},
                                         {"transport", {}, "boats, carts, roads and how people travel"},
                                         {"money", {{"amount", text}}, "banks and prices"}});
  EXPECT_EQ(json(ferry, subject), "{\"kind\":\"transport\"}");
}

TEST_F(AnswerTest, OptionalsOnlyWhereKnown) {
  TypeId maybe = types.record(
      "Facts", {{"date", types.optional(text)}, {"url", types.optional(text)}, {"weather", types.optional(text)}});
  EXPECT_THAT(json(ferry, maybe), AllOf(Not(HasSubstr("date")), Not(HasSubstr("url")), HasSubstr("\"weather\":")));
}

const char *notes =
    R"([{"document":"a.md","title":"Boats","points":[{"claim":"A ferry carries carts across the river.","sentence":"A ferry carries carts, people and geese across the river."}],"score":0.9},)"
    R"({"document":"b.md","title":"Bridges","points":[{"claim":"A bridge carries carts when the river is high.","sentence":"A bridge carries carts when the river is high."},{"claim":"Bridges need new planks each spring.","sentence":"Bridges need new planks each spring."}],"score":0.5},)"
    R"({"document":"c.md","title":"Fords","points":[{"claim":"Carts cross the ford in summer.","sentence":"Carts cross the ford in summer only."}],"score":0.2}])";

TEST_F(AnswerTest, ABriefOfNotesCitesSentenceAndDocument) {
  TypeId point = types.record("BriefPoint", {{"claim", text}, {"sentence", text}, {"document", text}});
  TypeId brief = types.record("Brief", {{"title", text}, {"points", types.list(point)}, {"documents", texts}});
  std::string answer = json(std::string("Write a brief from these notes:\n") + notes, brief);
  EXPECT_THAT(answer,
              HasSubstr("{\"claim\":\"A ferry carries carts across the river.\",\"sentence\":\"A ferry carries carts, "
                        "people and geese across the river.\",\"document\":\"a.md\"}"));
  EXPECT_THAT(answer, AllOf(HasSubstr("\"title\":\"3 documents on "), HasSubstr("b.md"), HasSubstr("c.md")));
}

TEST_F(AnswerTest, ARankingKeepsEveryRecord) {
  TypeId ranked = types.record("Ranked", {{"document", text}, {"place", whole}, {"score", real}, {"why", text}});
  auto answer = ask(std::string("Rank them:\n") + notes, types.list(ranked));
  ASSERT_TRUE(answer);
  auto list = value::fromJson(answer->text, types.list(ranked), types);
  ASSERT_TRUE(list);
  ASSERT_EQ(list->items().size(), 3u);
  EXPECT_EQ(list->items()[0].items()[0].asText(), "a.md");
  EXPECT_EQ(list->items()[2].items()[0].asText(), "c.md");
  EXPECT_EQ(list->items()[2].items()[1].asInt(), 3);
  EXPECT_THAT(std::string(list->items()[1].items()[3].asText()), HasSubstr("ridges"));
}

TEST_F(AnswerTest, RecordsAroundRecordsAreSeenThrough) {
  TypeId ranked = types.record("Ranked", {{"document", text}, {"title", text}, {"score", real}});
  std::string prompt =
      R"(Rank: [{"document":"x.md","note":{"title":"Geese","points":["Geese swim in the lake."],"score":0.3}},)"
      R"({"document":"y.md","note":{"title":"Carts","points":["Carts cross the ford."],"score":0.6}}])";
  EXPECT_THAT(json(prompt, types.list(ranked)),
              AllOf(HasSubstr(
                  R"([{"document":"y.md","title":"Carts","score":1.0},{"document":"x.md","title":"Geese","score":)")));
  std::string one =
      R"(Rank: [{"document":"x.md","note":{"title":"Geese","points":["Geese swim.","Geese fly."],"score":0.3}}])";
  EXPECT_EQ(json(one, types.list(ranked)), R"([{"document":"x.md","title":"Geese","score":1.0}])");
}

TEST_F(AnswerTest, AVerdictNamesWhatIsWrong) {
  TypeId verdict = types.sum("Verdict", {{"accept", {}}, {"revise", {{"why", text}}}});
  std::string thin =
      R"({"title":"T","points":[{"claim":"Geese swim.","document":"a.md"},{"claim":"Geese swim.","document":"a.md"}]})";
  std::string judged = json("Judge this draft.\n" + thin + "\nIt was made from: " + notes, verdict);
  EXPECT_THAT(judged, AllOf(HasSubstr("\"kind\":\"revise\""), HasSubstr("2 points, 3 are wanted"),
                            HasSubstr("say the same"), HasSubstr("leaves out"), HasSubstr("1 of 3 documents")));
  TypeId point = types.record("P", {{"claim", text}, {"sentence", text}, {"document", text}});
  TypeId brief = types.record("B", {{"title", text}, {"points", types.list(point)}});
  std::string good = json(std::string("Write a brief from these notes:\n") + notes, brief);
  EXPECT_EQ(json("Judge this draft.\n" + good + "\nIt was made from: " + notes, verdict), "{\"kind\":\"accept\"}");
}

TEST_F(AnswerTest, ARevisedDraftSaysWhatTheJudgeMissed) {
  TypeId verdict = types.sum("Verdict", {{"accept", {}}, {"revise", {{"why", text}}}});
  TypeId point = types.record("P", {{"claim", text}, {"sentence", text}, {"document", text}});
  TypeId brief = types.record("B", {{"points", types.list(point)}});
  std::string thin =
      R"({"points":[{"claim":"Carts cross the ford in summer.","sentence":"Carts cross the ford in summer only.","document":"c.md"}]})";
  std::string judged = json("Judge this draft.\n" + thin + "\nIt was made from: " + notes, verdict);
  ASSERT_THAT(judged, HasSubstr("leaves out"));
  std::string revised =
      json("Revise this draft:\n" + thin + "\nThe judge says: " + judged + "\nThe notes:\n" + notes, brief);
  EXPECT_THAT(revised, HasSubstr("Carts cross the ford in summer only.")) << "nobody complained of it";
  EXPECT_EQ(json("Judge this draft.\n" + revised + "\nIt was made from: " + notes, verdict), "{\"kind\":\"accept\"}");
}

TEST_F(AnswerTest, TheBudgetShortensTheAnswer) {
  TypeId note = types.record("Note", {{"summary", text}, {"points", texts}});
  auto full = ask(ferry, note), brief = ask(ferry, note, 60);
  ASSERT_TRUE(full && brief);
  EXPECT_GT(full->tokensOut, 60);
  EXPECT_LE(brief->tokensOut, 60);
  EXPECT_EQ(ask(ferry, note, 3).error().code, base::Code::limit);
  EXPECT_GT(full->tokensIn, 100);
}

TEST_F(AnswerTest, RecursiveTypesEnd) {
  TypeId tree = types.record("Tree", {{"claim", text}});
  types.edit(tree).fields.push_back({"children", types.list(tree)});
  EXPECT_THAT(json(ferry, tree), HasSubstr("\"children\":"));
}

/// The text speaks of branches alone; three in three eleven times are more than there are tries.
TEST_F(AnswerTest, RecursiveSumsEnd) {
  TypeId tree = types.sum("Tree", {{"leaf", {{"title", text}}}, {"branch", {}}});
  for (const char *side : {"a", "b", "c"})
    types.edit(tree).cases[1].fields.push_back({side, tree});
  EXPECT_THAT(json("Summarise:\n\nA branch is a branch of a branch. Each branch has a branch. A branch ends.", tree),
              AllOf(HasSubstr("\"branch\""), HasSubstr("\"leaf\"")));
}

/// Anything at all: no crash, valid JSON of the type, and the same again.
TEST_F(AnswerTest, ArbitraryBytesGiveValidAnswers) {
  TypeId colour = types.sum("Colour", {{"red", {}}, {"green", {{"why", text}}}});
  TypeId odd = types.record("Odd", {{"title", text},
                                    {"summary", text},
                                    {"points", texts},
                                    {"score", real},
                                    {"colour", colour},
                                    {"pairs", types.map(real)},
                                    {"when", types.optional(text)},
                                    {"raw", types.simple(TypeKind::json)}});
  const char *pieces[] = {"# ",
                          "\n\n",
                          "The lake is deep. ",
                          "[{\"a\":\"b c\"}]",
                          "```",
                          "\f",
                          "[Page 3]",
                          "1. ",
                          "...",
                          "(",
                          "\"",
                          "\xFF\xFE",
                          "\xE2\x82",
                          "{\"points\":[\"x y.\",\"z\"]}",
                          "A ",
                          "=====\n",
                          "http://x.y",
                          ":\n",
                          "\t",
                          "é"};
  base::Random random(7);
  for (std::uint64_t round = 0; round < test::tries(300, 6000); ++round) {
    std::string prompt;
    for (std::uint64_t i = random.below(60); i > 0; --i)
      if (random.below(5) == 0)
        prompt += static_cast<char>(random.below(256));
      else
        prompt += pieces[random.below(std::size(pieces))];
    auto first = ask(prompt, odd), second = ask(prompt, odd);
    ASSERT_TRUE(first) << first.error().message;
    EXPECT_EQ(first->text, second->text);
    EXPECT_TRUE(value::fromJson(first->text, odd, types)) << first->text;
  }
}

} // namespace
} // namespace weft::extractive

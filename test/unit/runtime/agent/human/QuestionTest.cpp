//===- QuestionTest.cpp - Asking people, and understanding them -----------===//

#include "runtime/agent/human/Question.h"
#include "runtime/value/Json.h"
#include "runtime/value/WordsBuilder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weft::agent {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using value::TypeKind;

class QuestionTest : public testing::Test {
protected:
  value::TypeTable types;
  value::TypeId text = types.simple(TypeKind::string), whole = types.simple(TypeKind::integer);
  value::TypeId yes = types.simple(TypeKind::boolean);
  value::TypeId verdict = types.sum(
      "Verdict", {{"accept", {}, "publish it"}, {"revise", {{"why", text}}}, {"both", {{"a", text}, {"b", whole}}}});
  value::TypeId colour = types.sum("Colour", {{"red", {}}, {"green", {}}});
  value::TypeId form = types.record("Form", {{"name", text, -1, "", "Who signs"},
                                             {"age", whole, -1, "age >= 18", ""},
                                             {"note", types.optional(text)},
                                             {"tags", types.list(text)}});

  /// JSON of what was typed, or "error: …".
  std::string read(std::string_view typed, value::TypeId type) {
    auto json = answerJson(typed, type, types);
    if (!json)
      return "error: " + json.error().message;
    auto value = value::fromJson(*json, type, types);
    return value ? *value::toJson(*value, type, types) : "error: " + value.error().message;
  }
};

TEST_F(QuestionTest, QuestionsSayHowToAnswer) {
  EXPECT_EQ(renderQuestion("Go on?\n", yes, types), "Go on?\nanswer yes or no");
  EXPECT_THAT(renderQuestion("Publish?", verdict, types),
              AllOf(HasSubstr("1  accept"), HasSubstr("publish it"), HasSubstr("2  revise: why (string)")));
  EXPECT_THAT(renderQuestion("Sign", form, types), AllOf(HasSubstr("name: string  Who signs"),
                                                         HasSubstr("(where age >= 18)"), HasSubstr("may be left out")));
}

TEST_F(QuestionTest, YesAndNo) {
  for (const char *typed : {"yes", "Y", " true\n", "ok"})
    EXPECT_EQ(read(typed, yes), "true");
  for (const char *typed : {"no", "N", "false"})
    EXPECT_EQ(read(typed, yes), "false");
  EXPECT_THAT(read("maybe", yes), AllOf(HasSubstr("found 'maybe'"), HasSubstr("answer yes or no")));
}

TEST_F(QuestionTest, Choices) {
  EXPECT_EQ(read("green", colour), "\"green\"");
  EXPECT_EQ(read("2", colour), "\"green\"");
  EXPECT_EQ(read("\"red\"", colour), "\"red\"");
  EXPECT_EQ(read("accept", verdict), "{\"kind\":\"accept\"}");
  EXPECT_EQ(read("revise: too \"long\"", verdict), "{\"kind\":\"revise\",\"why\":\"too \\\"long\\\"\"}");
  EXPECT_EQ(read("revise why=too long", verdict), "{\"kind\":\"revise\",\"why\":\"too long\"}");
  EXPECT_EQ(read("both\na: x\nb: 3", verdict), "{\"kind\":\"both\",\"a\":\"x\",\"b\":3}");
  EXPECT_EQ(read("{\"kind\":\"revise\",\"why\":\"x\"}", verdict), "{\"kind\":\"revise\",\"why\":\"x\"}");
  EXPECT_THAT(read("perhaps", verdict), AllOf(HasSubstr("found 'perhaps'"), HasSubstr("1  accept")));
  EXPECT_THAT(read("accept: but", verdict), HasSubstr("error"));
}

TEST_F(QuestionTest, ACaseIsNotTakenWithoutItsText) {
  for (const char *typed : {"revise", "2", "revise:", " revise \n"})
    EXPECT_THAT(read(typed, verdict), AllOf(HasSubstr("'why' is missing"), HasSubstr("2  revise: why (string)")))
        << typed;
  EXPECT_THAT(read("both\na: x", verdict), HasSubstr("'b' is missing"));
  value::TypeId maybe = types.sum("Maybe", {{"accept", {}}, {"revise", {{"why", types.optional(text)}}}});
  EXPECT_EQ(read("revise", maybe), "{\"kind\":\"revise\"}");
  EXPECT_EQ(read("{\"kind\":\"revise\",\"why\":\"\"}", verdict), "{\"kind\":\"revise\",\"why\":\"\"}");
}

TEST_F(QuestionTest, Forms) {
  EXPECT_EQ(read("name: Ada\nage: 36\ntags: a, b", form), "{\"name\":\"Ada\",\"age\":36,\"tags\":[\"a\",\"b\"]}");
  EXPECT_EQ(read("name: Ada\nLovelace\nage = 36\nnote: x\ntags:", form),
            "{\"name\":\"Ada\\nLovelace\",\"age\":36,\"note\":\"x\",\"tags\":[]}");
  EXPECT_EQ(read("{\"name\":\"Ada\",\"age\":36,\"tags\":[]}", form), "{\"name\":\"Ada\",\"age\":36,\"tags\":[]}");
  EXPECT_THAT(read("name: Ada", form), HasSubstr("'age' is missing"));
  EXPECT_THAT(read("name: Ada\nname: Bob", form), HasSubstr("stands twice"));
  EXPECT_THAT(read("nom: Ada", form), HasSubstr("found 'nom: Ada'"));
  EXPECT_THAT(read("name: Ada\nage: old\ntags:", form), HasSubstr("age: found 'old'; answer with a whole number"));
  EXPECT_THAT(read("name: Ada\nage: 3.5\ntags:", form), HasSubstr("age: found '3.5'; answer with a whole number"));
}

TEST_F(QuestionTest, TextsAreTakenAsTheyAre) {
  EXPECT_EQ(read("  {not json  ", text), "\"{not json\"");
  EXPECT_THAT(read(std::string(maxAnswerBytes + 1, 'x'), text), HasSubstr("limit"));
  EXPECT_THAT(read("a\xFF", text), HasSubstr("byte 1"));
}

TEST_F(QuestionTest, AWhereIsChecked) {
  // fn(value) -> 1 <= value, as the compiler would write it for `type Count = int where it >= 1`
  value::Type count;
  count.kind = TypeKind::integer;
  count.name = "Count";
  count.check = 0;
  count.checkText = "it >= 1";
  value::TypeId counted = types.add(count);
  std::vector<value::Value> consts = {value::Value::integer(1)};
  value::WordsBuilder words;
  words.builtin(value::Builtin::le, 1, {value::constant(0), value::reg(0)});
  words.return_(value::reg(1));
  auto code = words.finish();
  std::vector<value::Function> functions = {{"positive", 1, 0, 2, code}};
  value::Evaluator evaluator({consts, functions, &types});
  EXPECT_EQ(parseAnswer("3", counted, types, evaluator)->asInt(), 3);
  auto wrong = parseAnswer("0", counted, types, evaluator);
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().message, AllOf(HasSubstr("it >= 1"), HasSubstr("answer with")));
}

} // namespace
} // namespace weft::agent

//===- JsonTest.cpp - JSON by type, both ways -----------------------------===//

#include "RandomValues.h"

#include "runtime/value/Json.h"
#include "test/support/Seeds.h"

#include <gtest/gtest.h>

namespace weft::value {
namespace {

struct JsonTest : testing::Test {
  TypeTable types;
  TypeId string = types.simple(TypeKind::string), integer = types.simple(TypeKind::integer),
         real = types.simple(TypeKind::real), json = types.simple(TypeKind::json);
  TypeId note = types.record("Note", {{"title", string, -1, "", ""},
                                      {"points", types.list(string), -1, "", ""},
                                      {"source", types.optional(string), -1, "", ""}});
  TypeId verdict = types.sum("Verdict", {{"accept", {}, ""}, {"revise", {{"why", string, -1, "", ""}}, ""}});
  TypeId level = types.sum("Level", {{"low", {}, ""}, {"high", {}, ""}});

  std::string write(const Value &value, TypeId type) {
    auto text = toJson(value, type, types);
    return text ? *text : "error: " + text.error().message;
  }
  std::string error(std::string_view text, TypeId type, bool dropUnknown = false) {
    auto value = fromJson(text, type, types, {dropUnknown});
    return value ? "accepted" : value.error().message;
  }
  /// Reads and writes again.
  std::string through(std::string_view text, TypeId type) {
    auto value = fromJson(text, type, types);
    return value ? write(*value, type) : "error: " + value.error().message;
  }
};

TEST_F(JsonTest, RecordsInTheOrderOfTheType) {
  EXPECT_EQ(through(R"({ "points" : ["a", "b"], "title" : "t" })", note), R"({"title":"t","points":["a","b"]})");
}

TEST_F(JsonTest, AbsentFieldsAreLeftOutAndAbsentElementsAreNull) {
  EXPECT_EQ(through(R"({"title":"t","points":[],"source":null})", note), R"({"title":"t","points":[]})");
  EXPECT_EQ(through("[null,\"a\"]", types.list(types.optional(string))), "[null,\"a\"]");
}

TEST_F(JsonTest, SumsWithFieldsAreObjectsAndPlainOnesStrings) {
  EXPECT_EQ(through(R"({"kind":"accept"})", verdict), R"({"kind":"accept"})");
  EXPECT_EQ(through(R"({"why":"x","kind":"revise"})", verdict), R"({"kind":"revise","why":"x"})");
  EXPECT_EQ(through("\"high\"", level), "\"high\"");
}

TEST_F(JsonTest, LargeIntsAreStringsAndOnlyThose) {
  EXPECT_EQ(through("9007199254740992", integer), "9007199254740992");
  EXPECT_EQ(through("9007199254740993", integer), "\"9007199254740993\"");
  EXPECT_EQ(through("\"-9223372036854775808\"", integer), "\"-9223372036854775808\"");
  EXPECT_EQ(error("\"5\"", integer), "$: expected an int, found \"5\"");
  EXPECT_EQ(error("9223372036854775808", integer), "$: expected an int, found 9223372036854775808");
  EXPECT_EQ(through("3.0", integer), "3");
  EXPECT_EQ(through("1e3", integer), "1000");
  EXPECT_EQ(error("1.5", integer), "$: expected an int, found 1.5");
  EXPECT_EQ(error("1e-400", integer), "$: expected an int, found 1e-400");
}

TEST_F(JsonTest, FloatsAreShortestAndStayFloats) {
  EXPECT_EQ(through("1", real), "1.0");
  EXPECT_EQ(through("0.1", real), "0.1");
  EXPECT_EQ(through("1e300", real), "1e300");
  EXPECT_EQ(through("1e-400", real), "0.0");
  EXPECT_EQ(error("1e400", real), "$: expected a number in the range of a float, found 1e400");
  EXPECT_EQ(write(Value::integer(2), real), "2.0");
  EXPECT_EQ(write(Value::real(std::nan("")), real), "error: $: NaN has no JSON form");
  EXPECT_EQ(write(Value::real(INFINITY), real), "error: $: an infinite number has no JSON form");
}

TEST_F(JsonTest, UnitsAreExact) {
  TypeId duration = types.simple(TypeKind::duration), money = types.simple(TypeKind::money);
  EXPECT_EQ(through("0.2", duration), "0.2");
  EXPECT_EQ(through("30", duration), "30");
  EXPECT_EQ(through("9223372036.854775807", duration), "9223372036.854775807");
  EXPECT_EQ(error("1e30", duration), "$: expected a duration in seconds, at most 292 years, found 1e30");
  EXPECT_EQ(through("\"0.050\"", money), "\"0.05\"");
  EXPECT_EQ(through("\"-2\"", money), "\"-2\"");
  EXPECT_EQ(error("0.05", money), "$: expected dollars as a decimal in a string (\"0.05\"), found 0.05");
  EXPECT_NE(error("\"1e2\"", money), "accepted");
  EXPECT_NE(error("\"0.0000000001\"", money), "accepted");
  EXPECT_EQ(through("65536", types.simple(TypeKind::size)), "65536");
}

TEST_F(JsonTest, BytesAreBase64OfOneForm) {
  TypeId bytes = types.simple(TypeKind::bytes);
  for (const char *text : {"\"\"", "\"AA==\"", "\"AAE=\"", "\"AAEC\"", "\"+/+/\""})
    EXPECT_EQ(through(text, bytes), text);
  for (const char *text : {"\"AA\"", "\"AB==\"", "\"AAF=\"", "\"A===\"", "\"A-==\"", "\"AA=A\"", "\"====\""})
    EXPECT_NE(error(text, bytes), "accepted") << text;
}

TEST_F(JsonTest, MapsAndTuples) {
  EXPECT_EQ(through(R"({"b":1,"a":2})", types.map(integer)), R"({"a":2,"b":1})");
  EXPECT_EQ(through("[1,\"x\"]", types.tuple({integer, string})), "[1,\"x\"]");
  EXPECT_EQ(error("[1]", types.tuple({integer, string})), "$: expected a list of 2, found one of 1");
  EXPECT_EQ(error("[1,\"x\",2]", types.tuple({integer, string})), "$: expected a list of 2, found one of 3");
}

TEST_F(JsonTest, TensorsHaveShapeAndElementType) {
  TypeId matrix = types.tensor(base::ElementType::f32, {2, -1});
  EXPECT_EQ(through(R"({"shape":[2,1],"data":[0.1,2],"dtype":"f32"})", matrix),
            R"({"dtype":"f32","shape":[2,1],"data":[0.1,2.0]})");
  EXPECT_EQ(through("0.5", types.tensor(base::ElementType::bf16, {})), "0.5");
  EXPECT_EQ(
      through(R"({"dtype":"bool","shape":[2],"data":[true,false]})", types.tensor(base::ElementType::boolean, {2})),
      R"({"dtype":"bool","shape":[2],"data":[true,false]})");
  EXPECT_EQ(error(R"({"dtype":"f32","shape":[3,1],"data":[1,2,3]})", matrix),
            "$.shape: expected the shape of f32[2, ?], found [3, 1]");
  EXPECT_EQ(error(R"({"dtype":"f32","shape":[2,1],"data":[1]})", matrix), "$.data: expected 2 numbers, found 1");
  EXPECT_EQ(error(R"({"dtype":"f32","shape":[2,1],"data":[1,2,3]})", matrix), "$.data: expected 2 numbers, found more");
  EXPECT_EQ(error(R"({"dtype":"f32","shape":[2,1],"data":[1,1e39]})", matrix),
            "$.data[1]: expected a number in the range of f32, found 1e39");
  EXPECT_EQ(error(R"({"dtype":"f64","shape":[2,1],"data":[1,2]})", matrix),
            "$: expected f32[2, ?] as {dtype, shape, data}, found dtype \"f64\"");
  EXPECT_EQ(error(R"({"dtype":"i8","shape":[1],"data":[128]})", types.tensor(base::ElementType::i8, {1})),
            "$.data[0]: expected a number in the range of i8, found 128");
}

TEST_F(JsonTest, AShapeThatTheTextCannotFillReservesNothing) {
  TypeId any = types.tensor(base::ElementType::f32, {-1, -1});
  EXPECT_EQ(error(R"({"dtype":"f32","shape":[1000000,250000],"data":[1]})", any),
            "$.data: expected 250000000000 numbers, found 1");
}

TEST_F(JsonTest, FilesAreNamedByTheirDigest) {
  TypeId file = types.simple(TypeKind::file);
  std::string text = R"({"name":"a","media":"text/plain","sha256":")" + std::string(64, 'a') + "\"}";
  EXPECT_EQ(through(text, file), text);
  EXPECT_NE(error(R"({"name":"a","media":"m","sha256":"aa"})", file), "accepted");
  EXPECT_NE(error(R"({"name":"a","media":"m"})", file), "accepted");
}

TEST_F(JsonTest, ErrorsNamePlaceWantedAndFound) {
  EXPECT_EQ(error(R"({"title":"t","points":["a",7]})", note), "$.points[1]: expected a string, found 7");
  EXPECT_EQ(error(R"({"title":"t"})", note), "$.points: expected list<string>, found nothing");
  EXPECT_EQ(error(R"({"titel":"t","points":[]})", note), "$: Note has no field \"titel\", did you mean \"title\"?");
  EXPECT_EQ(error(R"({"title":"t","points":[],"xyzzy":1})", note), "$: Note has no field \"xyzzy\"");
  EXPECT_EQ(error(R"({"title":"t","points":[],"title":"u"})", note), "$: key \"title\" stands twice");
  EXPECT_EQ(error("[]", note), "$: expected an object with the fields of Note, found a list");
  EXPECT_EQ(error("\"medium\"", level), "$: expected \"low\" or \"high\", found \"medium\"");
  EXPECT_EQ(error(R"({"kind":"revised"})", verdict), "$.kind: expected \"accept\" or \"revise\", found \"revised\"");
  EXPECT_EQ(error(R"({"why":"x"})", verdict),
            "$: expected \"kind\" \"accept\" or \"revise\", found an object without it");
  EXPECT_EQ(error(R"({"kind":"revise"})", verdict), "$.why: expected string, found nothing");
  EXPECT_EQ(error(R"({"kind":"accept","why":"x"})", verdict), "$: accept has no field \"why\"");
  EXPECT_EQ(error(R"({"a b":1})", types.map(string)), "$[\"a b\"]: expected a string, found 1");
}

TEST_F(JsonTest, ToolsMaySayMore) {
  EXPECT_EQ(error(R"({"title":"t","points":[],"more":{"deep":[1,{"x":null}]}})", note, true), "accepted");
  EXPECT_NE(error(R"({"title":"t","points":[],"more":1,"more":2})", note, true), "accepted");
}

TEST_F(JsonTest, SyntaxErrorsNameLineAndColumn) {
  EXPECT_EQ(error("{\n  \"a\": 1,\n  \"b\" 2 }", json), "line 3, column 7: expected ':', found '2'");
  EXPECT_EQ(error("[1 2]", json), "line 1, column 4: expected ',' or ']', found '2'");
  EXPECT_EQ(error("[1,]", json), "line 1, column 4: expected a value, found ']'");
  EXPECT_EQ(error("{\"a\":1,}", json), "line 1, column 8: expected a key, found '}'");
  EXPECT_EQ(error("", json), "line 1, column 1: expected a value, found the end of the text");
  EXPECT_EQ(error("1 2", json), "line 1, column 3: expected nothing more, found '2'");
  EXPECT_EQ(error("\"a", json), "line 1, column 3: expected '\"' at the end of the string, found the end of the text");
  EXPECT_EQ(error("tru", json), "line 1, column 1: expected true, found 't'");
}

TEST_F(JsonTest, WhatIsNoJsonIsRefused) {
  for (const char *text : {"01",
                           "1.",
                           ".5",
                           "+1",
                           "-",
                           "1e",
                           "NaN",
                           "Infinity",
                           "'a'",
                           "\"\\x\"",
                           "\"\t\"",
                           "\"\\u12\"",
                           "\"\\ud800\"",
                           "\"\\udc00\"",
                           "\"\\ud800\\u0041\"",
                           "{a:1}",
                           "{\"a\":1,\"a\":2}",
                           "[",
                           "{",
                           "]",
                           "nul",
                           "// x",
                           "\xff",
                           "\"\xc0\x80\"",
                           "\"\xed\xa0\x80\"",
                           "1e999"})
    EXPECT_NE(error(text, json), "accepted") << text;
}

TEST_F(JsonTest, EscapesAreDecodedAndWrittenInOneForm) {
  EXPECT_EQ(through(R"("\u0041\/\ud83d\ude00\u00e9\b\u001f")", string), "\"A/\xf0\x9f\x98\x80\xc3\xa9\\b\\u001f\"");
}

TEST_F(JsonTest, JsonGoesThroughAsItCame) {
  const char *text = R"({"a":[1,1.0,12345678901234567,null,true,"x"],"b":{}})";
  EXPECT_EQ(through(text, json), text);
}

TEST_F(JsonTest, NestingIsBounded) {
  std::string deep(512, '['), deeper(513, '[');
  EXPECT_EQ(error(deep + std::string(512, ']'), json), "accepted");
  EXPECT_EQ(error(deeper + std::string(513, ']'), json),
            "line 1, column 513: expected at most 512 brackets inside each other, found '['");
  EXPECT_NE(error("{\"more\":" + std::string(100'000, '[') + "}", note, true), "accepted");
}

TEST_F(JsonTest, ValuesOfAnotherShapeAreToldAndNotWritten) {
  EXPECT_EQ(write(Value::record({Value::text("t"), Value::list({Value::integer(1)}), Value()}), note),
            "error: $.points[0]: expected string, found a int");
  EXPECT_EQ(write(Value::record({}), note), "error: $: expected Note, found a record");
  EXPECT_EQ(write(Value::variant(7), verdict), "error: $: expected Verdict, found a sum");
  EXPECT_EQ(write(Value::function(1), types.function({}, string)), "error: $: fn() -> string has no JSON form");
}

TEST_F(JsonTest, PrettyHasOneItemPerLine) {
  Value value = Value::record({Value::text("t"), Value::list({Value::text("a"), Value::text("b")}), Value()});
  EXPECT_EQ(*toPrettyJson(value, note, types),
            "{\n  \"title\": \"t\",\n  \"points\": [\n    \"a\",\n    \"b\"\n  ]\n}");
  EXPECT_EQ(*toPrettyJson(Value::list({}), types.list(string), types), "[]");
}

TEST_F(JsonTest, TextOfInterpolation) {
  auto text = [&](const Value &value, TypeId type) {
    std::string out;
    auto ok = appendText(value, type, types, out);
    return ok ? out : "error: " + ok.error().message;
  };
  EXPECT_EQ(text(Value::text("as \"it\" is"), string), "as \"it\" is");
  EXPECT_EQ(text(Value::integer(1ll << 60), integer), "1152921504606846976");
  EXPECT_EQ(text(Value::real(1), real), "1.0");
  EXPECT_EQ(text(Value::duration(90'000'000'000), types.simple(TypeKind::duration)), "90s");
  EXPECT_EQ(text(Value::money(50'000'000), types.simple(TypeKind::money)), "$0.05");
  EXPECT_EQ(text(Value::size(65536), types.simple(TypeKind::size)), "64KiB");
  EXPECT_EQ(text(Value::variant(1), level), "high");
  EXPECT_EQ(text(Value::variant(1, {Value::text("x")}), verdict), R"({"kind":"revise","why":"x"})");
  EXPECT_EQ(text(Value::list({Value::duration(500'000'000)}), types.list(types.simple(TypeKind::duration))), "[0.5]");
  EXPECT_EQ(text(Value::text("x"), json), "x");
  EXPECT_EQ(text(Value(), types.optional(string)), "error: string? does not go into a text");
  EXPECT_EQ(text(Value::bytes({}), types.simple(TypeKind::bytes)), "error: bytes does not go into a text");
}

TEST(Json, RandomValuesOfRandomTypesComeBack) {
  for (std::uint64_t seed = 0; seed < test::tries(1500, 30'000); ++seed) {
    RandomValues random(seed);
    TypeTable types;
    TypeId type = random.type(types, 4);
    ASSERT_TRUE(types.seal(0)) << types.text(type);
    Value value = random.value(types, type);
    for (auto text : {toJson(value, type, types), toPrettyJson(value, type, types)}) {
      ASSERT_TRUE(text) << seed << ": " << text.error().message;
      auto read = fromJson(*text, type, types);
      ASSERT_TRUE(read) << seed << ": " << read.error().message << " in " << *text;
      ASSERT_EQ(*read, value) << seed << ": " << *text;
    }
    ASSERT_TRUE(parseJson(*toJson(value, type, types)));
  }
}

TEST(Json, MutatedTextsNeverCrash) {
  for (std::uint64_t seed = 0; seed < test::tries(3000, 60'000); ++seed) {
    RandomValues random(seed);
    TypeTable types;
    TypeId type = random.type(types, 3);
    std::string text = *toJson(random.value(types, type), type, types);
    for (int i = 0; i < 3 && !text.empty(); ++i) {
      std::uint64_t place = random.random.below(text.size());
      constexpr std::string_view signs = "{}[]\",:0-.e\\u\xff n1";
      if (random.random.below(4) == 0)
        text.resize(place);
      else if (random.random.below(2))
        text[place] = signs[random.random.below(signs.size())];
      else
        text.insert(place, 1, signs[random.random.below(signs.size())]);
    }
    auto read = fromJson(text, type, types);
    if (read) {
      auto again = toJson(*read, type, types);
      ASSERT_TRUE(again);
      ASSERT_EQ(*fromJson(*again, type, types), *read) << text;
    } else {
      ASSERT_FALSE(read.error().message.empty());
    }
  }
}

TEST(Json, FencesAroundAnswers) {
  EXPECT_EQ(withoutFence("  {\"a\":1}\n"), "{\"a\":1}");
  EXPECT_EQ(withoutFence("```json\n{}\n```"), "{}");
  EXPECT_EQ(withoutFence("```\n[1]\n```  "), "[1]");
  EXPECT_EQ(withoutFence("``````"), "``````");
  EXPECT_EQ(withoutFence("```\n```"), "");
  EXPECT_EQ(withoutFence("```x```"), "```x```");
}

} // namespace
} // namespace weft::value

//===- SchemaTest.cpp - JSON Schemas of types -----------------------------===//

#include "RandomValues.h"

#include "runtime/value/Json.h"
#include "runtime/value/Pattern.h"
#include "runtime/value/Schema.h"
#include "test/support/Seeds.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weft::value {
namespace {

const std::string head = R"({"$schema":"https://json-schema.org/draft/2020-12/schema",)";

struct SchemaTest : testing::Test {
  TypeTable types;
  TypeId string = types.simple(TypeKind::string), integer = types.simple(TypeKind::integer);
  /// The schema behind its "$schema", or the error.
  std::string schema(TypeId type) {
    auto text = schemaOf(type, types);
    if (!text)
      return "error: " + text.error().message;
    EXPECT_TRUE(parseJson(*text)) << *text;
    EXPECT_TRUE(text->starts_with(head)) << *text;
    return "{" + text->substr(head.size());
  }
};

TEST_F(SchemaTest, PlainTypes) {
  EXPECT_EQ(schema(types.simple(TypeKind::boolean)), R"({"type":"boolean"})");
  EXPECT_EQ(schema(integer), R"({"type":"integer"})");
  EXPECT_EQ(schema(types.simple(TypeKind::real)), R"({"type":"number"})");
  EXPECT_EQ(schema(string), R"({"type":"string"})");
  EXPECT_EQ(schema(types.simple(TypeKind::duration)), R"({"type":"number","description":"seconds"})");
  EXPECT_EQ(schema(types.simple(TypeKind::bytes)), R"({"type":"string","contentEncoding":"base64"})");
  EXPECT_EQ(schema(types.simple(TypeKind::money)),
            R"({"type":"string","pattern":"^-?(0|[1-9][0-9]*)(\\.[0-9]{1,9})?$","description":"dollars"})");
}

TEST_F(SchemaTest, Containers) {
  EXPECT_EQ(schema(types.list(string)), R"({"type":"array","items":{"type":"string"}})");
  EXPECT_EQ(schema(types.map(integer)), R"({"type":"object","additionalProperties":{"type":"integer"}})");
  EXPECT_EQ(schema(types.optional(integer)), R"({"anyOf":[{"type":"integer"},{"type":"null"}]})");
  EXPECT_EQ(schema(types.tuple({integer, string})),
            R"({"type":"array","prefixItems":[{"type":"integer"},{"type":"string"}],"items":false,"minItems":2})");
}

TEST_F(SchemaTest, RecordsSayWhatIsRequiredAndTheirConditions) {
  TypeId note = types.record("Note",
                             {{"title", string, -1, "", "What it is about."},
                              {"points", types.list(string), 0, "len(points) <= 3", ""},
                              {"source", types.optional(string), -1, "", ""}},
                             "What a reader takes away.");
  EXPECT_EQ(schema(note),
            R"({"type":"object","properties":{"title":{"type":"string","description":"What it is about."},)"
            R"("points":{"type":"array","items":{"type":"string"},"description":"where len(points) <= 3"},)"
            R"("source":{"anyOf":[{"type":"string"},{"type":"null"}]}},"required":["title","points"],)"
            R"("additionalProperties":false,"description":"What a reader takes away."})");
}

TEST_F(SchemaTest, SumsAreEnumsOrObjectsWithKind) {
  EXPECT_EQ(schema(types.sum("Level", {{"low", {}, ""}, {"high", {}, ""}})), R"({"enum":["low","high"]})");
  TypeId verdict = types.sum("Verdict", {{"accept", {}, "Fine."}, {"revise", {{"why", string, -1, "", ""}}, ""}});
  EXPECT_EQ(
      schema(verdict),
      R"({"anyOf":[{"type":"object","properties":{"kind":{"const":"accept"}},"required":["kind"],)"
      R"("additionalProperties":false,"description":"Fine."},{"type":"object","properties":{"kind":{"const":"revise"},)"
      R"("why":{"type":"string"}},"required":["kind","why"],"additionalProperties":false}]})");
}

TEST_F(SchemaTest, NamedTypesInsideStandOnceUnderDefs) {
  TypeId inner = types.record("Inner", {{"n", integer, -1, "", ""}});
  TypeId outer = types.record("Outer", {{"a", inner, -1, "", "The first."}, {"b", types.list(inner), -1, "", ""}});
  EXPECT_EQ(
      schema(outer),
      R"({"type":"object","properties":{"a":{"$ref":"#/$defs/Inner","description":"The first."},)"
      R"("b":{"type":"array","items":{"$ref":"#/$defs/Inner"}}},"required":["a","b"],"additionalProperties":false,)"
      R"("$defs":{"Inner":{"type":"object","properties":{"n":{"type":"integer"}},"required":["n"],)"
      R"("additionalProperties":false}}})");
}

TEST_F(SchemaTest, ATypeThatHoldsItselfRefersToItself) {
  TypeId tree = types.record("Tree", {});
  types.edit(tree).fields = {{"children", types.list(tree), -1, "", ""}};
  std::string body = R"("type":"object","properties":{"children":{"type":"array","items":{"$ref":"#/$defs/Tree"}}},)"
                     R"("required":["children"],"additionalProperties":false)";
  EXPECT_EQ(schema(tree), "{" + body + R"(,"$defs":{"Tree":{)" + body + "}}}");
}

TEST_F(SchemaTest, AliasesCarryTheirCondition) {
  Type score;
  score.kind = TypeKind::real;
  score.name = "Score";
  score.checkText = "0.0 <= it";
  TypeId alias = types.add(score);
  TypeId owner = types.record("Owner", {{"s", alias, 0, "s < 5.0", "How good."}});
  EXPECT_EQ(schema(owner), R"({"type":"object","properties":{"s":{"type":"number","description":)"
                           R"("How good. where s < 5.0; 0.0 <= it"}},"required":["s"],"additionalProperties":false})");
}

TEST_F(SchemaTest, TensorsSayTheirShape) {
  EXPECT_EQ(schema(types.tensor(base::ElementType::f32, {})), R"({"type":"number"})");
  EXPECT_EQ(
      schema(types.tensor(base::ElementType::i8, {2, 3})),
      R"({"type":"object","properties":{"dtype":{"const":"i8"},"shape":{"type":"array","prefixItems":[{"const":2},)"
      R"({"const":3}],"items":false,"minItems":2},"data":{"type":"array","items":{"type":"integer"},"minItems":6,)"
      R"("maxItems":6}},"required":["dtype","shape","data"],"additionalProperties":false})");
}

TEST_F(SchemaTest, FieldsOfACallAreOneObject) {
  std::vector<Field> params{{"path", string, -1, "", ""}, {"depth", types.optional(integer), -1, "", ""}};
  EXPECT_EQ(*schemaOfFields(params, types),
            head + R"("type":"object","properties":{"path":{"type":"string"},"depth":{"anyOf":[{"type":"integer"},)"
                   R"({"type":"null"}]}},"required":["path"],"additionalProperties":false})");
}

TEST_F(SchemaTest, WhatMayMissIsNotRequired) {
  TypeId inner = types.record("Inner", {{"depth", integer, -1, "", ""}});
  std::vector<Field> params{{"path", string, -1, "", ""}, {"depth", integer, -1, "", ""}, {"in", inner, -1, "", ""}};
  const std::string spare[] = {"depth"};
  // The name counts for the call's own fields, not for those inside.
  EXPECT_THAT(*schemaOfFields(params, types, spare), testing::HasSubstr(R"("required":["path","in"])"));
  EXPECT_THAT(*schemaOfFields(params, types, spare), testing::HasSubstr(R"("required":["depth"])"));
}

TEST_F(SchemaTest, WhatHasNoJsonHasNoSchema) {
  TypeId function = types.function({}, string);
  EXPECT_EQ(schema(types.record("R", {{"f", types.list(function), -1, "", ""}})),
            "error: .f[]: fn() -> string has no JSON form, so it has no schema");
}

TEST_F(SchemaTest, ATupleOfTuplesIsNotWrittenForEver) {
  TypeId type = integer;
  for (int i = 0; i < 60; ++i)
    type = types.tuple({type, type});
  EXPECT_EQ(schema(type), "error: a schema of more than 1048576 bytes");
}

/// Says whether a document satisfies a schema, for the keywords that schemas of types use; an unknown keyword does not.
class Validator {
public:
  explicit Validator(const Value &root) : root(root) {}

  bool accepts(const Value &schema, const Value &document) {
    if (const Value *ref = schema.find("$ref"))
      return accepts(*root.find("$defs")->find(ref->asText().substr(8)), document);
    for (const MapEntry &keyword : schema.entries())
      if (!holds(keyword.key.asText(), keyword.value, schema, document))
        return false;
    return true;
  }

private:
  static bool isOf(std::string_view type, const Value &document) {
    return type == "null"      ? document.isNone()
           : type == "boolean" ? document.is(Tag::boolean)
           : type == "integer" ? document.is(Tag::integer)
           : type == "number"  ? document.is(Tag::integer) || document.is(Tag::real)
           : type == "string"  ? document.is(Tag::string)
           : type == "array"   ? document.is(Tag::list)
                               : type == "object" && document.is(Tag::map);
  }

  bool holds(std::string_view key, const Value &value, const Value &schema, const Value &document) {
    if (key == "$schema" || key == "$defs" || key == "description" || key == "contentEncoding")
      return true;
    if (key == "type") {
      if (value.is(Tag::string))
        return isOf(value.asText(), document);
      return std::ranges::any_of(value.items(), [&](const Value &type) { return isOf(type.asText(), document); });
    }
    if (key == "const")
      return document == value;
    if (key == "enum")
      return std::ranges::find(value.items(), document) != value.items().end();
    if (key == "anyOf")
      return std::ranges::any_of(value.items(), [&](const Value &each) { return accepts(each, document); });
    if (key == "pattern")
      return !document.is(Tag::string) || Pattern::parse(value.asText())->matches(document.asText());
    // Keywords of objects say nothing of anything else, and so do those of arrays.
    if ((key == "required" || key == "properties" || key == "additionalProperties") && !document.is(Tag::map))
      return true;
    if (key == "required")
      return std::ranges::all_of(value.items(), [&](const Value &name) { return document.find(name.asText()); });
    if (key == "properties")
      return std::ranges::all_of(value.entries(), [&](const MapEntry &property) {
        const Value *member = document.find(property.key.asText());
        return !member || accepts(property.value, *member);
      });
    if (key == "additionalProperties")
      return std::ranges::all_of(document.entries(), [&](const MapEntry &member) {
        const Value *known = schema.find("properties");
        if (known && known->find(member.key.asText()))
          return true;
        return value.is(Tag::map) && accepts(value, member.value);
      });
    if (!document.is(Tag::list))
      return key == "minItems" || key == "maxItems" || key == "prefixItems" || key == "items";
    std::size_t count = document.items().size();
    if (key == "minItems")
      return count >= static_cast<std::size_t>(value.asInt());
    if (key == "maxItems")
      return count <= static_cast<std::size_t>(value.asInt());
    const Value *prefix = schema.find("prefixItems");
    if (key == "prefixItems") {
      for (std::size_t i = 0; i < std::min(count, value.items().size()); ++i)
        if (!accepts(value.items()[i], document.items()[i]))
          return false;
      return true;
    }
    if (key == "items") {
      for (std::size_t i = prefix ? prefix->items().size() : 0; i < count; ++i)
        if (!value.is(Tag::map) || !accepts(value, document.items()[i]))
          return false;
      return true;
    }
    return false;
  }

  const Value &root;
};

/// The int that schemas cannot describe: a string of digits where "integer" stands.
bool hasLargeInt(const Value &value) {
  if (value.is(Tag::integer) || value.is(Tag::size))
    return value.units() > (1ll << 53) || value.units() < -(1ll << 53);
  if (value.is(Tag::tensor)) {
    TensorView tensor = value.asTensor();
    std::int64_t element = 0;
    for (std::uint64_t i = 0; tensor.type == base::ElementType::i64 && i < tensor.elements(); ++i) {
      std::memcpy(&element, tensor.data.data() + i * sizeof element, sizeof element);
      if (hasLargeInt(Value::integer(element)))
        return true;
    }
    return false;
  }
  if (value.is(Tag::map))
    return std::ranges::any_of(value.entries(), [](const MapEntry &entry) { return hasLargeInt(entry.value); });
  return value.hasItems() && std::ranges::any_of(value.items(), hasLargeInt);
}

TEST(Schema, WhatIsWrittenSatisfiesTheSchemaAndOtherTypesDoNot) {
  int satisfied = 0, others = 0;
  for (std::uint64_t seed = 0; seed < test::tries(1500, 20'000); ++seed) {
    RandomValues random(seed);
    TypeTable types;
    TypeId type = random.type(types, 4);
    Value value = random.value(types, type);
    auto schema = schemaOf(type, types);
    ASSERT_TRUE(schema) << seed;
    Value root = *parseJson(*schema);
    if (!hasLargeInt(value)) {
      std::string text = *toJson(value, type, types);
      ASSERT_TRUE(Validator(root).accepts(root, *parseJson(text))) << *schema << "\n" << text;
      ++satisfied;
    }
    // A document of another type that the reader refuses, the schema mostly refuses too; never the other way round.
    TypeId other = random.type(types, 2);
    std::string text = *toJson(random.value(types, other), other, types);
    if (auto read = fromJson(text, type, types); read && !hasLargeInt(*read))
      ASSERT_TRUE(Validator(root).accepts(root, *parseJson(*toJson(*read, type, types)))) << *schema << "\n" << text;
    else
      others += !Validator(root).accepts(root, *parseJson(text));
  }
  EXPECT_GT(satisfied, 1000);
  EXPECT_GT(others, 500);
}

} // namespace
} // namespace weft::value

//===- TypesTest.cpp - Tables of types, their names and their proof -------===//

#include "runtime/value/Types.h"

#include <gtest/gtest.h>

namespace weft::value {
namespace {

struct TypesTest : testing::Test {
  TypeTable types;
  TypeId integer = types.simple(TypeKind::integer), string = types.simple(TypeKind::string);
  std::string refusal(std::size_t functions = 0) {
    auto sealed = types.seal(functions);
    return sealed ? "sealed" : sealed.error().message;
  }
  TypeId add(TypeKind kind, std::int32_t element = -1) {
    Type type;
    type.kind = kind;
    type.element = element;
    return types.add(type);
  }
};

TEST_F(TypesTest, TextIsThatOfTheLanguage) {
  TypeId fact = types.record("Fact", {{"n", integer, -1, "", ""}});
  EXPECT_EQ(types.text(fact), "Fact");
  EXPECT_EQ(types.text(types.list(types.optional(fact))), "list<Fact?>");
  EXPECT_EQ(types.text(types.map(types.tuple({integer, string}))), "map<(int, string)>");
  EXPECT_EQ(types.text(types.function({{"a", integer, -1, "", ""}}, string)), "fn(int) -> string");
  EXPECT_EQ(types.text(types.agent({}, string)), "agent() -> string");
  EXPECT_EQ(types.text(types.tensor(base::ElementType::bf16, {4, -1})), "bf16[4, ?]");
  EXPECT_EQ(types.text(types.tensor(base::ElementType::f32, {})), "f32");
}

TEST_F(TypesTest, SimpleTypesAreThereOnce) {
  EXPECT_EQ(types.simple(TypeKind::integer), integer);
  EXPECT_NE(types.simple(TypeKind::real), integer);
}

TEST_F(TypesTest, NamesAreFound) {
  TypeId fact = types.record("Fact", {});
  EXPECT_EQ(types.named("Fact"), fact);
  EXPECT_EQ(types.named(""), std::nullopt);
}

TEST_F(TypesTest, ChecksAreSeenThroughEverythingButFunctions) {
  TypeId checked = types.record("Checked", {{"n", integer, 0, "0 <= n", ""}});
  TypeId list = types.list(checked), optional = types.optional(list);
  TypeId sum = types.sum("Sum", {{"a", {}, ""}, {"b", {{"x", optional, -1, "", ""}}, ""}});
  TypeId function = types.function({{"x", checked, -1, "", ""}}, checked);
  TypeId plain = types.list(integer);
  EXPECT_TRUE(types.hasChecks(sum)); // before sealing too
  EXPECT_EQ(refusal(1), "sealed");
  EXPECT_TRUE(types.hasChecks(checked));
  EXPECT_TRUE(types.hasChecks(sum));
  EXPECT_FALSE(types.hasChecks(function));
  EXPECT_FALSE(types.hasChecks(plain));
}

TEST_F(TypesTest, ATypeMayHoldItselfThroughItsName) {
  TypeId tree = types.record("Tree", {});
  types.edit(tree).fields = {{"children", types.list(tree), -1, "", ""}};
  EXPECT_EQ(refusal(), "sealed");
  EXPECT_FALSE(types.hasChecks(tree));
  types.edit(tree).check = 0;
  EXPECT_EQ(refusal(1), "sealed");
  EXPECT_TRUE(types.hasChecks(tree));
}

// Each of the following breaks one thing alone.
TEST_F(TypesTest, ElementOutOfRange) {
  add(TypeKind::list, 9);
  EXPECT_EQ(refusal(), "type 2 has element type 9, of 3");
}
TEST_F(TypesTest, ListOfNothing) {
  add(TypeKind::list);
  EXPECT_EQ(refusal(), "type 2 has element type -1, of 3");
}
TEST_F(TypesTest, FieldTypeOutOfRange) {
  types.record("R", {{"x", 9, -1, "", ""}});
  EXPECT_EQ(refusal(), "type 2 has field \"x\" of type 9, of 3");
}
TEST_F(TypesTest, CheckOutOfRange) {
  types.record("R", {{"x", integer, 3, "", ""}});
  EXPECT_EQ(refusal(3), "type 2 has field \"x\" checked by function 3, of 3");
}
TEST_F(TypesTest, CheckOfTypeOutOfRange) {
  types.edit(integer).check = -2;
  EXPECT_EQ(refusal(), "type 0 is checked by function -2, of 0");
}
TEST_F(TypesTest, FieldTwice) {
  types.record("R", {{"x", integer, -1, "", ""}, {"x", integer, -1, "", ""}});
  EXPECT_EQ(refusal(), "type 2 has two fields \"x\"");
}
TEST_F(TypesTest, CaseTwice) {
  types.sum("S", {{"a", {}, ""}, {"a", {}, ""}});
  EXPECT_EQ(refusal(), "type 2 has two cases \"a\"");
}
TEST_F(TypesTest, OneCase) {
  types.sum("S", {{"a", {}, ""}});
  EXPECT_EQ(refusal(), "type 2 is a sum of fewer than two cases");
}
TEST_F(TypesTest, CaseFieldCalledKind) {
  types.sum("S", {{"a", {{"kind", integer, -1, "", ""}}, ""}, {"b", {}, ""}});
  EXPECT_EQ(refusal(), "type 2 has a case with a field \"kind\", which is where JSON keeps the case");
}
TEST_F(TypesTest, OptionalOfOptional) {
  types.optional(types.optional(integer));
  EXPECT_EQ(refusal(), "type 3 is optional of what may be absent itself");
}
TEST_F(TypesTest, TupleOfOne) {
  types.tuple({integer});
  EXPECT_EQ(refusal(), "type 2 is a tuple of fewer than two elements");
}
TEST_F(TypesTest, RankTooHigh) {
  types.tensor(base::ElementType::f32, {1, 1, 1, 1, 1, 1, 1, 1, 1});
  EXPECT_EQ(refusal(), "type 2 is a tensor of rank 9, at most 8 is supported");
}
TEST_F(TypesTest, NegativeDimension) {
  types.tensor(base::ElementType::f32, {-2});
  EXPECT_EQ(refusal(), "type 2 has a dimension of size -2");
}
TEST_F(TypesTest, UnnamedTypeMadeOfItself) {
  TypeId list = add(TypeKind::list, 0);
  types.edit(list).element = static_cast<std::int32_t>(list);
  EXPECT_EQ(refusal(), "type 2 is made of itself and has no name");
  EXPECT_LT(types.text(list).size(), 400u);
}

TEST_F(TypesTest, TextOfATupleOfTuplesStaysShort) {
  TypeId type = integer;
  for (int i = 0; i < 60; ++i)
    type = types.tuple({type, type});
  EXPECT_LT(types.text(type).size(), 4000u);
  EXPECT_EQ(refusal(), "sealed");
}

} // namespace
} // namespace weft::value

//===- BuiltinsTest.cpp - The checker and the runtime know the same -------===//
//
// Lowering maps core functions by name, so each name here must be one there.
//
//===----------------------------------------------------------------------===//

#include "test/unit/lang/sema/CheckText.h"

#include <gtest/gtest.h>
#include <regex>
#include <set>

namespace weft::sema {
namespace {

TEST(Builtins, EveryCoreFunctionHasAnImplementation) {
  std::optional<std::string> text = readText(std::string(WEFT_TEST_FOLDER) + "/../runtime/value/Builtins.def");
  ASSERT_TRUE(text.has_value());
  std::set<std::string> known = {"to_json", "text"}; // Instruction words of their own.
  const std::regex row(R"(BUILTIN\(\d+, (\w+),)");
  for (std::sregex_iterator at(text->begin(), text->end(), row), end; at != end; ++at)
    known.insert((*at)[1]);
  TypeTable types;
  Builtins builtins(types);
  for (const std::string &name : builtins.names())
    if (!builtins.find(name, BuiltinFamily::core).empty()) {
      EXPECT_TRUE(known.contains(name)) << name;
    }
}

TEST(Builtins, SignaturesAreReadAsWritten) {
  TypeTable types;
  Builtins builtins(types);
  const Builtin &sortBy = builtins.get(BuiltinId::sortBy);
  EXPECT_EQ(sortBy.name, "sort_by");
  ASSERT_EQ(sortBy.parameters.size(), 2u);
  EXPECT_EQ(text(sortBy.parameters[1].type), "fn(A) -> B");
  ASSERT_EQ(sortBy.constraints.size(), 2u);
  EXPECT_EQ(sortBy.constraints[sortBy.typeParameters[0]->name == "B" ? 0 : 1], Constraint::ordered);
  EXPECT_EQ(text(builtins.get(BuiltinId::enumerate).result), "list<(int, A)>");
  EXPECT_EQ(builtins.find("len", BuiltinFamily::core).size(), 4u);
  EXPECT_EQ(nameOf(BuiltinId::tensorGelu), "gelu");
}

} // namespace
} // namespace weft::sema

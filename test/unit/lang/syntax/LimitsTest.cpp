//===- LimitsTest.cpp - Depth and length ----------------------------------===//
//
// What is allowed must pass every recursive walk; what is not must be refused
// before anything recurses.
//
//===----------------------------------------------------------------------===//

#include "test/unit/lang/syntax/Parsed.h"

using namespace weft::syntax;

namespace {

std::string times(const std::string &text, std::size_t count) {
  std::string result;
  for (std::size_t index = 0; index < count; ++index)
    result += text;
  return result;
}

std::string nested(const std::string &before, const std::string &behind, std::size_t count) {
  return times(before, count) + "1" + times(behind, count);
}

struct Shape {
  const char *before;
  const char *behind;
};
constexpr Shape shapes[] = {
    {"(", ")"}, {"[", "]"}, {"{ ", " }"}, {"f(", ")"}, {"{ a: ", " }"}, {"\"${", "}\""}, {"if a { ", " } else { 2 }"},
    {"x[", "]"}};

} // namespace

TEST(Nesting, ThirtyPasses) {
  for (const Shape &shape : shapes) {
    ParsedExpr parsed(nested(shape.before, shape.behind, 30));
    EXPECT_TRUE(parsed.result.ok) << shape.before << parsed.messages();
    EXPECT_FALSE(parsed.body().empty());
  }
}

TEST(Nesting, TheLimitIsWhatItSays) {
  // The function's own brace is one.
  EXPECT_TRUE(ParsedExpr(nested("(", ")", maxNesting - 1)).result.ok);
  EXPECT_EQ(ParsedExpr(nested("(", ")", maxNesting)).codes(), "W0109");
}

TEST(Nesting, TwentyThousandIsRefused) {
  for (const Shape &shape : shapes)
    EXPECT_EQ(ParsedExpr(nested(shape.before, shape.behind, 20'000)).codes(), "W0109") << shape.before;
}

TEST(Nesting, OneSideOnlyIsRefusedToo) {
  for (const Shape &shape : shapes)
    EXPECT_FALSE(ParsedExpr(times(shape.before, 20'000)).result.ok) << shape.before;
  for (const char *behind : {")", "]", "}", "\""})
    EXPECT_FALSE(ParsedExpr(times(behind, 20'001)).result.ok) << behind;
}

TEST(Chains, LongOnesPassUpToTheLimit) {
  for (const char *link : {"+ 1", " and a", ".a", "()", " ?? 1"}) {
    ParsedExpr parsed("x" + times(link, 900));
    EXPECT_TRUE(parsed.result.ok) << link << parsed.messages();
    EXPECT_FALSE(parsed.body().empty());
  }
}

TEST(Chains, TooLongOnesAreRefused) {
  for (const char *link : {"+ 1", " and a", ".a", "()", " ?? 1", "[0]"})
    EXPECT_EQ(ParsedExpr("x" + times(link, 20'000)).codes(), "W0110") << link;
  for (const char *prefix : {"- ", "not ", "try "})
    EXPECT_EQ(ParsedExpr(times(prefix, 20'000) + "x").codes(), "W0110") << prefix;
  EXPECT_EQ(ParsedExpr(times("if a { 1 } else ", 20'000) + "{ 2 }").codes(), "W0110");
  EXPECT_EQ(Parsed("fn f(x: " + times("fn() -> ", 20'000) + "int) { x }").codes(), "W0110");
}

TEST(Chains, OpenOnesAddUp) {
  // 100 brackets with 50 signs each would be a tree 5000 deep.
  EXPECT_EQ(ParsedExpr(nested(times("- ", 50) + "(", ")", 100)).codes(), "W0110");
}

TEST(Chains, ListsAndBlocksMayBeLong) {
  EXPECT_TRUE(ParsedExpr("[" + times("-1 + 2, ", 20'000) + "3]").result.ok);
  EXPECT_TRUE(ParsedExpr(times("f(x).g\n", 20'000)).result.ok);
  EXPECT_TRUE(ParsedExpr("match x {" + times("-1 => -2\n", 5'000) + "}").result.ok);
  EXPECT_TRUE(Parsed("type V = a" + times("\n | b(x: int)", 5'000)).result.ok);
}

TEST(Files, TooLargeOnesAreRefused) { EXPECT_EQ(Parsed(std::string((16u << 20) + 1, ' ')).codes(), "W0131"); }

TEST(Files, AMegabyteParses) {
  std::string text;
  for (int index = 0; text.size() < (1u << 20); ++index)
    text +=
        "fn f" + std::to_string(index) + "(x: int, y: list<int>) -> int { let z = x + y[0] * 2; g(z, \"a${z}b\") }\n";
  Parsed parsed(text);
  EXPECT_TRUE(parsed.result.ok);
  EXPECT_GT(parsed.decls().size(), 10'000u);
}

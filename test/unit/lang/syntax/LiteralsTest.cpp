//===- LiteralsTest.cpp - Numbers, units, strings -------------------------===//
//
// Values, not only acceptance: a unit that is off by a thousand is still a
// number.
//
//===----------------------------------------------------------------------===//

#include "test/unit/lang/syntax/Parsed.h"

using namespace weft::syntax;

namespace {

void integer(const std::string &text, std::int64_t value) {
  ParsedExpr parsed(text);
  auto *found = parsed.as_<IntExpr>();
  ASSERT_TRUE(found) << text << "\n" << parsed.messages() << parsed.tree();
  EXPECT_EQ(found->value, value) << text;
}

void floating(const std::string &text, double value) {
  ParsedExpr parsed(text);
  auto *found = parsed.as_<FloatExpr>();
  ASSERT_TRUE(found) << text << "\n" << parsed.messages() << parsed.tree();
  EXPECT_EQ(found->value, value) << text;
}

void quantity(const std::string &text, Quantity kind, std::int64_t amount) {
  ParsedExpr parsed(text);
  auto *found = parsed.as_<QuantityExpr>();
  ASSERT_TRUE(found) << text << "\n" << parsed.messages() << parsed.tree();
  EXPECT_EQ(found->quantity, kind) << text;
  EXPECT_EQ(found->amount, amount) << text;
  EXPECT_EQ(found->text, text);
}

std::string plain(const std::string &text) {
  ParsedExpr parsed(text);
  auto *found = parsed.as_<StringExpr>();
  EXPECT_TRUE(found && found->isPlain()) << text << "\n" << parsed.messages();
  return found ? found->plainText() : "";
}

} // namespace

TEST(Numbers, Integers) {
  integer("0", 0);
  integer("42", 42);
  integer("1_000", 1000);
  integer("20k", 20'000);
  integer("1.5M", 1'500'000);
  integer("2G", 2'000'000'000);
  integer("007", 7);
  integer("9223372036854775807", INT64_MAX);
  integer("-9223372036854775808", INT64_MIN);
  integer("-9_223_372_036_854_775_808", INT64_MIN);
}

// Every int can be written, and only the minus of a literal makes its digits fit.
TEST(Numbers, TheLeastIntIsOneLiteral) {
  for (const char *text : {"- 9223372036854775808", "-(9223372036854775808)", "1 -9223372036854775808",
                           "-9223372036854775808k", "-9223372036854775809", "-9223372036854775808ns"})
    EXPECT_EQ(ParsedExpr(text).codes(), "W0111") << text;
  ParsedExpr twice("--9223372036854775808");
  auto *negated = twice.as_<UnaryExpr>();
  ASSERT_TRUE(negated) << twice.messages();
  EXPECT_TRUE(as<IntExpr>(negated->operand)) << twice.tree();
}

TEST(Numbers, Floats) {
  floating("0.5", 0.5);
  floating("3e-4", 3e-4);
  floating("1e5", 1e5);
  floating("1_000.25", 1000.25);
  floating("0.0005k", 0.5);
  floating("1.7976931348623157e308", 1.7976931348623157e308);
  floating("0.1", 0.1);
}

TEST(Numbers, Durations) {
  quantity("1ns", Quantity::duration, 1);
  quantity("50us", Quantity::duration, 50'000);
  quantity("200ms", Quantity::duration, 200'000'000);
  quantity("30s", Quantity::duration, 30'000'000'000);
  quantity("5min", Quantity::duration, 300'000'000'000);
  quantity("2h", Quantity::duration, 7'200'000'000'000);
  quantity("1d", Quantity::duration, 86'400'000'000'000);
  quantity("0.5s", Quantity::duration, 500'000'000);
  quantity("1.5h", Quantity::duration, 5'400'000'000'000);
}

TEST(Numbers, Sizes) {
  quantity("64KiB", Quantity::size, 65'536);
  quantity("10MB", Quantity::size, 10'000'000);
  quantity("2GiB", Quantity::size, 2'147'483'648);
  quantity("1B", Quantity::size, 1);
  quantity("0.5KiB", Quantity::size, 512);
  quantity("3TB", Quantity::size, 3'000'000'000'000);
  quantity("1TiB", Quantity::size, 1'099'511'627'776);
}

TEST(Numbers, SpeedsAndCompute) {
  quantity("25Gbps", Quantity::bandwidth, 25'000'000'000);
  quantity("400GBps", Quantity::bandwidth, 3'200'000'000'000);
  quantity("4.8TBps", Quantity::bandwidth, 38'400'000'000'000);
  quantity("67TFLOPS", Quantity::compute, 67'000'000'000'000);
  quantity("1.2TFLOPS", Quantity::compute, 1'200'000'000'000);
}

TEST(Numbers, Money) {
  quantity("$0.05", Quantity::money, 50'000'000);
  quantity("$10", Quantity::money, 10'000'000'000);
  quantity("$0.000000001", Quantity::money, 1);
  quantity("$1.5k", Quantity::money, 1'500'000'000'000);
}

TEST(Numbers, Rates) {
  struct {
    const char *text;
    RateBase base;
    std::int64_t per;
  } cases[] = {
      {"$0.15 per Mtok", RateBase::tokens, 1'000'000},  {"500 per min", RateBase::time, 60'000'000'000},
      {"$28 per h", RateBase::time, 3'600'000'000'000}, {"2.5 per s", RateBase::time, 1'000'000'000},
      {"$0.01 per call", RateBase::calls, 1},           {"$1 per ktok", RateBase::tokens, 1'000},
  };
  for (const auto &each : cases) {
    ParsedExpr parsed(each.text);
    auto *rate = parsed.as_<RateExpr>();
    ASSERT_TRUE(rate) << each.text << parsed.messages();
    EXPECT_EQ(rate->base, each.base) << each.text;
    EXPECT_EQ(rate->perAmount, each.per) << each.text;
    EXPECT_EQ(rate->text, each.text);
  }
}

TEST(Numbers, WhatCannotBeHeldIsRefused) {
  for (const char *text : {"9223372036854775808", "1e999", "0.1ns", "0.3B", "$0.0000000001", "99999999999999999999G",
                           "10000000d", "1.00000000000000000000000000000001s"}) {
    ParsedExpr parsed(text);
    EXPECT_EQ(parsed.codes(), "W0111") << text << parsed.messages();
  }
}

TEST(Numbers, UnknownUnitsAreRefused) {
  for (const char *text : {"30sec", "1x", "0x1F", "1e", "5mb", "$3s", "1 per week", "3s per min"})
    EXPECT_EQ(ParsedExpr(text).codes(), "W0112") << text;
}

TEST(Strings, Escapes) {
  EXPECT_EQ(plain(R"("a\n\t\r\"\\\$b")"), "a\n\t\r\"\\$b");
  EXPECT_EQ(plain(R"("\u{41}\u{1F600}\u{e9}")"), "A\U0001F600\u00e9");
  EXPECT_EQ(plain(R"("")"), "");
  EXPECT_EQ(plain(R"("$5 and {x} and $")"), "$5 and {x} and $");
  EXPECT_EQ(plain(R"("größe → ✓")"), "größe → ✓");
}

TEST(Strings, EscapesThatDoNotExist) {
  for (const char *text :
       {R"("\q")", R"("\u{110000}")", R"("\u{D800}")", R"("\u0041")", R"("\u{}")", R"("\u{123456789}")"})
    EXPECT_EQ(ParsedExpr(text).codes(), "W0106") << text;
}

TEST(Strings, Holes) {
  ParsedExpr parsed(R"("a${x}b${ f("c${y}") }")");
  EXPECT_EQ(parsed.body(), "string of\n  text \"a\"\n  name x\n  text \"b\"\n  call\n    name f\n    argument\n"
                           "      string of\n        text \"c\"\n        name y\n")
      << parsed.messages();
}

TEST(Strings, BracesInHolesNest) {
  ParsedExpr parsed(R"("${ { a: { b: 1 } }.a.b }}")");
  EXPECT_TRUE(parsed.result.ok) << parsed.messages();
  auto *found = parsed.as_<StringExpr>();
  ASSERT_TRUE(found);
  ASSERT_EQ(found->pieces.size(), 2u);
  EXPECT_EQ(found->pieces[1].text, "}");
}

TEST(Blocks, IndentationAndOuterNewlinesGo) {
  EXPECT_EQ(plain("\"\"\"\n    one\n      two\n\n    three\n    \"\"\""), "one\n  two\n\nthree");
  EXPECT_EQ(plain("\"\"\"\n  one\n\"\"\""), "one");
  EXPECT_EQ(plain("\"\"\"one\n  two\n  \"\"\""), "one\ntwo");
  EXPECT_EQ(plain("\"\"\"one\"\"\""), "one");
  EXPECT_EQ(plain("\"\"\"\"\"\""), "");
  EXPECT_EQ(plain("\"\"\"\n\"\"\""), "");
  EXPECT_EQ(plain("\"\"\"\n\n\"\"\""), "");
  EXPECT_EQ(plain("\"\"\"\n\n  a\n\n\"\"\""), "\na\n");
}

TEST(Blocks, ANewlineThatIsKeptIsWrittenTwice) { EXPECT_EQ(plain("\"\"\"\n  a\n\n  \"\"\""), "a\n"); }

TEST(Blocks, EscapesAreNoIndentation) {
  EXPECT_EQ(plain("\"\"\"\n  a\\n    b\n  c\n\"\"\""), "a\n    b\nc");
  EXPECT_EQ(plain("\"\"\"\n  \\ta\n    b\n\"\"\""), "\ta\n  b");
}

TEST(Blocks, QuotesAndDollarsInside) {
  EXPECT_EQ(plain("\"\"\"say \"hi\" and \"\"two\"\" for $3\"\"\""), "say \"hi\" and \"\"two\"\" for $3");
  ParsedExpr parsed("\"\"\"\n  \"${x}\"\n  \"\"\"");
  EXPECT_EQ(parsed.body(), "string of\n  text \"\\\"\"\n  name x\n  text \"\\\"\"\n") << parsed.messages();
}

TEST(Blocks, AHoleIsTextForTheIndentation) {
  ParsedExpr parsed("\"\"\"\n    ${a}\n      ${b}\n    \"\"\"");
  EXPECT_EQ(parsed.body(), "string of\n  name a\n  text \"\\n  \"\n  name b\n") << parsed.messages();
}

//===- BuiltinsTest.cpp - Core functions and operators --------------------===//

#include "runtime/value/Builtins.h"
#include "runtime/base/Limits.h"
#include "runtime/value/Builders.h"
#include "runtime/value/WordsPrinter.h"

#include <functional>
#include <gtest/gtest.h>

namespace weft::value {
namespace {

Value i(std::int64_t value) { return Value::integer(value); }
Value f(double value) { return Value::real(value); }
Value b(bool value) { return Value::boolean(value); }
Value t(std::string_view value) { return Value::text(value); }
Value s(std::int64_t seconds) { return Value::duration(seconds * 1'000'000'000); }
Value l(std::initializer_list<Value> items) { return Value::list(items); }
Value map(std::initializer_list<std::pair<const char *, Value>> entries) {
  MapBuilder builder;
  for (auto &[key, value] : entries)
    builder.add(t(key), value);
  return *std::move(builder).map();
}

/// Function values of these tests are numbers of C++ functions.
class TestApplier final : public Applier {
public:
  TestApplier() { fuelLeft = 10'000'000; }
  Value add(std::function<Value(Args)> function) {
    functions.push_back(std::move(function));
    return Value::function(static_cast<std::uint32_t>(functions.size() - 1));
  }
  bool apply(const Value &function, Args args, Value &result) override {
    ++calls;
    result = functions.at(function.functionIndex())(args);
    return true;
  }
  int calls = 0;

private:
  std::vector<std::function<Value(Args)>> functions;
};

struct BuiltinsTest : testing::Test {
  TestApplier applier;
  /// The result, or a text "kind: why".
  Value call(Builtin builtin, std::initializer_list<Value> args) {
    Value result;
    auto failure = callBuiltin(builtin, std::span(args.begin(), args.size()), result, applier);
    return failure ? t(std::string(base::name(failure->kind)) + ": " + failure->why) : result;
  }
  Value fn(std::function<Value(Args)> function) { return applier.add(std::move(function)); }
  Value isEven = fn([](Args args) { return b(args[0].asInt() % 2 == 0); });
};

TEST_F(BuiltinsTest, Addition) {
  EXPECT_EQ(call(Builtin::add, {i(2), i(3)}), i(5));
  EXPECT_EQ(call(Builtin::add, {i(2), f(0.5)}), f(2.5));
  EXPECT_EQ(call(Builtin::add, {s(1), s(2)}), s(3));
  EXPECT_EQ(call(Builtin::add, {t("a"), t("b")}), t("ab"));
  EXPECT_EQ(call(Builtin::add, {l({i(1)}), l({i(2)})}), l({i(1), i(2)}));
  EXPECT_EQ(call(Builtin::add, {i(INT64_MAX), i(1)}), t("failed: 9223372036854775807 + 1 does not fit an int"));
  EXPECT_EQ(call(Builtin::add, {f(1e308), f(1e308)}), t("failed: 1e308 + 1e308 is no finite number"));
  EXPECT_EQ(call(Builtin::add, {s(30), i(5)}), t("failed: 30s + 5 has no meaning"));
  EXPECT_EQ(call(Builtin::add, {s(30), Value::size(5)}), t("failed: 30s + 5B has no meaning"));
}

TEST_F(BuiltinsTest, SubtractionAndNegation) {
  EXPECT_EQ(call(Builtin::sub, {i(2), i(3)}), i(-1));
  EXPECT_EQ(call(Builtin::sub, {s(2), s(3)}), s(-1));
  EXPECT_EQ(call(Builtin::sub, {i(INT64_MIN), i(1)}), t("failed: -9223372036854775808 - 1 does not fit an int"));
  EXPECT_EQ(call(Builtin::negate, {f(1.5)}), f(-1.5));
  EXPECT_EQ(call(Builtin::negate, {i(INT64_MIN)}), t("failed: -(-9223372036854775808) does not fit"));
  EXPECT_EQ(call(Builtin::negate, {t("x")}), t("failed: negate does not take a string"));
}

TEST_F(BuiltinsTest, Multiplication) {
  EXPECT_EQ(call(Builtin::mul, {i(6), i(7)}), i(42));
  EXPECT_EQ(call(Builtin::mul, {s(2), i(3)}), s(6));
  EXPECT_EQ(call(Builtin::mul, {i(3), s(2)}), s(6));
  EXPECT_EQ(call(Builtin::mul, {Value::money(5), f(0.5)}), Value::money(3));
  EXPECT_EQ(call(Builtin::mul, {Value::money(-5), f(0.5)}), Value::money(-3));
  EXPECT_EQ(call(Builtin::mul, {s(2), s(3)}), t("failed: 2s * 3s has no meaning"));
  EXPECT_EQ(call(Builtin::mul, {Value::size(INT64_MAX), i(2)}),
            t("failed: 9223372036854775807B * 2 does not fit a size"));
  EXPECT_EQ(call(Builtin::mul, {Value::size(INT64_MAX), f(1.5)}),
            t("failed: 9223372036854775807B * 1.5 does not fit a size"));
}

TEST_F(BuiltinsTest, DivisionOfIntsIsAFloat) {
  EXPECT_EQ(call(Builtin::divide, {i(7), i(2)}), f(3.5));
  EXPECT_EQ(call(Builtin::divide, {s(7), s(2)}), f(3.5));
  EXPECT_EQ(call(Builtin::divide, {s(7), i(2)}), Value::duration(3'500'000'000));
  EXPECT_EQ(call(Builtin::divide, {i(7), i(0)}), t("failed: division of 7 by zero"));
  EXPECT_EQ(call(Builtin::divide, {f(7), f(-0.0)}), t("failed: division of 7.0 by zero"));
  EXPECT_EQ(call(Builtin::divide, {i(7), s(2)}), t("failed: 7 / 2s has no meaning"));
}

TEST_F(BuiltinsTest, DivAndRemainderGoTowardsZeroTogether) {
  for (std::int64_t x : {7, -7, 8})
    for (std::int64_t y : {2, -2, 3}) {
      std::int64_t quotient = call(Builtin::div, {i(x), i(y)}).asInt(),
                   rest = call(Builtin::remainder, {i(x), i(y)}).asInt();
      EXPECT_EQ(quotient * y + rest, x);
      EXPECT_EQ(quotient, x / y);
    }
  EXPECT_EQ(call(Builtin::remainder, {i(INT64_MIN), i(-1)}), i(0));
  EXPECT_EQ(call(Builtin::div, {i(INT64_MIN), i(-1)}), t("failed: div does not fit an int"));
  EXPECT_EQ(call(Builtin::div, {i(1), i(0)}), t("failed: division by zero"));
  EXPECT_EQ(call(Builtin::remainder, {i(1), i(0)}), t("failed: division of 1 by zero"));
  EXPECT_EQ(call(Builtin::remainder, {s(7), s(4)}), s(3));
  EXPECT_EQ(call(Builtin::div, {s(7), s(2)}), i(3));
}

TEST_F(BuiltinsTest, Comparisons) {
  EXPECT_EQ(call(Builtin::eq, {i(1), f(1)}), b(true));
  EXPECT_EQ(call(Builtin::eq, {i(1), t("1")}), b(false));
  EXPECT_EQ(call(Builtin::ne, {l({i(1)}), l({i(1)})}), b(false));
  EXPECT_EQ(call(Builtin::lt, {t("a"), t("b")}), b(true));
  EXPECT_EQ(call(Builtin::le, {s(1), s(1)}), b(true));
  EXPECT_EQ(call(Builtin::gt, {i(2), f(1.5)}), b(true));
  EXPECT_EQ(call(Builtin::ge, {i(1), i(2)}), b(false));
  EXPECT_EQ(call(Builtin::lt, {i(1), t("a")}), t("failed: a int and a string have no order"));
  EXPECT_EQ(call(Builtin::not_, {b(true)}), b(false));
  EXPECT_EQ(call(Builtin::is_none, {Value()}), b(true));
}

TEST_F(BuiltinsTest, LenCountsWhatPeopleCount) {
  EXPECT_EQ(call(Builtin::len, {t("héllo😀")}), i(6));
  EXPECT_EQ(call(Builtin::len, {Value::bytes(base::bytesOf("hé"))}), i(3));
  EXPECT_EQ(call(Builtin::len, {l({i(1), i(2)})}), i(2));
  EXPECT_EQ(call(Builtin::len, {map({{"a", i(1)}})}), i(1));
  EXPECT_EQ(call(Builtin::len, {i(1)}), t("failed: len does not take a int"));
}

TEST_F(BuiltinsTest, IndexAndLookup) {
  EXPECT_EQ(call(Builtin::index, {l({i(1), i(2)}), i(1)}), i(2));
  EXPECT_EQ(call(Builtin::index, {l({i(1), i(2)}), i(2)}), t("failed: index 2 of a list of 2 items"));
  EXPECT_EQ(call(Builtin::index, {l({i(1)}), i(-1)}), t("failed: index -1 of a list of 1 item"));
  EXPECT_EQ(call(Builtin::lookup, {map({{"a", i(1)}}), t("a")}), i(1));
  EXPECT_EQ(call(Builtin::lookup, {map({{"a", i(1)}}), t("b")}), Value());
  EXPECT_EQ(call(Builtin::put, {map({{"a", i(1)}}), t("b"), i(2)}), map({{"a", i(1)}, {"b", i(2)}}));
  EXPECT_EQ(call(Builtin::entries, {map({{"b", i(1)}, {"a", i(2)}})}), l({l({t("a"), i(2)}), l({t("b"), i(1)})}));
  EXPECT_EQ(call(Builtin::keys, {map({{"b", i(1)}, {"a", i(2)}})}), l({t("a"), t("b")}));
  EXPECT_EQ(call(Builtin::values, {map({{"b", i(1)}, {"a", i(2)}})}), l({i(2), i(1)}));
}

TEST_F(BuiltinsTest, TakeAndSkipCutListsAndCodePoints) {
  Value list = l({i(1), i(2), i(3)});
  EXPECT_EQ(call(Builtin::take, {list, i(2)}), l({i(1), i(2)}));
  EXPECT_EQ(call(Builtin::take, {list, i(9)}), list);
  EXPECT_EQ(call(Builtin::skip, {list, i(2)}), l({i(3)}));
  EXPECT_EQ(call(Builtin::skip, {list, i(9)}), l({}));
  EXPECT_EQ(call(Builtin::take, {t("héé"), i(2)}), t("hé"));
  EXPECT_EQ(call(Builtin::skip, {t("héé"), i(2)}), t("é"));
  EXPECT_EQ(call(Builtin::take, {list, i(-1)}), t("failed: take of -1 items, at least 0 is expected"));
}

TEST_F(BuiltinsTest, FirstAndLastOfNothingAreNone) {
  EXPECT_EQ(call(Builtin::first, {l({i(1), i(2)})}), i(1));
  EXPECT_EQ(call(Builtin::last, {l({i(1), i(2)})}), i(2));
  EXPECT_EQ(call(Builtin::first, {l({})}), Value());
  EXPECT_EQ(call(Builtin::last, {l({})}), Value());
}

TEST_F(BuiltinsTest, Lists) {
  EXPECT_EQ(call(Builtin::reverse, {l({i(1), i(2)})}), l({i(2), i(1)}));
  EXPECT_EQ(call(Builtin::unique, {l({t("a"), t("b"), t("a")})}), l({t("a"), t("b")}));
  EXPECT_EQ(call(Builtin::flatten, {l({l({i(1)}), l({}), l({i(2), i(3)})})}), l({i(1), i(2), i(3)}));
  EXPECT_EQ(call(Builtin::present, {l({i(1), Value(), i(2)})}), l({i(1), i(2)}));
  EXPECT_EQ(call(Builtin::zip, {l({i(1), i(2)}), l({t("a")})}), l({l({i(1), t("a")})}));
  EXPECT_EQ(call(Builtin::enumerate, {l({t("a"), t("b")})}), l({l({i(0), t("a")}), l({i(1), t("b")})}));
  EXPECT_EQ(call(Builtin::range, {i(3)}), l({i(0), i(1), i(2)}));
  EXPECT_EQ(call(Builtin::range, {i(2), i(4)}), l({i(2), i(3)}));
  EXPECT_EQ(call(Builtin::range, {i(4), i(2)}), l({}));
  EXPECT_EQ(call(Builtin::range, {i(INT64_MIN), i(INT64_MAX)}),
            t("failed: a range of 18446744073709551615 items, at most 67108864 can be held"));
}

TEST_F(BuiltinsTest, ContainsOfListsMapsAndStrings) {
  EXPECT_EQ(call(Builtin::contains, {l({i(1), i(2)}), i(2)}), b(true));
  EXPECT_EQ(call(Builtin::contains, {l({f(1)}), i(1)}), b(true));
  EXPECT_EQ(call(Builtin::contains, {l({}), i(2)}), b(false));
  EXPECT_EQ(call(Builtin::contains, {map({{"a", i(1)}}), t("a")}), b(true));
  EXPECT_EQ(call(Builtin::contains, {t("abc"), t("bc")}), b(true));
  EXPECT_EQ(call(Builtin::contains, {t("abc"), t("")}), b(true));
  EXPECT_EQ(call(Builtin::contains, {t("abc"), t("cb")}), b(false));
}

TEST_F(BuiltinsTest, FunctionsOverLists) {
  Value list = l({i(1), i(2), i(3), i(4)});
  Value twice = fn([](Args args) { return i(2 * args[0].asInt()); });
  EXPECT_EQ(call(Builtin::map, {list, twice}), l({i(2), i(4), i(6), i(8)}));
  EXPECT_EQ(call(Builtin::filter, {list, isEven}), l({i(2), i(4)}));
  EXPECT_EQ(call(Builtin::count, {list, isEven}), i(2));
  EXPECT_EQ(call(Builtin::find, {list, isEven}), i(2));
  EXPECT_EQ(call(Builtin::find, {l({i(1)}), isEven}), Value());
  EXPECT_EQ(call(Builtin::filter, {list, twice}), t("failed: the condition of filter gives no bool"));
}

TEST_F(BuiltinsTest, AllAndAnyStopWhereTheAnswerIsKnown) {
  EXPECT_EQ(call(Builtin::all, {l({i(1), i(2), i(4)}), isEven}), b(false));
  EXPECT_EQ(applier.calls, 1);
  EXPECT_EQ(call(Builtin::any, {l({i(1), i(2), i(4)}), isEven}), b(true));
  EXPECT_EQ(applier.calls, 3);
  EXPECT_EQ(call(Builtin::all, {l({}), isEven}), b(true));
  EXPECT_EQ(call(Builtin::any, {l({}), isEven}), b(false));
}

TEST_F(BuiltinsTest, FunctionsOverMapsTakeKeyAndValue) {
  Value m = map({{"a", i(1)}, {"b", i(2)}});
  Value joined = fn([](Args args) { return t(std::string(args[0].asText()) + std::to_string(args[1].asInt())); });
  Value isB = fn([](Args args) { return b(args[0].asText() == "b"); });
  EXPECT_EQ(call(Builtin::map, {m, joined}), map({{"a", t("a1")}, {"b", t("b2")}}));
  EXPECT_EQ(call(Builtin::filter, {m, isB}), map({{"b", i(2)}}));
  EXPECT_EQ(call(Builtin::any, {m, isB}), b(true));
  EXPECT_EQ(call(Builtin::count, {m, isB}), i(1));
}

TEST_F(BuiltinsTest, SortIsStableAndAscending) {
  EXPECT_EQ(call(Builtin::sort, {l({i(3), i(1), i(2)})}), l({i(1), i(2), i(3)}));
  EXPECT_EQ(call(Builtin::sort, {l({t("b"), t("a")})}), l({t("a"), t("b")}));
  Value length = fn([](Args args) { return i(static_cast<std::int64_t>(args[0].asText().size())); });
  EXPECT_EQ(call(Builtin::sort_by, {l({t("bb"), t("a"), t("cc"), t("d")}), length}),
            l({t("a"), t("d"), t("bb"), t("cc")}));
  EXPECT_EQ(call(Builtin::sort, {l({i(1), t("a")})}), t("failed: sort: a string and a int have no order"));
  EXPECT_EQ(call(Builtin::sort, {l({})}), l({}));
}

TEST_F(BuiltinsTest, GroupByKeepsTheOrderInside) {
  Value firstLetter = fn([](Args args) { return t(args[0].asText().substr(0, 1)); });
  EXPECT_EQ(call(Builtin::group_by, {l({t("ba"), t("a"), t("bb")}), firstLetter}),
            map({{"a", l({t("a")})}, {"b", l({t("ba"), t("bb")})}}));
  Value number = fn([](Args) { return i(1); });
  EXPECT_EQ(call(Builtin::group_by, {l({t("x")}), number}), t("failed: the key of group_by is no string"));
}

TEST_F(BuiltinsTest, ReduceGoesFromTheLeft) {
  Value minus = fn([](Args args) { return i(args[0].asInt() - args[1].asInt()); });
  EXPECT_EQ(call(Builtin::reduce, {l({i(1), i(2)}), i(10), minus}), i(7));
  EXPECT_EQ(call(Builtin::reduce, {l({}), i(10), minus}), i(10));
}

TEST_F(BuiltinsTest, Strings) {
  EXPECT_EQ(call(Builtin::split, {t("a,b,"), t(",")}), l({t("a"), t("b"), t("")}));
  EXPECT_EQ(call(Builtin::split, {t(""), t(",")}), l({t("")}));
  EXPECT_EQ(call(Builtin::split, {t("aü€😀"), t("")}), l({t("a"), t("ü"), t("€"), t("😀")}));
  EXPECT_EQ(call(Builtin::split, {t(""), t("")}), l({}));
  EXPECT_EQ(call(Builtin::join, {l({t("a"), t("b")}), t(", ")}), t("a, b"));
  EXPECT_EQ(call(Builtin::join, {l({}), t(", ")}), t(""));
  EXPECT_EQ(call(Builtin::join, {l({i(1)}), t(", ")}), t("failed: join does not take a int"));
  EXPECT_EQ(call(Builtin::lines, {t("a\r\nb\n\nc\n")}), l({t("a"), t("b"), t(""), t("c")}));
  EXPECT_EQ(call(Builtin::lines, {t("")}), l({}));
  EXPECT_EQ(call(Builtin::trim, {t(" \n\u00a0a b\u3000")}), t("a b"));
  EXPECT_EQ(call(Builtin::trim, {t(" \t")}), t(""));
  EXPECT_EQ(call(Builtin::upper, {t("straße é")}), t("STRAßE É"));
  EXPECT_EQ(call(Builtin::lower, {t("ÀÉ ΣЖ Ł")}), t("àé σж ł"));
  EXPECT_EQ(call(Builtin::replace, {t("aXbX"), t("X"), t("--")}), t("a--b--"));
  EXPECT_EQ(call(Builtin::replace, {t("aaa"), t("aa"), t("b")}), t("ba"));
  EXPECT_EQ(call(Builtin::replace, {t("a"), t(""), t("b")}), t("failed: replace looks for an empty string"));
  EXPECT_EQ(call(Builtin::starts_with, {t("abc"), t("ab")}), b(true));
  EXPECT_EQ(call(Builtin::ends_with, {t("abc"), t("ab")}), b(false));
  EXPECT_EQ(call(Builtin::concat, {t("a"), t(""), t("bc")}), t("abc"));
  EXPECT_EQ(call(Builtin::concat, {t("a"), i(1)}), t("failed: concat does not take a int"));
}

TEST_F(BuiltinsTest, MatchesWantsTheWholeText) {
  EXPECT_EQ(call(Builtin::matches, {t("abc"), t("[a-c]+")}), b(true));
  EXPECT_EQ(call(Builtin::matches, {t("abcd"), t("[a-c]+")}), b(false));
  EXPECT_EQ(call(Builtin::matches, {t("a"), t("(a")}), t("failed: pattern \"(a\": expected ')' at offset 2"));
}

TEST_F(BuiltinsTest, MatchPieces) {
  EXPECT_EQ(call(Builtin::match_pieces, {t("a1, b"), t("([a-z])(\\d)?")}),
            l({l({t(""), i(0), l({t("a1"), t("a"), t("1")})}), l({t(", "), i(4), l({t("b"), t("b"), Value()})}),
               l({t(""), i(5), l({})})}));
  EXPECT_EQ(call(Builtin::match_pieces, {t("éb"), t("b")}),
            l({l({t("é"), i(1), l({t("b")})}), l({t(""), i(2), l({})})}));
  EXPECT_EQ(call(Builtin::match_pieces, {t("a"), t("(a")}), t("failed: pattern \"(a\": expected ')' at offset 2"));
  EXPECT_EQ(call(Builtin::match_pieces, {t("a"), i(1)}), t("failed: match_pieces does not take a int"));
}

TEST_F(BuiltinsTest, PartsOfASearchAreBounded) {
  applier.fuelLeft = base::defaultFuel;
  std::string pattern;
  for (int i = 0; i < 1000; ++i)
    pattern += "()";
  EXPECT_EQ(
      call(Builtin::match_pieces, {t(std::string(20'000, 'a')), t(pattern)}),
      t("failed: more than 16760 parts of the text fit the pattern, each with 1000 groups; search in pieces of it"));
}

TEST_F(BuiltinsTest, AWideSearchIsPaidForBeforeItBegins) {
  EXPECT_EQ(call(Builtin::match_pieces, {t(std::string(1 << 20, 'a')), t("[ab]{100}")}),
            t("failed: the computation takes more steps than the plan's limit of fuel allows"));
}

TEST_F(BuiltinsTest, SumsKeepTheirType) {
  EXPECT_EQ(call(Builtin::sum, {l({i(1), i(2)}), i(0)}), i(3));
  EXPECT_EQ(call(Builtin::sum, {l({}), f(0)}), f(0));
  EXPECT_EQ(call(Builtin::sum, {l({s(1), s(2)}), s(0)}), s(3));
  EXPECT_EQ(call(Builtin::sum, {l({i(INT64_MAX), i(1)}), i(0)}),
            t("failed: 9223372036854775807 + 1 does not fit an int"));
  EXPECT_EQ(call(Builtin::mean, {l({i(1), i(2)})}), f(1.5));
  EXPECT_EQ(call(Builtin::mean, {l({s(1), s(3)})}), s(2));
  EXPECT_EQ(call(Builtin::mean, {l({})}), t("failed: mean of an empty list"));
  EXPECT_EQ(call(Builtin::mean, {l({t("a")})}), t("failed: mean does not take a string"));
}

TEST_F(BuiltinsTest, Extremes) {
  EXPECT_EQ(call(Builtin::min, {l({i(3), i(1), i(2)})}), i(1));
  EXPECT_EQ(call(Builtin::max, {l({s(3), s(9)})}), s(9));
  EXPECT_EQ(call(Builtin::max, {i(3), f(3.5)}), f(3.5));
  EXPECT_EQ(call(Builtin::min, {l({})}), t("failed: min of an empty list"));
}

TEST_F(BuiltinsTest, Rounding) {
  EXPECT_EQ(call(Builtin::round, {f(2.5)}), i(3));
  EXPECT_EQ(call(Builtin::round, {f(-2.5)}), i(-3));
  EXPECT_EQ(call(Builtin::round, {f(2.345), i(2)}), f(2.35));
  EXPECT_EQ(call(Builtin::round, {f(1e300), i(2)}), f(1e300));
  EXPECT_EQ(call(Builtin::round, {f(1), i(16)}), t("failed: round to 16 decimals, 0 to 15 are expected"));
  EXPECT_EQ(call(Builtin::floor, {f(-1.5)}), i(-2));
  EXPECT_EQ(call(Builtin::ceil, {f(-1.5)}), i(-1));
  EXPECT_EQ(call(Builtin::floor, {i(7)}), i(7));
  EXPECT_EQ(call(Builtin::round, {f(1e19)}), t("failed: a float beyond the range of int is rounded to one"));
}

TEST_F(BuiltinsTest, RootsAndPowers) {
  EXPECT_EQ(call(Builtin::sqrt, {i(9)}), f(3));
  EXPECT_EQ(call(Builtin::sqrt, {f(-1)}), t("failed: sqrt of a negative number is no finite number"));
  EXPECT_EQ(call(Builtin::pow, {i(2), i(62)}), i(1ll << 62));
  EXPECT_EQ(call(Builtin::pow, {i(-1), i(INT64_MAX)}), i(-1));
  EXPECT_EQ(call(Builtin::pow, {i(3), i(0)}), i(1));
  EXPECT_EQ(call(Builtin::pow, {i(2), i(63)}), t("failed: pow(2, 63) does not fit an int"));
  EXPECT_EQ(call(Builtin::pow, {i(-2), i(63)}), i(INT64_MIN));
  EXPECT_EQ(call(Builtin::pow, {f(2), i(-1)}), f(0.5));
  EXPECT_EQ(call(Builtin::abs, {i(-3)}), i(3));
  EXPECT_EQ(call(Builtin::abs, {s(-3)}), s(3));
  EXPECT_EQ(call(Builtin::abs, {i(INT64_MIN)}), t("failed: -(-9223372036854775808) does not fit"));
}

TEST_F(BuiltinsTest, TextsToNumbers) {
  EXPECT_EQ(call(Builtin::parse_int, {t("-42")}), i(-42));
  EXPECT_EQ(call(Builtin::parse_int, {t("+42")}), i(42));
  for (const char *text : {"", " 42", "42 ", "4.0", "+-4", "9223372036854775808", "0x10"})
    EXPECT_EQ(call(Builtin::parse_int, {t(text)}), Value()) << text;
  EXPECT_EQ(call(Builtin::parse_float, {t("1.5e3")}), f(1500));
  for (const char *text : {"", "nan", "inf", "1e999", "1.5x", "+-1"})
    EXPECT_EQ(call(Builtin::parse_float, {t(text)}), Value()) << text;
  EXPECT_EQ(call(Builtin::from_json, {t("[1]")}), l({i(1)}));
  EXPECT_EQ(call(Builtin::from_json, {t("[")}),
            t("schema: line 1, column 2: expected a value, found the end of the text"));
}

TEST_F(BuiltinsTest, ATensorOfRankZeroIsANumber) {
  TensorBuilder zero(base::ElementType::f32, {});
  float half = 0.5f;
  std::memcpy(zero.data().data(), &half, sizeof half);
  EXPECT_EQ(call(Builtin::to_number, {std::move(zero).tensor()}), f(0.5));
  EXPECT_EQ(call(Builtin::to_number, {TensorBuilder(base::ElementType::i8, {}).tensor()}), i(0));
  EXPECT_EQ(call(Builtin::to_number, {TensorBuilder(base::ElementType::boolean, {}).tensor()}), b(false));
  std::int64_t dims[] = {1};
  EXPECT_EQ(call(Builtin::to_number, {TensorBuilder(base::ElementType::f32, dims).tensor()}),
            t("failed: a tensor of rank 1 is no number, rank 0 is"));
}

TEST_F(BuiltinsTest, ANumberIsATensorOfRankZero) {
  auto back = [&](Value number, const char *type) {
    return call(Builtin::to_number, {call(Builtin::to_tensor, {std::move(number), t(type)})});
  };
  EXPECT_EQ(call(Builtin::to_tensor, {i(3), t("i32")}).asTensor().type, base::ElementType::i32);
  EXPECT_EQ(back(i(-7), "i64"), i(-7));
  EXPECT_EQ(back(i(2), "f32"), f(2));
  EXPECT_EQ(back(f(0.1), "f32"), f(static_cast<double>(0.1F)));
  EXPECT_EQ(back(b(true), "bool"), b(true));
  EXPECT_EQ(back(call(Builtin::make_rng, {i(-7)}), "i64"), i(-7)); // what is drawn from both is the same
  EXPECT_EQ(call(Builtin::to_tensor, {i(5'000'000'000), t("i32")}), t("failed: 5000000000 is no i32"));
  EXPECT_EQ(call(Builtin::to_tensor, {f(0.5), t("i32")}), t("failed: 0.5 is no i32"));
  EXPECT_EQ(call(Builtin::to_tensor, {f(1e39), t("f32")}).asText().substr(0, 8), "failed: ");
  EXPECT_EQ(call(Builtin::to_tensor, {i(1), t("f31")}), t("failed: there is no element type 'f31'"));
}

TEST_F(BuiltinsTest, WorkIsPaidForInFuel) {
  applier.fuelLeft = 100;
  EXPECT_EQ(call(Builtin::range, {i(101)}),
            t("failed: the computation takes more steps than the plan's limit of fuel allows"));
  applier.fuelLeft = 100;
  EXPECT_EQ(call(Builtin::range, {i(100)}).items().size(), 100u);
  EXPECT_EQ(applier.fuelLeft, 0u);
}

// Static types exclude these; the words of a damaged plan do not.
TEST_F(BuiltinsTest, ArgumentsOfEveryTagFailOrGiveAResult) {
  std::int64_t dims[] = {2};
  const Value all[] = {Value(),
                       b(true),
                       i(-5),
                       f(0.5),
                       t("a text of more than twelve bytes"),
                       Value::bytes({}),
                       l({i(1), t("a"), Value()}),
                       map({{"a", i(1)}}),
                       Value::record({i(1)}),
                       Value::variant(3, {i(1)}),
                       s(1),
                       Value::size(1),
                       Value::money(1),
                       Value::rng({}),
                       TensorBuilder(base::ElementType::f32, dims).tensor(),
                       isEven,
                       Value::agent(AgentKind::block, 1),
                       Value::file("a", "b", {}),
                       Value::blob({}, 1),
                       Value::state(1, {})};
  applier.add([](Args) { return Value(); });
  NoApplier none(1'000'000);
  for (std::uint32_t number = 0; number < 200; ++number) {
    const BuiltinInfo *info = builtinInfo(number);
    if (!info)
      continue;
    Value result;
    for (const Value &first : all)
      for (const Value &second : all) {
        none.fuelLeft = 1'000'000;
        std::vector<Value> args{first, second, first};
        for (std::size_t count = info->fewest; count <= std::min<std::size_t>(info->most, 3); ++count) {
          auto failure = callBuiltin(static_cast<Builtin>(number), std::span(args).first(count), result, none);
          EXPECT_TRUE(!failure || !failure->why.empty());
        }
      }
  }
}

TEST_F(BuiltinsTest, NamesAndNumbersAgree) {
  EXPECT_EQ(builtinNamed("len"), Builtin::len);
  EXPECT_EQ(builtinNamed("no_such"), std::nullopt);
  EXPECT_EQ(builtinInfo(static_cast<std::uint32_t>(Builtin::group_by))->name, "group_by");
  EXPECT_EQ(builtinInfo(0), nullptr);
  EXPECT_EQ(builtinInfo(127), nullptr);
  EXPECT_EQ(builtinInfo(1'000'000), nullptr);
}

} // namespace
} // namespace weft::value

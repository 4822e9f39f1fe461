//===- MockAnswerTest.cpp - What a mock of a test answers -----------------===//

#include "runtime/plan/MockAnswer.h"

#include "runtime/base/Limits.h"
#include "test/unit/runtime/plan/SmallPlan.h"

#include <gtest/gtest.h>

namespace weft::plan {
namespace {

using value::Value;

/// The answer of a mock of a call with one argument, by a function that gives `said`; with `turn`, it takes its turn.
MockAnswer answered(const Value &said, bool takesTurn) {
  test::PlanBuilder builder;
  auto any = builder.type(value::TypeKind::json);
  auto constant = builder.constant(said, any);
  std::uint32_t function = builder.function(
      "mock", takesTurn ? 2 : 1, 3, [&](value::WordsBuilder &words) { words.return_(value::constant(constant)); });
  auto &main = builder.block("main", 1);
  main.result(main.param(0));
  builder.entry("main", main, {any}, any);
  auto plan = readPlan(builder.file());
  EXPECT_TRUE(plan) << plan.error().message;
  value::Evaluator evaluator((*plan)->program());
  return answerOf(**plan, {noIndex, noIndex, noIndex, function}, {Value::text("asked")}, 3, evaluator,
                  base::defaultFuel);
}

Value said(std::vector<Value> values, std::int64_t kind) {
  return Value::list(std::vector<Value>{Value::list(values), Value::integer(kind), Value::text("why"),
                                        Value::duration(200), Value::integer(900), Value::integer(40)});
}

TEST(MockAnswer, AFunctionOfTheArgumentsGivesTheValue) {
  MockAnswer answer = answered(Value::integer(7), false);
  ASSERT_TRUE(answer.value);
  EXPECT_EQ(*answer.value, Value::integer(7));
  EXPECT_EQ(answer.delayNs, 0);
}

TEST(MockAnswer, OneThatTakesItsTurnSaysMore) {
  MockAnswer answer = answered(said({Value::integer(7)}, -1), true);
  ASSERT_TRUE(answer.value);
  EXPECT_EQ(*answer.value, Value::integer(7));
  EXPECT_EQ(answer.delayNs, 200);
  EXPECT_EQ(answer.tokensIn, 900);
  EXPECT_EQ(answer.tokensOut, 40);
}

TEST(MockAnswer, AFailureHasItsKindAndTakesItsTime) {
  MockAnswer answer = answered(said({}, 1), true);
  EXPECT_FALSE(answer.value);
  EXPECT_EQ(answer.failure, (base::Failure{base::FailKind::timeout, "why"}));
  EXPECT_EQ(answer.delayNs, 200);
}

TEST(MockAnswer, WhatIsNoAnswerFails) {
  const Value none[] = {Value::integer(7), said({}, -1), said({Value::integer(1), Value::integer(2)}, -1),
                        said({}, base::failKindCount), Value::list(std::vector<Value>{Value::integer(1)})};
  for (const Value &one : none) {
    MockAnswer answer = answered(one, true);
    EXPECT_FALSE(answer.value);
    EXPECT_EQ(answer.failure.kind, base::FailKind::failed);
  }
}

} // namespace
} // namespace weft::plan

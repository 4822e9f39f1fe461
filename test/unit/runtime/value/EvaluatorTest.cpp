//===- EvaluatorTest.cpp - What each instruction does ---------------------===//

#include "Programs.h"

#include <gtest/gtest.h>

namespace weft::value {
namespace {

Value text(std::string_view t) { return Value::text(t); }
Value integer(std::int64_t i) { return Value::integer(i); }

struct EvaluatorTest : testing::Test {
  TestProgram p;
  WordsBuilder w;
  Value run(std::uint32_t result, std::vector<Value> start = {}) { return runWords(p, w, result, std::move(start)); }
};

TEST_F(EvaluatorTest, BuiltinsTakeRegistersAndConstants) {
  w.builtin(Builtin::add, 1, {reg(0), p.integer(3)});
  EXPECT_EQ(run(1, {integer(4)}), integer(7));
}

TEST_F(EvaluatorTest, DstMayBeAnOperand) {
  w.builtin(Builtin::add, 0, {reg(0), reg(0)});
  w.builtin(Builtin::concat, 1, {reg(1), reg(1)});
  EXPECT_EQ(run(1, {integer(4), text("a text of more than twelve bytes")}),
            text("a text of more than twelve bytesa text of more than twelve bytes"));
}

TEST_F(EvaluatorTest, OverflowIsNotTheFastPathsBusiness) {
  w.builtin(Builtin::add, 1, {reg(0), p.integer(1)});
  EXPECT_EQ(run(1, {integer(INT64_MAX)}), text("failed: 9223372036854775807 + 1 does not fit an int"));
}

TEST_F(EvaluatorTest, JumpUnlessChoosesABranch) {
  auto otherwise = w.label(), end = w.label();
  w.jumpUnless(otherwise, reg(0));
  w.move(1, p.text("then"));
  w.jump(end);
  w.bind(otherwise);
  w.move(1, p.text("else"));
  w.bind(end);
  auto code = w.finish();
  for (bool condition : {true, false}) {
    std::vector<Value> registers{Value::boolean(condition), Value()};
    std::uint64_t fuel = 10;
    EXPECT_FALSE(Evaluator(p.program()).run(code, registers, fuel));
    EXPECT_EQ(registers[1], text(condition ? "then" : "else"));
  }
}

TEST_F(EvaluatorTest, ConditionMustBeABool) {
  auto end = w.label();
  w.jumpUnless(end, reg(0));
  w.bind(end);
  EXPECT_EQ(run(0, {integer(1)}), text("failed: instruction jump_unless does not take a int"));
}

TEST_F(EvaluatorTest, RecordsFieldsAndCopies) {
  std::vector<Operand> fields{reg(0), reg(1)};
  w.record(2, fields);
  w.withField(3, reg(2), 1, p.text("new"));
  w.field(4, reg(3), 1);
  w.field(2, reg(2), 1); // the record dies while its field is copied
  EXPECT_EQ(runWords(p, w, 4, {integer(1), text("old")}), text("new"));
}

TEST_F(EvaluatorTest, FieldOutOfRangeFails) {
  w.field(1, reg(0), 2);
  EXPECT_EQ(run(1, {Value::record({integer(1), integer(2)})}), text("failed: field 2 of 2"));
}

TEST_F(EvaluatorTest, VariantsKnowTheirCase) {
  std::vector<Operand> fields{p.text("why")};
  w.variant(0, 2, fields);
  w.caseIndex(1, reg(0));
  w.caseField(2, reg(0), 0);
  w.list(3, std::vector<Operand>{reg(1), reg(2)});
  EXPECT_EQ(run(3), Value::list({integer(2), text("why")}));
}

TEST_F(EvaluatorTest, IsSomeOfAnOptionalSumIsNotItsCase) {
  w.isSome(2, reg(0));
  w.isSome(3, reg(1));
  w.caseIndex(4, reg(0));
  w.list(5, std::vector<Operand>{reg(2), reg(3), reg(4)});
  EXPECT_EQ(run(5, {Value::variant(0), Value()}), Value::list({integer(1), integer(0), integer(0)}));
}

TEST_F(EvaluatorTest, ClosuresSeeParametersThenCaptures) {
  WordsBuilder body;
  body.builtin(Builtin::sub, 2, {reg(0), reg(1)});
  body.return_(reg(2));
  std::uint32_t f = p.function("minus", 1, 1, 3, body);
  w.closure(1, f, std::vector<Operand>{reg(0)});
  w.apply(2, std::vector<Operand>{reg(1), p.integer(10)});
  EXPECT_EQ(run(2, {integer(4)}), integer(6));
}

TEST_F(EvaluatorTest, ApplyOfTooFewArgumentsFails) {
  WordsBuilder body;
  body.return_(reg(0));
  std::uint32_t f = p.function("same", 1, 0, 1, body);
  w.closure(1, f, {});
  w.apply(2, std::vector<Operand>{reg(1)});
  EXPECT_EQ(run(2), text("failed: same takes 1 arguments and 0 captures, found 0 and 0"));
}

TEST_F(EvaluatorTest, BuiltinsApplyClosures) {
  WordsBuilder body;
  body.builtin(Builtin::mul, 2, {reg(0), reg(1)});
  body.return_(reg(2));
  std::uint32_t f = p.function("times", 1, 1, 3, body);
  w.closure(1, f, std::vector<Operand>{p.integer(3)});
  w.builtin(Builtin::map, 2, {reg(0), reg(1)});
  EXPECT_EQ(run(2, {Value::list({integer(1), integer(2)})}), Value::list({integer(3), integer(6)}));
}

TEST_F(EvaluatorTest, RegistersOfAnActivationStartAsNone) {
  WordsBuilder body;
  body.move(1, reg(0));
  body.return_(reg(2));
  std::uint32_t f = p.function("leaky", 1, 0, 3, body);
  w.callFunction(0, f, std::vector<Operand>{p.text("a text of more than twelve bytes")});
  w.callFunction(0, f, std::vector<Operand>{p.integer(1)});
  EXPECT_EQ(run(0, {integer(5)}), Value());
}

TEST_F(EvaluatorTest, EndlessCallsEndAtTheDepthLimit) {
  // A closure that is given itself; no checker can see that.
  WordsBuilder body;
  body.apply(1, std::vector<Operand>{reg(0), reg(0)});
  body.return_(reg(1));
  std::uint32_t f = p.function("again", 1, 0, 2, body);
  w.closure(0, f, {});
  w.apply(1, std::vector<Operand>{reg(0), reg(0)});
  EXPECT_EQ(run(1), text("failed: functions call each other deeper than 128"));
}

TEST_F(EvaluatorTest, EndlessJumpsEndWithTheFuel) {
  auto start = w.label();
  w.bind(start);
  w.jump(start);
  std::uint64_t fuel = 1000;
  std::vector<Value> none;
  auto failure = Evaluator(p.program()).run(w.finish(), none, fuel);
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, FailKind::failed);
  EXPECT_NE(failure->why.find("fuel"), std::string::npos);
  EXPECT_EQ(fuel, 0u);
}

TEST_F(EvaluatorTest, FuelIsWhatWasSpent) {
  w.move(0, p.integer(1));
  w.move(1, reg(0));
  std::uint64_t fuel = 10;
  std::vector<Value> registers(2);
  EXPECT_FALSE(Evaluator(p.program()).run(w.finish(), registers, fuel));
  EXPECT_EQ(fuel, 8u);
}

TEST_F(EvaluatorTest, DoublingAValueEndsAtItsLimit) {
  // Thirty pairs of the same thing are small in memory and 2^30 leaves to walk.
  auto start = w.label();
  w.bind(start);
  w.list(0, std::vector<Operand>{reg(0), reg(0)});
  w.jump(start);
  Value found = run(0, {text("a text of more than twelve bytes")});
  EXPECT_NE(found.asText().find("bytes, at most 1073741824 can be held"), std::string::npos) << found.asText();
}

TEST_F(EvaluatorTest, NestingEndsAtItsLimit) {
  auto start = w.label();
  w.bind(start);
  w.list(0, std::vector<Operand>{reg(0)});
  w.jump(start);
  EXPECT_EQ(run(0), text("failed: a value nests deeper than 512"));
}

TEST_F(EvaluatorTest, TextByType) {
  TypeId strings = p.types.simple(TypeKind::string);
  TypeId list = p.types.list(strings);
  w.text(1, strings, reg(0));
  w.list(2, std::vector<Operand>{reg(0)});
  w.text(3, list, reg(2));
  w.builtin(Builtin::concat, 4, {reg(1), reg(3)});
  EXPECT_EQ(run(4, {text("a\"b")}), text("a\"b[\"a\\\"b\"]"));
}

TEST_F(EvaluatorTest, FailGivesKindAndMessage) {
  w.fail(FailKind::refused, p.text("not today"));
  EXPECT_EQ(run(0), text("refused: not today"));
}

TEST_F(EvaluatorTest, AFailureSaysSomethingWhereTheProgramSaysNothing) {
  w.fail(FailKind::refused, p.text(""));
  EXPECT_EQ(run(0), text("refused: no reason was given"));
}

TEST_F(EvaluatorTest, MapWithAKeyTwiceFails) {
  w.map(0, std::vector<Operand>{p.text("a"), p.integer(1), p.text("a"), p.integer(2)});
  EXPECT_EQ(run(0), text("failed: key \"a\" stands twice"));
}

TEST_F(EvaluatorTest, SplitsOfOneRngDiffer) {
  w.builtin(Builtin::make_rng, 0, {p.integer(7)});
  w.rngSplit(1, 1, reg(0));
  w.rngSplit(2, 2, reg(0));
  w.rngSplit(3, 1, reg(0));
  w.builtin(Builtin::ne, 4, {reg(1), reg(2)});
  w.builtin(Builtin::eq, 5, {reg(1), reg(3)});
  w.list(6, std::vector<Operand>{reg(4), reg(5)});
  EXPECT_EQ(run(6), Value::list({Value::boolean(true), Value::boolean(true)}));
}

TEST_F(EvaluatorTest, AgentsKeepKindIndexAndCaptures) {
  w.bindAgent(0, AgentKind::block, 9, std::vector<Operand>{p.integer(1)});
  Value agent = run(0);
  EXPECT_EQ(agent.agentKind(), AgentKind::block);
  EXPECT_EQ(agent.agentIndex(), 9u);
  EXPECT_EQ(agent.items()[0], integer(1));
}

/// type Fact { score: float where 0.0 <= score, best: float where score <= best }
struct ChecksTest : EvaluatorTest {
  ChecksTest() {
    WordsBuilder positive, above;
    positive.builtin(Builtin::le, 1, {p.constant(Value::real(0)), reg(0)});
    positive.return_(reg(1));
    above.builtin(Builtin::le, 2, {reg(0), reg(1)});
    above.return_(reg(2));
    auto first = static_cast<std::int32_t>(p.function("positive", 1, 0, 2, positive));
    auto second = static_cast<std::int32_t>(p.function("above", 2, 0, 3, above));
    TypeId real = p.types.simple(TypeKind::real);
    fact = p.types.record("Fact",
                          {{"score", real, first, "0.0 <= score", ""}, {"best", real, second, "score <= best", ""}});
    facts = p.types.list(fact);
    EXPECT_TRUE(p.types.seal(p.functions.size()));
    EXPECT_TRUE(checkProgram(p.program()));
  }
  TypeId fact, facts;
};

TEST_F(ChecksTest, EveryWhereHolds) {
  w.parse(1, facts, reg(0));
  EXPECT_EQ(run(1, {text(R"([{"score":1,"best":2.5}])")}),
            Value::variant(0, {Value::list({Value::record({Value::real(1), Value::real(2.5)})})}));
}

TEST_F(ChecksTest, ABrokenWhereNamesPlaceValueAndCondition) {
  w.parse(1, facts, reg(0));
  EXPECT_EQ(run(1, {text(R"([{"score":1,"best":2},{"score":-1,"best":2}])")}),
            Value::variant(1, {text("$[1].score: -1.0 does not satisfy 0.0 <= score")}));
}

TEST_F(ChecksTest, AWhereSeesTheFieldsAboveIt) {
  w.check(1, fact, reg(0));
  EXPECT_EQ(run(1, {Value::record({Value::real(3), Value::real(2)})}),
            text("schema: Fact.best: 2.0 does not satisfy score <= best"));
}

TEST_F(ChecksTest, ParseTellsTheShapeError) {
  w.parse(1, fact, reg(0));
  EXPECT_EQ(run(1, {text(R"({"score":"x","best":1})")}),
            Value::variant(1, {text("$.score: expected a number, found \"x\"")}));
}

TEST_F(ChecksTest, UnknownFieldsAreRefusedFromModelsAndDroppedFromTools) {
  w.parse(1, fact, reg(0));
  w.parse(2, fact, reg(0), parseDropsUnknown);
  w.caseIndex(3, reg(1));
  w.caseIndex(4, reg(2));
  w.list(5, std::vector<Operand>{reg(3), reg(4)});
  EXPECT_EQ(run(5, {text(R"({"score":1,"best":1,"more":[{}]})")}), Value::list({integer(1), integer(0)}));
}

TEST_F(ChecksTest, ParseOfAJsonValue) {
  w.builtin(Builtin::from_json, 1, {reg(0)});
  w.parse(2, fact, reg(1), parseOfJson | parseDropsUnknown);
  EXPECT_EQ(run(2, {text(R"({"score":1,"best":1})")}),
            Value::variant(0, {Value::record({Value::real(1), Value::real(1)})}));
}

TEST_F(ChecksTest, AnAnswerInAFenceIsItsContent) {
  w.parse(1, fact, reg(0));
  EXPECT_EQ(run(1, {text("```json\n{\"score\":1,\"best\":1}\n```\n")}).caseIndex(), 0u);
}

} // namespace
} // namespace weft::value

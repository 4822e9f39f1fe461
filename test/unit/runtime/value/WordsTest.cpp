//===- WordsTest.cpp - Which words may be run -----------------------------===//

#include "Programs.h"
#include "RandomValues.h"

#include "runtime/value/WordsPrinter.h"
#include "runtime/value/WordsShape.h"
#include "test/support/Seeds.h"

#include <gtest/gtest.h>

namespace weft::value {
namespace {

std::uint32_t head(Opcode opcode, std::uint32_t count = 0, std::uint32_t dst = 0) {
  return static_cast<std::uint32_t>(opcode) | count << 8 | dst << 16;
}

struct WordsTest : testing::Test {
  TestProgram p;
  WordsTest() {
    p.integer(7);
    p.types.simple(TypeKind::integer);
    WordsBuilder body;
    body.return_(reg(0));
    p.function("same", 1, 1, 2, body);
  }
  std::string refusal(std::vector<std::uint32_t> words, bool isFunction = false) {
    auto checked = checkWords(words, 4, p.program(), isFunction);
    return checked ? "accepted" : checked.error().message;
  }
  std::uint32_t number(Builtin builtin) { return static_cast<std::uint32_t>(builtin); }
};

TEST_F(WordsTest, NothingIsFineOutsideAFunction) {
  EXPECT_EQ(refusal({}), "accepted");
  EXPECT_EQ(refusal({}, true), "word 0 is the end of a function that does not return");
}

// Each of the following breaks one thing alone.
TEST_F(WordsTest, UnknownOpcode) {
  EXPECT_EQ(refusal({0}), "word 0 has opcode 0, which this build does not know");
  EXPECT_EQ(refusal({lastOpcode + 1u}), "word 0 has opcode 25, which this build does not know");
}
TEST_F(WordsTest, WordsMissing) {
  EXPECT_EQ(refusal({head(Opcode::move, 1)}), "word 0 starts an instruction of 2 words, and only 1 are left");
}
TEST_F(WordsTest, CountThatDoesNotSuit) {
  EXPECT_EQ(refusal({head(Opcode::move, 2), 0, 0}), "word 0 gives 2 operands to move");
  EXPECT_EQ(refusal({head(Opcode::builtin, 1), number(Builtin::add), 0}), "word 0 gives 1 arguments to add");
  EXPECT_EQ(refusal({head(Opcode::map, 1), 0}), "word 0 makes a map of 1 operands, which is odd");
}
TEST_F(WordsTest, RegistersOutOfRange) {
  EXPECT_EQ(refusal({head(Opcode::move, 1, 4), 0}), "word 0 names register 4 of 4");
  EXPECT_EQ(refusal({head(Opcode::move, 1), 4}), "word 0 names register 4 of 4");
  EXPECT_EQ(refusal({head(Opcode::move, 1, 3), 3}), "accepted");
}
TEST_F(WordsTest, ConstantOutOfRange) {
  EXPECT_EQ(refusal({head(Opcode::move, 1), constantBit | 1}), "word 0 names constant 1 of 1");
  EXPECT_EQ(refusal({head(Opcode::move, 1), constantBit}), "accepted");
}
TEST_F(WordsTest, UnknownBuiltin) {
  EXPECT_EQ(refusal({head(Opcode::builtin), 127}), "word 0 calls builtin 127, which this build does not know");
}
TEST_F(WordsTest, FunctionOutOfRangeOrMisfitting) {
  EXPECT_EQ(refusal({head(Opcode::closure, 1), 1, 0}), "word 0 names function 1 of 1");
  EXPECT_EQ(refusal({head(Opcode::closure, 0), 0}), "word 0 gives 0 values to same, which takes 1");
  EXPECT_EQ(refusal({head(Opcode::callFunction, 1), 0, 0}), "word 0 gives 1 values to same, which takes 2");
}
TEST_F(WordsTest, TypeOutOfRange) {
  for (Opcode opcode : {Opcode::text, Opcode::toJson, Opcode::check, Opcode::parse})
    EXPECT_EQ(refusal({head(opcode, 1), 1, 0}), "word 0 names type 1 of 1");
  EXPECT_EQ(refusal({head(Opcode::parse, 1), parseDropsUnknown | parseOfJson, 0}), "accepted");
}
TEST_F(WordsTest, JumpIntoAnInstruction) {
  EXPECT_EQ(refusal({head(Opcode::jump), 1}), "word 0 jumps to word 1, where no instruction starts");
  EXPECT_EQ(refusal({head(Opcode::jump), 3}), "word 0 jumps to word 3, where no instruction starts");
  EXPECT_EQ(refusal({head(Opcode::jump), 2}), "accepted");
}
TEST_F(WordsTest, JumpToTheEndOfAFunction) {
  EXPECT_EQ(refusal({head(Opcode::jump), 2}, true), "word 0 jumps to word 2, where no instruction starts");
}
TEST_F(WordsTest, FailKindAndAgentKindOutOfRange) {
  EXPECT_EQ(refusal({head(Opcode::fail, 1), 10, 0}), "word 0 names fail kind 10 of 10");
  EXPECT_EQ(refusal({head(Opcode::bindAgent), 2, 0}), "word 0 names agent kind 2 of 2");
  EXPECT_EQ(refusal({head(Opcode::bindAgent), 1, 1u << 31}), "word 0 names agent 2147483648, above 2^31");
}
TEST_F(WordsTest, ReturnOnlyFromFunctions) {
  EXPECT_EQ(refusal({head(Opcode::return_, 1), 0}), "word 0 returns, outside a function");
  EXPECT_EQ(refusal({head(Opcode::return_, 1), 0}, true), "accepted");
}
TEST_F(WordsTest, WritesWhereNothingIsWritten) {
  EXPECT_EQ(refusal({head(Opcode::jump, 0, 1), 2}), "word 0 writes a register, which jump does not");
}
TEST_F(WordsTest, FunctionThatRunsOffItsEnd) {
  EXPECT_EQ(refusal({head(Opcode::move, 1), 0}, true), "word 2 is the end of a function that does not return");
}

TEST_F(WordsTest, ProgramsAreCheckedWhole) {
  EXPECT_TRUE(checkProgram(p.program()));
  p.functions[0].registers = 1;
  EXPECT_EQ(checkProgram(p.program()).error().message, "function 0 (same) has 1 registers for 2 values given to it");
}

TEST_F(WordsTest, ChecksOfTypesTakeTheFieldsUpToTheirs) {
  p.types.record("R", {{"x", 0, 0, "x", ""}});
  EXPECT_EQ(checkProgram(p.program()).error().message,
            "type 1: field x is checked by same, which takes 1 values and 1 captures, not 1 and 0");
  p.functions[0].captures = 0;
  EXPECT_TRUE(checkProgram(p.program()));
  p.types.edit(1).fields.insert(p.types.edit(1).fields.begin(), Field{"w", 0, -1, "", ""});
  EXPECT_EQ(checkProgram(p.program()).error().message,
            "type 1: field x is checked by same, which takes 1 values and 0 captures, not 2 and 0");
}

TEST_F(WordsTest, PrintedForPeople) {
  WordsBuilder w;
  auto end = w.label();
  w.builtin(Builtin::lt, 2, {reg(0), p.text("a \"b\"")});
  w.jumpUnless(end, reg(2));
  w.closure(1, 0, std::vector<Operand>{reg(0)});
  w.parse(3, 0, reg(1), parseDropsUnknown);
  w.bind(end);
  w.fail(FailKind::refused, p.constant(Value::list({Value::duration(1'000'000'000), Value()})));
  EXPECT_EQ(printWords(w.finish(), p.program()), "    0  r2 = lt r0, \"a \\\"b\\\"\"\n"
                                                 "    4  jump_unless r2 -> 13\n"
                                                 "    7  r1 = closure same: r0\n"
                                                 "   10  r3 = parse <int> dropping unknown r1\n"
                                                 "   13  fail refused [1s, none]\n");
}

TEST_F(WordsTest, DamagedWordsArePrintedToo) {
  std::vector<std::uint32_t> words{0, head(Opcode::builtin, 1), 127, constantBit | 9, head(Opcode::text, 1), 9,
                                   0, head(Opcode::list, 200)};
  EXPECT_EQ(printWords(words, p.program()), "    0  ?word 0\n    1  r0 = ?builtin 127 ?constant 9\n"
                                            "    4  r0 = text <?type 9> r0\n    7  ?word 51207\n");
}

TEST_F(WordsTest, LargeConstantsAreCut) {
  EXPECT_EQ(shownValue(Value::text(std::string(100, 'x')), 10), "\"xxxxxxxxxx…\"");
  Value nested = Value::list({});
  for (int i = 0; i < 60; ++i)
    nested = Value::list({nested, nested});
  EXPECT_LT(shownValue(nested).size(), 200u);
}

/// Random instructions, each right in itself, over `registers` registers; jumps go to any instruction or to the end.
std::vector<std::uint32_t> randomWords(base::Random &random, const TestProgram &p, std::uint32_t registers,
                                       bool isFunction) {
  auto below = [&](std::uint64_t bound) { return static_cast<std::uint32_t>(random.below(bound)); };
  std::vector<std::uint32_t> words, starts;
  std::vector<std::size_t> jumps;
  for (std::uint32_t left = 1 + below(6); left > 0; --left) {
    std::uint32_t opcode = below(3) ? 1 + below(lastOpcode) : 1;
    const WordsShape &shape = *shapeOf(opcode);
    std::uint32_t fewest = shape.fewest, most = std::min<std::uint32_t>(shape.most, 4), immediate = below(3);
    switch (static_cast<Opcode>(opcode)) {
    case Opcode::builtin: {
      const BuiltinInfo *info = nullptr;
      while (!info)
        info = builtinInfo(immediate = below(100));
      fewest = info->fewest;
      most = std::min<std::uint32_t>(info->most, 4);
      break;
    }
    case Opcode::closure:
    case Opcode::callFunction:
      immediate = below(p.functions.size());
      fewest = most = p.functions[immediate].captures +
                      (opcode == static_cast<std::uint32_t>(Opcode::callFunction) ? p.functions[immediate].params : 0);
      break;
    case Opcode::text:
    case Opcode::toJson:
    case Opcode::parse:
    case Opcode::check:
      immediate = below(p.types.size());
      break;
    case Opcode::return_:
      if (!isFunction)
        continue;
      break;
    case Opcode::map:
      fewest = most = 2 * below(2);
      break;
    case Opcode::bindAgent:
      immediate = below(2);
      break;
    case Opcode::jump:
    case Opcode::jumpUnless:
      jumps.push_back(words.size() + 1);
      break;
    default:
      break;
    }
    std::uint32_t count = fewest + below(most - fewest + 1);
    starts.push_back(static_cast<std::uint32_t>(words.size()));
    words.push_back(opcode | count << 8 | (shape.writes ? below(registers) << 16 : 0));
    words.insert(words.end(), shape.immediates, immediate);
    for (; count > 0; --count)
      words.push_back(below(3) ? below(registers) : constantBit | below(p.consts.size()));
  }
  starts.push_back(static_cast<std::uint32_t>(words.size()));
  for (std::size_t jump : jumps)
    words[jump] = starts[below(starts.size())];
  if (isFunction) {
    words.push_back(head(Opcode::return_, 1));
    words.push_back(below(registers));
  }
  return words;
}

// Words that the checker accepts must run to an end on registers of any content, whatever they are.
TEST(Words, RandomAndMutatedWordsAreRefusedOrEnd) {
  constexpr std::uint32_t registers = 4;
  int accepted = 0, failed = 0, refused = 0;
  for (std::uint64_t seed = 0; seed < test::tries(20'000, 400'000); ++seed) {
    RandomValues random(seed);
    auto below = [&](std::uint64_t bound) { return static_cast<std::uint32_t>(random.random.below(bound)); };
    TestProgram p;
    for (int i = 0; i < 4; ++i)
      p.constant(random.any(2));
    random.type(p.types, 2);
    ASSERT_TRUE(p.types.seal(0));
    p.functions = {{"f", below(3), below(2), registers, {}}, {"g", 1, 0, registers, {}}};
    for (Function &function : p.functions) {
      p.codes.push_back(randomWords(random.random, p, registers, true));
      function.words = p.codes.back();
    }
    std::vector<std::uint32_t> words = randomWords(random.random, p, registers, false);
    if (!words.empty() && below(2))
      words[below(words.size())] ^= 1u << below(32);
    ASSERT_TRUE(checkProgram(p.program())) << checkProgram(p.program()).error().message;
    printWords(words, p.program());
    if (!checkWords(words, registers, p.program(), false)) {
      ++refused;
      continue;
    }
    ++accepted;
    std::vector<Value> start;
    for (std::uint32_t i = 0; i < registers; ++i)
      start.push_back(below(3) ? random.any(2) : Value::function(below(3)));
    std::uint64_t fuel = 2000;
    auto failure = Evaluator(p.program()).run(words, start, fuel);
    ASSERT_LE(fuel, 2000u);
    ASSERT_TRUE(!failure || !failure->why.empty());
    failed += failure.has_value();
  }
  EXPECT_GT(accepted, 8000);
  EXPECT_GT(refused, 1000);
  EXPECT_GT(failed, 2000);
  EXPECT_GT(accepted - failed, 1000);
}

} // namespace
} // namespace weft::value

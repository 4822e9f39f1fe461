//===- AllocationTest.cpp - What costs no allocation ----------------------===//

#include "Programs.h"

#include "runtime/value/Builders.h"
#include "test/support/allocation/AllocationCounter.h"

#include <gtest/gtest.h>

namespace weft::value {
namespace {

using support::AllocationCounter;

TEST(Allocation, TheCounterCounts) {
  AllocationCounter counter;
  // A direct call: `delete new int` may be left out by the compiler.
  ::operator delete(::operator new(100));
  std::uint64_t allocations = counter.allocations(), bytes = counter.bytes();
  EXPECT_EQ(allocations, 1u);
  EXPECT_EQ(bytes, 100u);
}

TEST(Allocation, InlineValuesAreFree) {
  AllocationCounter counter;
  Value values[] = {Value::integer(1),  Value::real(1),     Value::text("twelve bytes"),
                    Value::duration(1), Value::variant(3),  Value::list({}),
                    Value::function(7), Value::rng({1, 2}), Value::boolean(true)};
  Value copies[] = {values[0], values[2], values[4]};
  EXPECT_EQ(copies[1].asText().size(), 12u);
  EXPECT_EQ(counter.allocations(), 0u);
}

TEST(Allocation, OneForATextAndOneForAList) {
  AllocationCounter counter;
  Value text = Value::text("thirteen byte");
  EXPECT_EQ(counter.allocations(), 1u);
  ListBuilder builder(3);
  for (int i = 0; i < 3; ++i)
    builder.add(text);
  Value list = std::move(builder).list(), copy = list;
  EXPECT_EQ(counter.allocations(), 2u);
}

/// A function of two numbers in a loop of a hundred rounds, with every kind of instruction that stays inline.
TEST(Allocation, WordsOverInlineValuesAreFreeAfterTheFirstRun) {
  TestProgram p;
  WordsBuilder body;
  body.builtin(Builtin::mul, 2, {reg(0), reg(1)});
  body.return_(reg(2));
  std::uint32_t product = p.function("product", 2, 0, 3, body);
  WordsBuilder w;
  auto start = w.label(), end = w.label();
  w.closure(4, product, {});
  w.bind(start);
  w.builtin(Builtin::lt, 1, {reg(0), p.integer(100)});
  w.jumpUnless(end, reg(1));
  w.builtin(Builtin::add, 0, {reg(0), p.integer(1)});
  w.callFunction(2, product, std::vector<Operand>{reg(0), p.integer(3)});
  w.apply(2, std::vector<Operand>{reg(4), reg(2), p.integer(2)});
  w.variant(3, 1, {});
  w.caseIndex(3, reg(3));
  w.builtin(Builtin::abs, 3, {reg(3)});
  w.text(5, p.types.simple(TypeKind::integer), reg(2));
  w.builtin(Builtin::len, 6, {reg(5)});
  w.jump(start);
  w.bind(end);
  std::vector<std::uint32_t> code = w.finish();
  ASSERT_TRUE(checkProgram(p.program()));
  ASSERT_TRUE(checkWords(code, 7, p.program(), false));

  Evaluator evaluator(p.program());
  std::vector<Value> registers(7);
  auto run = [&] {
    registers[0] = Value::integer(0);
    std::uint64_t fuel = 100'000;
    return evaluator.run(code, registers, fuel);
  };
  ASSERT_FALSE(run());
  AllocationCounter counter;
  ASSERT_FALSE(run());
  EXPECT_EQ(counter.allocations(), 0u);
  EXPECT_EQ(registers[2], Value::integer(600));
  EXPECT_EQ(registers[6], Value::integer(3));
}

} // namespace
} // namespace weft::value

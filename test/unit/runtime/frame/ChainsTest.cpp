//===- ChainsTest.cpp - Nobody waits for a step of another chain ----------===//
//
// Two chains of ten steps whose lengths alternate in opposite phase: machines
// that go in supersteps wait for the longest of each round, and take the sum of
// those. Here each step starts when its own cause is done.
//
//===----------------------------------------------------------------------===//

#include "test/unit/runtime/frame/Plans.h"

namespace weft::test {
namespace {

constexpr int steps = 10;
constexpr std::int64_t longMs = 8000, shortMs = 600;

struct Chains : Tools {
  /// Odd steps of the first chain are long, even ones of the second.
  explicit Chains(std::uint32_t Tools::*slow, std::uint32_t Tools::*fast) {
    auto &main = block("main", 1);
    Reg first = main.param(0), second = main.param(0);
    for (int i = 0; i < steps; ++i) {
      first = main.call(this->*(i % 2 == 0 ? slow : fast), {first});
      second = main.call(this->*(i % 2 == 0 ? fast : slow), {second});
    }
    main.result(main.builtin(Builtin::add, {first, second}));
    entry("main", main, {integer}, integer);
  }
};

std::int64_t taken(std::uint32_t Tools::*slow, std::uint32_t Tools::*fast) {
  Chains plan(slow, fast);
  FrameWorld world(plan.build());
  world.script(plan.*slow, plus(1, longMs));
  world.script(plan.*fast, plus(1, shortMs));
  std::int64_t before = world.nowMs();
  world.start("main", {Value::integer(0)});
  EXPECT_ENDS(world, Value::integer(2 * steps));
  return world.nowMs() - before;
}

constexpr double longest = steps / 2 * (longMs + shortMs), supersteps = steps * longMs;

TEST(Chains, of_opposite_phase_take_as_long_as_the_longest_path) {
  std::int64_t ms = taken(&Tools::read, &Tools::other);
  EXPECT_GE(static_cast<double>(ms), longest);
  EXPECT_LE(static_cast<double>(ms), longest * 1.02);
  EXPECT_LT(static_cast<double>(ms), supersteps * 0.6);
}

/// Each call waits for its intent to be durable.
TEST(Chains, that_write_take_as_long_as_the_longest_path) {
  std::int64_t ms = taken(&Tools::paid, &Tools::other);
  EXPECT_LE(static_cast<double>(ms), longest * 1.02);
}

} // namespace
} // namespace weft::test

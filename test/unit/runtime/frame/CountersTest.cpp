//===- CountersTest.cpp - Allocations, frames, stack, memory --------------===//
//
// Figures that the design promises, as assertions. Times are the benchmark's
// (test/bench/run steps), which no test depends on.
//
//===----------------------------------------------------------------------===//

#include "test/unit/runtime/frame/Plans.h"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {
std::atomic<std::uint64_t> allocations{0};
}

// Every allocation of this test program is counted. Not inlined: the compiler would see malloc meet delete.
[[gnu::noinline]] void *operator new(std::size_t bytes) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  if (void *memory = std::malloc(bytes))
    return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void *memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void *memory, std::size_t) noexcept { std::free(memory); }

namespace weft::test {
namespace {

using namespace frame;

/// A machine whose calls are answered and whose records are durable at once.
class Straight {
public:
  explicit Straight(std::shared_ptr<const plan::Plan> plan) : plan(std::move(plan)) { due.reserve(64); }

  /// Runs `main` with `x`; allocations inside the machine's steps are added to `inSteps`.
  std::int64_t run(std::int64_t x) {
    std::optional<std::int64_t> result;
    due.clear();
    std::vector<value::Value> args{value::Value::integer(x)};
    step(StartRun{{1, ++runs}, plan, 0, std::move(args), 1, {}});
    std::uint64_t sequence = 0;
    while (!result) {
      for (const Action &action : actions.list) {
        if (action.kind == ActionKind::append)
          sequence = action.sequence;
        if (action.kind == ActionKind::call)
          due.push_back({action.id, actions.valuesOf(action)[0].asInt() + 1});
        if (action.kind == ActionKind::ended)
          result = actions.valuesOf(action)[0].asInt();
      }
      if (sequence > durable) {
        durable = sequence;
        step(Durable{sequence});
      } else if (!due.empty()) {
        CallOutcome outcome;
        outcome.id = due.back().first;
        outcome.value = value::Value::integer(due.back().second);
        due.pop_back();
        step(std::move(outcome));
      } else {
        EXPECT_TRUE(result) << "nothing is under way";
        return result.value_or(-1);
      }
    }
    return *result;
  }
  std::uint64_t inSteps = 0, steps = 0;
  Machine machine;

private:
  void step(Event &&event) {
    std::uint64_t before = allocations.load();
    machine.step(std::move(event), {1, 1}, actions);
    bool start = std::holds_alternative<StartRun>(event);
    if (!start)
      inSteps += allocations.load() - before;
    ++steps;
  }
  std::shared_ptr<const plan::Plan> plan;
  Actions actions;
  std::vector<std::pair<std::uint64_t, std::int64_t>> due;
  std::uint64_t runs = 0, durable = 0;
};

std::shared_ptr<const plan::Plan> chainOf(int calls, bool durable, bool budgeted = false) {
  Tools plan;
  auto &main = plan.block("main", 1);
  Reg last = main.param(0);
  for (int i = 0; i < calls; ++i)
    last = main.call(durable ? plan.put : plan.read, {last});
  main.result(last);
  std::int32_t budget = -1;
  if (budgeted) {
    fb::BudgetT limit;
    limit.tokens = 1000;
    budget = static_cast<std::int32_t>(plan.budget(std::move(limit)));
  }
  plan.entry("main", main, {plan.integer}, plan.integer, budget);
  return plan.build();
}

TEST(Counters, a_step_allocates_nothing_after_warm_up) {
  for (bool durable : {false, true})
    for (bool budgeted : {false, true}) {
      Straight straight(chainOf(50, durable, budgeted));
      EXPECT_EQ(straight.run(0), 50);
      straight.run(0);
      straight.inSteps = 0;
      std::uint64_t before = straight.steps;
      EXPECT_EQ(straight.run(7), 57);
      EXPECT_GT(straight.steps - before, 50u);
      EXPECT_EQ(straight.inSteps, 0u) << (durable ? "writes" : "reads") << (budgeted ? ", under a budget" : "");
    }
}

TEST(Counters, rounds_and_branches_allocate_nothing_after_warm_up) {
  Tools plan;
  auto &left = plan.calling(plan.read, "left");
  auto &right = plan.calling(plan.put, "right");
  auto &round = plan.block("round", 1);
  Reg odd = round.builtin(Builtin::remainder, {round.param(0), constant(plan.lit(2))});
  Reg next = round.branch(odd, {&left, &right}, {round.param(0)});
  round.result(round.builtin(Builtin::ge, {next, constant(plan.lit(60))}));
  round.result(next);
  auto &main = plan.block("main", 1);
  main.result(main.loop(main.constant(plan.lit(100)), main.param(0), round));
  plan.entry("main", main, {plan.integer}, plan.integer);
  Straight straight(plan.build());
  straight.run(0);
  straight.run(0);
  straight.inSteps = 0;
  EXPECT_EQ(straight.run(0), 60);
  EXPECT_EQ(straight.inSteps, 0u);
}

TEST(Counters, live_frames_stay_within_the_window) {
  Tools plan;
  auto &item = plan.calling(plan.read, "item");
  auto &main = plan.block("main", 1);
  main.result(main.map(main.param(0), item, {}, main.constant(plan.lit(7))));
  plan.entry("main", main, {plan.numbers}, plan.numbers);
  FrameWorld world(plan.build());
  world.script(plan.read, plus(0, 3));
  world.start("main", {ints(500)});
  EXPECT_ENDS(world, ints(500));
  EXPECT_EQ(world.framesMost, 8u); // the run's own and seven
}

TEST(Counters, nothing_is_left_when_runs_have_ended) {
  Straight straight(chainOf(20, true));
  for (int i = 0; i < 10; ++i)
    straight.run(i);
  EXPECT_EQ(straight.machine.counters().framesLive, 0u);
  EXPECT_EQ(straight.machine.counters().runsLive, 0u);
  EXPECT_EQ(straight.machine.counters().bytesLive, 0u);
}

TEST(Counters, long_chains_and_wide_maps_use_no_stack) {
  Tools plan;
  auto &main = plan.block("main", 1);
  Reg last = main.param(0);
  for (int i = 0; i < 60'000; ++i)
    last = main.builtin(Builtin::add, {last, constant(0)});
  plan.lit(1); // constant 0 of the plan
  main.result(last);
  plan.entry("main", main, {plan.integer}, plan.integer);
  FrameWorld chain(plan.build());
  chain.start("main", {Value::integer(0)});
  EXPECT_ENDS(chain, Value::integer(60'000));

  Tools wide;
  auto &inner = wide.block("inner", 1);
  inner.result(inner.builtin(Builtin::add, {inner.param(0), constant(wide.lit(1))}));
  auto &item = wide.block("item", 1);
  item.result(item.invoke(inner, {item.param(0)}));
  auto &all = wide.block("main", 1);
  Reg mapped = all.map(all.param(0), item, {}, all.constant(wide.lit(100'000)));
  all.result(all.builtin(Builtin::len, {mapped}));
  wide.entry("main", all, {wide.numbers}, wide.integer);
  FrameWorld world(wide.build());
  world.start("main", {ints(100'000)});
  EXPECT_ENDS(world, Value::integer(100'000));
}

TEST(Counters, deep_nesting_uses_no_stack) {
  // 9,000 invokes below each other, each of which fails at the bottom: down and up again without recursion.
  Tools plan;
  auto &down = plan.block("down", 1);
  down.depth(9000);
  Reg less = down.builtin(Builtin::sub, {down.param(0), constant(plan.lit(1))});
  Reg stop = down.builtin(Builtin::le, {down.param(0), constant(plan.lit(1))});
  Reg selector = down.eval([&](value::WordsBuilder &words, Reg out) {
    auto no = words.label(), end = words.label();
    words.jumpUnless(no, stop);
    words.move(out.number, constant(plan.lit(1)));
    words.jump(end);
    words.bind(no);
    words.move(out.number, constant(plan.lit(std::int64_t(0))));
    words.bind(end);
  });
  auto &again = plan.block("again", 1);
  again.result(again.invoke(down, {again.param(0)}));
  auto &leaf = plan.calling(plan.read, "leaf");
  down.result(down.branch(selector, {&again, &leaf}, {less}));
  auto &main = plan.block("main", 1);
  main.result(main.invoke(down, {main.param(0)}));
  plan.entry("main", main, {plan.integer}, plan.integer);
  plan.draft.limits->depth = 40'000;
  auto built = plan.build();
  FrameWorld good(built);
  good.script(plan.read, plus(5));
  good.start("main", {Value::integer(3000)});
  EXPECT_ENDS(good, Value::integer(5));
  FrameWorld bad(built);
  bad.script(plan.read, [](const Asked &) { return Reply::fail(FailKind::tool, "bottom"); });
  bad.start("main", {Value::integer(3000)});
  EXPECT_FAILS(bad, FailKind::tool, "bottom");
}

} // namespace
} // namespace weft::test

//===- HedgeTest.cpp - Workflows and forms with a second activation -------===//

#include "test/simulation/frame/Everywhere.h"
#include "test/unit/runtime/frame/Plans.h"

namespace weft::test {
namespace {

using frame::Sabotage;
using journal::RecordKind;

/// main(x) = invoke callee(x) with hedge; the callee reads and then asks `other`, whose scripts make it quick or slow.
struct Hedges : testing::Test {
  Tools plan;
  BlockBuilder &main = plan.block("main", 1);
  BlockBuilder &callee = plan.block("callee", 1);

  NodeOptions hedged(std::uint32_t retry = 0, std::uint64_t timeoutMs = 0) {
    fb::PolicyT policy;
    policy.hedge_ms = 100;
    policy.retry = retry;
    policy.backoff_ms = 10;
    policy.timeout_ms = timeoutMs;
    NodeOptions options;
    options.policy = plan.with(std::move(policy));
    options.effect = Effect::write_idempotent;
    return options;
  }

  /// callee(x) = other(read(x)); main(x) = put(callee(x)).
  Scenario scenario(std::function<Reply(std::uint32_t turn)> other, NodeOptions options) {
    callee.result(callee.call(plan.other, {callee.call(plan.read, {callee.param(0)})}));
    main.result(main.call(plan.put, {main.invoke(callee, {main.param(0)}, options)}));
    plan.entry("main", main, {plan.integer}, plan.integer);
    Scenario made;
    made.plan = plan.build();
    made.args = {Value::integer(1)};
    made.scripts = [this, other](FrameWorld &world) {
      auto turn = std::make_shared<std::uint32_t>(0);
      world.script(plan.read, plus(0, 5));
      world.script(plan.put, plus(0, 5));
      world.script(plan.other, [turn, other](const Asked &) { return other((*turn)++); });
    };
    return made;
  }

  void run(const Scenario &scenario) {
    world = std::make_unique<FrameWorld>(scenario.plan, scenario.options);
    scenario.scripts(*world);
    world->start("main", scenario.args);
  }

  std::size_t calls(std::uint32_t member) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(world->calls, [&](const CallSeen &call) { return call.member == member; }));
  }

  /// Whoever wins, `put` is made once, of one value, and that is the end.
  static std::optional<std::string> oneWinner(const FrameWorld &world, const Ended &ended, std::uint32_t put) {
    if (ended.state != frame::EndState::succeeded)
      return "failed: " + ended.failure.why;
    std::set<std::int64_t> given;
    for (const CallSeen &call : world.calls)
      if (call.member == put)
        given.insert(call.args[0].asInt());
    if (given.size() != 1)
      return "put was sent " + std::to_string(given.size()) + " values";
    return std::nullopt;
  }

  void expectEverywhere(Scenario made) {
    made.judge = [this](const FrameWorld &seen, const Ended &ended) { return oneWinner(seen, ended, plan.put); };
    EXPECT_THAT(crashEverywhere(made).wrong, testing::IsEmpty());
    EXPECT_THAT(evictEverywhere(made).wrong, testing::IsEmpty());
  }

  std::unique_ptr<FrameWorld> world;
};

TEST_F(Hedges, who_is_quick_has_no_second) {
  Scenario made = scenario([](std::uint32_t) { return Reply::ok(Value::integer(1), 50); }, hedged());
  run(made);
  EXPECT_ENDS(*world, Value::integer(1));
  EXPECT_EQ(calls(plan.other), 1u);
  EXPECT_EQ(countOf(*world, RecordKind::decision), 0u);
  expectEverywhere(made);
}

TEST_F(Hedges, the_second_begins_after_the_delay_and_may_win) {
  Scenario made =
      scenario([](std::uint32_t turn) { return Reply::ok(Value::integer(turn), turn == 0 ? 1000 : 10); }, hedged());
  run(made);
  EXPECT_ENDS(*world, Value::integer(1));
  EXPECT_EQ(calls(plan.other), 2u);
  EXPECT_EQ(countOf(*world, RecordKind::decision), 2u); // that it began, and that it won
  EXPECT_EQ(world->calls.back().member, plan.put);
  EXPECT_LT(world->calls.back().atMs - world->calls.front().atMs, 200);
  EXPECT_TRUE(world->released);
  expectEverywhere(made);
}

TEST_F(Hedges, the_first_may_win_all_the_same) {
  Scenario made =
      scenario([](std::uint32_t turn) { return Reply::ok(Value::integer(turn), turn == 0 ? 150 : 1000); }, hedged());
  run(made);
  EXPECT_ENDS(*world, Value::integer(0));
  expectEverywhere(made);
}

TEST_F(Hedges, one_may_fail_while_the_other_goes_on) {
  Scenario made = scenario(
      [](std::uint32_t turn) {
        return turn == 0 ? Reply::fail(FailKind::tool, "gone", 150) : Reply::ok(Value::integer(7), 300);
      },
      hedged());
  run(made);
  EXPECT_ENDS(*world, Value::integer(7));
  expectEverywhere(made);
}

TEST_F(Hedges, what_fails_before_the_delay_has_no_second) {
  Scenario made = scenario([](std::uint32_t) { return Reply::fail(FailKind::tool, "gone", 20); }, hedged());
  run(made);
  EXPECT_FAILS(*world, FailKind::tool, "gone");
  EXPECT_EQ(calls(plan.other), 1u);
  EXPECT_THAT(crashEverywhere(made).wrong, testing::IsEmpty());
}

TEST_F(Hedges, both_may_fail_and_the_last_one_is_told) {
  Scenario made = scenario(
      [](std::uint32_t turn) { return Reply::fail(FailKind::tool, turn == 0 ? "first" : "second", 150); }, hedged());
  run(made);
  EXPECT_FAILS(*world, FailKind::tool, "second");
  EXPECT_EQ(calls(plan.other), 2u);
}

TEST_F(Hedges, each_attempt_has_a_hedge_of_its_own) {
  Scenario made = scenario(
      [](std::uint32_t turn) {
        return turn < 2    ? Reply::fail(FailKind::transport, "gone", 150)
               : turn == 2 ? Reply::ok(Value::integer(2), 5000)
                           : Reply::ok(Value::integer(3), 10);
      },
      hedged(1));
  run(made);
  EXPECT_ENDS(*world, Value::integer(3));
  EXPECT_EQ(calls(plan.other), 4u);
  expectEverywhere(made);
}

TEST_F(Hedges, a_timeout_is_that_of_each_activation) {
  Scenario made =
      scenario([](std::uint32_t turn) { return turn == 0 ? Reply::never() : Reply::ok(Value::integer(1), 170); },
               hedged(0, 200));
  run(made);
  EXPECT_ENDS(*world, Value::integer(1)); // at 100 + 5 + 170
  EXPECT_GT(world->nowMs(), 200);
}

/// Both make the same write: under one key, so that the other side does it once, and nobody takes it back.
TEST_F(Hedges, writes_have_one_key_in_both) {
  callee.call(plan.put, {callee.param(0)});
  NodeOptions after;
  after.after = {callee.lastNode()};
  callee.result(callee.call(plan.other, {callee.param(0)}, after));
  main.result(main.invoke(callee, {main.param(0)}, hedged()));
  plan.entry("main", main, {plan.integer}, plan.integer);
  Scenario made;
  made.plan = plan.build();
  made.args = {Value::integer(1)};
  made.scripts = [this](FrameWorld &one) {
    auto turn = std::make_shared<std::uint32_t>(0);
    one.script(plan.put, plus(0, 30));
    one.script(plan.other, [turn](const Asked &) { return Reply::ok(Value::integer(4), (*turn)++ == 0 ? 500 : 10); });
  };
  run(made);
  EXPECT_ENDS(*world, Value::integer(4));
  EXPECT_EQ(calls(plan.put), 2u);
  EXPECT_EQ(world->applied.size(), 1u);
  made.judge = [](const FrameWorld &seen, const Ended &ended) -> std::optional<std::string> {
    if (ended.state != frame::EndState::succeeded || ended.value != Value::integer(4))
      return "ends otherwise";
    return seen.applied.size() == 1 ? std::nullopt : std::optional<std::string>("wrote under two keys");
  };
  EXPECT_THAT(crashEverywhere(made).wrong, testing::IsEmpty());
  EXPECT_THAT(evictEverywhere(made).wrong, testing::IsEmpty());
}

TEST_F(Hedges, only_the_winner_emits) {
  Reg made = callee.call(plan.other, {callee.param(0)});
  callee.emit(callee.param(0));
  callee.emit(made);
  callee.result(made);
  main.result(main.scope(callee, {main.param(0)}, hedged()));
  plan.entry("main", main, {plan.integer}, plan.integer);
  Scenario scenario;
  scenario.plan = plan.build();
  scenario.args = {Value::integer(9)};
  scenario.scripts = [this](FrameWorld &one) {
    auto turn = std::make_shared<std::uint32_t>(0);
    one.script(plan.other, [turn](const Asked &) {
      std::uint32_t now = (*turn)++;
      return Reply::ok(Value::integer(now), now == 0 ? 500 : 10);
    });
  };
  run(scenario);
  EXPECT_ENDS(*world, Value::integer(1));
  EXPECT_EQ(world->emitted.size(), 2u);
}

/// The second one has won and nobody knows that there was one: after a kill the first does, quick this time.
TEST_F(Hedges, a_winner_that_is_not_recorded_is_noticed) {
  Scenario made =
      scenario([](std::uint32_t turn) { return Reply::ok(Value::integer(turn), turn == 0 ? 200 : 10); }, hedged());
  made.options.sabotage.noDecisions = true;
  made.judge = [this](const FrameWorld &seen, const Ended &ended) { return oneWinner(seen, ended, plan.put); };
  EXPECT_THAT(crashEverywhere(made).wrong, testing::Not(testing::IsEmpty()));
}

TEST_F(Hedges, a_run_that_failed_in_both_tries_them_again) {
  bool broken = true;
  Scenario made = scenario(
      [&](std::uint32_t turn) {
        return broken ? Reply::fail(FailKind::tool, "gone", 150) : Reply::ok(Value::integer(turn), 10);
      },
      hedged());
  run(made);
  EXPECT_FAILS(*world, FailKind::tool, "gone");
  broken = false;
  world->restart(frame::ResumeReason::retried);
  EXPECT_ENDS(*world, Value::integer(2));
}

} // namespace
} // namespace weft::test

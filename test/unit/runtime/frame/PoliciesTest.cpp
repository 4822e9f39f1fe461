//===- PoliciesTest.cpp - Retry, timeout, hedge, cache, permits -----------===//

#include "test/simulation/frame/Everywhere.h"
#include "test/unit/runtime/frame/Plans.h"

namespace weft::test {
namespace {

using journal::RecordKind;

/// main(x) = member(x) with policy
struct OneCall : Tools {
  OneCall(std::uint32_t Tools::*member, fb::PolicyT policy) {
    auto &main = block("main", 1);
    NodeOptions options;
    options.policy = with(std::move(policy));
    main.result(main.call(this->*member, {main.param(0)}, options));
    entry("main", main, {integer}, integer);
  }
};

fb::PolicyT retries(std::uint32_t count, std::uint32_t backoffMs = 100) {
  fb::PolicyT policy;
  policy.retry = count;
  policy.backoff_ms = backoffMs;
  return policy;
}

std::uint32_t bit(FailKind kind) { return 1u << static_cast<int>(kind); }

Script failingTimes(std::uint32_t times, FailKind kind) {
  return [=](const Asked &asked) {
    return asked.attempt < times ? Reply::fail(kind, "not yet") : Reply::ok(Value::integer(asked.attempt));
  };
}

TEST(Policies, retry_counts_further_attempts_and_doubles_the_wait) {
  OneCall plan(&Tools::read, retries(3));
  FrameWorld world(plan.build());
  world.script(plan.read, failingTimes(3, FailKind::transport));
  world.start("main", {Value::integer(1)});
  EXPECT_ENDS(world, Value::integer(3));
  ASSERT_EQ(world.calls.size(), 4u);
  std::vector<std::int64_t> gaps;
  for (std::size_t i = 1; i < 4; ++i)
    gaps.push_back(world.calls[i].atMs - world.calls[i - 1].atMs);
  // Backoff, the call's millisecond, and the group that holds the failure.
  EXPECT_THAT(gaps, testing::ElementsAre(101, 201, 401));
}

TEST(Policies, retries_run_out) {
  OneCall plan(&Tools::read, retries(2));
  FrameWorld world(plan.build());
  world.script(plan.read, failingTimes(99, FailKind::rateLimit));
  world.start("main", {Value::integer(1)});
  EXPECT_FAILS(world, FailKind::rateLimit, "not yet");
  EXPECT_EQ(world.calls.size(), 3u);
}

TEST(Policies, only_transport_and_rate_limit_are_retried_unless_said) {
  OneCall plan(&Tools::read, retries(3));
  FrameWorld world(plan.build());
  world.script(plan.read, failingTimes(1, FailKind::tool));
  world.start("main", {Value::integer(1)});
  EXPECT_FAILS(world, FailKind::tool, "not yet");
  EXPECT_EQ(world.calls.size(), 1u);

  fb::PolicyT policy = retries(3);
  policy.retry_on_set = true;
  policy.retry_on = bit(FailKind::tool);
  OneCall said(&Tools::read, std::move(policy));
  FrameWorld other(said.build());
  other.script(said.read, failingTimes(1, FailKind::tool));
  other.start("main", {Value::integer(1)});
  EXPECT_ENDS(other, Value::integer(1));
}

TEST(Policies, a_write_is_retried_only_after_rate_limit) {
  for (auto [kind, attempts] : {std::pair{FailKind::transport, 1u}, std::pair{FailKind::rateLimit, 3u}}) {
    OneCall plan(&Tools::write, retries(2));
    FrameWorld world(plan.build());
    world.script(plan.write, failingTimes(99, kind));
    world.start("main", {Value::integer(1)});
    EXPECT_FAILS(world, kind, "not yet");
    EXPECT_EQ(world.calls.size(), attempts);
  }
}

TEST(Policies, jitter_stays_within_a_fifth_and_comes_from_seed_and_step) {
  OneCall plan(&Tools::read, retries(5, 1000));
  auto built = plan.build();
  auto times = [&](std::uint64_t seed) {
    WorldOptions options;
    options.jitter = true;
    options.seed = seed;
    FrameWorld world(built, options);
    world.script(plan.read, failingTimes(3, FailKind::transport));
    world.start("main", {Value::integer(1)});
    world.finish();
    std::vector<std::int64_t> at;
    for (const CallSeen &call : world.calls)
      at.push_back(call.atMs);
    return at;
  };
  std::vector<std::int64_t> one = times(1);
  EXPECT_EQ(one, times(1));
  EXPECT_NE(one, times(2));
  for (std::size_t i = 1; i < one.size(); ++i) {
    double wait = 1000.0 * (1 << (i - 1));
    EXPECT_NEAR(static_cast<double>(one[i] - one[i - 1]), wait, wait * 0.2 + 2);
  }
}

TEST(Policies, a_timeout_is_per_attempt_and_decided) {
  fb::PolicyT policy = retries(1);
  policy.timeout_ms = 50;
  policy.retry_on_set = true;
  policy.retry_on = bit(FailKind::timeout);
  OneCall plan(&Tools::read, std::move(policy));
  FrameWorld world(plan.build());
  world.script(plan.read, [](const Asked &asked) {
    return asked.attempt == 0 ? Reply::ok(Value::integer(1), 60) : Reply::ok(Value::integer(2), 40);
  });
  world.start("main", {Value::integer(1)});
  EXPECT_ENDS(world, Value::integer(2));
  EXPECT_EQ(countOf(world, RecordKind::decision), 1u);
  EXPECT_TRUE(world.released);
}

TEST(Policies, a_timeout_fails_with_its_kind) {
  fb::PolicyT policy;
  policy.timeout_ms = 50;
  OneCall plan(&Tools::read, std::move(policy));
  FrameWorld world(plan.build());
  world.script(plan.read, [](const Asked &) { return Reply::never(); });
  world.start("main", {Value::integer(1)});
  EXPECT_FAILS(world, FailKind::timeout, "no answer within 50 ms");
}

TEST(Policies, a_hedge_takes_whoever_is_first) {
  fb::PolicyT policy;
  policy.hedge_ms = 30;
  for (bool hedgeWins : {true, false}) {
    OneCall plan(&Tools::read, fb::PolicyT(policy));
    FrameWorld world(plan.build());
    world.script(plan.read, [=](const Asked &asked) {
      if (asked.attempt == 0)
        return Reply::ok(Value::integer(0), 100);
      return Reply::ok(Value::integer(1), hedgeWins ? 10 : 1000);
    });
    world.start("main", {Value::integer(1)});
    EXPECT_ENDS(world, Value::integer(hedgeWins ? 1 : 0));
    EXPECT_EQ(world.calls.size(), 2u);
  }
}

TEST(Policies, a_hedge_is_not_sent_when_the_first_is_quick) {
  fb::PolicyT policy;
  policy.hedge_ms = 30;
  OneCall plan(&Tools::read, std::move(policy));
  FrameWorld world(plan.build());
  world.script(plan.read, plus(1, 20));
  world.start("main", {Value::integer(1)});
  EXPECT_ENDS(world, Value::integer(2));
  EXPECT_EQ(world.calls.size(), 1u);
}

TEST(Policies, a_failed_first_attempt_leaves_the_hedge_its_chance) {
  fb::PolicyT policy;
  policy.hedge_ms = 30;
  OneCall plan(&Tools::read, std::move(policy));
  FrameWorld world(plan.build());
  world.script(plan.read, [](const Asked &asked) {
    return asked.attempt == 0 ? Reply::fail(FailKind::tool, "first", 40) : Reply::ok(Value::integer(1), 50);
  });
  world.start("main", {Value::integer(1)});
  EXPECT_ENDS(world, Value::integer(1));
}

/// A map whose items all make the same call, or each its own.
struct CachePlan : Tools {
  CachePlan(fb::Cache cache, std::int64_t by) {
    fb::PolicyT policy;
    policy.cache = cache;
    auto &item = block("item", 1);
    Reg arg = item.builtin(Builtin::remainder, {item.param(0), constant_(by)});
    NodeOptions options;
    options.policy = with(std::move(policy));
    item.result(item.call(read, {arg}, options));
    auto &main = block("main", 1);
    main.result(main.map(main.param(0), item));
    entry("main", main, {numbers}, numbers);
  }
  value::Operand constant_(std::int64_t value) { return value::constant(lit(value)); }
};

TEST(Policies, equal_calls_share_one_answer_under_cache_run) {
  CachePlan plan(fb::Cache::run, 2);
  FrameWorld world(plan.build());
  world.script(plan.read, plus(10, 20));
  world.start("main", {ints(6)});
  Value even = Value::integer(10), odd = Value::integer(11);
  EXPECT_ENDS(world, Value::list({even, odd, even, odd, even, odd}));
  EXPECT_EQ(world.calls.size(), 2u);
}

TEST(Policies, without_a_cache_equal_calls_are_made_each) {
  CachePlan plan(fb::Cache::none_, 2);
  FrameWorld world(plan.build());
  world.script(plan.read, plus(10, 20));
  world.start("main", {ints(6)});
  world.finish();
  EXPECT_EQ(world.calls.size(), 6u);
}

TEST(Policies, who_waits_for_an_equal_call_that_fails_makes_its_own) {
  Tools plan;
  fb::PolicyT policy;
  policy.cache = fb::Cache::run;
  NodeOptions options;
  options.policy = plan.with(std::move(policy));
  auto &body = plan.block("body", 1);
  body.result(body.call(plan.read, {body.param(0)}, options));
  auto &handler = plan.block("handler", 2);
  handler.result(handler.constant(plan.lit(-1)));
  auto &main = plan.block("main", 1);
  Reg caught = main.attempt(body, handler, {main.param(0)});
  // Deep enough to ask after the body of the try.
  auto &inner = plan.block("inner", 1);
  inner.result(inner.call(plan.read, {inner.param(0)}, options));
  auto &outer = plan.block("outer", 1);
  outer.result(outer.invoke(inner, {outer.param(0)}));
  main.result(main.builtin(Builtin::add, {caught, main.invoke(outer, {main.param(0)})}));
  plan.entry("main", main, {plan.integer}, plan.integer);
  FrameWorld world(plan.build());
  int turn = 0;
  world.script(plan.read, [&](const Asked &) {
    return turn++ == 0 ? Reply::fail(FailKind::tool) : Reply::ok(Value::integer(41));
  });
  world.start("main", {Value::integer(1)});
  EXPECT_ENDS(world, Value::integer(40));
}

TEST(Policies, a_cache_survives_crashes) {
  CachePlan plan(fb::Cache::run, 3);
  Scenario scenario;
  scenario.plan = plan.build();
  scenario.args = {ints(7)};
  scenario.scripts = [&](FrameWorld &world) { world.script(plan.read, plus(10, 20)); };
  EXPECT_THAT(crashEverywhere(scenario).wrong, testing::IsEmpty());
}

TEST(Policies, concurrency_is_kept_and_runs_take_turns) {
  Tools plan;
  std::uint32_t slow = plan.binding("slow", fb::BindingKind::exec, {2, 0, -1, -1, 0});
  std::uint32_t member = plan.member(slow, "get", {plan.integer}, plan.integer, Effect::read);
  auto &item = plan.calling(member, "item");
  auto &main = plan.block("main", 1);
  main.result(main.map(main.param(0), item));
  plan.entry("main", main, {plan.numbers}, plan.numbers);
  FrameWorld world(plan.build());
  world.script(member, plus(0, 100));
  world.start("main", {ints(8)});
  EXPECT_ENDS(world, ints(8));
  for (const CallSeen &call : world.calls) {
    auto live = std::count_if(world.calls.begin(), world.calls.end(), [&](const CallSeen &other) {
      return other.atMs <= call.atMs && call.atMs < other.atMs + 100;
    });
    EXPECT_LE(live, 2);
  }
}

TEST(Policies, a_rate_holds_in_any_minute) {
  Tools plan;
  std::uint32_t slow = plan.binding("slow", fb::BindingKind::exec, {0, 5, -1, -1, 0});
  std::uint32_t member = plan.member(slow, "get", {plan.integer}, plan.integer, Effect::read);
  auto &item = plan.calling(member, "item");
  auto &main = plan.block("main", 1);
  main.result(main.map(main.param(0), item));
  plan.entry("main", main, {plan.numbers}, plan.numbers);
  FrameWorld world(plan.build());
  world.script(member, plus(0, 10));
  world.start("main", {ints(12)});
  EXPECT_ENDS(world, ints(12));
  for (std::size_t i = 5; i < world.calls.size(); ++i)
    EXPECT_GE(world.calls[i].atMs - world.calls[i - 5].atMs, 60'000);
}

TEST(Policies, an_invoke_is_tried_again_as_a_whole) {
  Tools plan;
  auto &callee = plan.calling(plan.read, "callee");
  auto &main = plan.block("main", 1);
  NodeOptions options;
  options.policy = plan.with(retries(2, 10));
  main.result(main.invoke(callee, {main.param(0)}, options));
  plan.entry("main", main, {plan.integer}, plan.integer);
  int turn = 0;
  Scenario scenario;
  scenario.plan = plan.build();
  scenario.args = {Value::integer(5)};
  scenario.scripts = [&](FrameWorld &world) {
    turn = 0;
    world.script(plan.read, [&](const Asked &asked) {
      return turn++ < 2 ? Reply::fail(FailKind::transport) : Reply::ok(asked.args[0]);
    });
  };
  FrameWorld world(scenario.plan);
  scenario.scripts(world);
  world.start("main", scenario.args);
  EXPECT_ENDS(world, Value::integer(5));
  EXPECT_EQ(world.calls.size(), 3u);
  EXPECT_EQ(countOf(world, RecordKind::decision), 2u);
}

TEST(Policies, an_invoke_that_takes_too_long_fails_with_timeout) {
  Tools plan;
  auto &callee = plan.calling(plan.read, "callee");
  auto &main = plan.block("main", 1);
  fb::PolicyT policy;
  policy.timeout_ms = 70;
  NodeOptions options;
  options.policy = plan.with(std::move(policy));
  main.result(main.invoke(callee, {main.param(0)}, options));
  plan.entry("main", main, {plan.integer}, plan.integer);
  FrameWorld world(plan.build());
  world.script(plan.read, [](const Asked &) { return Reply::never(); });
  world.start("main", {Value::integer(1)});
  EXPECT_FAILS(world, FailKind::timeout, "did not end within 70 ms");
  EXPECT_EQ(world.ended->step, "callee");
}

} // namespace
} // namespace weft::test

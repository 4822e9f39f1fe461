//===- ScopesTest.cpp - Failure, cancellation, race, vote, try ------------===//

#include "test/simulation/frame/Everywhere.h"
#include "test/unit/runtime/frame/Plans.h"

namespace weft::test {
namespace {

using frame::EndState;
using journal::RecordKind;

/// A call of `first` beside a call of `second`; the value is the second's.
struct Beside : Tools {
  Beside(std::uint32_t Tools::*first, std::uint32_t Tools::*second) {
    auto &main = block("main", 1);
    main.call(this->*first, {main.param(0)});
    main.result(main.call(this->*second, {main.param(0)}));
    entry("main", main, {integer}, integer);
  }
};

TEST(Scopes, a_failure_cancels_what_stands_beside_it) {
  Beside plan(&Tools::read, &Tools::other);
  FrameWorld world(plan.build());
  world.script(plan.read, [](const Asked &) { return Reply::fail(FailKind::tool, "broken", 5); });
  world.script(plan.other, [](const Asked &) { return Reply::never(); });
  world.start("main", {Value::integer(1)});
  EXPECT_FAILS(world, FailKind::tool, "broken");
  EXPECT_TRUE(world.calls[1].ended); // by its cancellation
}

TEST(Scopes, writes_in_flight_are_awaited_before_the_scope_ends) {
  Beside plan(&Tools::read, &Tools::write);
  FrameWorld world(plan.build());
  world.script(plan.read, [](const Asked &) { return Reply::fail(FailKind::tool, "broken", 5); });
  world.script(plan.write, plus(0, 500));
  world.start("main", {Value::integer(1)});
  EXPECT_FAILS(world, FailKind::tool, "broken");
  EXPECT_GE(world.nowMs(), 1500);
  // The write's outcome is a fact, failed scope or not.
  EXPECT_EQ(countOf(world, RecordKind::outcome), 2u);
  EXPECT_EQ(world.applied.size(), 1u);
}

TEST(Scopes, a_write_that_never_answers_is_awaited_for_a_minute) {
  Beside plan(&Tools::read, &Tools::write);
  FrameWorld world(plan.build());
  world.script(plan.read, [](const Asked &) { return Reply::fail(FailKind::tool, "broken", 5); });
  world.script(plan.write, [](const Asked &) { return Reply::never(); });
  world.start("main", {Value::integer(1)});
  EXPECT_FAILS(world, FailKind::tool, "broken");
  EXPECT_GE(world.nowMs(), 61'000);
  EXPECT_LE(world.nowMs(), 62'000);
}

/// try read(x) catch { handler(kind as number) }
struct TryPlan : Tools {
  TryPlan(bool again = false) {
    auto &body = calling(read, "body");
    auto &handler = block("handler", 2);
    if (again) {
      handler.raiseAgain(handler.param(0));
      handler.result(handler.param(1));
    } else {
      Reg kind =
          handler.eval([&](value::WordsBuilder &words, Reg out) { words.field(out.number, handler.param(0), 0); });
      handler.result(handler.eval([&](value::WordsBuilder &words, Reg out) { words.caseIndex(out.number, kind); }));
    }
    auto &main = block("main", 1);
    main.result(main.attempt(body, handler, {main.param(0)}));
    entry("main", main, {integer}, integer);
  }
};

TEST(Scopes, a_handler_decides) {
  TryPlan plan;
  FrameWorld world(plan.build());
  world.script(plan.read, [](const Asked &) { return Reply::fail(FailKind::refused); });
  world.start("main", {Value::integer(1)});
  EXPECT_ENDS(world, Value::integer(static_cast<int>(FailKind::refused)));
}

TEST(Scopes, a_body_that_succeeds_needs_no_handler) {
  TryPlan plan;
  FrameWorld world(plan.build());
  world.script(plan.read, plus(5));
  world.start("main", {Value::integer(1)});
  EXPECT_ENDS(world, Value::integer(6));
  EXPECT_EQ(countOf(world, RecordKind::decision), 0u);
}

TEST(Scopes, what_no_arm_names_goes_on_up_with_its_step) {
  TryPlan plan(true);
  FrameWorld world(plan.build());
  world.script(plan.read, [](const Asked &) { return Reply::fail(FailKind::refused, "no"); });
  world.start("main", {Value::integer(1)});
  EXPECT_FAILS(world, FailKind::refused, "no");
  EXPECT_EQ(world.ended->step, "tool.read");
}

TEST(Scopes, fail_names_its_kind) {
  Tools plan;
  auto &main = plan.block("main", 0);
  main.fail(FailKind::budget, main.constant(plan.lit("too dear")));
  main.result(main.constant(plan.lit(1)));
  plan.entry("main", main, {}, plan.integer);
  FrameWorld world(plan.build());
  world.start("main", {});
  EXPECT_FAILS(world, FailKind::budget, "too dear");
}

TEST(Scopes, a_failure_says_something_where_the_program_says_nothing) {
  Tools plan;
  auto &main = plan.block("main", 0);
  main.fail(FailKind::failed, main.constant(plan.lit("")));
  main.result(main.constant(plan.lit(1)));
  plan.entry("main", main, {}, plan.integer);
  FrameWorld world(plan.build());
  world.start("main", {});
  EXPECT_FAILS(world, FailKind::failed, "no reason was given");
}

struct RacePlan : Tools {
  RacePlan() {
    auto &left = calling(read, "left");
    auto &right = calling(other, "right");
    auto &main = block("main", 1);
    main.result(main.race({&left, &right}, {main.param(0)}));
    entry("main", main, {integer}, integer);
  }
};

TEST(Scopes, the_first_success_wins_a_race) {
  RacePlan plan;
  FrameWorld world(plan.build());
  world.script(plan.read, [](const Asked &) { return Reply::never(); });
  world.script(plan.other, plus(200, 20));
  world.start("main", {Value::integer(1)});
  EXPECT_ENDS(world, Value::integer(201));
  EXPECT_TRUE(world.released);
}

TEST(Scopes, a_failing_arm_does_not_lose_the_race) {
  RacePlan plan;
  FrameWorld world(plan.build());
  world.script(plan.read, [](const Asked &) { return Reply::fail(FailKind::tool); });
  world.script(plan.other, plus(200, 20));
  world.start("main", {Value::integer(1)});
  EXPECT_ENDS(world, Value::integer(201));
}

TEST(Scopes, all_arms_failing_fails_with_the_last) {
  RacePlan plan;
  FrameWorld world(plan.build());
  // The first arm is the last to fail.
  world.script(plan.read, [](const Asked &) { return Reply::fail(FailKind::tool, "slow", 50); });
  world.script(plan.other, [](const Asked &) { return Reply::fail(FailKind::tool, "quick", 5); });
  world.start("main", {Value::integer(1)});
  EXPECT_FAILS(world, FailKind::tool, "slow");
}

TEST(Scopes, replay_builds_only_the_winner) {
  RacePlan plan;
  WorldOptions options;
  options.crashAtRecord = 3; // start, outcome, decision
  FrameWorld world(plan.build(), options);
  world.script(plan.read, [](const Asked &) { return Reply::never(); });
  world.script(plan.other, plus(200, 20));
  world.start("main", {Value::integer(1)});
  EXPECT_ENDS(world, Value::integer(201));
  EXPECT_EQ(world.deaths, 1u);
  EXPECT_EQ(world.calls.size(), 2u); // none after the crash
}

TEST(Scopes, what_a_losing_arm_emits_is_dropped) {
  Tools plan;
  auto arm = [&](std::uint32_t member, const std::string &name) -> BlockBuilder & {
    auto &made = plan.block(name, 1);
    made.emit(made.param(0));
    Reg read = made.call(member, {made.param(0)});
    made.emit(read);
    made.result(read);
    return made;
  };
  auto &left = arm(plan.read, "left"), &right = arm(plan.other, "right");
  auto &main = plan.block("main", 1);
  main.result(main.race({&left, &right}, {main.param(0)}));
  plan.entry("main", main, {plan.integer}, plan.integer);
  FrameWorld world(plan.build());
  world.script(plan.read, plus(100, 50));
  world.script(plan.other, plus(200, 20));
  world.start("main", {Value::integer(1)});
  EXPECT_ENDS(world, Value::integer(201));
  ASSERT_EQ(world.emitted.size(), 2u);
  EXPECT_TRUE(world.emitted[1] == Value::integer(201));
}

struct VotePlan : Tools {
  /// Each sample reads what a counter gave it, so that samples differ.
  VotePlan() {
    auto &sample = calling(read, "sample");
    auto &main = block("main", 3);
    main.result(main.vote(main.param(0), main.param(1), sample, {main.param(2)}));
    entry("main", main, {integer, integer, integer}, numbers);
  }
};

TEST(Scopes, vote_takes_the_first_successes_in_their_order) {
  VotePlan plan;
  FrameWorld world(plan.build());
  int turn = 0;
  world.script(plan.read, [&](const Asked &) {
    int sample = turn++;
    return sample == 1 ? Reply::fail(FailKind::tool) : Reply::ok(Value::integer(sample), 50 - 10 * sample);
  });
  world.start("main", {Value::integer(2), Value::integer(4), Value::integer(0)});
  EXPECT_ENDS(world, Value::list({Value::integer(3), Value::integer(2)}));
}

TEST(Scopes, too_few_successes_fail_a_vote) {
  VotePlan plan;
  FrameWorld world(plan.build());
  int turn = 0;
  world.script(plan.read, [&](const Asked &) {
    return turn++ < 2 ? Reply::fail(FailKind::tool, "bad") : Reply::ok(Value::integer(1), 100);
  });
  world.start("main", {Value::integer(2), Value::integer(3), Value::integer(0)});
  EXPECT_FAILS(world, FailKind::failed, "only 1 of 3 samples can succeed, 2 are wanted; the last to fail: bad");
}

TEST(Scopes, vote_refuses_more_than_it_has) {
  VotePlan plan;
  FrameWorld world(plan.build());
  world.start("main", {Value::integer(4), Value::integer(3), Value::integer(0)});
  EXPECT_FAILS(world, FailKind::failed, "vote k of n asks for 1 <= k and k <= n");
}

TEST(Scopes, cancelling_a_run_is_recorded_and_final) {
  Beside plan(&Tools::read, &Tools::write);
  FrameWorld world(plan.build());
  world.script(plan.read, [](const Asked &) { return Reply::never(); });
  world.script(plan.write, plus(0, 100));
  world.start("main", {Value::integer(1)});
  world.runFor(20);
  world.cancel();
  const Ended &end = world.finish();
  EXPECT_EQ(end.state, EndState::cancelled);
  EXPECT_GE(world.nowMs(), 1100); // the write was awaited
  EXPECT_THAT(world.wrong, testing::IsEmpty());
  world.restart(frame::ResumeReason::retried);
  EXPECT_EQ(world.finish().state, EndState::cancelled);
}

TEST(Scopes, a_cancelled_run_stays_cancelled_through_a_crash) {
  Beside plan(&Tools::read, &Tools::write);
  FrameWorld world(plan.build());
  world.script(plan.read, [](const Asked &) { return Reply::never(); });
  world.script(plan.write, plus(0, 100));
  world.start("main", {Value::integer(1)});
  world.runFor(20);
  world.cancel();
  world.runFor(5);
  world.crash();
  EXPECT_EQ(world.finish().state, EndState::cancelled);
}

TEST(Scopes, stopping_awaits_writes_and_leaves_the_run_resumable) {
  Beside plan(&Tools::read, &Tools::write);
  FrameWorld world(plan.build());
  bool answers = false;
  world.script(plan.read, [&](const Asked &) { return answers ? Reply::ok(Value::integer(0)) : Reply::never(); });
  world.script(plan.write, plus(7, 100));
  world.start("main", {Value::integer(1)});
  world.runFor(20);
  world.stop();
  world.run();
  EXPECT_TRUE(world.stopped);
  EXPECT_FALSE(world.ended);
  EXPECT_EQ(world.applied.size(), 1u);
  answers = true;
  world.restart();
  EXPECT_ENDS(world, Value::integer(8));
  EXPECT_EQ(world.applied.begin()->second, 1u);
  EXPECT_EQ(world.calls.size(), 3u); // read, write, read
}

TEST(Scopes, retrying_a_failed_run_tries_the_failed_step_again) {
  Tools plan;
  auto &main = plan.block("main", 1);
  Reg first = main.call(plan.paid, {main.param(0)});
  main.result(main.call(plan.write, {first}));
  plan.entry("main", main, {plan.integer}, plan.integer);
  FrameWorld world(plan.build());
  bool broken = true;
  world.script(plan.paid, plus(1));
  world.script(plan.write, [&](const Asked &asked) {
    return broken ? Reply::fail(FailKind::tool, "disk full") : Reply::ok(asked.args[0]);
  });
  world.start("main", {Value::integer(1)});
  EXPECT_FAILS(world, FailKind::tool, "disk full");
  world.restart(); // resumed as it is, it stays failed
  EXPECT_FAILS(world, FailKind::tool, "disk full");
  EXPECT_EQ(world.calls.size(), 2u);
  broken = false;
  world.restart(frame::ResumeReason::retried);
  EXPECT_ENDS(world, Value::integer(2));
  EXPECT_EQ(world.calls.size(), 3u); // the paid call is not made again
  world.restart();
  EXPECT_ENDS(world, Value::integer(2));
}

TEST(Scopes, a_retry_reaches_through_a_handler_that_raises_again) {
  TryPlan plan(true);
  FrameWorld world(plan.build());
  bool broken = true;
  world.script(plan.read, [&](const Asked &asked) {
    return broken ? Reply::fail(FailKind::tool, "down") : Reply::ok(asked.args[0]);
  });
  world.start("main", {Value::integer(4)});
  EXPECT_FAILS(world, FailKind::tool, "down");
  broken = false;
  world.restart(frame::ResumeReason::retried);
  EXPECT_ENDS(world, Value::integer(4));
}

TEST(Scopes, a_retry_tries_all_arms_of_a_lost_race) {
  RacePlan plan;
  FrameWorld world(plan.build());
  bool broken = true;
  for (std::uint32_t member : {plan.read, plan.other})
    world.script(member, [&](const Asked &asked) {
      return broken ? Reply::fail(FailKind::tool, "down") : Reply::ok(asked.args[0]);
    });
  world.start("main", {Value::integer(4)});
  EXPECT_FAILS(world, FailKind::tool, "down");
  broken = false;
  world.restart(frame::ResumeReason::retried);
  EXPECT_ENDS(world, Value::integer(4));
}

TEST(Scopes, limits_are_named) {
  struct Case {
    const char *text;
    void (*set)(fb::LimitsT &);
  };
  for (const Case &one : {Case{"limit frames of 3", [](fb::LimitsT &limits) { limits.frames = 3; }},
                          Case{"limit steps of 5", [](fb::LimitsT &limits) { limits.steps = 5; }},
                          Case{"limit depth of 1", [](fb::LimitsT &limits) { limits.depth = 1; }},
                          Case{"limit value_bytes of 4", [](fb::LimitsT &limits) { limits.value_bytes = 4; }},
                          Case{"limit journal_bytes of 200", [](fb::LimitsT &limits) { limits.journal_bytes = 200; }},
                          Case{"fuel", [](fb::LimitsT &limits) { limits.fuel = 1; }}}) {
    Tools plan;
    one.set(*plan.draft.limits);
    auto &item = plan.block("item", 1);
    Reg read = item.call(plan.read, {item.param(0)});
    Reg sum = item.eval([&](value::WordsBuilder &words, Reg out) {
      words.builtin(Builtin::add, out.number, {read, read});
      words.builtin(Builtin::add, out.number, {out, read});
    });
    item.result(sum);
    auto &main = plan.block("main", 1);
    main.result(main.map(main.param(0), item));
    plan.entry("main", main, {plan.numbers}, plan.numbers);
    FrameWorld world(plan.build());
    world.script(plan.read, [](const Asked &) { return Reply::ok(Value::integer(100'000)); });
    world.start("main", {ints(20)});
    EXPECT_FAILS(world, FailKind::failed, one.text);
  }
}

TEST(Scopes, what_is_not_carried_is_refused_by_name) {
  struct Case {
    const char *text;
    std::function<void(Tools &, BlockBuilder &)> use;
  };
  auto withPolicy = [](std::function<void(fb::PolicyT &)> set) {
    return [set](Tools &plan, BlockBuilder &main) {
      fb::PolicyT policy;
      set(policy);
      NodeOptions options;
      options.policy = plan.with(std::move(policy));
      main.call(plan.read, {main.param(0)}, options);
    };
  };
  for (const Case &one :
       {Case{"`cache` across runs", withPolicy([](fb::PolicyT &policy) { policy.cache = fb::Cache::duration; })}}) {
    Tools plan;
    auto &main = plan.block("main", 1);
    one.use(plan, main);
    main.result(main.param(0));
    plan.entry("main", main, {plan.integer}, plan.integer);
    FrameWorld world(plan.build());
    world.start("main", {Value::integer(1)});
    world.run();
    ASSERT_EQ(world.refusals.size(), 1u) << one.text;
    EXPECT_THAT(world.refusals[0], testing::HasSubstr(one.text));
    EXPECT_TRUE(world.journal.empty());
  }
}

} // namespace
} // namespace weft::test

//===- RecordLimitsTest.cpp - No program makes a record without an end ----===//
//
// A record that the journal refuses ends all runs of the process. FrameWorld
// calls a record above 64 KiB wrong; here is what would write such ones: many
// failures beside and below each other, budgets inside budgets, and what comes
// from outside.
//
//===----------------------------------------------------------------------===//

#include "runtime/frame/Run.h"
#include "runtime/journal/Journal.h"
#include "test/unit/runtime/frame/Plans.h"

namespace weft::test {
namespace {

using journal::RecordKind;

std::size_t largestRecord(const FrameWorld &world) {
  std::size_t most = 0;
  for (const journal::Record &record : world.journal)
    most = std::max(most, record.body.size());
  return most;
}

/// main(needed, total, x): vote of so many samples, each of them `read(x)` below a vote of `inner` samples.
struct Votes : Tools {
  explicit Votes(std::int64_t inner) {
    BlockBuilder *sample = &calling(read, "sample");
    if (inner > 0) {
      auto &outer = block("outer", 1);
      outer.result(outer.vote(outer.constant(lit(1)), outer.constant(lit(inner)), *sample, {outer.param(0)}));
      entry("inner", outer, {integer}, numbers);
      sample = &outer;
    }
    auto &main = block("main", 3);
    main.result(main.vote(main.param(0), main.param(1), *sample, {main.param(2)}));
    entry("main", main, {integer, integer, integer}, inner > 0 ? list(numbers) : numbers);
  }
};

const Script broken = [](const Asked &) { return Reply::fail(FailKind::tool, "bad"); };

TEST(RecordLimits, as_many_samples_as_are_taken_fail_and_are_tried_again) {
  Votes plan(0);
  FrameWorld world(plan.build());
  world.script(plan.read, broken);
  world.start("main", {Value::integer(1), Value::integer(plan::maxAlternatives), Value::integer(0)});
  EXPECT_FAILS(world, FailKind::failed, "only 0 of 3000 samples can succeed, 1 are wanted; the last to fail: bad");
  std::size_t calls = world.calls.size();
  world.script(plan.read, plus(7));
  world.restart(frame::ResumeReason::retried);
  EXPECT_ENDS(world, Value::list({Value::integer(7)}));
  EXPECT_EQ(world.calls.size(), 2 * calls) << "all samples were tried again";
}

TEST(RecordLimits, a_vote_refuses_more_samples_with_both_counts) {
  Votes plan(0);
  FrameWorld world(plan.build());
  world.start("main", {Value::integer(1), Value::integer(2'000'000'000), Value::integer(0)});
  EXPECT_FAILS(world, FailKind::failed, "vote of 2000000000 samples, at most 3000 are taken");
}

/// 10,000 calls fail. The outer vote's record names its samples, and those name theirs.
TEST(RecordLimits, votes_below_votes_name_their_own_samples_alone) {
  Votes plan(100);
  FrameWorld world(plan.build());
  world.script(plan.read, broken);
  world.start("main", {Value::integer(1), Value::integer(100), Value::integer(0)});
  EXPECT_FAILS(world, FailKind::failed, "the last to fail: only 0 of 100 samples");
  EXPECT_LE(largestRecord(world), 100 * 16 + 200u);
  std::size_t calls = world.calls.size();
  world.script(plan.read, plus(7));
  world.restart(frame::ResumeReason::retried);
  EXPECT_ENDS(world, Value::list({Value::list({Value::integer(7)})}));
  EXPECT_EQ(world.calls.size(), 2 * calls);
}

/// down(x) calls itself x - 1 times and reads at the bottom. `policy` stands on each call of itself, the policy of that
/// number on the read.
struct Nest : Tools {
  explicit Nest(fb::PolicyT policy, std::int32_t onRead = -1) {
    auto &down = block("down", 1);
    down.depth(9000);
    Reg less = down.builtin(Builtin::sub, {down.param(0), value::constant(lit(1))});
    Reg stop = down.builtin(Builtin::le, {down.param(0), value::constant(lit(1))});
    Reg selector = down.eval([&](value::WordsBuilder &words, Reg out) {
      auto no = words.label(), end = words.label();
      words.jumpUnless(no, stop);
      words.move(out.number, value::constant(lit(1)));
      words.jump(end);
      words.bind(no);
      words.move(out.number, value::constant(lit(std::int64_t(0))));
      words.bind(end);
    });
    NodeOptions options;
    options.policy = with(std::move(policy));
    auto &again = block("again", 1);
    again.result(again.invoke(down, {again.param(0)}, options));
    auto &leaf = calling(read, "leaf", onRead);
    down.result(down.branch(selector, {&again, &leaf}, {less}));
    auto &main = block("main", 1);
    main.result(main.invoke(down, {main.param(0)}));
    entry("main", main, {integer}, integer);
  }
};

TEST(RecordLimits, scopes_below_scopes_make_no_record_longer) {
  fb::PolicyT policy;
  policy.timeout_ms = 3'600'000;
  Nest plan(std::move(policy));
  FrameWorld world(plan.build());
  world.script(plan.read, broken);
  world.start("main", {Value::integer(3000)});
  EXPECT_FAILS(world, FailKind::tool, "bad");
  EXPECT_GE(countOf(world, RecordKind::decision), 3000u);
  EXPECT_LE(largestRecord(world), 200u);
  world.script(plan.read, plus(5));
  world.restart(frame::ResumeReason::retried);
  EXPECT_ENDS(world, Value::integer(5));
}

TEST(RecordLimits, budgets_inside_each_other_have_a_bound) {
  fb::BudgetT budget;
  budget.tokens = 1'000'000;
  Nest nest({});
  nest.draft.policies[0]->budget = static_cast<std::int32_t>(nest.budget(std::move(budget)));
  auto plan = nest.build();
  FrameWorld deep(plan);
  deep.script(nest.read, plus(5));
  deep.start("main", {Value::integer(1001)});
  EXPECT_ENDS(deep, Value::integer(5));
  FrameWorld deeper(plan);
  deeper.start("main", {Value::integer(1002)});
  EXPECT_FAILS(deeper, FailKind::failed, "limit of 1000 budgets inside each other reached");
}

TEST(RecordLimits, a_budget_on_a_call_counts_too) {
  Nest nest({}, 0);
  fb::BudgetT budget;
  budget.tokens = 1'000'000;
  nest.draft.policies[0]->budget = static_cast<std::int32_t>(nest.budget(std::move(budget)));
  auto plan = nest.build();
  FrameWorld deep(plan);
  deep.script(nest.read, plus(5));
  deep.start("main", {Value::integer(1000)});
  EXPECT_ENDS(deep, Value::integer(5));
  FrameWorld deeper(plan);
  deeper.start("main", {Value::integer(1001)});
  EXPECT_FAILS(deeper, FailKind::failed, "limit of 1000 budgets inside each other reached");
}

TEST(RecordLimits, depth_is_told_as_it_is_counted) {
  Nest plan({});
  plan.draft.limits->depth = 1'000'000;
  EXPECT_EQ(frame::PlanContext(plan.build()).maxDepth, 65'535u);
}

TEST(RecordLimits, what_a_handler_raises_is_cut) {
  Tools plan;
  Value error = Value::record({Value::variant(static_cast<std::uint32_t>(FailKind::tool)),
                               Value::text(std::string(100'000, 'w')), Value::text(std::string(100'000, 's'))});
  auto &body = plan.calling(plan.read, "body");
  auto &handler = plan.block("handler", 2);
  handler.raiseAgain(handler.constant(plan.constant(error)));
  handler.result(handler.param(1));
  auto &main = plan.block("main", 1);
  main.result(main.attempt(body, handler, {main.param(0)}));
  plan.entry("main", main, {plan.integer}, plan.integer);
  FrameWorld world(plan.build());
  world.script(plan.read, broken);
  world.start("main", {Value::integer(1)});
  EXPECT_FAILS(world, FailKind::tool, "www...");
  EXPECT_EQ(world.ended->step.size(), 4096 + 3u);
}

TEST(RecordLimits, a_large_environment_is_refused_with_its_largest_variable) {
  Tools plan;
  auto &main = plan.calling(plan.read, "main");
  plan.entry("main", main, {plan.integer}, plan.integer);
  FrameWorld world(plan.build());
  world.start("main", {Value::integer(1)}, {{"SMALL", "1"}, {"LARGE", std::string(300'000, 'x')}});
  world.run();
  ASSERT_EQ(world.refusals.size(), 1u);
  EXPECT_EQ(world.refusals[0], "the environment variables that the program reads have 300011 bytes together, at most "
                               "262144 are recorded; the largest is LARGE with 300000");
  EXPECT_TRUE(world.journal.empty());
}

/// Shared parts count each time they stand there, as they would in a blob: 1.25 GiB of 20 MiB.
Value tooLarge() {
  Value one = Value::text(std::string(20 << 20, 'x'));
  return Value::list(std::vector<Value>(64, one));
}

TEST(RecordLimits, arguments_that_no_blob_holds_are_refused) {
  Tools plan;
  auto &main = plan.block("main", 1);
  main.result(main.builtin(Builtin::len, {main.param(0)}));
  plan.entry("main", main, {plan.list(plan.text)}, plan.integer);
  FrameWorld world(plan.build());
  world.start("main", {tooLarge()});
  world.run();
  ASSERT_EQ(world.refusals.size(), 1u);
  EXPECT_THAT(world.refusals[0], testing::StartsWith("the arguments: a value takes 134217"));
  EXPECT_TRUE(world.journal.empty());
}

TEST(RecordLimits, an_answer_that_no_blob_holds_is_refused) {
  Tools plan;
  std::uint32_t texts = plan.list(plan.text);
  std::uint32_t person = plan.binding("you", fb::BindingKind::human);
  std::uint32_t ask = plan.member(person, "ask", {plan.text}, texts, Effect::read);
  auto &main = plan.block("main", 1);
  main.result(main.builtin(Builtin::len, {main.call(ask, {main.param(0)})}));
  plan.entry("main", main, {plan.text}, plan.integer);
  FrameWorld world(plan.build());
  world.person([answers = 0](std::string_view) mutable {
    return std::optional(answers++ == 0 ? tooLarge() : Value::list({Value::text("yes")}));
  });
  world.start("main", {Value::text("which?")});
  world.run();
  ASSERT_EQ(world.refusals.size(), 1u);
  EXPECT_THAT(world.refusals[0], testing::StartsWith("a value takes 134217"));
  ASSERT_EQ(world.questions.size(), 1u);
  world.answer(world.questions[0], Value::list({Value::text("yes")}));
  EXPECT_ENDS(world, Value::integer(1));
}

/// A limit of the plan above what a blob takes is that of the blob.
TEST(RecordLimits, a_plan_sets_no_larger_values_than_blobs_take) {
  Tools plan;
  auto &main = plan.calling(plan.read, "main");
  plan.entry("main", main, {plan.integer}, plan.integer);
  plan.draft.limits->value_bytes = 1ull << 40;
  EXPECT_EQ(frame::PlanContext(plan.build()).maxValueBytes, journal::maxBlobBytes);
}

} // namespace
} // namespace weft::test

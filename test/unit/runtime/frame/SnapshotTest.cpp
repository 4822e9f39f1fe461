//===- SnapshotTest.cpp - Runs that go on from the border of a round ------===//
//
// With a snapshot after each round a run that is killed anywhere ends as it
// would have without, makes no journaled call again, and reads only what lies
// behind its last snapshot.
//
//===----------------------------------------------------------------------===//

#include "test/simulation/frame/Everywhere.h"
#include "test/unit/runtime/frame/Plans.h"

#include "runtime/frame/Snapshot.h"

namespace weft::test {
namespace {

using journal::RecordKind;
using testing::IsEmpty;

/// loop d = 0 max `rounds` { continue put(read(d)) } else …: breaks never, gives the last one by its else.
struct Rounds : Tools {
  BlockBuilder &round(const std::string &name, std::initializer_list<std::uint32_t> members) {
    auto &made = block(name, 1);
    Reg value = made.param(0);
    for (std::uint32_t member : members)
      value = made.call(member, {value});
    Reg stop = made.builtin(Builtin::ge, {value, value::constant(lit(limit))});
    made.result(stop);
    made.result(value);
    return made;
  }
  std::int64_t limit = 10;
};

void answer(FrameWorld &world, const Tools &plan) {
  world.script(plan.read, plus(1));
  world.script(plan.put, plus(0));
  world.script(plan.write, plus(0));
  world.script(plan.other, plus(100));
  world.script(plan.paid, [](const Asked &asked) {
    Reply reply = Reply::ok(asked.args[0]);
    reply.costNano = 1000;
    return reply;
  });
}

/// A workflow with a call before a loop, one behind it, and the loop in a scope with a budget inside of a try.
std::shared_ptr<const plan::Plan> nested(Tools &tools) {
  auto &plan = static_cast<Rounds &>(tools);
  plan.limit = 110;
  auto &round = plan.round("round", {plan.read, plan.put, plan.paid});
  fb::BudgetT money;
  money.cost_nano = 1'000'000;
  fb::PolicyT policy;
  policy.retry = 1;
  policy.budget = static_cast<std::int32_t>(plan.budget(money));
  NodeOptions limited;
  limited.policy = plan.with(policy);
  auto &inner = plan.block("inner", 1);
  inner.result(inner.loop(inner.constant(plan.lit(50)), inner.param(0), round));
  auto &body = plan.block("body", 1);
  body.result(body.invoke(inner, {body.param(0)}, limited));
  auto &handler = plan.block("handler", 2);
  handler.result(handler.param(1));
  auto &main = plan.block("main", 1);
  Reg begun = main.call(plan.other, {main.param(0)});
  Reg done = main.attempt(body, handler, {begun});
  main.result(main.call(plan.put, {main.builtin(Builtin::add, {main.call(plan.read, {done}), begun})}));
  plan.entry("main", main, {plan.integer}, plan.integer);
  return plan.build();
}

Scenario scenarioOf(std::shared_ptr<const plan::Plan> plan, const Tools &tools, std::uint64_t every) {
  Scenario scenario;
  scenario.plan = std::move(plan);
  scenario.args = {Value::integer(1)};
  scenario.options.snapshotEvery = every;
  scenario.scripts = [&tools](FrameWorld &world) { answer(world, tools); };
  return scenario;
}

TEST(Snapshots, killed_everywhere_with_one_each_round) {
  Rounds tools;
  auto plan = nested(tools);
  Ended without, with;
  {
    FrameWorld world(plan);
    answer(world, tools);
    world.start("main", {Value::integer(1)});
    without = world.finish();
    EXPECT_EQ(countOf(world, RecordKind::snapshot), 0u);
  }
  {
    WorldOptions options;
    options.snapshotEvery = 1;
    FrameWorld world(plan, options);
    answer(world, tools);
    world.start("main", {Value::integer(1)});
    with = world.finish();
    EXPECT_EQ(countOf(world, RecordKind::snapshot), 8u); // of the rounds from 101 to 110 all but the last, amortized
  }
  ASSERT_EQ(without.state, frame::EndState::succeeded) << without.failure.why;
  EXPECT_TRUE(without.value == with.value);
  EXPECT_THAT(crashEverywhere(scenarioOf(plan, tools, 1)).wrong, IsEmpty());
  for (std::uint64_t first : {7u, 20u, 33u})
    EXPECT_THAT(crashTwice(scenarioOf(plan, tools, 1), first).wrong, IsEmpty());
}

TEST(Snapshots, a_reduce_has_them_too) {
  Rounds plan;
  auto &body = plan.block("body", 2);
  body.result(
      body.call(plan.put, {body.builtin(Builtin::add, {body.param(0), body.call(plan.read, {body.param(1)})})}));
  auto &main = plan.block("main", 1);
  main.result(main.fold(main.constant(plan.constant(ints(12), plan.numbers)), main.param(0), body));
  plan.entry("main", main, {plan.integer}, plan.integer);
  auto built = plan.build();
  WorldOptions options;
  options.snapshotEvery = 1;
  FrameWorld world(built, options);
  answer(world, plan);
  world.start("main", {Value::integer(1)});
  EXPECT_ENDS(world, Value::integer(1 + 78));
  EXPECT_GT(countOf(world, RecordKind::snapshot), 3u);
  EXPECT_THAT(crashEverywhere(scenarioOf(built, plan, 1)).wrong, IsEmpty());
}

/// read(x) + loop … + read(x) + keyed(7), where the read and the value of key 7 are asked before the loop and after it,
/// that of key 8 and `late` only after it.
TEST(Snapshots, cells_are_part_of_them) {
  Rounds plan;
  plan.limit = 12;
  auto &early = plan.calling(plan.read, "early"), &late = plan.calling(plan.other, "late");
  auto &keyed = plan.calling(plan.paid, "keyed");
  auto &round = plan.round("round", {plan.put, plan.read});
  auto &main = plan.block("main", 1);
  Reg one = main.once(early, {main.param(0)}), two = main.once(late, {main.param(0)}), three = main.onceByKey(keyed);
  Reg seven = main.constant(plan.lit(7)), eight = main.constant(plan.lit(8));
  auto sum = [&](Reg left, Reg right) { return main.builtin(Builtin::add, {left, right}); };
  Reg start = main.builtin(Builtin::sub, {sum(main.get(one), main.get(three, seven)), seven});
  Reg looped = main.loop(main.constant(plan.lit(50)), start, round);
  // What is asked after the loop is given what comes out of it.
  auto &after = plan.block("after", 6);
  Reg total = after.param(0);
  for (Reg asked : {after.get(after.param(1)), after.get(after.param(2)), after.get(after.param(3), after.param(4)),
                    after.get(after.param(3), after.param(5))})
    total = after.builtin(Builtin::add, {total, asked});
  after.result(total);
  main.result(
      main.branch(main.builtin(Builtin::sub, {looped, looped}), {&after}, {looped, one, two, three, seven, eight}));
  plan.entry("main", main, {plan.integer}, plan.integer);
  auto built = plan.build();
  WorldOptions options;
  options.snapshotEvery = 1;
  FrameWorld world(built, options);
  answer(world, plan);
  world.start("main", {Value::integer(1)});
  EXPECT_ENDS(world, Value::integer(12 + 2 + 101 + 7 + 8));
  EXPECT_GT(countOf(world, RecordKind::snapshot), 3u);
  EXPECT_THAT(crashEverywhere(scenarioOf(built, plan, 1)).wrong, IsEmpty());
}

TEST(Snapshots, what_is_read_does_not_grow_with_the_history) {
  Rounds plan;
  plan.limit = 2'000;
  auto &round = plan.round("round", {plan.read, plan.put});
  auto &main = plan.block("main", 1);
  main.result(main.loop(main.constant(plan.lit(3'000)), main.param(0), round));
  plan.entry("main", main, {plan.integer}, plan.integer);
  WorldOptions options;
  options.snapshotEvery = 100;
  options.crashAtRecord = 5'000;
  FrameWorld world(plan.build(), options);
  answer(world, plan);
  world.start("main", {Value::integer(0)});
  world.run();
  ASSERT_TRUE(world.dead());
  world.restart();
  EXPECT_LE(world.recordsRead, 110u);
  EXPECT_ENDS(world, Value::integer(2'000));
  EXPECT_EQ(world.calls.size(),
            2u * 2'000u + (world.calls.size() > 4'000u ? 1u : 0u)); // at most the one in flight again
}

TEST(Snapshots, what_was_charged_stays_charged) {
  Rounds plan;
  plan.limit = 1000;
  auto &round = plan.round("round", {plan.read, plan.paid});
  auto &main = plan.block("main", 1);
  main.result(main.loop(main.constant(plan.lit(1000)), main.param(0), round));
  fb::BudgetT money;
  money.time_ms = 60;
  plan.entry("main", main, {plan.integer}, plan.integer, static_cast<std::int32_t>(plan.budget(money)));
  WorldOptions options;
  options.snapshotEvery = 1;
  options.crashAtRecord = 40;
  FrameWorld world(plan.build(), options);
  answer(world, plan);
  world.start("main", {Value::integer(0)});
  EXPECT_FAILS(world, FailKind::budget, "60 ms");
  EXPECT_LE(world.calls.size(), 70u); // a millisecond each
}

TEST(Snapshots, none_while_something_else_is_under_way_or_was_emitted) {
  for (bool emits : {false, true}) {
    Rounds plan;
    auto &round = plan.round("round", {plan.read, plan.put});
    if (emits)
      round.emit(round.param(0));
    auto &main = plan.block("main", 1);
    Reg beside = emits ? main.param(0) : main.call(plan.other, {main.param(0)});
    Reg last = main.loop(main.constant(plan.lit(50)), main.param(0), round);
    main.result(main.builtin(Builtin::add, {beside, last}));
    plan.entry("main", main, {plan.integer}, plan.integer);
    WorldOptions options;
    options.snapshotEvery = 1;
    FrameWorld world(plan.build(), options);
    answer(world, plan);
    world.script(plan.other, [](const Asked &) { return Reply::ok(Value::integer(0), 100'000); });
    world.start("main", {Value::integer(0)});
    world.finish();
    EXPECT_EQ(countOf(world, RecordKind::snapshot), 0u);
  }
}

TEST(Snapshots, a_failed_run_is_tried_again_from_the_last_one) {
  Rounds plan;
  auto &round = plan.round("round", {plan.read, plan.put});
  auto &main = plan.block("main", 1);
  main.result(main.loop(main.constant(plan.lit(50)), main.param(0), round));
  plan.entry("main", main, {plan.integer}, plan.integer);
  WorldOptions options;
  options.snapshotEvery = 1;
  FrameWorld world(plan.build(), options);
  answer(world, plan);
  bool broken = true;
  world.script(plan.put, [&broken](const Asked &asked) {
    return broken && asked.args[0].asInt() == 8 ? Reply::fail(FailKind::tool, "broken") : Reply::ok(asked.args[0]);
  });
  world.start("main", {Value::integer(0)});
  EXPECT_FAILS(world, FailKind::tool, "broken");
  broken = false;
  world.restart(frame::ResumeReason::retried);
  EXPECT_ENDS(world, Value::integer(10));
  EXPECT_LT(world.recordsRead, world.journal.size() / 2);
  EXPECT_EQ(world.calls.size(), 21u); // the one that failed, twice
}

TEST(Snapshots, a_value_that_is_none_is_refused) {
  for (const Value &wrong : {Value(), Value::integer(1), Value::list({Value::text("main")}),
                             Value::list({Value::text("main"), Value::integer(1), Value::integer(1), Value::list({}),
                                          Value::list({}), Value::list({}), Value::list({}), Value()})})
    EXPECT_FALSE(frame::Snapshot::read(wrong));
  frame::Snapshot snapshot;
  snapshot.entry = "main";
  snapshot.frames.resize(1);
  snapshot.frames[0].registers = {Value::integer(7), Value()};
  snapshot.frames[0].missing = {0, 2};
  snapshot.answers = {{{1, 2}, Value::text("a")}};
  auto again = frame::Snapshot::read(snapshot.value());
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_TRUE(again->value() == snapshot.value());
}

} // namespace
} // namespace weft::test

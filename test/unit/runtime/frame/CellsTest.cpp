//===- CellsTest.cpp - Values that are worked out when first asked for ----===//

#include "runtime/plan/PlanReader.h"
#include "test/simulation/frame/Everywhere.h"
#include "test/unit/runtime/frame/Plans.h"

namespace weft::test {
namespace {

/// for i in list { i + read(x) }, the read in a cell in front.
struct CellPlan : Tools {
  explicit CellPlan(std::uint32_t Tools::*member = &Tools::read) {
    auto &cell = calling(this->*member, "cell");
    auto &item = block("item", 2);
    item.result(item.builtin(Builtin::add, {item.param(0), item.get(item.param(1))}));
    auto &main = block("main", 2);
    main.result(main.map(main.param(0), item, {main.once(cell, {main.param(1)})}));
    entry("main", main, {numbers, integer}, numbers);
  }
};

/// The same; an item that fails is a hundred.
struct SafeCellPlan : Tools {
  SafeCellPlan() {
    auto &cell = calling(read, "cell");
    auto &body = block("body", 1);
    body.result(body.get(body.param(0)));
    auto &handler = block("handler", 2);
    handler.result(handler.constant(lit(100)));
    auto &item = block("item", 2);
    item.result(item.builtin(Builtin::add, {item.param(0), item.attempt(body, handler, {item.param(1)})}));
    auto &main = block("main", 2);
    main.result(main.map(main.param(0), item, {main.once(cell, {main.param(1)})}));
    entry("main", main, {numbers, integer}, numbers);
  }
};

/// for i in list { for j in [0, 1, 2] { i + paid(j + x) } }, the call in a cell with keys in front.
struct KeyedPlan : Tools {
  KeyedPlan() {
    auto &cell = block("cell", 2);
    cell.result(cell.call(paid, {cell.builtin(Builtin::add, {cell.param(0), cell.param(1)})}));
    auto &inner = block("inner", 3);
    inner.result(inner.builtin(Builtin::add, {inner.param(1), inner.get(inner.param(2), inner.param(0))}));
    auto &item = block("item", 2);
    Reg keys = item.constant(constant(ints(3), numbers));
    item.result(item.map(keys, inner, {item.param(0), item.param(1)}));
    auto &main = block("main", 2);
    main.result(main.map(main.param(0), item, {main.onceByKey(cell, {main.param(1)})}));
    entry("main", main, {numbers, integer}, list(numbers));
  }
};

Value from(std::int64_t first, std::int64_t count) {
  std::vector<Value> items;
  for (std::int64_t i = 0; i < count; ++i)
    items.push_back(Value::integer(first + i));
  return Value::list(items);
}

TEST(Cells, all_who_ask_share_one_call) {
  CellPlan plan;
  FrameWorld world(plan.build());
  world.script(plan.read, plus(10));
  world.start("main", {ints(40), Value::integer(1)});
  EXPECT_ENDS(world, from(11, 40));
  EXPECT_EQ(world.calls.size(), 1u);
}

TEST(Cells, nobody_asks_and_nothing_is_called) {
  CellPlan plan;
  FrameWorld world(plan.build());
  world.script(plan.read, plus(10));
  world.start("main", {ints(0), Value::integer(1)});
  EXPECT_ENDS(world, ints(0));
  EXPECT_TRUE(world.calls.empty());
}

TEST(Cells, its_failure_is_caught_where_it_is_asked) {
  SafeCellPlan plan;
  FrameWorld world(plan.build());
  world.script(plan.read, [](const Asked &) { return Reply::fail(FailKind::tool, "broken"); });
  world.start("main", {ints(20), Value::integer(1)});
  EXPECT_ENDS(world, from(100, 20));
  EXPECT_EQ(world.calls.size(), 1u);
}

TEST(Cells, its_failure_names_the_step_that_failed) {
  CellPlan plan;
  FrameWorld world(plan.build());
  world.script(plan.read, [](const Asked &) { return Reply::fail(FailKind::tool, "broken"); });
  world.start("main", {ints(20), Value::integer(1)});
  EXPECT_FAILS(world, FailKind::tool, "broken");
  EXPECT_EQ(world.ended->step, "tool.read");
}

TEST(Cells, a_retry_of_the_run_works_a_failed_one_out_again) {
  CellPlan plan;
  FrameWorld world(plan.build());
  bool broken = true;
  world.script(plan.read, [&](const Asked &asked) {
    return broken ? Reply::fail(FailKind::tool, "broken") : Reply::ok(Value::integer(asked.args[0].asInt() + 10));
  });
  world.start("main", {ints(3), Value::integer(1)});
  EXPECT_FAILS(world, FailKind::tool, "broken");
  broken = false;
  world.restart(frame::ResumeReason::retried);
  EXPECT_ENDS(world, from(11, 3));
  EXPECT_EQ(world.calls.size(), 2u);
}

TEST(Cells, one_may_ask_another) {
  Tools plan;
  auto &first = plan.calling(plan.read, "first");
  auto &second = plan.block("second", 1);
  second.result(second.call(plan.other, {second.get(second.param(0))}));
  auto &item = plan.block("item", 2);
  item.result(item.builtin(Builtin::add, {item.param(0), item.get(item.param(1))}));
  auto &main = plan.block("main", 2);
  Reg one = main.once(first, {main.param(1)});
  main.result(main.map(main.param(0), item, {main.once(second, {one})}));
  plan.entry("main", main, {plan.numbers, plan.integer}, plan.numbers);
  FrameWorld world(plan.build());
  world.script(plan.read, plus(10));
  world.script(plan.other, plus(100));
  world.start("main", {ints(5), Value::integer(1)});
  EXPECT_ENDS(world, from(111, 5));
  EXPECT_EQ(world.calls.size(), 2u);
}

TEST(Cells, an_asker_that_is_cancelled_takes_it_from_nobody) {
  Tools plan;
  auto &cell = plan.calling(plan.read, "cell");
  auto &slow = plan.block("slow", 2);
  slow.result(slow.get(slow.param(0)));
  auto &quick = plan.block("quick", 2);
  quick.result(quick.call(plan.other, {quick.param(1)}));
  auto &main = plan.block("main", 1);
  Reg asked = main.once(cell, {main.param(0)});
  Reg won = main.race({&slow, &quick}, {asked, main.param(0)});
  main.result(main.builtin(Builtin::add, {won, main.get(asked)}));
  plan.entry("main", main, {plan.integer}, plan.integer);
  FrameWorld world(plan.build());
  world.script(plan.read, plus(10, 50));
  world.script(plan.other, plus(100, 5));
  world.start("main", {Value::integer(1)});
  EXPECT_ENDS(world, Value::integer(112));
  EXPECT_EQ(world.calls.size(), 2u);
}

/// try { fail beside an asker } catch { 7 }: nobody waits for the cell any more.
TEST(Cells, what_nobody_waits_for_is_cancelled_when_its_frame_ends) {
  Tools plan;
  auto &cell = plan.calling(plan.read, "cell");
  auto &body = plan.block("body", 1);
  body.fail(FailKind::failed, body.constant(plan.lit("no")));
  body.result(body.get(body.param(0)));
  auto &handler = plan.block("handler", 2);
  handler.result(handler.call(plan.other, {handler.constant(plan.lit(7))}));
  auto &main = plan.block("main", 1);
  main.result(main.attempt(body, handler, {main.once(cell, {main.param(0)})}));
  plan.entry("main", main, {plan.integer}, plan.integer);
  FrameWorld world(plan.build());
  world.script(plan.read, [](const Asked &) { return Reply::never(); });
  world.script(plan.other, plus(0, 20));
  world.start("main", {Value::integer(1)});
  EXPECT_ENDS(world, Value::integer(7));
  EXPECT_LT(world.nowMs(), 1100);
}

TEST(Cells, killed_everywhere_and_evicted_everywhere) {
  for (bool fails : {false, true})
    for (bool safe : {false, true}) {
      CellPlan plain(&Tools::paid);
      SafeCellPlan caught;
      Scenario scenario;
      scenario.plan = safe ? caught.build() : plain.build();
      scenario.args = {ints(20), Value::integer(1)};
      scenario.scripts = [&](FrameWorld &world) {
        for (std::uint32_t member : {plain.read, plain.paid})
          world.script(member, [=](const Asked &asked) {
            return fails ? Reply::fail(FailKind::tool, "broken", 5)
                         : Reply::ok(Value::integer(asked.args[0].asInt() + 10), 5);
          });
      };
      Everywhere killed = crashEverywhere(scenario);
      EXPECT_THAT(killed.wrong, testing::IsEmpty()) << fails << safe;
      EXPECT_GT(killed.points, 2u);
      EXPECT_THAT(evictEverywhere(scenario).wrong, testing::IsEmpty()) << fails << safe;
    }
}

TEST(Cells, one_with_keys_has_a_value_for_each) {
  KeyedPlan plan;
  FrameWorld world(plan.build());
  world.script(plan.paid, plus(10));
  world.start("main", {ints(4), Value::integer(1)});
  EXPECT_ENDS(world, Value::list({from(11, 3), from(12, 3), from(13, 3), from(14, 3)}));
  EXPECT_EQ(world.calls.size(), 3u);
}

TEST(Cells, one_with_keys_killed_everywhere_and_evicted_everywhere) {
  for (bool fails : {false, true}) {
    KeyedPlan plan;
    Scenario scenario;
    scenario.plan = plan.build();
    scenario.args = {ints(20), Value::integer(1)};
    scenario.scripts = [&](FrameWorld &world) {
      world.script(plan.paid, [=](const Asked &asked) {
        return fails && asked.args[0].asInt() == 2 ? Reply::fail(FailKind::tool, "broken", 5)
                                                   : Reply::ok(Value::integer(asked.args[0].asInt() + 10), 5);
      });
    };
    Everywhere killed = crashEverywhere(scenario);
    EXPECT_THAT(killed.wrong, testing::IsEmpty()) << fails;
    EXPECT_GT(killed.points, 2u);
    EXPECT_THAT(evictEverywhere(scenario).wrong, testing::IsEmpty()) << fails;
  }
}

TEST(Cells, a_plan_that_asks_one_with_keys_without_a_key_is_refused) {
  for (bool keyed : {false, true}) {
    Tools plan;
    auto &cell = plan.calling(plan.read, "cell");
    auto &main = plan.block("main", 1);
    Reg made = keyed ? main.onceByKey(cell) : main.once(cell, {main.param(0)});
    main.result(keyed ? main.get(made) : main.get(made, main.param(0)));
    plan.entry("main", main, {plan.integer}, plan.integer);
    auto read = plan::readPlan(plan.file());
    ASSERT_FALSE(read);
    EXPECT_THAT(read.error().message,
                testing::HasSubstr(keyed ? "which is no cell without keys" : "which is no cell with keys"));
  }
}

TEST(Cells, a_plan_that_asks_what_is_no_cell_is_refused) {
  Tools plan;
  auto &item = plan.block("item", 1);
  item.result(item.get(item.param(0))); // the item, not a capture
  auto &cell = plan.calling(plan.read, "cell");
  auto &main = plan.block("main", 1);
  main.once(cell, {main.param(0)});
  main.result(main.map(main.param(0), item));
  plan.entry("main", main, {plan.numbers}, plan.numbers);
  auto read = plan::readPlan(plan.file());
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message, testing::HasSubstr("which is no cell"));
}

TEST(Cells, a_cell_that_is_carried_by_a_loop_is_refused) {
  Tools plan;
  auto &cell = plan.calling(plan.read, "cell");
  auto &step = plan.block("step", 2); // what it carries first is a cell, later what it gives
  step.result(step.get(step.param(0)));
  auto &main = plan.block("main", 2);
  main.result(main.fold(main.param(0), main.once(cell, {main.param(1)}), step));
  plan.entry("main", main, {plan.numbers, plan.integer}, plan.integer);
  auto read = plan::readPlan(plan.file());
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message, testing::HasSubstr("which is no cell"));
}

TEST(Cells, a_cell_that_writes_is_refused) {
  Tools plan;
  auto &cell = plan.calling(plan.write, "cell");
  auto &main = plan.block("main", 1);
  main.result(main.get(main.once(cell, {main.param(0)})));
  plan.entry("main", main, {plan.integer}, plan.integer);
  auto read = plan::readPlan(plan.file());
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message, testing::HasSubstr("the body of a cell writes"));
}

TEST(Cells, a_plan_that_does_not_name_the_feature_is_refused) {
  CellPlan plan;
  plan.draft.features.clear();
  auto read = plan::readPlan(plan.file());
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message, testing::HasSubstr("feature 'once'"));
}

} // namespace
} // namespace weft::test

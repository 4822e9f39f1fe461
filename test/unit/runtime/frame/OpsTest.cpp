//===- OpsTest.cpp - Each op of a plan, when all goes well and when not ---===//

#include "test/unit/runtime/frame/Plans.h"

namespace weft::test {
namespace {

using journal::RecordKind;

/// main(x: int) = tool.read(x + 1), answered with 10 more.
TEST(Ops, eval_feeds_a_call) {
  Tools plan;
  auto &main = plan.block("main", 1);
  Reg sum = main.builtin(Builtin::add, {main.param(0), constant(plan.lit(1))});
  main.result(main.call(plan.read, {sum}));
  plan.entry("main", main, {plan.integer}, plan.integer);
  FrameWorld world(plan.build());
  world.script(plan.read, plus(10));
  world.start("main", {Value::integer(1)});
  EXPECT_ENDS(world, Value::integer(12));
  EXPECT_EQ(world.calls.size(), 1u);
  EXPECT_TRUE(world.released);
  // Start, outcome, end: an unpaid read has no intent.
  EXPECT_EQ(world.journal.size(), 3u);
}

TEST(Ops, words_that_fail_fail_the_run) {
  Tools plan;
  auto &main = plan.block("main", 1);
  main.result(main.builtin(Builtin::div, {main.param(0), constant(plan.lit(std::int64_t(0)))}));
  plan.entry("main", main, {plan.integer}, plan.integer);
  FrameWorld world(plan.build());
  world.start("main", {Value::integer(1)});
  EXPECT_FAILS(world, FailKind::failed, "");
  EXPECT_EQ(world.ended->step, "main");
}

TEST(Ops, independent_calls_run_at_the_same_time) {
  Tools plan;
  auto &main = plan.block("main", 1);
  Reg a = main.call(plan.read, {main.param(0)});
  Reg b = main.call(plan.other, {main.param(0)});
  main.result(main.builtin(Builtin::add, {a, b}));
  plan.entry("main", main, {plan.integer}, plan.integer);
  FrameWorld world(plan.build());
  world.script(plan.read, plus(1, 50));
  world.script(plan.other, plus(2, 50));
  world.start("main", {Value::integer(1)});
  EXPECT_ENDS(world, Value::integer(5));
  EXPECT_EQ(world.calls[0].atMs, world.calls[1].atMs);
}

TEST(Ops, order_without_data_is_kept) {
  Tools plan;
  auto &main = plan.block("main", 1);
  main.call(plan.write, {main.param(0)});
  NodeOptions after;
  after.after = {main.lastNode()};
  main.result(main.call(plan.read, {main.param(0)}, after));
  plan.entry("main", main, {plan.integer}, plan.integer);
  FrameWorld world(plan.build());
  world.script(plan.write, plus(0, 30));
  world.script(plan.read, plus(0));
  world.start("main", {Value::integer(1)});
  EXPECT_ENDS(world, Value::integer(1));
  EXPECT_GE(world.calls[1].atMs, world.calls[0].atMs + 30);
}

TEST(Ops, map_keeps_order_and_its_window) {
  Tools plan;
  auto &item = plan.calling(plan.read, "item");
  auto &main = plan.block("main", 1);
  Reg window = main.constant(plan.lit(3));
  main.result(main.map(main.param(0), item, {}, window));
  plan.entry("main", main, {plan.numbers}, plan.numbers);
  FrameWorld world(plan.build());
  // Later items answer sooner.
  world.script(plan.read, [](const Asked &asked) { return Reply::ok(asked.args[0], 100 - asked.args[0].asInt()); });
  world.start("main", {ints(20)});
  EXPECT_ENDS(world, ints(20));
  EXPECT_LE(world.framesMost, 4u);
}

TEST(Ops, map_of_nothing_is_nothing) {
  Tools plan;
  auto &item = plan.calling(plan.read, "item");
  auto &main = plan.block("main", 1);
  main.result(main.map(main.param(0), item));
  plan.entry("main", main, {plan.numbers}, plan.numbers);
  FrameWorld world(plan.build());
  world.start("main", {ints(0)});
  EXPECT_ENDS(world, ints(0));
}

TEST(Ops, first_failing_iteration_fails_the_map_and_cancels_the_rest) {
  Tools plan;
  auto &item = plan.calling(plan.read, "item");
  auto &main = plan.block("main", 1);
  main.result(main.map(main.param(0), item));
  plan.entry("main", main, {plan.numbers}, plan.numbers);
  FrameWorld world(plan.build());
  world.script(plan.read, [](const Asked &asked) {
    return asked.args[0].asInt() == 2 ? Reply::fail(FailKind::tool, "no two") : Reply::never();
  });
  world.start("main", {ints(5)});
  EXPECT_FAILS(world, FailKind::tool, "no two");
  EXPECT_EQ(world.ended->step, "tool.read");
  EXPECT_TRUE(world.released);
  EXPECT_EQ(countOf(world, RecordKind::decision), 1u);
}

TEST(Ops, a_window_below_one_is_refused) {
  Tools plan;
  auto &item = plan.calling(plan.read, "item");
  auto &main = plan.block("main", 2);
  main.result(main.map(main.param(0), item, {}, main.param(1)));
  plan.entry("main", main, {plan.numbers, plan.integer}, plan.numbers);
  FrameWorld world(plan.build());
  world.start("main", {ints(3), Value::integer(0)});
  EXPECT_FAILS(world, FailKind::failed, "parallel asks for a number of at least 1");
}

TEST(Ops, captures_reach_the_body) {
  Tools plan;
  auto &item = plan.block("item", 2);
  item.result(item.builtin(Builtin::add, {item.param(0), item.param(1)}));
  auto &main = plan.block("main", 2);
  main.result(main.map(main.param(0), item, {main.param(1)}));
  plan.entry("main", main, {plan.numbers, plan.integer}, plan.numbers);
  FrameWorld world(plan.build());
  world.start("main", {ints(3), Value::integer(10)});
  EXPECT_ENDS(world, Value::list({Value::integer(10), Value::integer(11), Value::integer(12)}));
}

TEST(Ops, fold_is_sequential) {
  Tools plan;
  auto &body = plan.block("body", 2);
  Reg read = body.call(plan.read, {body.param(1)});
  body.result(body.builtin(Builtin::add, {body.param(0), read}));
  auto &main = plan.block("main", 1);
  Reg zero = main.constant(plan.lit(std::int64_t(0)));
  main.result(main.fold(main.param(0), zero, body));
  plan.entry("main", main, {plan.numbers}, plan.integer);
  FrameWorld world(plan.build());
  world.script(plan.read, plus(0, 5));
  world.start("main", {ints(5)});
  EXPECT_ENDS(world, Value::integer(10));
  for (std::size_t i = 1; i < world.calls.size(); ++i)
    EXPECT_GE(world.calls[i].atMs, world.calls[i - 1].atMs + 5);
}

/// Takes the right value from the left one, which shows the shape; the call takes as long as `delayMs` says of the
/// right.
struct TreePlan : Tools {
  TreePlan() {
    auto &body = block("body", 2);
    Reg right = body.call(read, {body.param(1)});
    body.result(body.builtin(Builtin::sub, {body.param(0), right}));
    auto &main = block("main", 2);
    main.result(main.tree(main.param(0), main.param(1), body));
    entry("main", main, {numbers, integer}, integer);
  }
};

TEST(Ops, a_tree_combines_neighbours_in_order) {
  TreePlan plan;
  auto built = plan.build();
  // (10 - 0) - (1 - 2) and 3 - 4, which has no neighbour on the second level.
  for (auto [count, expected] : {std::pair{0, 10}, {1, 10}, {2, 9}, {3, 11}, {5, 12}}) {
    FrameWorld world(built);
    world.script(plan.read, plus(0));
    world.start("main", {ints(count), Value::integer(10)});
    EXPECT_ENDS(world, Value::integer(expected));
    EXPECT_EQ(world.calls.size(), static_cast<std::size_t>(count)) << "as many as a fold in turn";
  }
}

TEST(Ops, a_pair_of_a_tree_waits_for_no_other_pair) {
  TreePlan plan;
  FrameWorld world(plan.build());
  // Of eight values the pairs (100, 1) and (2, 3) are slow, and on the second level that of the other half is: level by
  // level the last pair would start after 40 + 40 ms.
  world.script(plan.read, [](const Asked &asked) {
    std::int64_t right = asked.args[0].asInt();
    bool slow = right == 1 || right == 3 || right == -1;
    return Reply::ok(Value::integer(right), slow ? 40 : 1);
  });
  world.start("main", {Value::list({Value::integer(1), Value::integer(20), Value::integer(3), Value::integer(40),
                                    Value::integer(5), Value::integer(6), Value::integer(7)}),
                       Value::integer(100)});
  // 100 - 1 - (20 - 3) and 40 - 5 - (6 - 7).
  EXPECT_ENDS(world, Value::integer(82 - 36));
  ASSERT_EQ(world.calls.size(), 7u);
  EXPECT_LE(world.calls.back().atMs - world.calls.front().atMs, 60);
}

TEST(Ops, a_pair_of_a_tree_that_fails_fails_it) {
  TreePlan plan;
  FrameWorld world(plan.build());
  world.script(plan.read, [](const Asked &asked) {
    return asked.args[0].asInt() == 2 ? Reply::fail(FailKind::tool, "no two") : Reply::never();
  });
  world.start("main", {ints(5), Value::integer(0)});
  EXPECT_FAILS(world, FailKind::tool, "no two");
  EXPECT_TRUE(world.released);
}

// Each round wraps the value in the list that a map makes, which no words see.
TEST(Ops, a_value_that_nests_too_deep_fails) {
  Tools plan;
  auto &wrap = plan.block("wrap", 2);
  wrap.result(wrap.param(1));
  auto &body = plan.block("body", 3);
  body.result(body.map(body.param(2), wrap, {body.param(0)}));
  auto &main = plan.block("main", 2);
  main.result(main.fold(main.param(0), main.constant(plan.lit(std::int64_t(0))), body, {main.param(1)}));
  plan.entry("main", main, {plan.numbers, plan.numbers}, plan.numbers);
  FrameWorld world(plan.build());
  world.start("main", {ints(600), ints(1)});
  EXPECT_FAILS(world, FailKind::failed, "a value nests deeper than 512");
}

struct LoopPlan : Tools {
  /// Adds one until 5 is reached.
  LoopPlan(bool withElse) {
    auto &body = block("body", 1);
    Reg more = body.builtin(Builtin::add, {body.param(0), constant_(1)});
    body.result(body.builtin(Builtin::ge, {more, constant_(5)}));
    body.result(more);
    auto &otherwise = block("otherwise", 0);
    otherwise.result(otherwise.constant(lit(-1)));
    auto &main = block("main", 1);
    Reg zero = main.constant(lit(std::int64_t(0)));
    main.result(main.loop(main.param(0), zero, body, {}, withElse ? &otherwise : nullptr));
    entry("main", main, {integer}, integer);
  }
  value::Operand constant_(std::int64_t value) { return value::constant(lit(value)); }
};

TEST(Ops, loop_breaks_with_its_value) {
  FrameWorld world(LoopPlan(false).build());
  world.start("main", {Value::integer(100)});
  EXPECT_ENDS(world, Value::integer(5));
}

TEST(Ops, loop_that_runs_out_takes_else) {
  FrameWorld world(LoopPlan(true).build());
  world.start("main", {Value::integer(3)});
  EXPECT_ENDS(world, Value::integer(-1));
}

TEST(Ops, loop_that_runs_out_without_else_fails) {
  FrameWorld world(LoopPlan(false).build());
  world.start("main", {Value::integer(3)});
  EXPECT_FAILS(world, FailKind::failed, "the loop ran out after 3 rounds");
}

TEST(Ops, a_bound_below_zero_is_refused) {
  FrameWorld world(LoopPlan(false).build());
  world.start("main", {Value::integer(-1)});
  EXPECT_FAILS(world, FailKind::failed, "the bound of a loop");
}

struct BranchPlan : Tools {
  BranchPlan() {
    auto &left = block("left", 1);
    left.result(left.call(read, {left.param(0)}));
    auto &right = block("right", 1);
    right.result(right.call(other, {right.param(0)}));
    auto &main = block("main", 2);
    main.result(main.branch(main.param(0), {&left, &right}, {main.param(1)}));
    entry("main", main, {integer, integer}, integer);
  }
};

TEST(Ops, branch_runs_one_side) {
  BranchPlan plan;
  for (std::int64_t side : {0, 1}) {
    FrameWorld world(plan.build());
    world.script(plan.read, plus(100));
    world.script(plan.other, plus(200));
    world.start("main", {Value::integer(side), Value::integer(1)});
    EXPECT_ENDS(world, Value::integer(side == 0 ? 101 : 201));
    EXPECT_EQ(world.calls.size(), 1u);
  }
}

TEST(Ops, a_selector_out_of_range_fails) {
  BranchPlan plan;
  FrameWorld world(plan.build());
  world.start("main", {Value::integer(2), Value::integer(1)});
  EXPECT_FAILS(world, FailKind::failed, "no alternative of 2 is selected");
}

TEST(Ops, emits_come_in_order_of_the_run) {
  Tools plan;
  auto &main = plan.block("main", 1);
  main.emit(main.param(0));
  NodeOptions after;
  after.after = {main.lastNode()};
  Reg read = main.call(plan.read, {main.param(0)}, after);
  main.emit(read);
  main.result(read);
  plan.entry("main", main, {plan.integer}, plan.integer);
  FrameWorld world(plan.build());
  world.script(plan.read, plus(1));
  world.start("main", {Value::integer(1)});
  EXPECT_ENDS(world, Value::integer(2));
  ASSERT_EQ(world.emitted.size(), 2u);
  EXPECT_TRUE(world.emitted[0] == Value::integer(1));
  EXPECT_TRUE(world.emitted[1] == Value::integer(2));
}

TEST(Ops, recursion_stops_at_its_depth) {
  Tools plan;
  auto &down = plan.block("down", 1);
  down.depth(3);
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
  auto &leaf = plan.block("leaf", 1);
  leaf.result(leaf.builtin(Builtin::add, {leaf.param(0), constant(plan.lit(40))}));
  down.result(down.branch(selector, {&again, &leaf}, {less}));
  auto &main = plan.block("main", 1);
  main.result(main.invoke(down, {main.param(0)}));
  plan.entry("main", main, {plan.integer}, plan.integer);
  auto built = plan.build();
  FrameWorld three(built);
  three.start("main", {Value::integer(3)});
  EXPECT_ENDS(three, Value::integer(40));
  FrameWorld four(built);
  four.start("main", {Value::integer(4)});
  EXPECT_FAILS(four, FailKind::failed, "'down' is called more than 3 times below itself");
}

TEST(Ops, system_draws_from_the_seed_and_records_the_clock) {
  Tools plan;
  auto &main = plan.block("main", 0);
  Reg name = main.constant(plan.lit("HOME"));
  Reg all = main.eval([&, now = main.system(0), random = main.system(1), uuid = main.system(2),
                       env = main.system(3, {name})](value::WordsBuilder &words, Reg out) {
    std::vector<value::Operand> items{now, random, uuid, env};
    words.list(out.number, items);
  });
  main.result(all);
  plan.entry("main", main, {}, plan.list(plan.text));
  auto built = plan.build();
  auto once = [&](std::uint64_t seed) {
    WorldOptions options;
    options.seed = seed;
    FrameWorld world(built, options);
    world.start("main", {}, {{"HOME", "/root"}});
    return world.finish().value;
  };
  Value first = once(1), again = once(1), other = once(2);
  EXPECT_TRUE(first == again);
  EXPECT_FALSE(first == other);
  EXPECT_EQ(first.items()[0].asText(), "1970-01-01T00:00:01.000Z");
  EXPECT_EQ(first.items()[2].asText().size(), 36u);
  EXPECT_EQ(first.items()[2].asText()[14], '4');
  EXPECT_EQ(first.items()[3].asText(), "/root");
}

TEST(Ops, a_variable_that_was_not_set_is_named) {
  Tools plan;
  auto &main = plan.block("main", 0);
  main.result(main.system(3, {main.constant(plan.lit("NOPE"))}));
  plan.entry("main", main, {}, plan.text);
  FrameWorld world(plan.build());
  world.start("main", {});
  EXPECT_FAILS(world, FailKind::failed, "environment variable 'NOPE' was not set");
}

} // namespace
} // namespace weft::test

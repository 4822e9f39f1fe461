//===- BudgetsTest.cpp - Reserved before, charged after -------------------===//

#include "test/simulation/frame/Everywhere.h"
#include "test/unit/runtime/frame/Plans.h"

namespace weft::test {
namespace {

using journal::RecordKind;

/// A model at $1 per million tokens read and $2 per million written, 100 tokens an answer at most; one call with the
/// prompt "hello" reserves (4 * 3 + 3 texts' frames) tokens in, see `reserved`.
struct Model : Tools {
  Model() {
    binding_ = binding("model", fb::BindingKind::model, {0, 0, 1'000'000'000, 2'000'000'000, 100});
    model = member(binding_, "", {text}, text, Effect::read, {true});
  }
  fb::BudgetT tokens(std::int64_t most) {
    fb::BudgetT made;
    made.tokens = most;
    return made;
  }
  /// A map of calls under a budget on the run.
  void mapUnder(fb::BudgetT limit, std::int64_t window) {
    auto &item = block("item", 2);
    item.result(item.call(model, {item.param(1)}));
    auto &main = block("main", 1);
    main.result(main.map(main.param(0), item, {main.constant(lit("hello"))}, main.constant(lit(window))));
    entry("main", main, {numbers}, list(text), static_cast<std::int32_t>(budget(std::move(limit))));
  }
  std::uint32_t binding_ = 0, model = 0;
};

/// What one call of the prompt "hello" reserves: 7 encoded bytes make 3 tokens, 16 for the message, 100 written.
constexpr std::int64_t reserved = 8 / 3 + 1 + 16 + 100;

Script says(std::int64_t in, std::int64_t out, std::int64_t costNano, std::int64_t delayMs = 10) {
  return [=](const Asked &) {
    Reply reply = Reply::ok(Value::text("yes"), delayMs);
    reply.tokensIn = in;
    reply.tokensOut = out;
    reply.costNano = costNano;
    return reply;
  };
}

TEST(Budgets, what_fits_runs_at_once_and_the_rest_waits_for_what_is_given_back) {
  Model plan;
  plan.mapUnder(plan.tokens(reserved * 2 + 60), 10);
  FrameWorld world(plan.build());
  world.script(plan.model, says(5, 5, 0));
  world.start("main", {ints(6)});
  const Ended &end = world.finish();
  ASSERT_EQ(end.state, frame::EndState::succeeded) << end.failure.why;
  EXPECT_THAT(world.wrong, testing::IsEmpty());
  ASSERT_EQ(world.calls.size(), 6u);
  EXPECT_EQ(world.calls[0].atMs, world.calls[1].atMs);
  EXPECT_GT(world.calls[2].atMs, world.calls[1].atMs);
  // Never more at one time than the budget holds.
  for (const CallSeen &call : world.calls) {
    auto live = std::count_if(world.calls.begin(), world.calls.end(), [&](const CallSeen &other) {
      return other.atMs <= call.atMs && call.atMs < other.atMs + 10;
    });
    EXPECT_LE(live, 2);
  }
}

TEST(Budgets, lower_iterations_go_first) {
  Model plan;
  plan.mapUnder(plan.tokens(reserved + 60), 10);
  FrameWorld world(plan.build());
  std::vector<base::Hash128> order;
  world.script(plan.model, [&](const Asked &asked) {
    order.push_back(asked.path);
    return says(1, 1, 0)(asked);
  });
  world.start("main", {ints(5)});
  world.finish();
  auto built = plan.build();
  const plan::Block *main = &built->blocks[built->entries[0].block], *item = &built->blocks[0];
  std::uint64_t mapId = 0;
  for (const plan::Node &node : built->nodesOf(*main))
    if (node.op() == plan::Op::map)
      mapId = node.stable_id();
  ASSERT_EQ(order.size(), 5u);
  for (std::uint32_t i = 0; i < 5; ++i) {
    base::Hash128 frame = base::mix(base::mix(base::hashOf(base::bytesOf("main")), mapId), i);
    EXPECT_EQ(order[i], base::mix(base::mix(frame, built->nodesOf(*item)[0].stable_id()), 0)) << i;
  }
}

TEST(Budgets, what_can_never_fit_fails_before_it_is_sent) {
  Model plan;
  plan.mapUnder(plan.tokens(50), 1);
  FrameWorld world(plan.build());
  world.start("main", {ints(1)});
  EXPECT_FAILS(world, FailKind::budget, "does not fit the budget's tokens of 50: 0 spent");
  EXPECT_TRUE(world.calls.empty());
}

TEST(Budgets, what_is_spent_ends_the_run) {
  Model plan;
  plan.mapUnder(plan.tokens(300), 1);
  FrameWorld world(plan.build());
  world.script(plan.model, says(20, 80, 0));
  world.start("main", {ints(9)});
  EXPECT_FAILS(world, FailKind::budget, "tokens of 300: 200 spent");
  EXPECT_EQ(world.calls.size(), 2u);
}

TEST(Budgets, cost_is_reserved_at_the_binding_s_prices) {
  Model plan;
  fb::BudgetT limit;
  limit.cost_nano = 300'000; // one call may cost 19 us$ and 200 us$
  plan.mapUnder(std::move(limit), 4);
  FrameWorld world(plan.build());
  world.script(plan.model, says(5, 10, 25'000));
  world.start("main", {ints(4)});
  const Ended &end = world.finish();
  // 25 + 25 + 25 + 25 microdollars fit one after the other: 75 spent and 219 reserved are 294.
  EXPECT_EQ(end.state, frame::EndState::succeeded) << end.failure.why;
  for (std::size_t i = 1; i < world.calls.size(); ++i)
    EXPECT_GT(world.calls[i].atMs, world.calls[i - 1].atMs);
}

TEST(Budgets, turns_count_calls_of_models) {
  Model plan;
  fb::BudgetT limit;
  limit.turns = 3;
  plan.mapUnder(std::move(limit), 1);
  FrameWorld world(plan.build());
  world.script(plan.model, says(1, 1, 0));
  world.start("main", {ints(5)});
  EXPECT_FAILS(world, FailKind::budget, "turns of 3: all taken");
  EXPECT_EQ(world.calls.size(), 3u);
}

TEST(Budgets, every_enclosing_budget_is_charged) {
  Model plan;
  auto &callee = plan.block("callee", 1);
  callee.result(callee.call(plan.model, {callee.param(0)}));
  auto &main = plan.block("main", 1);
  fb::PolicyT policy;
  policy.budget = static_cast<std::int32_t>(plan.budget(plan.tokens(200)));
  NodeOptions options;
  options.policy = plan.with(std::move(policy));
  Reg one = main.invoke(callee, {main.param(0)}, options);
  NodeOptions after = options;
  after.after = {main.lastNode()};
  main.invoke(callee, {one}, after);
  NodeOptions last = options;
  last.after = {main.lastNode()};
  main.result(main.invoke(callee, {one}, last));
  // Each invoke has 200 of its own; the run has 300, of which the first two take 240.
  plan.entry("main", main, {plan.text}, plan.text, static_cast<std::int32_t>(plan.budget(plan.tokens(300))));
  FrameWorld world(plan.build());
  world.script(plan.model, says(20, 100, 0));
  world.start("main", {Value::text("hello")});
  EXPECT_FAILS(world, FailKind::budget, "tokens of 300: 240 spent");
}

TEST(Budgets, losers_of_a_race_are_charged) {
  Model plan;
  auto &quick = plan.block("quick", 1);
  quick.result(quick.call(plan.model, {quick.param(0)}));
  auto &slow = plan.block("slow", 1);
  slow.result(slow.call(plan.model, {slow.param(0)}));
  auto &main = plan.block("main", 1);
  Reg won = main.race({&quick, &slow}, {main.param(0)});
  main.result(main.call(plan.model, {main.call(plan.model, {won})}));
  // The loser's 119 and twice 20 are spent when the last call asks for another 119.
  plan.entry("main", main, {plan.text}, plan.text, static_cast<std::int32_t>(plan.budget(plan.tokens(270))));
  FrameWorld world(plan.build());
  int turn = 0;
  world.script(plan.model, [&](const Asked &asked) {
    if (turn++ != 1)
      return says(10, 10, 0, 5)(asked);
    Reply reply = Reply::never(); // cancelled by the decision; charged all the same
    reply.tokensIn = 19;
    reply.tokensOut = 100;
    return reply;
  });
  world.start("main", {Value::text("hello")});
  EXPECT_FAILS(world, FailKind::budget, "tokens of 270: 159 spent");
}

TEST(Budgets, charges_survive_a_crash) {
  Model plan;
  plan.mapUnder(plan.tokens(300), 1);
  Scenario scenario;
  scenario.plan = plan.build();
  scenario.args = {ints(9)};
  scenario.scripts = [&](FrameWorld &world) { world.script(plan.model, says(20, 80, 0)); };
  Everywhere result = crashEverywhere(scenario);
  EXPECT_THAT(result.wrong, testing::IsEmpty());
  EXPECT_GT(result.points, 8u);
}

TEST(Budgets, an_answer_without_a_declared_length_is_bounded_by_what_is_left) {
  Model plan;
  std::uint32_t open = plan.binding("open", fb::BindingKind::model);
  std::uint32_t member = plan.member(open, "", {plan.text}, plan.text, Effect::read);
  auto &main = plan.block("main", 1);
  main.result(main.call(member, {main.param(0)}));
  plan.entry("main", main, {plan.text}, plan.text, static_cast<std::int32_t>(plan.budget(plan.tokens(120))));
  FrameWorld world(plan.build());
  world.script(member, says(10, 90, 0));
  world.start("main", {Value::text("hello")});
  EXPECT_ENDS(world, Value::text("yes"));
}

TEST(Budgets, time_does_not_count_people) {
  Tools plan;
  std::uint32_t human =
      plan.member(plan.binding("editor", fb::BindingKind::human), "", {plan.text}, plan.boolean, Effect::read);
  auto &main = plan.block("main", 1);
  Reg yes = main.call(human, {main.constant(plan.lit("Go on?"))});
  NodeOptions after;
  after.after = {main.lastNode()};
  main.call(plan.read, {main.param(0)}, after);
  main.result(yes);
  fb::BudgetT limit;
  limit.time_ms = 100;
  plan.entry("main", main, {plan.integer}, plan.boolean, static_cast<std::int32_t>(plan.budget(std::move(limit))));
  auto built = plan.build();
  WorldOptions options;
  options.personMs = 5000;
  for (std::int64_t callMs : {50, 150}) {
    FrameWorld world(built, options);
    world.person([](std::string_view) { return Value::boolean(true); });
    world.script(plan.read, plus(0, callMs));
    world.start("main", {Value::integer(1)});
    if (callMs == 50) {
      EXPECT_ENDS(world, Value::boolean(true));
    } else {
      EXPECT_FAILS(world, FailKind::budget, "the budget's time of 100 ms is spent");
    }
  }
}

TEST(Budgets, a_wait_that_was_cancelled_takes_no_more_time) {
  Tools plan;
  fb::PolicyT slow;
  slow.retry = 3;
  slow.backoff_ms = 10'000;
  NodeOptions retried, timed;
  retried.policy = plan.with(std::move(slow));
  fb::PolicyT long_;
  long_.timeout_ms = 60'000;
  timed.policy = plan.with(std::move(long_));
  // Two scopes deep, a call waits for its next attempt when its neighbour fails.
  auto &inner = plan.block("inner", 1);
  inner.result(inner.call(plan.read, {inner.param(0)}, retried));
  auto &body = plan.block("body", 1);
  body.invoke(inner, {body.param(0)}, timed);
  body.result(body.call(plan.other, {body.param(0)}));
  auto &handler = plan.block("handler", 2);
  handler.result(handler.param(1));
  std::uint32_t human =
      plan.member(plan.binding("editor", fb::BindingKind::human), "", {plan.text}, plan.boolean, Effect::read);
  auto &main = plan.block("main", 1);
  Reg caught = main.attempt(body, handler, {main.param(0)});
  NodeOptions first, second;
  first.after = {main.lastNode()};
  main.call(human, {main.constant(plan.lit("Go on?"))}, first);
  second.after = {main.lastNode()};
  main.result(main.call(plan.paid, {caught}, second));
  fb::BudgetT limit;
  limit.time_ms = 1000;
  plan.entry("main", main, {plan.integer}, plan.integer, static_cast<std::int32_t>(plan.budget(std::move(limit))));
  WorldOptions options;
  options.personMs = 50'000;
  FrameWorld world(plan.build(), options);
  world.person([](std::string_view) { return Value::boolean(true); });
  world.script(plan.read, [](const Asked &) { return Reply::fail(FailKind::transport, "down", 1); });
  world.script(plan.other, [](const Asked &) { return Reply::fail(FailKind::tool, "broken", 30); });
  world.script(plan.paid, plus(0));
  world.start("main", {Value::integer(5)});
  EXPECT_ENDS(world, Value::integer(5));
}

TEST(Budgets, a_call_s_own_time_ends_it) {
  Tools plan;
  fb::BudgetT limit;
  limit.time_ms = 40;
  fb::PolicyT policy;
  policy.budget = static_cast<std::int32_t>(plan.budget(std::move(limit)));
  policy.retry = 5;
  NodeOptions options;
  options.policy = plan.with(std::move(policy));
  auto &main = plan.block("main", 1);
  main.result(main.call(plan.read, {main.param(0)}, options));
  plan.entry("main", main, {plan.integer}, plan.integer);
  FrameWorld world(plan.build());
  world.script(plan.read, [](const Asked &) { return Reply::never(); });
  world.start("main", {Value::integer(1)});
  EXPECT_FAILS(world, FailKind::budget, "the budget's time of 40 ms is spent");
  EXPECT_TRUE(world.released);
}

} // namespace
} // namespace weft::test

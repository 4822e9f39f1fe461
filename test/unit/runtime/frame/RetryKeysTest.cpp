//===- RetryKeysTest.cpp - The keys of writes in what is tried again ------===//
//
// A workflow that failed behind a write is tried again, and makes that write
// again: under the key that it had, so that the other side does it once. What
// is another write in one attempt is another one in all of them.
//
//===----------------------------------------------------------------------===//

#include "test/simulation/frame/Everywhere.h"
#include "test/unit/runtime/frame/Plans.h"

namespace weft::test {
namespace {

using frame::Sabotage;

/// What `put` was sent, and under which keys; the other side does each key once.
struct Sent {
  std::size_t calls = 0;
  std::set<std::string> keys;
  std::map<std::int64_t, std::set<std::string>> byArgument;

  Sent(const FrameWorld &world, std::uint32_t member) {
    for (const CallSeen &call : world.calls)
      if (call.member == member) {
        ++calls;
        keys.insert(call.onceKey);
        byArgument[call.args[0].asInt()].insert(call.onceKey);
      }
  }
};

struct RetryKeys : testing::Test {
  Tools plan;
  NodeOptions again(std::uint32_t retry = 1) {
    fb::PolicyT policy;
    policy.retry = retry;
    policy.backoff_ms = 10;
    NodeOptions options;
    options.policy = plan.with(std::move(policy));
    options.effect = Effect::write_idempotent;
    return options;
  }

  /// x: put(x), then fails as often as `read` does.
  BlockBuilder &writing(const std::string &name) {
    auto &made = plan.block(name, 1);
    made.call(plan.put, {made.param(0)});
    NodeOptions after;
    after.after = {made.lastNode()};
    made.result(made.call(plan.read, {made.param(0)}, after));
    return made;
  }

  /// Runs "main" while `read` fails its first `failures` times for each argument; then everywhere disturbed.
  Sent run(std::vector<Value> args, const Value &wanted, std::uint32_t failures, Sabotage sabotage = {}) {
    Scenario scenario;
    scenario.plan = plan.build();
    scenario.args = std::move(args);
    scenario.options.sabotage = sabotage;
    scenario.scripts = [this, failures](FrameWorld &world) {
      world.script(plan.put, plus(0));
      auto asked = std::make_shared<std::map<std::int64_t, std::uint32_t>>();
      world.script(plan.read, [asked, failures](const Asked &one) {
        return (*asked)[one.args[0].asInt()]++ < failures ? Reply::fail(FailKind::transport) : Reply::ok(one.args[0]);
      });
    };
    FrameWorld world(scenario.plan, scenario.options);
    scenario.scripts(world);
    world.start("main", scenario.args);
    EXPECT_ENDS(world, wanted);
    Sent calm(world, plan.put);
    if (sabotage.activationInIdempotencyKey)
      return calm;
    // Nothing that is done to a run makes another write of one that was made.
    scenario.judge = [&](const FrameWorld &disturbed, const Ended &ended) -> std::optional<std::string> {
      if (ended.state != frame::EndState::succeeded || ended.value != wanted)
        return "ends otherwise than undisturbed";
      if (Sent(disturbed, plan.put).keys != calm.keys)
        return "writes under other keys than undisturbed";
      return std::nullopt;
    };
    EXPECT_THAT(crashEverywhere(scenario).wrong, testing::IsEmpty());
    EXPECT_THAT(evictEverywhere(scenario).wrong, testing::IsEmpty());
    return calm;
  }
};

TEST_F(RetryKeys, a_write_has_one_key_in_all_attempts_of_a_workflow) {
  auto &callee = writing("callee");
  auto &main = plan.block("main", 1);
  main.result(main.invoke(callee, {main.param(0)}, again(3)));
  plan.entry("main", main, {plan.integer}, plan.integer);
  Sent sent = run({Value::integer(7)}, Value::integer(7), 3);
  EXPECT_EQ(sent.calls, 4u);
  EXPECT_EQ(sent.keys.size(), 1u);
}

TEST_F(RetryKeys, the_break_is_noticed) {
  auto &callee = writing("callee");
  auto &main = plan.block("main", 1);
  main.result(main.invoke(callee, {main.param(0)}, again()));
  plan.entry("main", main, {plan.integer}, plan.integer);
  Sabotage sabotage;
  sabotage.activationInIdempotencyKey = true;
  EXPECT_EQ(run({Value::integer(7)}, Value::integer(7), 1, sabotage).keys.size(), 2u);
}

TEST_F(RetryKeys, so_it_has_in_a_form_that_is_tried_again) {
  auto &body = writing("body");
  auto &main = plan.block("main", 1);
  main.result(main.scope(body, {main.param(0)}, again()));
  plan.entry("main", main, {plan.integer}, plan.integer);
  Sent sent = run({Value::integer(7)}, Value::integer(7), 1);
  EXPECT_EQ(sent.calls, 2u);
  EXPECT_EQ(sent.keys.size(), 1u);
}

/// The other side cannot tell two equal requests apart but by their keys.
TEST_F(RetryKeys, items_have_keys_of_their_own_in_each_attempt_the_same) {
  auto &item = plan.calling(plan.put, "item");
  auto &callee = plan.block("callee", 2);
  Reg done = callee.map(callee.param(0), item);
  NodeOptions after;
  after.after = {callee.lastNode()};
  callee.call(plan.read, {callee.param(1)}, after);
  callee.result(done);
  auto &main = plan.block("main", 2);
  main.result(main.invoke(callee, {main.param(0), main.param(1)}, again()));
  plan.entry("main", main, {plan.numbers, plan.integer}, plan.numbers);
  Value equal = Value::list({Value::integer(5), Value::integer(5), Value::integer(5)});
  Sent sent = run({equal, Value::integer(1)}, equal, 1);
  EXPECT_EQ(sent.calls, 6u);
  EXPECT_EQ(sent.keys.size(), 3u);
}

TEST_F(RetryKeys, items_that_are_tried_again_do_not_share_a_key) {
  auto &callee = writing("callee");
  auto &item = plan.block("item", 1);
  item.result(item.invoke(callee, {item.param(0)}, again()));
  auto &main = plan.block("main", 1);
  main.result(main.map(main.param(0), item));
  plan.entry("main", main, {plan.numbers}, plan.numbers);
  Sent sent = run({ints(3)}, ints(3), 1);
  EXPECT_EQ(sent.calls, 6u);
  EXPECT_EQ(sent.keys.size(), 3u);
  for (const auto &[argument, keys] : sent.byArgument)
    EXPECT_EQ(keys.size(), 1u) << argument;
}

TEST_F(RetryKeys, rounds_have_keys_of_their_own) {
  auto &round = plan.block("round", 2); // carried, argument
  round.call(plan.put, {round.param(1)});
  Reg stop = round.eval([&](value::WordsBuilder &words, Reg out) {
    words.builtin(value::Builtin::ge, out.number, {round.param(0), constant(plan.lit(2))});
  });
  Reg next = round.eval([&](value::WordsBuilder &words, Reg out) {
    words.builtin(value::Builtin::add, out.number, {round.param(0), constant(plan.lit(1))});
  });
  round.result(stop);
  round.result(next);
  auto &callee = plan.block("callee", 1);
  Reg last = callee.loop(callee.constant(plan.lit(9)), callee.constant(plan.lit(0)), round, {callee.param(0)});
  NodeOptions after;
  after.after = {callee.lastNode()};
  callee.call(plan.read, {callee.param(0)}, after);
  callee.result(last);
  auto &main = plan.block("main", 1);
  main.result(main.invoke(callee, {main.param(0)}, again()));
  plan.entry("main", main, {plan.integer}, plan.integer);
  Sent sent = run({Value::integer(4)}, Value::integer(3), 1);
  EXPECT_EQ(sent.calls, 6u);
  EXPECT_EQ(sent.keys.size(), 3u);
}

TEST_F(RetryKeys, retries_inside_of_retries_count_as_nothing) {
  auto &inner = writing("inner");
  auto &outer = plan.block("outer", 1);
  outer.result(outer.invoke(inner, {outer.param(0)}, again(1)));
  auto &main = plan.block("main", 1);
  main.result(main.invoke(outer, {main.param(0)}, again(1)));
  plan.entry("main", main, {plan.integer}, plan.integer);
  Sent sent = run({Value::integer(7)}, Value::integer(7), 3);
  EXPECT_EQ(sent.calls, 4u);
  EXPECT_EQ(sent.keys.size(), 1u);
}

TEST_F(RetryKeys, each_activation_of_a_recursion_has_a_key_of_its_own) {
  auto &callee = plan.block("callee", 1);
  callee.depth(9);
  callee.call(plan.put, {callee.param(0)});
  NodeOptions after;
  after.after = {callee.lastNode()};
  auto &end = plan.calling(plan.read, "end");
  auto &more = plan.block("more", 1);
  Reg less = more.builtin(value::Builtin::sub, {more.param(0), constant(plan.lit(1))});
  more.result(more.invoke(callee, {less}, again(1)));
  Reg which = callee.builtin(value::Builtin::min, {callee.param(0), constant(plan.lit(1))});
  callee.result(callee.branch(which, {&end, &more}, {callee.param(0)}, after));
  auto &main = plan.block("main", 1);
  main.result(main.invoke(callee, {main.param(0)}, again(1)));
  plan.entry("main", main, {plan.integer}, plan.integer);
  // 0 is reached in 2 * 2 * 2 ways, each behind the three writes above it.
  Sent sent = run({Value::integer(2)}, Value::integer(0), 7);
  EXPECT_EQ(sent.byArgument.size(), 3u);
  EXPECT_EQ(sent.keys.size(), 3u);
  EXPECT_EQ(sent.calls, 2u + 4u + 8u);
}

} // namespace
} // namespace weft::test

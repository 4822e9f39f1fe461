//===- SabotageTest.cpp - Each rule, broken on purpose, is noticed --------===//
//
// One test per switch of runtime/frame/Sabotage.h: the same judge that finds
// nothing wrong with the machine as it is must find something wrong with it
// when the rule is broken.
//
//===----------------------------------------------------------------------===//

#include "test/simulation/frame/Everywhere.h"
#include "test/simulation/frame/RandomPlan.h"
#include "test/unit/runtime/frame/Plans.h"

namespace weft::test {
namespace {

using frame::Sabotage;

/// Finds nothing with all switches off, and something with `broken` on.
using Judge = std::function<std::vector<std::string>(const Sabotage &)>;

void expectCaught(bool Sabotage::*broken, const Judge &judge) {
  EXPECT_THAT(judge(Sabotage{}), testing::IsEmpty());
  Sabotage sabotage;
  sabotage.*broken = true;
  EXPECT_THAT(judge(sabotage), testing::Not(testing::IsEmpty()));
}

/// Random programs, killed everywhere.
Judge killedEverywhere() {
  return [](const Sabotage &sabotage) {
    std::vector<std::string> wrong;
    for (std::uint64_t seed = 0; seed < 24 && wrong.empty(); ++seed) {
      RandomPlan random(seed);
      Scenario scenario;
      scenario.plan = random.plan;
      scenario.args = random.args();
      scenario.options.sabotage = sabotage;
      scenario.scripts = [&](FrameWorld &world) { random.scripts(world); };
      scenario.judge = [&](const FrameWorld &world, const Ended &ended) { return random.judge(world, ended); };
      wrong = crashEverywhere(scenario).wrong;
    }
    return wrong;
  };
}

Judge killedEverywhere(std::shared_ptr<const plan::Plan> plan, std::vector<Value> args,
                       std::function<void(FrameWorld &)> scripts) {
  return [=](const Sabotage &sabotage) {
    Scenario scenario;
    scenario.plan = plan;
    scenario.args = args;
    scenario.options.sabotage = sabotage;
    scenario.scripts = scripts;
    return crashEverywhere(scenario).wrong;
  };
}

TEST(Sabotaged, identity_by_arrival) { expectCaught(&Sabotage::identityByArrival, killedEverywhere()); }
TEST(Sabotaged, no_intents) { expectCaught(&Sabotage::noIntents, killedEverywhere()); }
TEST(Sabotaged, call_before_durable) { expectCaught(&Sabotage::callBeforeDurable, killedEverywhere()); }
TEST(Sabotaged, repeat_writes) { expectCaught(&Sabotage::repeatWrites, killedEverywhere()); }
TEST(Sabotaged, attempt_in_idempotency_key) { expectCaught(&Sabotage::attemptInIdempotencyKey, killedEverywhere()); }

/// Two arms of which the first is quicker while the second has less to do again: after a crash the other one wins, and
/// what the winner said has been seen.
TEST(Sabotaged, no_decisions) {
  Tools plan;
  auto &left = plan.block("left", 1);
  left.result(left.call(plan.other, {left.call(plan.read, {left.param(0)})}));
  auto &right = plan.calling(plan.paid, "right");
  auto &main = plan.block("main", 1);
  Reg won = main.race({&left, &right}, {main.param(0)});
  main.result(main.call(plan.put, {won}));
  plan.entry("main", main, {plan.integer}, plan.integer);
  std::uint32_t read = plan.read, other = plan.other, paid = plan.paid, put = plan.put;
  auto built = plan.build();
  expectCaught(&Sabotage::noDecisions, [=](const Sabotage &sabotage) {
    Scenario scenario;
    scenario.plan = built;
    scenario.args = {Value::integer(1)};
    scenario.options.sabotage = sabotage;
    scenario.scripts = [=](FrameWorld &world) {
      world.script(read, plus(100, 10));
      world.script(other, plus(100, 10));
      // Slower at first, at once when it is asked again.
      auto times = std::make_shared<int>(0);
      world.script(paid, [times](const Asked &asked) {
        return Reply::ok(Value::integer(asked.args[0].asInt() + 900), (*times)++ == 0 ? 40 : 1);
      });
      world.script(put, plus(0, 30));
    };
    scenario.judge = [](const FrameWorld &world, const Ended &ended) -> std::optional<std::string> {
      // Whoever won, the write must have been given one value only.
      std::set<std::int64_t> given;
      for (const CallSeen &call : world.calls)
        if (!call.args.empty() && world.applied.contains(call.onceKey))
          given.insert(call.args[0].asInt());
      if (given.size() > 1)
        return "the write was sent with two values";
      if (ended.state == frame::EndState::failed)
        return "failed: " + ended.failure.why;
      bool decided = std::any_of(world.journal.begin(), world.journal.end(), [](const journal::Record &record) {
        return record.kind == journal::RecordKind::decision;
      });
      return decided ? std::nullopt : std::optional<std::string>("a race was decided and not recorded");
    };
    return crashEverywhere(scenario).wrong;
  });
}

/// A read fails, and then the write that was awaited: the journal holds both, and which one ended the scope is a fact.
TEST(Sabotaged, no_failure_decision) {
  Tools plan;
  auto &body = plan.block("body", 1);
  body.call(plan.put, {body.param(0)});
  body.result(body.call(plan.other, {body.param(0)}));
  auto &handler = plan.block("handler", 2);
  Reg why = handler.eval([&](value::WordsBuilder &words, Reg out) { words.field(out.number, handler.param(0), 1); });
  handler.call(plan.paid, {handler.param(1)});
  handler.result(why);
  auto &main = plan.block("main", 1);
  main.result(main.attempt(body, handler, {main.param(0)}));
  plan.entry("main", main, {plan.integer}, plan.text);
  std::uint32_t put = plan.put, other = plan.other, paid = plan.paid;
  expectCaught(&Sabotage::noFailureDecision,
               killedEverywhere(plan.build(), {Value::integer(1)}, [=](FrameWorld &world) {
                 world.script(put, [](const Asked &) { return Reply::fail(FailKind::tool, "the write", 20); });
                 world.script(other, [](const Asked &) { return Reply::fail(FailKind::tool, "the read", 5); });
                 world.script(paid, plus(0, 50));
               }));
}

TEST(Sabotaged, attempts_forgotten) {
  Tools plan;
  fb::PolicyT policy;
  policy.retry = 3;
  policy.backoff_ms = 1000;
  NodeOptions options;
  options.policy = plan.with(std::move(policy));
  auto &main = plan.block("main", 1);
  main.result(main.call(plan.read, {main.param(0)}, options));
  plan.entry("main", main, {plan.integer}, plan.integer);
  auto built = plan.build();
  expectCaught(&Sabotage::attemptsForgotten, [&](const Sabotage &sabotage) {
    WorldOptions worldOptions;
    worldOptions.sabotage = sabotage;
    FrameWorld world(built, worldOptions);
    world.script(plan.read, [](const Asked &asked) {
      return asked.attempt == 0 ? Reply::fail(FailKind::transport) : Reply::ok(Value::integer(1));
    });
    world.start("main", {Value::integer(1)});
    world.runFor(500); // the first attempt has failed, the second waits
    world.crash();
    world.finish();
    return world.calls.size() == 2 ? std::vector<std::string>{}
                                   : std::vector<std::string>{"an attempt whose failure was known was made again"};
  });
}

TEST(Sabotaged, forget_writes_in_flight) {
  Tools plan;
  auto &main = plan.block("main", 1);
  main.call(plan.read, {main.param(0)});
  main.result(main.call(plan.write, {main.param(0)}));
  plan.entry("main", main, {plan.integer}, plan.integer);
  auto built = plan.build();
  expectCaught(&Sabotage::forgetWritesInFlight, [&](const Sabotage &sabotage) {
    WorldOptions options;
    options.sabotage = sabotage;
    FrameWorld world(built, options);
    world.script(plan.read, [](const Asked &) { return Reply::fail(FailKind::tool, "broken", 5); });
    world.script(plan.write, plus(0, 100));
    world.start("main", {Value::integer(1)});
    world.runFor(50);
    return world.ended ? std::vector<std::string>{"the run ended while a write was in flight"}
                       : std::vector<std::string>{};
  });
}

TEST(Sabotaged, intent_alone) {
  Tools plan;
  auto &main = plan.block("main", 1);
  Reg last = main.param(0);
  constexpr std::uint32_t length = 20;
  for (std::uint32_t i = 0; i < length; ++i)
    last = main.call(plan.put, {last});
  main.result(last);
  plan.entry("main", main, {plan.integer}, plan.integer);
  auto built = plan.build();
  expectCaught(&Sabotage::intentAlone, [&](const Sabotage &sabotage) {
    WorldOptions options;
    options.sabotage = sabotage;
    FrameWorld world(built, options);
    world.script(plan.put, plus(1));
    world.start("main", {Value::integer(0)});
    world.finish();
    return world.groups <= length + 2 ? std::vector<std::string>{}
                                      : std::vector<std::string>{std::to_string(world.groups) + " groups"};
  });
}

TEST(Sabotaged, inline_large_values) {
  Tools plan;
  std::uint32_t fetch = plan.member(plan.tool, "fetch", {plan.integer}, plan.text, Effect::read);
  auto &main = plan.block("main", 1);
  main.result(main.call(fetch, {main.param(0)}));
  plan.entry("main", main, {plan.integer}, plan.text);
  expectCaught(&Sabotage::inlineLargeValues,
               killedEverywhere(plan.build(), {Value::integer(1)}, [=](FrameWorld &world) {
                 world.script(fetch, [](const Asked &) { return Reply::ok(Value::text(std::string(100'000, 'x'))); });
               }));
}

/// A map of calls of a model, in windows of three, under concurrency two and a budget of three reservations.
struct Crowd : Tools {
  Crowd() {
    std::uint32_t models = binding("model", fb::BindingKind::model, {2, 0, -1, -1, 100});
    model = member(models, "", {integer}, integer, Effect::read);
    auto &item = block("item", 1);
    item.result(item.call(model, {item.param(0)}));
    auto &main = block("main", 1);
    main.result(main.map(main.param(0), item, {}, main.constant(lit(3))));
    fb::BudgetT limit;
    limit.tokens = 400;
    entry("main", main, {numbers}, numbers, static_cast<std::int32_t>(budget(std::move(limit))));
  }
  Judge judge(std::function<std::optional<std::string>(const FrameWorld &)> look) {
    auto built = build();
    return [=, model = model](const Sabotage &sabotage) {
      WorldOptions options;
      options.sabotage = sabotage;
      FrameWorld world(built, options);
      world.script(model, [](const Asked &asked) {
        Reply reply = Reply::ok(asked.args[0], 10);
        reply.tokensIn = 17;
        reply.tokensOut = 100;
        return reply;
      });
      world.start("main", {ints(6)});
      world.finish();
      auto wrong = look(world);
      return wrong ? std::vector<std::string>{*wrong} : std::vector<std::string>{};
    };
  }
  std::uint32_t model;
};

TEST(Sabotaged, ignore_window) {
  expectCaught(&Sabotage::ignoreWindow, Crowd().judge([](const FrameWorld &world) -> std::optional<std::string> {
    return world.framesMost > 4 ? std::optional<std::string>("more frames than the window") : std::nullopt;
  }));
}

TEST(Sabotaged, ignore_permits) {
  expectCaught(&Sabotage::ignorePermits, Crowd().judge([](const FrameWorld &world) -> std::optional<std::string> {
    for (const CallSeen &call : world.calls) {
      auto live = std::count_if(world.calls.begin(), world.calls.end(), [&](const CallSeen &other) {
        return other.atMs <= call.atMs && call.atMs < other.atMs + 10;
      });
      if (live > 2)
        return "more calls at one time than the binding takes";
    }
    return std::nullopt;
  }));
}

TEST(Sabotaged, no_reservation) {
  expectCaught(&Sabotage::noReservation, Crowd().judge([](const FrameWorld &world) -> std::optional<std::string> {
    std::size_t tokens = world.calls.size() * 117;
    return tokens > 400 ? std::optional<std::string>(std::to_string(tokens) + " tokens of 400") : std::nullopt;
  }));
}

/// A long call does not fit and goes to the other model; a short one behind a slow tool would fit, and goes there too,
/// because the budget was exceeded before.
TEST(Sabotaged, forget_exceeded) {
  Tools plan;
  std::uint32_t large = plan.member(plan.binding("large", fb::BindingKind::model, {0, 0, 1'000'000'000, 0, 100}), "ask",
                                    {plan.text}, plan.text, Effect::read, {true});
  std::uint32_t small = plan.member(plan.binding("small", fb::BindingKind::model, {0, 0, 1'000'000, 0, 100}), "ask",
                                    {plan.text}, plan.text, Effect::read, {true});
  auto &main = plan.block("main", 1);
  Reg slow = main.call(plan.read, {main.param(0)});
  Reg longCall = main.call(large, {main.constant(plan.lit(std::string(3000, 'x')))});
  NodeOptions behind;
  behind.after = {0};
  Reg shortCall = main.call(large, {main.constant(plan.lit("hello"))}, behind);
  main.result(main.eval([&](value::WordsBuilder &words, Reg out) {
    value::Operand all[] = {slow, longCall, shortCall};
    words.list(out.number, all);
  }));
  fb::BudgetT budget;
  budget.cost_nano = 100'000;
  budget.on_exceed = fb::OnExceed::use;
  budget.fallback = static_cast<std::int32_t>(small);
  plan.entry("main", main, {plan.integer}, plan.list(plan.text),
             static_cast<std::int32_t>(plan.budget(std::move(budget))));
  std::uint32_t read = plan.read;
  expectCaught(&Sabotage::forgetExceeded, killedEverywhere(plan.build(), {Value::integer(1)}, [=](FrameWorld &world) {
    world.script(read, plus(1, 30));
    auto says = [](const char *what) { return [what](const Asked &) { return Reply::ok(Value::text(what), 50); }; };
    world.script(large, says("large"));
    world.script(small, says("small"));
  }));
}

TEST(Sabotaged, unseeded_jitter) {
  Tools plan;
  fb::PolicyT policy;
  policy.retry = 3;
  policy.backoff_ms = 1000;
  NodeOptions options;
  options.policy = plan.with(std::move(policy));
  auto &main = plan.block("main", 1);
  main.result(main.call(plan.read, {main.param(0)}, options));
  plan.entry("main", main, {plan.integer}, plan.integer);
  auto built = plan.build();
  // The wait before the last attempt is the same whether it is drawn in one life or in two.
  expectCaught(&Sabotage::unseededJitter, [&](const Sabotage &sabotage) {
    auto lastWaitMs = [&](bool disturbed) {
      WorldOptions worldOptions;
      worldOptions.sabotage = sabotage;
      worldOptions.jitter = true;
      FrameWorld world(built, worldOptions);
      world.script(plan.read, [](const Asked &) { return Reply::fail(FailKind::transport); });
      world.start("main", {Value::integer(1)});
      if (disturbed) {
        world.runFor(1500);
        world.crash();
      }
      world.finish();
      return world.calls.back().atMs - world.calls[world.calls.size() - 2].atMs;
    };
    return std::abs(lastWaitMs(true) - lastWaitMs(false)) <= 2
               ? std::vector<std::string>{}
               : std::vector<std::string>{"waits differ between one life and two"};
  });
}

TEST(Sabotaged, answers_unchecked) {
  Tools plan;
  std::uint32_t human =
      plan.member(plan.binding("editor", fb::BindingKind::human), "", {plan.text}, plan.boolean, Effect::read);
  auto &main = plan.block("main", 0);
  main.result(main.call(human, {main.constant(plan.lit("Go on?"))}));
  plan.entry("main", main, {}, plan.boolean);
  auto built = plan.build();
  expectCaught(&Sabotage::answersUnchecked, [&](const Sabotage &sabotage) {
    WorldOptions options;
    options.sabotage = sabotage;
    FrameWorld world(built, options);
    world.start("main", {});
    world.run();
    world.answer(world.questions.at(0), Value::integer(5));
    world.run();
    return world.ended ? std::vector<std::string>{"an int was taken for a bool"} : std::vector<std::string>{};
  });
}

} // namespace
} // namespace weft::test

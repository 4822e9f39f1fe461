//===- ExceedingTest.cpp - Another model, or a person, when it is too much ===//

#include "runtime/plan/NodeFlags.h"
#include "test/simulation/frame/Everywhere.h"
#include "test/unit/runtime/frame/Plans.h"

namespace weft::test {
namespace {

using journal::RecordKind;

/// A large model at $1 and $2 per million tokens and a small one at a tenth; each writes 100 tokens at most. A call of
/// "hello" is reserved at 219 microdollars for the large one and at 21.9 for the small one.
struct Models : Tools {
  Models() {
    large = member(binding("large", fb::BindingKind::model, {0, 0, 1'000'000'000, 2'000'000'000, 100}), "ask", {text},
                   text, Effect::read, {true});
    small = member(binding("small", fb::BindingKind::model, {0, 0, 100'000'000, 200'000'000, 100}), "ask", {text}, text,
                   Effect::read, {true});
    boss = member(binding("boss.person", fb::BindingKind::human), "more", {text}, boolean, Effect::read);
    draft.members[boss]->template_ = {
        function("more", 1, 1, [](value::WordsBuilder &words) { words.return_(value::reg(0)); })};
  }
  fb::BudgetT cost(std::int64_t most, fb::OnExceed then) {
    fb::BudgetT made;
    made.cost_nano = most;
    made.on_exceed = then;
    made.fallback = static_cast<std::int32_t>(then == fb::OnExceed::ask ? boss : small);
    return made;
  }
  /// A map of calls of the large model under a budget on the run.
  std::shared_ptr<const plan::Plan> mapUnder(fb::BudgetT limit, std::int64_t window) {
    auto &item = block("item", 2);
    item.result(item.call(large, {item.param(1)}));
    auto &main = block("main", 1);
    main.result(main.map(main.param(0), item, {main.constant(lit("hello"))}, main.constant(lit(window))));
    entry("main", main, {numbers}, list(text), static_cast<std::int32_t>(budget(std::move(limit))));
    return build();
  }
  std::uint32_t large = 0, small = 0, boss = 0;
};

Script says(const char *what, std::int64_t costNano, std::int64_t delayMs = 10) {
  return [=](const Asked &) {
    Reply reply = Reply::ok(Value::text(what), delayMs);
    reply.tokensIn = reply.tokensOut = 5;
    reply.costNano = costNano;
    return reply;
  };
}

std::function<void(FrameWorld &)> bothSay(const Models &plan) {
  return [large = plan.large, small = plan.small](FrameWorld &world) {
    world.script(large, says("large", 200'000));
    world.script(small, says("small", 20'000));
  };
}

Value texts(std::initializer_list<const char *> all) {
  std::vector<Value> items;
  for (const char *one : all)
    items.push_back(Value::text(one));
  return Value::list(items);
}

std::size_t exceededIn(const FrameWorld &world) {
  std::size_t count = 0;
  for (const journal::Record &record : world.journal)
    if (record.kind == RecordKind::decision)
      if (auto body = frame::decodeBody(record.kind, record.body))
        count += std::get<frame::DecisionBody>(*body).what == frame::DecisionBody::What::exceeded;
  return count;
}

TEST(Exceeding, another_model_answers_from_there_on) {
  Models plan;
  FrameWorld world(plan.mapUnder(plan.cost(500'000, fb::OnExceed::use), 1));
  bothSay(plan)(world);
  world.start("main", {ints(5)});
  EXPECT_ENDS(world, texts({"large", "large", "small", "small", "small"}));
  EXPECT_EQ(exceededIn(world), 1u);
}

TEST(Exceeding, calls_under_way_are_awaited_first) {
  Models plan;
  FrameWorld world(plan.mapUnder(plan.cost(500'000, fb::OnExceed::use), 5));
  // Two fit at once; what they give back makes room for a third.
  world.script(plan.large, says("large", 50'000));
  world.script(plan.small, says("small", 20'000));
  world.start("main", {ints(5)});
  EXPECT_ENDS(world, texts({"large", "large", "large", "large", "large"}));
  EXPECT_EQ(exceededIn(world), 0u);
}

/// Two calls that cost nothing wait to go together when a third one finds that the budget is not enough for it.
TEST(Exceeding, what_waits_to_go_with_others_turns_to_the_other_model_too) {
  Models plan;
  std::uint32_t gratis = plan.binding("gratis", fb::BindingKind::model, {0, 0, 0, 0, 100});
  plan.draft.bindings[gratis]->batch = 4;
  std::uint32_t free = plan.member(gratis, "ask", {plan.text}, plan.text, Effect::read, {true});
  NodeOptions together;
  together.flags = plan::goesWithOthers;
  auto &main = plan.block("main", 1);
  Reg hello = main.constant(plan.lit("hello"));
  Reg first = main.call(free, {hello}, together), second = main.call(free, {hello}, together);
  Reg third = main.call(plan.large, {main.param(0)});
  main.result(main.eval([&](value::WordsBuilder &words, Reg out) {
    value::Operand all[] = {first, second, third};
    words.list(out.number, all);
  }));
  plan.entry("main", main, {plan.text}, plan.list(plan.text),
             static_cast<std::int32_t>(plan.budget(plan.cost(500'000, fb::OnExceed::use))));
  FrameWorld world(plan.build());
  bothSay(plan)(world);
  world.script(free, says("free", 0));
  world.start("main", {Value::text(std::string(3'000, 'x'))});
  EXPECT_ENDS(world, texts({"small", "small", "small"}));
}

TEST(Exceeding, the_other_model_is_charged_too) {
  Models plan;
  FrameWorld world(plan.mapUnder(plan.cost(500'000, fb::OnExceed::use), 1));
  bothSay(plan)(world);
  world.start("main", {ints(9)});
  EXPECT_FAILS(world, FailKind::budget, "cost of $0.0005: $0.00048 spent, the next call may cost $0.0000219");
  EXPECT_EQ(world.calls.size(), 6u);
}

TEST(Exceeding, a_resumed_run_goes_on_with_the_same_model) {
  for (std::int64_t window : {1, 4}) {
    Models plan;
    Scenario scenario;
    scenario.plan = plan.mapUnder(plan.cost(500'000, fb::OnExceed::use), window);
    scenario.args = {ints(5)};
    scenario.scripts = bothSay(plan);
    EXPECT_THAT(crashEverywhere(scenario).wrong, testing::IsEmpty()) << window;
    EXPECT_THAT(crashTwice(scenario, 6).wrong, testing::IsEmpty()) << window;
  }
}

/// A model without a price asks for no intent; under a budget that may turn to another one it is recorded who is asked.
TEST(Exceeding, whom_a_call_asks_is_recorded_before_it_leaves) {
  Models plan;
  plan.draft.members[plan.large]->paid = false;
  FrameWorld world(plan.mapUnder(plan.cost(500'000, fb::OnExceed::use), 1));
  bothSay(plan)(world);
  world.start("main", {ints(1)});
  EXPECT_ENDS(world, texts({"large"}));
  EXPECT_EQ(countOf(world, RecordKind::intent), 1u);
}

/// The budget inside is not enough, and has nobody to turn to; the one outside is.
TEST(Exceeding, an_inner_budget_stops_for_itself) {
  Models plan;
  auto &item = plan.block("item", 1);
  item.result(item.call(plan.large, {item.constant(plan.lit("hello"))}));
  auto &main = plan.block("main", 1);
  fb::PolicyT policy;
  fb::BudgetT inner;
  inner.cost_nano = 100'000;
  policy.budget = static_cast<std::int32_t>(plan.budget(std::move(inner)));
  NodeOptions options;
  options.policy = plan.with(std::move(policy));
  main.result(main.invoke(item, {main.param(0)}, options));
  plan.entry("main", main, {plan.integer}, plan.text,
             static_cast<std::int32_t>(plan.budget(plan.cost(1'000'000, fb::OnExceed::use))));
  FrameWorld world(plan.build());
  world.start("main", {Value::integer(1)});
  EXPECT_FAILS(world, FailKind::budget, "cost of $0.0001");
  EXPECT_TRUE(world.calls.empty());
}

TEST(Exceeding, who_says_yes_adds_the_budget_s_own_size) {
  Models plan;
  FrameWorld world(plan.mapUnder(plan.cost(300'000, fb::OnExceed::ask), 1));
  bothSay(plan)(world);
  std::vector<std::string> asked;
  world.person([&](std::string_view question) {
    asked.emplace_back(question);
    return Value::boolean(true);
  });
  world.start("main", {ints(3)});
  EXPECT_ENDS(world, texts({"large", "large", "large"}));
  // 200 spent of 300, then 400 of 600: only then do 219 more not fit.
  ASSERT_EQ(asked.size(), 2u);
  EXPECT_THAT(asked[0], testing::HasSubstr("cost of $0.0003: $0.0002 spent, the next call may cost $0.000219"));
  EXPECT_THAT(asked[1], testing::HasSubstr("cost of $0.0006: $0.0004 spent"));
  EXPECT_EQ(countOf(world, RecordKind::signal), 2u);
}

TEST(Exceeding, who_says_no_ends_it_and_is_asked_again_by_who_tries_again) {
  Models plan;
  FrameWorld world(plan.mapUnder(plan.cost(300'000, fb::OnExceed::ask), 1));
  bothSay(plan)(world);
  world.person([](std::string_view) { return Value::boolean(false); });
  world.start("main", {ints(2)});
  EXPECT_FAILS(world, FailKind::budget, "cost of $0.0003");
  world.person([](std::string_view) { return Value::boolean(true); });
  world.ended.reset();
  world.restart(frame::ResumeReason::retried);
  EXPECT_ENDS(world, texts({"large", "large"}));
}

TEST(Exceeding, one_question_for_all_that_do_not_fit) {
  Models plan;
  FrameWorld world(plan.mapUnder(plan.cost(200'000, fb::OnExceed::ask), 4));
  bothSay(plan)(world);
  world.start("main", {ints(4)});
  world.run();
  EXPECT_TRUE(world.parked);
  ASSERT_EQ(world.questions.size(), 1u);
  EXPECT_TRUE(world.calls.empty());
  world.person([](std::string_view) { return Value::boolean(true); });
  world.answer(world.questions[0], Value::boolean(true));
  EXPECT_ENDS(world, texts({"large", "large", "large", "large"}));
}

TEST(Exceeding, a_run_that_asks_for_more_can_be_put_away_and_killed) {
  for (std::int64_t window : {1, 4}) {
    Models plan;
    Scenario scenario;
    scenario.plan = plan.mapUnder(plan.cost(300'000, fb::OnExceed::ask), window);
    scenario.args = {ints(3)};
    scenario.scripts = [&](FrameWorld &world) {
      bothSay(plan)(world);
      world.person([](std::string_view) { return Value::boolean(true); });
    };
    EXPECT_THAT(crashEverywhere(scenario).wrong, testing::IsEmpty()) << window;
    Everywhere evicted = evictEverywhere(scenario);
    EXPECT_THAT(evicted.wrong, testing::IsEmpty()) << window;
  }
}

/// The call that the question stands at is given up; the other one goes on with the answer.
TEST(Exceeding, a_question_outlives_the_call_that_asked_first) {
  Models plan;
  auto &item = plan.block("item", 1);
  item.result(item.call(plan.large, {item.param(0)}));
  auto &handler = plan.block("handler", 2);
  handler.result(handler.constant(plan.lit("late")));
  auto &limited = plan.block("limited", 1);
  fb::PolicyT policy;
  policy.timeout_ms = 5;
  NodeOptions options;
  options.policy = plan.with(std::move(policy));
  limited.result(limited.scope(item, {limited.param(0)}, options));
  auto &main = plan.block("main", 1);
  Reg hello = main.constant(plan.lit("hello"));
  Reg first = main.attempt(limited, handler, {hello});
  Reg second = main.call(plan.large, {hello});
  main.result(main.eval([&](value::WordsBuilder &words, Reg out) {
    value::Operand both[] = {first, second};
    words.list(out.number, both);
  }));
  plan.entry("main", main, {plan.integer}, plan.list(plan.text),
             static_cast<std::int32_t>(plan.budget(plan.cost(200'000, fb::OnExceed::ask))));
  FrameWorld world(plan.build());
  bothSay(plan)(world);
  world.person([](std::string_view) { return Value::boolean(true); });
  world.start("main", {Value::integer(1)});
  EXPECT_ENDS(world, texts({"late", "large"}));
  EXPECT_EQ(countOf(world, RecordKind::signal), 1u);
}

TEST(Exceeding, answers_of_another_type_are_refused) {
  Models plan;
  FrameWorld world(plan.mapUnder(plan.cost(200'000, fb::OnExceed::ask), 1));
  bothSay(plan)(world);
  world.start("main", {ints(1)});
  world.run();
  ASSERT_EQ(world.questions.size(), 1u);
  world.answer(world.questions[0], Value::text("yes"));
  world.run();
  ASSERT_EQ(world.refusals.size(), 1u);
  EXPECT_THAT(world.refusals[0], testing::HasSubstr("the answer is no bool"));
  world.answer(world.questions[0], Value::boolean(true));
  EXPECT_ENDS(world, texts({"large"}));
}

} // namespace
} // namespace weft::test

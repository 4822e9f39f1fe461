//===- PeopleTest.cpp - Questions, answers, large values, gangs -----------===//

#include "runtime/value/Builders.h"
#include "test/simulation/frame/Everywhere.h"
#include "test/unit/runtime/frame/Plans.h"

namespace weft::test {
namespace {

using journal::RecordKind;

struct Ask : Tools {
  Ask(fb::PolicyT waits = {}) {
    std::uint32_t editor = binding("editor", fb::BindingKind::human);
    human = member(editor, "", {text}, integer, Effect::read);
    auto &main = block("main", 1);
    NodeOptions options;
    options.policy = with(std::move(waits));
    Reg answer = main.call(human, {main.constant(lit("How many?"))}, options);
    main.result(main.call(write, {answer}));
    entry("main", main, {integer}, integer);
  }
  std::uint32_t human;
};

TEST(People, a_question_is_an_intent_and_its_answer_a_signal) {
  Ask plan;
  FrameWorld world(plan.build());
  world.script(plan.write, plus(1));
  world.start("main", {Value::integer(0)});
  world.run();
  EXPECT_TRUE(world.parked);
  ASSERT_EQ(world.questions.size(), 1u);
  ASSERT_EQ(countOf(world, RecordKind::intent), 1u);
  auto body = frame::decodeBody(RecordKind::intent, world.journal.back().body);
  EXPECT_EQ(std::get<frame::IntentBody>(*body).question, "How many?");
  world.answer(world.questions[0], Value::integer(4));
  EXPECT_ENDS(world, Value::integer(5));
  EXPECT_EQ(countOf(world, RecordKind::signal), 1u);
}

TEST(People, a_wrong_answer_is_refused_and_asked_again) {
  Ask plan;
  FrameWorld world(plan.build());
  world.script(plan.write, plus(1));
  world.start("main", {Value::integer(0)});
  world.run();
  world.answer(world.questions[0], Value::text("four"));
  world.run();
  EXPECT_FALSE(world.ended);
  ASSERT_EQ(world.refusals.size(), 1u);
  EXPECT_THAT(world.refusals[0], testing::HasSubstr("the answer is no int"));
  EXPECT_EQ(countOf(world, RecordKind::signal), 0u);
  world.answer(world.questions[0], Value::integer(4));
  EXPECT_ENDS(world, Value::integer(5));
}

TEST(People, an_answer_nobody_asked_for_is_refused) {
  Ask plan;
  FrameWorld world(plan.build());
  world.start("main", {Value::integer(0)});
  world.run();
  world.answer({1, 2}, Value::integer(4));
  world.run();
  ASSERT_EQ(world.refusals.size(), 1u);
  EXPECT_THAT(world.refusals[0], testing::HasSubstr("no question waits under"));
}

TEST(People, a_deadline_counts_from_the_question_across_crashes) {
  fb::PolicyT policy;
  policy.timeout_ms = 1000;
  Ask plan(std::move(policy));
  FrameWorld world(plan.build());
  world.start("main", {Value::integer(0)});
  world.runFor(600);
  world.crash();
  world.restart();
  EXPECT_FAILS(world, FailKind::timeout, "nobody answered in time");
  EXPECT_LE(world.nowMs(), 2010);
}

TEST(People, waiting_runs_are_evicted_and_come_back) {
  Ask plan;
  Scenario scenario;
  scenario.plan = plan.build();
  scenario.args = {Value::integer(0)};
  scenario.scripts = [&](FrameWorld &world) {
    world.script(plan.write, plus(1));
    world.person([](std::string_view) { return Value::integer(4); });
  };
  Everywhere evicted = evictEverywhere(scenario);
  EXPECT_THAT(evicted.wrong, testing::IsEmpty());
  EXPECT_EQ(evicted.points, 1u);
  EXPECT_THAT(crashEverywhere(scenario).wrong, testing::IsEmpty());
}

/// A block that is tried again a second after its first failure, and then asks.
struct AskAtSecondTry : Tools {
  AskAtSecondTry() {
    human = member(binding("editor", fb::BindingKind::human), "", {text}, integer, Effect::read);
    auto &body = block("body", 1);
    NodeOptions after;
    body.call(read, {body.param(0)});
    after.after = {body.lastNode()};
    body.result(body.call(human, {body.constant(lit("How many?"))}, after));
    fb::PolicyT twice;
    twice.retry = 1;
    twice.backoff_ms = 1000;
    NodeOptions options;
    options.policy = with(std::move(twice));
    auto &main = block("main", 1);
    main.result(main.invoke(body, {main.param(0)}, options));
    entry("main", main, {integer}, integer);
  }
  void scripts(FrameWorld &world) const {
    auto asked = std::make_shared<int>(0);
    world.script(read, [asked](const Asked &) {
      return (*asked)++ == 0 ? Reply::fail(FailKind::transport, "away") : Reply::ok(Value::integer(1));
    });
  }
  std::uint32_t human;
};

// The wait before the second try was over when it asked: who answers need not wait for it again.
TEST(People, a_question_of_a_later_try_stays_open_through_an_eviction) {
  for (bool crash : {false, true}) {
    AskAtSecondTry plan;
    WorldOptions options;
    options.evictAlways = !crash;
    FrameWorld world(plan.build(), options);
    plan.scripts(world);
    world.start("main", {Value::integer(0)});
    world.run();
    ASSERT_EQ(world.questions.size(), 1u);
    base::Hash128 question = world.questions[0];
    if (crash) {
      world.crash();
      world.restart();
      world.runFor(0);
    }
    EXPECT_EQ(world.evictions, crash ? 0u : 1u);
    world.answer(question, Value::integer(4));
    EXPECT_ENDS(world, Value::integer(4));
    EXPECT_THAT(world.refusals, testing::IsEmpty());
    EXPECT_LT(world.nowMs() - world.calls[1].atMs, 100);
  }
}

TEST(People, a_wait_that_a_crash_cut_short_begins_anew) {
  AskAtSecondTry plan;
  FrameWorld world(plan.build());
  plan.scripts(world);
  world.start("main", {Value::integer(0)});
  world.runFor(500);
  world.crash();
  world.restart();
  world.run();
  ASSERT_EQ(world.calls.size(), 2u);
  EXPECT_GE(world.calls[1].atMs - world.calls[0].atMs, 1000);
  EXPECT_EQ(world.questions.size(), 1u);
}

TEST(People, a_run_with_something_in_flight_is_not_evicted) {
  Tools plan;
  auto &main = plan.block("main", 1);
  main.result(main.call(plan.read, {main.param(0)}));
  plan.entry("main", main, {plan.integer}, plan.integer);
  WorldOptions options;
  options.evictAlways = true;
  FrameWorld world(plan.build(), options);
  world.script(plan.read, plus(1, 100));
  world.start("main", {Value::integer(0)});
  EXPECT_ENDS(world, Value::integer(1));
  EXPECT_EQ(world.evictions, 0u);
}

TEST(LargeValues, travel_as_blobs_that_are_durable_before_their_record) {
  Tools plan;
  std::uint32_t fetch = plan.member(plan.tool, "fetch", {plan.text}, plan.text, Effect::write_idempotent);
  auto &main = plan.block("main", 1);
  Reg page = main.call(fetch, {main.param(0)});
  main.result(main.call(fetch, {page}));
  plan.entry("main", main, {plan.text}, plan.text);
  Scenario scenario;
  scenario.plan = plan.build();
  scenario.args = {Value::text(std::string(20'000, 'a'))};
  scenario.scripts = [&](FrameWorld &world) {
    world.script(fetch, [](const Asked &asked) {
      return Reply::ok(Value::text(std::string(asked.args[0].asText()) + std::string(30'000, 'b')));
    });
  };
  EXPECT_THAT(crashEverywhere(scenario).wrong, testing::IsEmpty());
  FrameWorld world(scenario.plan);
  scenario.scripts(world);
  world.start("main", scenario.args);
  EXPECT_EQ(world.finish().value.asText().size(), 80'000u);
  EXPECT_EQ(world.blobs.size(), 3u); // arguments, first, second; the result is the second again
  for (const journal::Record &record : world.journal)
    EXPECT_LT(record.body.size(), 1000u);
}

TEST(Gangs, are_a_step_with_tensors_in_and_out) {
  Tools plan;
  fb::TypeT tensor;
  tensor.kind = fb::TypeKind::tensor;
  tensor.dims = {2};
  std::uint32_t vector = plan.type(std::move(tensor));
  auto mesh = std::make_unique<fb::MeshT>();
  mesh->axes = {"model"};
  mesh->sizes = {1};
  mesh->elastic = {false};
  plan.draft.meshes.push_back(std::move(mesh));
  auto role = std::make_unique<fb::RoleT>();
  role->slots = {0};
  role->arenas = {64};
  role->buffers = {fb::Buffer(0, 8, 0, 1, 0, 0)};
  auto port = [] {
    auto made = std::make_unique<fb::PortT>();
    made->whole = {2};
    made->offsets = {0};
    made->sizes = {2};
    return made;
  };
  role->inputs.push_back(port());
  role->outputs.push_back(port());
  auto gang = std::make_unique<fb::GangT>();
  gang->name = "mlp";
  gang->roles.push_back(std::move(role));
  gang->params = {vector};
  gang->results = {vector};
  gang->stable_id = 77;
  plan.draft.gangs.push_back(std::move(gang));
  auto &main = plan.block("main", 1);
  Regs out = main.gang(0, {main.param(0)}, 1);
  main.call(plan.write, {main.constant(plan.lit(1))});
  main.result(out[0]);
  plan.entry("main", main, {vector}, vector);

  value::TensorBuilder builder(base::ElementType::f32, std::vector<std::int64_t>{2});
  Value input = std::move(builder).tensor();
  Scenario scenario;
  scenario.plan = plan.build();
  scenario.args = {input};
  scenario.scripts = [&](FrameWorld &world) {
    world.script(plan.write, plus(1, 20));
    world.gangs = [](std::uint32_t, std::vector<Value> values) { return std::optional(std::move(values)); };
  };
  FrameWorld world(scenario.plan);
  scenario.scripts(world);
  world.start("main", scenario.args);
  EXPECT_ENDS(world, input);
  EXPECT_EQ(countOf(world, RecordKind::outcome), 2u);
  EXPECT_THAT(crashEverywhere(scenario).wrong, testing::IsEmpty());

  FrameWorld failing(scenario.plan);
  failing.gangs = [](std::uint32_t, std::vector<Value>) { return std::nullopt; };
  failing.start("main", scenario.args);
  EXPECT_FAILS(failing, FailKind::failed, "the gang failed");
  EXPECT_EQ(failing.ended->step, "mlp");
}

} // namespace
} // namespace weft::test

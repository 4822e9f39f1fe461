//===- RunLoopTest.cpp - The machine on doors, drivers and a journal ------===//
//===----------------------------------------------------------------------===//

#include "test/unit/runtime/frame/LoopNode.h"

namespace weft::test {
namespace {

using frame::EndState;

struct RunLoopTest : testing::Test {
  simulation::Simulation simulation{1};
  simulation::HostId host = simulation.addHost("a");
};

/// main(x) = n writes, each of what the one before gave.
std::shared_ptr<const plan::Plan> chain(int length) {
  Tools plan;
  auto &main = plan.block("main", 1);
  Reg last = main.param(0);
  for (int i = 0; i < length; ++i)
    last = main.call(plan.write, {last});
  main.result(last);
  plan.entry("main", main, {plan.integer}, plan.integer);
  return plan.build();
}

TEST_F(RunLoopTest, a_durable_chain_costs_one_group_per_step) {
  constexpr int length = 40;
  Node node(simulation.doors(host));
  node.loop->start(node.loop->newRunId(), chain(length), 0, {Value::integer(0)}, 1);
  simulation.run();
  ASSERT_EQ(node.listener.ends.size(), 1u);
  EXPECT_TRUE(node.listener.ends[0].value == Value::integer(length));
  EXPECT_EQ(node.driver.started, static_cast<std::uint32_t>(length));
  EXPECT_LE(node.journal->counters().fsyncs, static_cast<std::uint64_t>(length) + 2);
}

/// asks = human(prompt) -> bool, then a call.
struct AskPlan : Tools {
  AskPlan(std::int32_t policy = -1) {
    std::uint32_t people = binding("editor", fb::BindingKind::human);
    human = member(people, "", {text}, boolean, Effect::read);
    auto &main = block("main", 1);
    NodeOptions options;
    options.policy = policy;
    Reg yes = main.call(human, {main.constant(lit("Publish?"))}, options);
    NodeOptions after;
    after.after = {main.lastNode()};
    Reg put = main.call(write, {main.param(0)}, after);
    main.result(main.eval([&](value::WordsBuilder &words, Reg out) {
      std::vector<value::Operand> items{yes, put};
      words.list(out.number, items);
    }));
    entry("main", main, {integer}, numbers);
  }
  std::uint32_t human;
};

TEST_F(RunLoopTest, a_run_that_waits_for_a_person_holds_no_memory) {
  Node node(simulation.doors(host));
  journal::RunId run = node.loop->newRunId();
  node.loop->start(run, AskPlan().build(), 0, {Value::integer(4)}, 1);
  simulation.run();
  ASSERT_EQ(node.listener.questions.size(), 1u);
  EXPECT_EQ(node.listener.questions[0].prompt, "Publish?");
  EXPECT_EQ(node.listener.parks, std::vector<std::uint64_t>{1});
  EXPECT_EQ(node.loop->parkedRuns(), 1u);
  EXPECT_EQ(node.loop->counters().runsLive, 0u);
  EXPECT_EQ(node.loop->counters().bytesLive, 0u);

  // Of the wrong type: asked again.
  node.loop->answer(run, node.listener.questions[0].step, Value::integer(3));
  simulation.run();
  ASSERT_EQ(node.listener.refusals.size(), 1u);
  EXPECT_THAT(node.listener.refusals[0], testing::HasSubstr("the answer is no bool"));
  EXPECT_TRUE(node.listener.ends.empty());

  node.loop->answer(run, node.listener.questions[0].step, Value::boolean(true));
  simulation.run();
  ASSERT_EQ(node.listener.ends.size(), 1u);
  EXPECT_TRUE(node.listener.ends[0].value == Value::list({Value::boolean(true), Value::integer(5)}));
}

/// That a question is left open is heard when the answer to the other one is durable, not when the run is brought back.
TEST_F(RunLoopTest, one_of_two_questions_is_answered) {
  Tools plan;
  std::uint32_t human =
      plan.member(plan.binding("editor", fb::BindingKind::human), "", {plan.text}, plan.integer, Effect::read);
  auto &main = plan.block("main", 0);
  Reg first = main.call(human, {main.constant(plan.lit("First?"))});
  Reg second = main.call(human, {main.constant(plan.lit("Second?"))});
  main.result(main.eval([&](value::WordsBuilder &words, Reg out) {
    std::vector<value::Operand> items{first, second};
    words.list(out.number, items);
  }));
  plan.entry("main", main, {}, plan.numbers);
  auto built = plan.build();
  journal::RunId run;
  base::Hash128 open;
  {
    Node node(simulation.doors(host));
    run = node.loop->newRunId();
    node.loop->start(run, built, 0, {}, 1);
    simulation.run();
    ASSERT_EQ(node.listener.questions.size(), 2u);
    bool firstIsFirst = node.listener.questions[0].prompt == "First?";
    open = node.listener.questions[firstIsFirst ? 1 : 0].step;
    node.loop->answer(run, node.listener.questions[firstIsFirst ? 0 : 1].step, Value::integer(1));
    simulation.run();
    EXPECT_EQ(node.listener.parks, (std::vector<std::uint64_t>{2, 1}));
  }
  Node node(simulation.doors(host));
  node.loop->resume(run, built);
  simulation.run();
  ASSERT_EQ(node.listener.questions.size(), 1u);
  EXPECT_EQ(node.listener.questions[0].step, open);
  node.loop->answer(run, open, Value::integer(2));
  simulation.run();
  ASSERT_EQ(node.listener.ends.size(), 1u);
  EXPECT_TRUE(node.listener.ends[0].value == Value::list({Value::integer(1), Value::integer(2)}));
}

TEST_F(RunLoopTest, another_process_takes_the_answer) {
  auto plan = AskPlan().build();
  journal::RunId run;
  base::Hash128 step;
  {
    Node first(simulation.doors(host));
    run = first.loop->newRunId();
    first.loop->start(run, plan, 0, {Value::integer(4)}, 1);
    simulation.run();
    step = first.listener.questions.at(0).step;
  }
  Node second(simulation.doors(host));
  second.loop->resume(run, plan);
  second.loop->answer(run, step, Value::boolean(false));
  simulation.run();
  ASSERT_EQ(second.listener.ends.size(), 1u);
  EXPECT_TRUE(second.listener.ends[0].value == Value::list({Value::boolean(false), Value::integer(5)}));
  std::optional<journal::RunHead> head;
  second.journal->head(run, [&](base::Result<journal::RunHead> found) { head = *found; });
  simulation.run();
  EXPECT_EQ(head->state, journal::RunState::succeeded);
}

TEST_F(RunLoopTest, nobody_answers_in_time) {
  Tools policies;
  AskPlan plan(0);
  fb::PolicyT policy;
  policy.timeout_ms = 24 * 3600 * 1000;
  plan.policy(policy);
  Node node(simulation.doors(host));
  node.loop->start(node.loop->newRunId(), plan.build(), 0, {Value::integer(4)}, 1);
  simulation.run();
  ASSERT_EQ(node.listener.ends.size(), 1u);
  EXPECT_EQ(node.listener.ends[0].failure.kind, FailKind::timeout);
  EXPECT_GT(node.listener.wakes.at(0), 0);
  EXPECT_EQ(node.driver.started, 0u);
}

// The second of two runs that park at once has the earlier deadline: it is not out of memory yet when the first is.
TEST_F(RunLoopTest, each_of_two_runs_that_park_at_once_wakes_at_its_own_deadline) {
  auto asks = [](std::uint64_t timeoutMs) {
    AskPlan plan(0);
    fb::PolicyT policy;
    policy.timeout_ms = timeoutMs;
    plan.policy(policy);
    return plan.build();
  };
  Node node(simulation.doors(host));
  constexpr std::uint64_t hourMs = 3'600'000;
  auto later = asks(48 * hourMs), sooner = asks(24 * hourMs);
  node.loop->start(node.loop->newRunId(), later, 0, {Value::integer(4)}, 1);
  node.loop->start(node.loop->newRunId(), sooner, 0, {Value::integer(4)}, 1);
  std::int64_t startedNs = node.doors.clock.wallTimeNs();
  simulation.runUntil([&] { return !node.listener.ends.empty(); });
  ASSERT_EQ(node.listener.ends.size(), 1u);
  EXPECT_LT(node.doors.clock.wallTimeNs() - startedNs, 25 * static_cast<std::int64_t>(hourMs) * 1'000'000);
  simulation.run();
  EXPECT_EQ(node.listener.ends.size(), 2u);
}

TEST_F(RunLoopTest, a_name_that_is_taken_is_refused_and_the_first_run_goes_on) {
  Node node(simulation.doors(host));
  journal::RunId run = node.loop->newRunId();
  node.loop->start(run, chain(3), 0, {Value::integer(0)}, 1);
  node.loop->start(run, chain(3), 0, {Value::integer(0)}, 1);
  simulation.run();
  ASSERT_EQ(node.listener.refusals.size(), 1u);
  EXPECT_THAT(node.listener.refusals[0], testing::HasSubstr(run.hex()));
  ASSERT_EQ(node.listener.ends.size(), 1u);
  EXPECT_TRUE(node.listener.ends[0].value == Value::integer(3));
}

TEST_F(RunLoopTest, stop_all_stops_a_run_that_is_still_being_read) {
  auto plan = chain(10);
  Node first(simulation.doors(host));
  journal::RunId run = first.loop->newRunId();
  first.loop->start(run, plan, 0, {Value::integer(0)}, 1);
  simulation.runUntil([&] { return first.driver.started == 4; });
  first.loop->stop(run);
  simulation.run();
  ASSERT_EQ(first.listener.stops, 1);
  first.loop->resume(run, plan);
  first.loop->stopAll();
  simulation.run();
  EXPECT_EQ(first.listener.stops, 2);
  EXPECT_EQ(first.driver.started, 4u);
  EXPECT_TRUE(first.listener.ends.empty());
}

TEST_F(RunLoopTest, a_parked_run_that_is_resumed_counts_as_parked_no_more) {
  Node node(simulation.doors(host));
  auto plan = AskPlan().build();
  journal::RunId run = node.loop->newRunId();
  node.loop->start(run, plan, 0, {Value::integer(4)}, 1);
  simulation.run();
  ASSERT_EQ(node.loop->parkedRuns(), 1u);
  node.loop->resume(run, plan);
  EXPECT_EQ(node.loop->parkedRuns(), 0u);
  simulation.run(); // it asks again, and leaves memory again
  EXPECT_EQ(node.loop->parkedRuns(), 1u);
}

/// The time of an agent that is a person stands on its invoke: what waits for it leaves memory all the same, and the
/// time goes on while no process has the run.
TEST_F(RunLoopTest, a_deadline_around_a_question_outlives_the_process) {
  using namespace std::chrono_literals;
  Tools plan;
  std::uint32_t human =
      plan.member(plan.binding("editor", fb::BindingKind::human), "", {plan.text}, plan.integer, Effect::read);
  auto &editor = plan.block("editor", 0);
  editor.result(editor.call(human, {editor.constant(plan.lit("How many?"))}));
  auto &main = plan.block("main", 0);
  fb::PolicyT policy;
  policy.timeout_ms = 3600 * 1000;
  NodeOptions timed;
  timed.policy = plan.policy(policy);
  main.result(main.invoke(editor, {}, timed));
  plan.entry("main", main, {}, plan.integer);
  auto built = plan.build();
  auto pass = [&](io::Duration time) {
    bool over = false;
    simulation.doors(host).clock.after(time, [&] { over = true; });
    simulation.runUntil([&] { return over; });
  };
  journal::RunId run;
  base::Hash128 step;
  {
    Node node(simulation.doors(host));
    run = node.loop->newRunId();
    node.loop->start(run, built, 0, {}, 1);
    pass(1min);
    ASSERT_EQ(node.listener.questions.size(), 1u);
    step = node.listener.questions[0].step;
    EXPECT_EQ(node.loop->counters().runsLive, 0u);
  }
  pass(30min);
  {
    Node node(simulation.doors(host));
    node.loop->resume(run, built);
    pass(1min);
    EXPECT_EQ(node.listener.questions.size(), 1u);
    EXPECT_TRUE(node.listener.ends.empty());
  }
  pass(29min);
  Node node(simulation.doors(host));
  node.loop->resume(run, built);
  node.loop->answer(run, step, Value::integer(1));
  simulation.run();
  ASSERT_EQ(node.listener.ends.size(), 1u);
  EXPECT_EQ(node.listener.ends[0].state, EndState::failed);
  EXPECT_EQ(node.listener.ends[0].failure.kind, FailKind::timeout);
  EXPECT_EQ(node.listener.refusals, std::vector<std::string>{"its time is up"});

  // Tried again, it is asked again, and has the whole hour.
  node.loop->resume(run, built, frame::ResumeReason::retried);
  pass(59min);
  node.loop->answer(run, step, Value::integer(2));
  simulation.run();
  ASSERT_EQ(node.listener.ends.size(), 2u);
  EXPECT_EQ(node.listener.ends[1].state, EndState::succeeded);
}

TEST_F(RunLoopTest, a_run_that_the_journal_does_not_know_is_refused) {
  Node node(simulation.doors(host));
  node.loop->resume(journal::RunId{1, 2}, chain(1));
  simulation.run();
  ASSERT_EQ(node.listener.refusals.size(), 1u);
}

TEST_F(RunLoopTest, a_run_is_pinned_to_its_plan) {
  Node node(simulation.doors(host));
  journal::RunId run = node.loop->newRunId();
  node.loop->start(run, AskPlan().build(), 0, {Value::integer(4)}, 1);
  simulation.run();
  Node *other = &node;
  other->loop->cancel(run);
  simulation.run();
  other->loop->resume(run, chain(3));
  simulation.run();
  ASSERT_EQ(node.listener.refusals.size(), 1u);
  EXPECT_THAT(node.listener.refusals[0], testing::HasSubstr("pinned to plan"));
  EXPECT_EQ(node.listener.ends.at(0).state, EndState::cancelled);
}

TEST_F(RunLoopTest, stop_leaves_a_run_that_can_be_resumed) {
  auto plan = chain(10);
  journal::RunId run;
  std::uint32_t before;
  {
    Node first(simulation.doors(host));
    run = first.loop->newRunId();
    first.loop->start(run, plan, 0, {Value::integer(0)}, 1);
    simulation.runUntil([&] { return first.driver.started == 4; });
    first.loop->stopAll();
    simulation.run();
    EXPECT_EQ(first.listener.stops, 1);
    EXPECT_TRUE(first.listener.ends.empty());
    before = first.driver.started;
  }
  Node second(simulation.doors(host));
  second.loop->resume(run, plan);
  simulation.run();
  ASSERT_EQ(second.listener.ends.size(), 1u);
  EXPECT_TRUE(second.listener.ends[0].value == Value::integer(10));
  EXPECT_EQ(before + second.driver.started, 10u);
}

TEST_F(RunLoopTest, a_run_that_is_out_of_memory_stops_at_once) {
  Node node(simulation.doors(host));
  auto plan = AskPlan().build();
  journal::RunId run = node.loop->newRunId();
  node.loop->start(run, plan, 0, {Value::integer(4)}, 1);
  simulation.run();
  ASSERT_EQ(node.loop->parkedRuns(), 1u);
  node.loop->stop(run);
  simulation.run();
  EXPECT_EQ(node.listener.stops, 1);
  // Still there for whoever resumes it.
  node.loop->resume(run, plan);
  node.loop->answer(run, node.listener.questions[0].step, Value::boolean(true));
  simulation.run();
  ASSERT_EQ(node.listener.ends.size(), 1u);
  EXPECT_EQ(node.listener.ends[0].state, EndState::succeeded);
}

TEST_F(RunLoopTest, more_than_the_journal_takes_at_once_waits_for_room) {
  // 100 arguments of 1 MiB each are blobs of 100 MiB; 64 MiB may be pending.
  Tools plan;
  std::uint32_t fetch = plan.member(plan.tool, "fetch", {plan.text}, plan.integer, Effect::write_idempotent);
  auto &main = plan.block("main", 1);
  main.result(main.call(fetch, {main.param(0)}));
  plan.entry("main", main, {plan.text}, plan.integer);
  auto built = plan.build();
  struct One : AddOne {
    using AddOne::AddOne;
    void start(agent::CallRequest request, Done done) override {
      request.args = {Value::integer(1)};
      AddOne::start(std::move(request), std::move(done));
    }
  };
  Node node(simulation.doors(host));
  One driver(simulation.doors(host));
  frame::RunLoop loop(
      node.doors, *node.journal, node.listener, [&](const plan::Plan &, std::uint32_t) { return &driver; },
      frame::GangStarter{});
  for (int i = 0; i < 100; ++i)
    loop.start(loop.newRunId(), built, 0,
               {Value::text(std::string(1 << 20, static_cast<char>('a' + i % 26)) + std::to_string(i))}, 1);
  simulation.run();
  EXPECT_THAT(node.listener.journalErrors, testing::IsEmpty());
  EXPECT_EQ(node.listener.ends.size(), 100u);
}

TEST_F(RunLoopTest, values_above_16_kib_go_through_blobs) {
  Tools plan;
  auto &main = plan.block("main", 1);
  main.call(plan.write, {main.constant(plan.lit(1))});
  main.result(main.param(0));
  plan.entry("main", main, {plan.text}, plan.text);
  std::string large(40'000, 'x');
  auto built = plan.build();
  journal::RunId run;
  {
    Node node(simulation.doors(host));
    run = node.loop->newRunId();
    node.loop->start(run, built, 0, {Value::text(large)}, 1);
    simulation.run();
    ASSERT_EQ(node.listener.ends.size(), 1u);
    EXPECT_EQ(node.journal->counters().blobs, 2u); // arguments and result: different lists of bytes
  }
  Node again(simulation.doors(host));
  again.loop->resume(run, built);
  simulation.run();
  ASSERT_EQ(again.listener.ends.size(), 1u);
  EXPECT_TRUE(again.listener.ends[0].value == Value::text(large));
  EXPECT_EQ(again.driver.started, 0u);
}

} // namespace
} // namespace weft::test

//===- BatchesTest.cpp - Calls that go in one request ---------------------===//

#include "runtime/frame/Permit.h"
#include "runtime/plan/NodeFlags.h"
#include "test/simulation/frame/Everywhere.h"
#include "test/unit/runtime/frame/LoopNode.h"

#include <numeric>

namespace weft::test {
namespace {

/// for x in list { ask(x) } in a window of 64, on a model that takes `batch` prompts.
struct BatchPlan : Tools {
  std::uint32_t model, ask;
  BatchPlan(std::uint32_t batch, std::uint32_t concurrency, std::uint32_t ratePerMin = 0, std::uint32_t window = 64,
            bool paid = false, std::int32_t retry = 0, bool marked = true) {
    BindingOptions options;
    options.batch = batch;
    options.concurrency = concurrency;
    options.ratePerMin = ratePerMin;
    model = binding("model", fb::BindingKind::model, options);
    ask = member(model, "ask", {integer}, integer, Effect::read, {paid});
    NodeOptions call;
    call.flags = marked ? plan::goesWithOthers : 0;
    if (retry > 0) {
      fb::PolicyT policy;
      policy.retry = static_cast<std::uint32_t>(retry);
      policy.backoff_ms = 10;
      call.policy = with(policy);
    }
    auto &item = block("item", 1);
    item.result(item.call(ask, {item.param(0)}, call));
    auto &main = block("main", 1);
    main.result(main.map(main.param(0), item, {}, main.constant(lit(window))));
    entry("main", main, {numbers}, numbers);
  }
};

/// Answers the calls of a request at one moment, 100 ms later.
class Together : public AddOne {
public:
  using AddOne::AddOne;
  void start(agent::CallRequest request, Done done) override { startTogether({std::move(request)}, std::move(done)); }
  void startTogether(std::vector<agent::CallRequest> requests, Done done) override {
    sizes.push_back(requests.size());
    atMs.push_back(doors.clock.now().sinceOriginNs / 1'000'000);
    auto outcomes = std::make_shared<std::vector<agent::CallOutcome>>();
    for (const agent::CallRequest &request : requests) {
      agent::CallOutcome outcome;
      outcome.id = request.id;
      if (failures > 0)
        outcome.failure = {base::FailKind::transport, "the request failed"};
      else
        outcome.value = Value::integer(request.args[0].asInt());
      outcomes->push_back(std::move(outcome));
    }
    failures -= failures > 0;
    doors.clock.after(std::chrono::milliseconds(100), [outcomes, done] {
      for (agent::CallOutcome &outcome : *outcomes)
        done(std::move(outcome));
    });
  }
  std::vector<std::size_t> sizes;
  std::vector<std::int64_t> atMs;
  int failures = 0; ///< Requests that fail as a whole.
};

/// What the driver saw of a run over `count` items.
struct Seen {
  Seen(const BatchPlan &plan, std::int64_t count, int failures = 0) {
    simulation::Simulation simulation(1);
    io::Doors &doors = simulation.doors(simulation.addHost("a"));
    Together driver(doors);
    driver.failures = failures;
    Listener listener;
    auto journal = journal::openMemoryJournal(doors);
    frame::RunLoopOptions options;
    options.jitter = false;
    frame::RunLoop loop(
        doors, *journal, listener, [&](const plan::Plan &, std::uint32_t) { return &driver; }, {}, options);
    loop.start({1, 1}, plan.build(), 0, {ints(count)}, 1);
    simulation.runUntil([&] { return !listener.ends.empty(); });
    EXPECT_EQ(listener.ends.size(), 1u);
    EXPECT_EQ(listener.ends[0].state, frame::EndState::succeeded) << listener.ends[0].failure.why;
    EXPECT_TRUE(listener.ends[0].value == ints(count));
    sizes = driver.sizes;
    atMs = driver.atMs;
  }
  std::vector<std::size_t> sizes;
  std::vector<std::int64_t> atMs;
};

using testing::ElementsAre;

TEST(Batches, ready_calls_go_together) { EXPECT_THAT(Seen(BatchPlan(8, 0), 20).sizes, ElementsAre(8, 8, 4)); }

TEST(Batches, calls_that_are_not_marked_go_alone) {
  BatchPlan plan(8, 0, 0, 64, false, 0, false);
  EXPECT_THAT(Seen(plan, 3).sizes, ElementsAre(1, 1, 1));
}

TEST(Batches, a_model_that_takes_one_prompt_gets_one) {
  EXPECT_THAT(Seen(BatchPlan(0, 0), 3).sizes, ElementsAre(1, 1, 1));
}

TEST(Batches, concurrency_counts_requests) {
  Seen seen(BatchPlan(4, 1), 8);
  EXPECT_THAT(seen.sizes, ElementsAre(4, 4));
  EXPECT_GE(seen.atMs[1] - seen.atMs[0], 100);
}

TEST(Batches, what_follows_from_a_request_goes_together_again) {
  EXPECT_THAT(Seen(BatchPlan(4, 0, 0, 4), 12).sizes, ElementsAre(4, 4, 4));
}

TEST(Batches, a_rate_counts_requests) {
  Seen seen(BatchPlan(4, 0, 1), 8);
  EXPECT_THAT(seen.sizes, ElementsAre(4, 4));
  EXPECT_GE(seen.atMs[1] - seen.atMs[0], 60'000);
}

/// Each waits its own time before it is tried again.
TEST(Batches, a_request_that_fails_is_an_attempt_of_each_call) {
  Seen seen(BatchPlan(4, 0, 0, 64, false, 1), 4, 1);
  ASSERT_FALSE(seen.sizes.empty());
  EXPECT_EQ(seen.sizes[0], 4u);
  EXPECT_EQ(std::accumulate(seen.sizes.begin(), seen.sizes.end(), std::size_t{0}), 8u);
}

TEST(Batches, each_call_keeps_its_own_records) {
  BatchPlan plan(8, 2, 0, 64, true, 1);
  Scenario scenario;
  scenario.plan = plan.build();
  scenario.args = {ints(12)};
  scenario.scripts = [&](FrameWorld &world) { world.script(plan.ask, plus(3, 20)); };
  EXPECT_THAT(crashEverywhere(scenario).wrong, testing::IsEmpty());
  EXPECT_THAT(evictEverywhere(scenario).wrong, testing::IsEmpty());
  FrameWorld world(scenario.plan);
  scenario.scripts(world);
  world.start("main", scenario.args);
  world.finish();
  EXPECT_EQ(countOf(world, journal::RecordKind::intent), 12u);
  EXPECT_EQ(countOf(world, journal::RecordKind::outcome), 12u);
}

// ---- the order in which calls are given a permit

/// Steps are told apart by their address alone.
frame::CallStep *step(std::uintptr_t number) { return reinterpret_cast<frame::CallStep *>(number * 64); }
frame::Run *runOf(std::uintptr_t number) { return reinterpret_cast<frame::Run *>(number * 64); }

std::vector<std::uintptr_t> drained(frame::Permit &permit) {
  std::vector<std::uintptr_t> order;
  while (permit.hasWaiting())
    order.push_back(reinterpret_cast<std::uintptr_t>(permit.takeNext()) / 64);
  return order;
}

TEST(Permits, calls_that_begin_alike_follow_each_other_lowest_iteration_first) {
  frame::Permit permit;
  permit.wait(runOf(1), step(1), 7, 5);
  permit.wait(runOf(1), step(2), 8, 0);
  permit.wait(runOf(1), step(3), 7, 6);
  permit.wait(runOf(1), step(4), 7, 4);
  permit.wait(runOf(1), step(5), 8, 1);
  EXPECT_THAT(drained(permit), ElementsAre(4, 1, 3, 2, 5));
}

TEST(Permits, without_groups_the_order_of_asking_holds) {
  frame::Permit permit;
  for (std::uintptr_t at : {1, 2, 3})
    permit.wait(runOf(1), step(at), 0, 9 - static_cast<std::uint32_t>(at));
  EXPECT_THAT(drained(permit), ElementsAre(1, 2, 3));
}

TEST(Permits, a_group_keeps_nobody_waiting_for_ever) {
  frame::Permit permit;
  for (std::uintptr_t at = 1; at <= 200; ++at)
    permit.wait(runOf(1), step(at), 7, static_cast<std::uint32_t>(at));
  permit.wait(runOf(1), step(1000), 8, 0);
  std::vector<std::uintptr_t> order = drained(permit);
  // After 64 of a group comes whoever waits longest: that is the group again until the other one's first is older.
  auto other = std::find(order.begin(), order.end(), 1000u) - order.begin();
  EXPECT_EQ(order.size(), 201u);
  EXPECT_LT(other, 201);
}

TEST(Permits, runs_take_turns_whatever_their_groups) {
  frame::Permit permit;
  permit.wait(runOf(1), step(1), 7, 0);
  permit.wait(runOf(1), step(2), 7, 1);
  permit.wait(runOf(2), step(3), 8, 0);
  EXPECT_THAT(drained(permit), ElementsAre(1, 3, 2));
}

TEST(Permits, what_is_dropped_is_not_given_one) {
  frame::Permit permit;
  permit.wait(runOf(1), step(1), 7, 0);
  permit.wait(runOf(1), step(2), 0, 0);
  permit.drop(runOf(1), step(1));
  EXPECT_THAT(drained(permit), ElementsAre(2));
}

} // namespace
} // namespace weft::test

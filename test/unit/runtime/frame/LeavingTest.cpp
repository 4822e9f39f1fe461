//===- LeavingTest.cpp - Runs that leave memory while costs are to come ---===//
//
// A call that was cancelled costs what it costs, and says so when it is back.
// Until then its run stays; then it goes, without being asked again.
//
//===----------------------------------------------------------------------===//

#include "test/unit/runtime/frame/LoopNode.h"

namespace weft::test {
namespace {

using namespace std::chrono_literals;
using frame::EndState;

/// race(read, slow), then a person, then a write. The read wins; the slow one is cancelled and comes back later.
struct RaceThenAsk : Tools {
  explicit RaceThenAsk(bool costs) {
    std::uint32_t people = binding("editor", fb::BindingKind::human);
    std::uint32_t human = member(people, "", {text}, boolean, Effect::read);
    lost = costs ? member(binding("model", fb::BindingKind::model), "", {integer}, integer, Effect::read) : other;
    auto &quick = calling(read, "quick");
    auto &slow = calling(lost, "slow");
    auto &main = block("main", 1);
    Reg won = main.race({&quick, &slow}, {main.param(0)});
    NodeOptions after;
    after.after = {main.lastNode()};
    main.call(human, {main.constant(lit("Go on?"))}, after);
    after.after = {main.lastNode()};
    main.result(main.call(write, {won}, after));
    entry("main", main, {integer}, integer);
  }
  std::uint32_t lost;
};

/// A model costs tokens and turns, a tool nothing.
struct Leaving : testing::TestWithParam<bool> {
  Leaving() {
    node.driver.shape = [this](const agent::CallRequest &request, agent::CallOutcome &outcome) -> io::Duration {
      if (request.member != plan.lost)
        return 1ms;
      outcome.tokensOut = GetParam() ? 100 : 0;
      return 10s;
    };
  }
  std::vector<journal::Record> records() {
    std::vector<journal::Record> out;
    node.journal->read(run, 0, [&](auto read) { out = *std::move(read); });
    simulation.runUntil([&] { return !out.empty(); });
    return out;
  }
  std::size_t late() {
    auto all = records();
    return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [](const journal::Record &record) {
      auto body = frame::decodeBody(record.kind, record.body);
      auto *outcome = std::get_if<frame::OutcomeBody>(&*body);
      return record.kind == journal::RecordKind::outcome && outcome->status == frame::OutcomeBody::Status::late;
    }));
  }

  simulation::Simulation simulation{1};
  simulation::HostId host = simulation.addHost("a");
  Node node{simulation.doors(host)};
  RaceThenAsk plan{GetParam()};
  std::shared_ptr<const plan::Plan> built = plan.build();
  journal::RunId run = node.loop->newRunId();
};

TEST_P(Leaving, waits_for_the_cost_of_a_loser_and_then_goes) {
  node.loop->start(run, built, 0, {Value::integer(1)}, 1);
  simulation.runUntil([&] { return !node.listener.parks.empty(); });
  simulation.run({1'000'000, 5s});
  EXPECT_EQ(node.loop->parkedRuns(), 0u) << "its loser is not back yet";
  simulation.run();
  EXPECT_EQ(node.listener.parks.size(), 1u);
  EXPECT_EQ(node.loop->parkedRuns(), 1u);
  EXPECT_EQ(node.loop->counters().bytesLive, 0u);
  EXPECT_EQ(late(), GetParam() ? 1u : 0u);

  // Whoever lists the runs sees that it waits, whatever was journaled behind the question.
  std::optional<journal::RunHead> head;
  node.journal->head(run, [&](auto read) { head = *read; });
  simulation.runUntil([&] { return head.has_value(); });
  EXPECT_EQ(head->state, journal::RunState::parked);

  node.loop->answer(run, node.listener.questions.at(0).step, Value::boolean(true));
  simulation.run();
  ASSERT_EQ(node.listener.ends.size(), 1u);
  EXPECT_TRUE(node.listener.ends[0].value == Value::integer(3));
}

TEST_P(Leaving, is_given_up_where_the_run_goes_on_first) {
  node.loop->start(run, built, 0, {Value::integer(1)}, 1);
  simulation.runUntil([&] { return !node.listener.parks.empty(); });
  node.loop->answer(run, node.listener.questions.at(0).step, Value::boolean(true));
  simulation.run();
  ASSERT_EQ(node.listener.ends.size(), 1u);
  EXPECT_EQ(node.listener.ends[0].state, EndState::succeeded);
  EXPECT_EQ(node.driver.started, 3u);
}

/// What it has cost is in the journal before it is read again: the budgets of the run count it.
TEST_P(Leaving, a_run_that_was_stopped_is_taken_up_with_its_costs) {
  node.driver.shape = [this](const agent::CallRequest &request, agent::CallOutcome &outcome) -> io::Duration {
    outcome.tokensOut = request.member == plan.lost && GetParam() ? 100 : 0;
    return request.member == plan.lost ? io::Duration(10s) : io::Duration(1h);
  };
  node.loop->start(run, built, 0, {Value::integer(1)}, 1);
  simulation.runUntil([&] { return node.driver.started == 2; });
  node.loop->stop(run);
  simulation.runUntil([&] { return node.listener.stops == 1; });
  EXPECT_EQ(late(), 0u) << "a stop does not wait for what it gives up";
  node.loop->resume(run, built);
  simulation.runUntil([&] { return node.driver.started == 4; });
  EXPECT_EQ(late(), GetParam() ? 1u : 0u);
}

INSTANTIATE_TEST_SUITE_P(Costs, Leaving, testing::Bool());

} // namespace
} // namespace weft::test

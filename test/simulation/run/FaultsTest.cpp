//===- FaultsTest.cpp - Workers, disks and connections that fail ----------===//
//
// Children of the host die, channels break, disks are full, the host dies at
// random moments. The result is right, or the run fails in a way that the
// language allows: a tool whose write was refused.
//
//===----------------------------------------------------------------------===//

#include "runtime/frame/RecordBody.h"
#include "test/simulation/run/Points.h"

namespace weft::test {
namespace {

using namespace std::chrono_literals;
using simulation::Faults;
using simulation::Loss;

std::uint64_t seeds() { return longSuite() ? 300 : 6; }

class Failing : public Programs {};

TEST(Workers, killed_before_every_one_of_their_events_give_the_same_bits) {
  Points points(example("00-spine"));
  std::size_t replaced = 0;
  for (std::uint64_t event = 1; event <= points.calm().childEvents; ++event) {
    Trial trial = points.tryOne([&](Disturbance &disturbance) { disturbance.childEvent = event; });
    EXPECT_EQ(trial.deaths, 0u);
    auto views = [](const Trial &of) {
      return std::count_if(of.records.begin(), of.records.end(),
                           [](const journal::Record &record) { return record.kind == journal::RecordKind::gangEpoch; });
    };
    replaced += views(trial) > views(points.calm());
  }
  // A slot that is taken by a new worker is a new view; the other children run programs.
  EXPECT_GT(replaced, points.count() / 2);
  points.report("a worker killed before every event");
}

TEST(Pipes, that_break_fail_the_call_and_change_no_value) {
  const Example &writes = example("writes");
  Trial calm(writes, {});
  std::size_t failed = 0;
  for (std::uint64_t seed = 1; seed <= seeds(); ++seed) {
    Disturbance disturbance;
    disturbance.seed = seed;
    disturbance.faults.breakPipe = 0.2;
    Trial trial(writes, disturbance);
    ASSERT_TRUE(trial.outside.end) << "seed " << seed;
    const frame::RunEnd &end = *trial.outside.end;
    failed += end.state == frame::EndState::failed;
    if (end.state == frame::EndState::failed)
      EXPECT_THAT(end.failure.why, testing::HasSubstr("its output could not be read")) << "seed " << seed;
    else
      EXPECT_EQ(end.value, calm.outside.end->value) << "seed " << seed;
  }
  EXPECT_GT(failed, 0u);
}

TEST_P(Failing, networks_and_disks_as_they_are) {
  Points points(program());
  for (std::uint64_t seed = 1; seed <= seeds(); ++seed)
    points.tryOne([&](Disturbance &disturbance) {
      disturbance.seed = seed;
      disturbance.faults = Faults::usual();
    });
  points.report("usual faults");
}

TEST_P(Failing, hosts_that_die_at_random_moments) {
  Points points(program());
  for (std::uint64_t seed = 1; seed <= seeds(); ++seed)
    points.tryOne([&](Disturbance &disturbance) {
      disturbance.seed = seed;
      disturbance.faults = Faults::usual();
      disturbance.faults.meanBetweenKills = 2ms;
      disturbance.faults.maxKills = 5;
    });
  EXPECT_GT(points.kills(), 0u);
  points.report("killed at random moments");
}

INSTANTIATE_TEST_SUITE_P(Examples, Failing, everyProgram(), nameOfProgram);

} // namespace
} // namespace weft::test

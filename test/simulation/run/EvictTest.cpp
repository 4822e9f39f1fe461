//===- EvictTest.cpp - Out of memory at every rest, over the examples -----===//
//
// A run that waits for people only leaves memory once nothing is in flight; one that is
// stopped leaves it once its writes are in. Wherever it left, it comes back from
// its journal and ends as if it had stayed.
//
//===----------------------------------------------------------------------===//

#include "test/simulation/run/Points.h"

namespace weft::test {
namespace {

using simulation::Loss;

class Evict : public Programs {};

TEST_P(Evict, while_a_person_is_asked) {
  if (program().answers.empty())
    GTEST_SKIP() << "asks nobody";
  Points points(program());
  std::size_t times = 0;
  for (std::uint64_t seed = 1; seed <= (longSuite() ? 100 : 5); ++seed)
    times += points.tryOne([&](Disturbance &disturbance) { disturbance.seed = seed; }).outside.timesOut;
  EXPECT_GT(times, 0u);
  std::printf("%s: evicted %zu times in %zu runs\n", GetParam(), times, points.count());
}

TEST_P(Evict, written_out_at_every_record) {
  Points points(program());
  std::size_t times = 0;
  for (std::uint64_t seed = 1; seed <= (longSuite() ? 100 : 5); ++seed)
    times += points
                 .tryOne([&](Disturbance &disturbance) {
                   disturbance.seed = seed;
                   disturbance.way.writeOut = true;
                 })
                 .outside.timesOut;
  // Records of one group become durable together.
  EXPECT_GT(times, points.count() * points.calm().records.size() / 5);
  std::printf("%s, %zu records: written out %zu times in %zu runs\n", GetParam(), points.calm().records.size(), times,
              points.count());
}

TEST_P(Evict, written_out_at_every_record_and_killed) {
  Points points(program());
  std::uint64_t step = longSuite() ? 1 : 11;
  for (std::uint64_t operation = 1; operation <= points.calm().storageOperations; operation += step)
    points.tryOne([&](Disturbance &disturbance) {
      disturbance.seed = operation;
      disturbance.storageOperation = operation;
      disturbance.loss = operation % 2 ? Loss::process : Loss::power;
      disturbance.way.writeOut = true;
    });
  points.report("written out at every record and killed");
}

TEST_P(Evict, the_process_ends_while_a_person_is_asked) {
  if (program().answers.empty())
    GTEST_SKIP() << "asks nobody";
  Points points(program());
  for (std::uint64_t seed = 1; seed <= (longSuite() ? 100 : 5); ++seed) {
    Trial trial = points.tryOne([&](Disturbance &disturbance) {
      disturbance.seed = seed;
      disturbance.way.exitWhenParked = true;
    });
    EXPECT_EQ(trial.lives, 1 + program().answers.size());
    EXPECT_EQ(trial.deaths, 0u);
  }
  points.report("a new process for each answer");
}

INSTANTIATE_TEST_SUITE_P(Examples, Evict, everyProgram(), nameOfProgram);

} // namespace
} // namespace weft::test

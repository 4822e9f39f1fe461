//===- EvictTest.cpp - Out of memory everywhere, over the examples --------===//
//
// A run that waits for people only leaves memory by itself, as soon as nothing
// is on its way any more: behind every record after which that is so. Anywhere
// else it leaves by being stopped: once its writes are in, its reads given up.
// Wherever it left, it comes back from its journal and ends as if it had stayed.
//
//===----------------------------------------------------------------------===//

#include "test/simulation/run/Points.h"

namespace weft::test {
namespace {

using simulation::Loss;

class Evict : public Programs {};
class EvictAsking : public Programs {};

/// That it is out at every rest is asked of every trial, here and in the other tests (`Trial::wrong`).
TEST_P(EvictAsking, whenever_only_people_are_waited_for) {
  Points points(program());
  for (std::uint64_t seed = 1; seed <= (longSuite() ? 100 : 10); ++seed) {
    Trial trial = points.tryOne([&](Disturbance &disturbance) { disturbance.seed = seed; });
    EXPECT_GE(trial.outside.rests, points.calm().outside.rests);
    EXPECT_EQ(trial.outside.restsOut, trial.outside.rests);
  }
  EXPECT_GT(points.rests(), 0u);
  points.report("left while people were asked");
}

TEST_P(EvictAsking, the_process_ends_whenever_a_person_is_asked) {
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

TEST_P(Evict, stopped_at_every_record_before_and_after_it_is_durable) {
  Points points(program());
  // The last two are one group, the last outcome and the end: a run that has them is not stopped any more.
  std::size_t records = points.calm().records.size() - 2;
  for (std::uint64_t record = 1; record <= records; ++record)
    for (bool durable : {false, true}) {
      Trial trial = points.tryOne([&](Disturbance &disturbance) {
        disturbance.seed = record;
        disturbance.way.stop = {record, durable};
      });
      EXPECT_EQ(trial.outside.stoppedAt.size(), 1u) << trial.disturbance.text();
    }
  EXPECT_EQ(points.stops(), 2 * records);
  points.report("stopped at every record");
}

TEST_P(Evict, stopped_at_all_records_of_one_run) {
  Points points(program());
  for (std::uint64_t seed = 1; seed <= (longSuite() ? 100 : 10); ++seed)
    points.tryOne([&](Disturbance &disturbance) {
      disturbance.seed = seed;
      disturbance.way.writeOut = true;
    });
  // Records of one group become durable together, and those that come while the run is being stopped do not stop it
  // anew.
  EXPECT_GT(points.stops(), points.count() * points.calm().records.size() / 4);
  points.report("stopped again and again");
}

TEST_P(Evict, stopped_at_all_records_and_killed) {
  Points points(program());
  std::uint64_t step = longSuite() ? 1 : 11;
  for (std::uint64_t operation = 1; operation <= points.calm().storageOperations; operation += step)
    points.tryOne([&](Disturbance &disturbance) {
      disturbance.seed = operation;
      disturbance.storageOperation = operation;
      disturbance.loss = operation % 2 ? Loss::process : Loss::power;
      disturbance.way.writeOut = true;
    });
  points.report("stopped again and again, and killed");
}

INSTANTIATE_TEST_SUITE_P(Examples, EvictAsking, askingPrograms(), nameOfProgram);
INSTANTIATE_TEST_SUITE_P(Examples, Evict, steadyPrograms(), nameOfProgram);

} // namespace
} // namespace weft::test

//===- CrashTest.cpp - Killed everywhere, over the examples ---------------===//
//
// The run loop, the SQLite journal, the drivers and the gangs as they are, on
// doors that die: between any two records, in any operation on the disk, before
// any event. Started again on the same disk, each run ends as if nothing had
// happened, or with `unknown_outcome` where a plain write was in flight.
//
//===----------------------------------------------------------------------===//

#include "test/simulation/run/Points.h"

namespace weft::test {
namespace {

using simulation::Loss;

class Crash : public Programs {};

TEST_P(Crash, at_every_record_before_and_after_it_is_durable) {
  Points points(program());
  // A process that leaves when its run parks, and one that waits for the person.
  for (bool parks : {false, true}) {
    if (parks && program().answers.empty())
      continue;
    for (std::uint64_t record = 1; record <= points.calm().records.size(); ++record)
      for (bool durable : {false, true})
        for (Loss loss : {Loss::process, Loss::power})
          points.tryOne([&](Disturbance &disturbance) {
            disturbance.record = record;
            disturbance.recordDurable = durable;
            disturbance.loss = loss;
            disturbance.way.exitWhenParked = parks;
          });
  }
  EXPECT_GE(points.count(), 4 * points.calm().records.size());
  EXPECT_GT(points.deaths(), points.count() * 9 / 10);
  points.report("killed at every record");
}

TEST_P(Crash, in_every_storage_operation) {
  Points points(program());
  for (std::uint64_t operation = 1; operation <= points.calm().storageOperations; ++operation)
    for (Loss loss : {Loss::process, Loss::power}) {
      if (!longSuite() && (operation % 2 == 0) == (loss == Loss::power))
        continue;
      points.tryOne([&](Disturbance &disturbance) {
        disturbance.seed = operation;
        disturbance.storageOperation = operation;
        disturbance.loss = loss;
      });
    }
  // More operations than records: every record is written in one of them.
  EXPECT_GT(points.count(), points.calm().records.size());
  points.report("killed in every storage operation");
}

TEST_P(Crash, before_every_event) {
  Points points(program());
  for (std::uint64_t event = 1; event <= points.calm().events; ++event)
    points.tryOne([&](Disturbance &disturbance) {
      disturbance.event = event;
      disturbance.loss = event % 2 ? Loss::process : Loss::power;
    });
  points.report("killed before every event");
}

TEST_P(Crash, twice) {
  Points points(program());
  std::uint64_t operations = points.calm().storageOperations, step = longSuite() ? 1 : 1 + operations / 8;
  for (std::uint64_t first = 1; first <= operations; first += step)
    for (std::uint64_t second = 1; second <= operations; second += longSuite() ? 3 : 7)
      points.tryOne([&](Disturbance &disturbance) {
        disturbance.seed = first;
        disturbance.storageOperation = first;
        disturbance.thenOperation = second;
        disturbance.loss = second % 2 ? Loss::process : Loss::power;
      });
  points.report("killed twice");
}

INSTANTIATE_TEST_SUITE_P(Examples, Crash, everyProgram(), nameOfProgram);

} // namespace
} // namespace weft::test

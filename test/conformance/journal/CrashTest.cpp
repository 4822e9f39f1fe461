//===- CrashTest.cpp - Killed in every storage operation ------------------===//
//
// The journal runs on a simulated disk. Whatever moment it dies in, the next
// owner finds all that was acknowledged, whole appends only, and goes on.
//
//===----------------------------------------------------------------------===//

#include "Life.h"
#include "test/support/Seeds.h"

#include <gtest/gtest.h>

namespace weft::journal {
namespace {

using simulation::Faults;
using simulation::HostId;
using simulation::Loss;
using simulation::Simulation;

class CrashTest : public testing::TestWithParam<Loss> {};
INSTANTIATE_TEST_SUITE_P(Losses, CrashTest, testing::Values(Loss::process, Loss::power),
                         [](const auto &info) { return info.param == Loss::power ? "power" : "process"; });

TEST_P(CrashTest, killedInEveryStorageOperation) {
  std::uint64_t operations = operationsOfALife(smallLog());
  ASSERT_GT(operations, 100u);
  RecordProperty("operations", static_cast<int>(operations));
  for (std::uint64_t at = 1; at <= operations; ++at)
    EXPECT_EQ(lossWhenKilledAt(at, GetParam(), smallLog()), std::nullopt) << "killed in storage operation " << at;
}

TEST_P(CrashTest, killedAgainAndAgainWhileItRecovers) {
  for (std::uint64_t seed = 1; seed <= test::tries(60, 1500); ++seed) {
    base::Random random(seed);
    Diary diary;
    Simulation simulation(seed);
    bool writing = true, looking = false;
    HostId host = simulation.addHost("a", [&](io::Doors &doors) -> std::shared_ptr<void> {
      if (writing)
        return std::make_shared<Owner>(doors, diary, smallLog());
      if (looking)
        return nullptr;
      // Opens, which writes an epoch, and dies somewhere in it.
      auto opened = openSqliteJournal(doors, "/journal", smallLog());
      return opened ? std::shared_ptr<Journal>(std::move(*opened)) : nullptr;
    });
    simulation.killAtStorageOperation(host, 40 + random.below(120), GetParam());
    simulation.run();
    writing = false;
    for (int life = 0; life < 4; ++life) {
      if (simulation.running(host))
        simulation.kill(host, GetParam());
      simulation.restart(host);
      simulation.killAtStorageOperation(host, simulation.storageOperations(host) + 1 + random.below(12), GetParam());
      simulation.run();
    }
    // The last life only looks.
    simulation.killAtStorageOperation(host, 0, GetParam());
    looking = true;
    if (simulation.running(host))
      simulation.kill(host, GetParam());
    simulation.restart(host);
    EXPECT_EQ(lossAfterCrash(simulation, host, diary, smallLog()), std::nullopt) << "seed " << seed;
  }
}

TEST(FullDisk, isToldAndLosesNothingThatWasAcknowledged) {
  int told = 0;
  for (std::uint64_t seed = 1; seed <= test::tries(60, 1500); ++seed) {
    Faults faults;
    faults.failWrite = 0.02;
    Diary diary;
    Simulation simulation(seed, faults);
    HostId host =
        simulation.addHost("a", [&](io::Doors &doors) { return std::make_shared<Owner>(doors, diary, smallLog()); });
    simulation.run();
    told += diary.acknowledged < static_cast<std::size_t>(stepsPerLife);
    // Its disk moves to a machine whose disk has room.
    Simulation healthy(seed);
    HostId next = healthy.addHost("a");
    healthy.disk(next) = simulation.disk(host);
    healthy.disk(next).locks.clear();
    EXPECT_EQ(lossAfterCrash(healthy, next, diary, smallLog()), std::nullopt) << "seed " << seed;
  }
  EXPECT_GT(told, 0);
}

} // namespace
} // namespace weft::journal

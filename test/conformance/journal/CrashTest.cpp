//===- CrashTest.cpp - Killed in every storage operation ------------------===//
//
// The journal runs on a simulated disk. Whatever moment it dies in, the next
// owner finds all that was acknowledged, whole appends only, and goes on.
//
//===----------------------------------------------------------------------===//

#include "Life.h"

namespace weft::journal {
namespace {

class CrashTest : public testing::TestWithParam<Loss> {};
INSTANTIATE_TEST_SUITE_P(Losses, CrashTest, testing::Values(Loss::process, Loss::power),
                         [](const auto &info) { return info.param == Loss::power ? "power" : "process"; });

TEST_P(CrashTest, killedInEveryStorageOperation) {
  std::uint64_t operations = 0;
  {
    Diary diary;
    Simulation simulation(1);
    HostId host = simulation.addHost("a", [&](io::Doors &doors) { return std::make_shared<Owner>(doors, diary); });
    simulation.run();
    ASSERT_EQ(diary.acknowledged, static_cast<std::size_t>(stepsPerLife));
    operations = simulation.storageOperations(host);
  }
  ASSERT_GT(operations, 100u);
  RecordProperty("operations", static_cast<int>(operations));
  for (std::uint64_t at = 1; at <= operations; ++at) {
    SCOPED_TRACE("killed in storage operation " + std::to_string(at));
    Diary diary;
    Simulation simulation(1); // the same life as above, up to its death
    bool first = true;
    HostId host = simulation.addHost("a", [&](io::Doors &doors) -> std::shared_ptr<void> {
      if (!std::exchange(first, false))
        return nullptr;
      return std::make_shared<Owner>(doors, diary);
    });
    simulation.killAtStorageOperation(host, at, GetParam());
    simulation.run();
    ASSERT_FALSE(simulation.running(host));
    simulation.restart(host);
    checkAfterCrash(simulation, host, diary);
    if (HasFatalFailure())
      return;
  }
}

TEST_P(CrashTest, killedAgainAndAgainWhileItRecovers) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    base::Random random(seed);
    Diary diary;
    Simulation simulation(seed);
    bool writing = true, looking = false;
    HostId host = simulation.addHost("a", [&](io::Doors &doors) -> std::shared_ptr<void> {
      if (writing)
        return std::make_shared<Owner>(doors, diary);
      if (looking)
        return nullptr;
      // Opens, which writes an epoch, and dies somewhere in it.
      auto opened = openSqliteJournal(doors, "/journal", options);
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
    checkAfterCrash(simulation, host, diary);
    if (HasFatalFailure())
      return;
  }
}

TEST(FullDisk, isToldAndLosesNothingThatWasAcknowledged) {
  int told = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Faults faults;
    faults.failWrite = 0.02;
    Diary diary;
    Simulation simulation(seed, faults);
    bool first = true;
    HostId host = simulation.addHost("a", [&](io::Doors &doors) -> std::shared_ptr<void> {
      if (!std::exchange(first, false))
        return nullptr;
      return std::make_shared<Owner>(doors, diary);
    });
    simulation.run();
    told += diary.acknowledged < static_cast<std::size_t>(stepsPerLife);
    // Its disk moves to a machine whose disk has room.
    Simulation healthy(seed);
    HostId next = healthy.addHost("a");
    healthy.disk(next) = simulation.disk(host);
    healthy.disk(next).locks.clear();
    checkAfterCrash(healthy, next, diary);
    if (HasFatalFailure())
      return;
  }
  EXPECT_GT(told, 0);
}

} // namespace
} // namespace weft::journal

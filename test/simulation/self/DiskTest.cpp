//===- DiskTest.cpp - What a disk keeps when power is lost ----------------===//

#include "../Simulation.h"
#include "test/support/Seeds.h"

#include <gtest/gtest.h>

using namespace weft;
using namespace weft::simulation;
using base::bytesOf;

namespace {

/// Writes, and says what is there after a loss of power; null when the file is gone.
template <typename Do>
std::optional<std::string> afterLoss(std::uint64_t seed, Do &&act, FaultCounts *counts = nullptr) {
  Simulation simulation(seed);
  HostId host = simulation.addHost("a");
  act(simulation.doors(host).storage);
  simulation.kill(host, Loss::power);
  for (std::size_t i = 0; counts && i < faultKindCount; ++i)
    (*counts)[i] += simulation.faults()[i];
  auto file = simulation.disk(host).find("/tmp/f");
  return file ? std::optional(std::string(base::textOf(file->content))) : std::nullopt;
}

void makeDurable(io::Storage &storage, const std::string &text) {
  ASSERT_TRUE(io::writeWhole(storage, "/tmp/f", bytesOf(text)));
}

} // namespace

TEST(Disk, whatWasSyncedSurvives) {
  for (std::uint64_t seed = 0; seed < test::tries(50, 2000); ++seed)
    EXPECT_EQ(afterLoss(seed, [](io::Storage &storage) { makeDurable(storage, "safe"); }), "safe");
}

TEST(Disk, whatWasNotSyncedIsLostTornOrThere) {
  FaultCounts counts{};
  std::string before(2000, '.'), after(2000, 'X');
  int whole = 0, none = 0, torn = 0;
  for (std::uint64_t seed = 0; seed < test::tries(200, 5000); ++seed) {
    auto found = afterLoss(
        seed,
        [&](io::Storage &storage) {
          makeDurable(storage, before);
          auto file = storage.open("/tmp/f", io::OpenMode::readWrite);
          ASSERT_TRUE((*file)->write(0, bytesOf(after)));
        },
        &counts);
    ASSERT_TRUE(found);
    (found == after ? whole : found == before ? none : torn)++;
    for (std::size_t at = 0; at < found->size(); at += sectorBytes) // sectors are whole
      EXPECT_EQ(found->substr(at, sectorBytes).find_first_not_of((*found)[at]), std::string::npos);
  }
  EXPECT_GT(whole, 0);
  EXPECT_GT(none, 0);
  EXPECT_GT(torn, 0);
  EXPECT_GT(counts[static_cast<std::size_t>(FaultKind::writeTorn)], 0u);
  EXPECT_GT(counts[static_cast<std::size_t>(FaultKind::writeLost)], 0u);
}

TEST(Disk, aNameIsNotDurableBeforeItsFolderIsSynced) {
  const std::uint64_t seeds = test::tries(50, 2000);
  std::uint64_t lost = 0;
  for (std::uint64_t seed = 0; seed < seeds; ++seed)
    lost += !afterLoss(seed, [](io::Storage &storage) {
      auto file = storage.open("/tmp/f", io::OpenMode::createNew);
      ASSERT_TRUE((*file)->write(0, bytesOf("x")));
      ASSERT_TRUE((*file)->sync());
    });
  EXPECT_GT(lost, 0u);
  EXPECT_LT(lost, seeds);
}

TEST(Disk, aRenameIsWholeWhateverHappens) {
  for (std::uint64_t seed = 0; seed < test::tries(100, 5000); ++seed) {
    auto found = afterLoss(seed, [](io::Storage &storage) {
      makeDurable(storage, "old");
      auto file = storage.open("/tmp/g", io::OpenMode::createNew);
      ASSERT_TRUE((*file)->write(0, bytesOf("new")));
      ASSERT_TRUE((*file)->sync());
      ASSERT_TRUE(storage.rename("/tmp/g", "/tmp/f"));
    });
    EXPECT_TRUE(found == "old" || found == "new") << found.value_or("nothing");
  }
}

TEST(Disk, aKilledProcessLosesNothingThatItWrote) {
  Simulation simulation(1);
  HostId host = simulation.addHost("a");
  auto file = simulation.doors(host).storage.open("/tmp/f", io::OpenMode::createNew);
  ASSERT_TRUE((*file)->write(0, bytesOf("written")));
  simulation.kill(host, Loss::process);
  EXPECT_EQ(base::textOf(simulation.disk(host).find("/tmp/f")->content), "written");
  EXPECT_FALSE((*file)->write(0, bytesOf("dead")));
}

TEST(Disk, theHostDiesInTheOperationThatWasAsked) {
  Simulation simulation(2);
  HostId host = simulation.addHost("a");
  simulation.killAtStorageOperation(host, 3, Loss::process);
  bool failed = false;
  simulation.doors(host).executor.post([&] {
    auto file = simulation.doors(host).storage.open("/tmp/f", io::OpenMode::createNew); // 1
    EXPECT_TRUE((*file)->write(0, bytesOf("a")));                                       // 2
    failed = !(*file)->write(1, bytesOf("b"));                                          // 3
  });
  simulation.run();
  EXPECT_TRUE(failed);
  EXPECT_FALSE(simulation.running(host));
  EXPECT_EQ(simulation.storageOperations(host), 3u);
}

TEST(Disk, locksAreFreedByDeath) {
  Simulation simulation(3);
  HostId host = simulation.addHost("a");
  auto held = simulation.doors(host).storage.lock("/tmp/owner", "one");
  ASSERT_TRUE(held);
  EXPECT_EQ(simulation.doors(host).storage.lock("/tmp/owner", "two").error().code, base::Code::busy);
  simulation.kill(host, Loss::process);
  simulation.restart(host);
  auto again = simulation.doors(host).storage.lock("/tmp/owner", "two");
  ASSERT_TRUE(again);
  held->reset(); // the dead owner's
  EXPECT_EQ(simulation.doors(host).storage.lock("/tmp/owner", "three").error().code, base::Code::busy);
}

TEST(Disk, readsAreDamagedWhenAsked) {
  Faults faults;
  faults.corruptRead = 1;
  Simulation simulation(4, faults);
  HostId host = simulation.addHost("a");
  auto file = simulation.doors(host).storage.open("/tmp/f", io::OpenMode::createNew);
  ASSERT_TRUE((*file)->write(0, bytesOf("text")));
  base::Bytes buffer(4);
  ASSERT_TRUE((*file)->read(0, buffer));
  EXPECT_NE(base::textOf(buffer), "text");
  EXPECT_EQ(simulation.count(FaultKind::readCorrupted), 1u);
}

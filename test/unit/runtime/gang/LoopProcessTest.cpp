//===- LoopProcessTest.cpp - Loops over a state, in processes that are killed ==//
//
// What LoopSimulationTest does with simulated processes, here with real ones: a
// run with a gang of forked workers, a SQLite journal and checkpoints on this
// machine's disk, and SIGKILL. Counts are printed.
//
//===----------------------------------------------------------------------===//

#include "runtime/cli/testing/DyingJournal.h"
#include "runtime/io/AsioRuntime.h"
#include "test/simulation/gang/GangLife.h"

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace weft::simulation {
namespace {

const LoopShape elasticShape{3, true, 6, 2};
const LoopShape rigidShape{2, false, 6, 2};

/// In memory where that can be: nothing here depends on power, and every life syncs dozens of times.
std::string parentFolder() { return ::access("/dev/shm", W_OK) == 0 ? "/dev/shm/" : testing::TempDir(); }

struct Folder {
  std::string path = parentFolder() + "weft-loop-XXXXXX";
  Folder() { path = mkdtemp(path.data()); }
  ~Folder() { std::filesystem::remove_all(path); }
};

struct Lost {
  int workers = 0, inside = 0; ///< `inside`: of them, with a part of a sum contributed.
};

/// One process from its start to the end of the run, or to its own: `finished` is asked after each event.
GangHistory live(const std::string &folder, const LoopShape &shape, GangLifeOptions options,
                 const std::function<bool()> &finished = {}) {
  io::AsioRuntime runtime;
  GangHistory history;
  options.folder = folder;
  bool late = false;
  auto timer = runtime.doors().clock.after(std::chrono::seconds(60), [&] { late = true; });
  GangLife life(runtime.doors(), loopPlan(shape), loopInputs(shape, 9), std::move(options), history);
  runtime.runUntil(
      [&] { return late || !history.records.empty() || !history.errors.empty() || (finished && finished()); });
  if (late)
    history.errors.push_back("took more than a minute");
  runtime.doors().clock.cancel(timer);
  return history;
}

/// Slot 1 is killed before its n-th piece of work.
GangHistory liveWithKill(const std::string &folder, const LoopShape &shape, std::uint64_t at, Lost &lost) {
  GangLifeOptions options;
  options.runner.beforePiece = [at](std::uint64_t member, std::uint64_t piece) {
    if (member == 2 && piece == at)
      ::raise(SIGKILL);
  };
  options.worker = [&lost](std::uint32_t, int pid, const std::string &where) {
    lost.workers += pid == 0;
    lost.inside +=
        pid == 0 && where.find("contributed") != std::string::npos && where.find("contributed 0") == std::string::npos;
  };
  return live(folder, shape, std::move(options));
}

TEST(LoopProcesses, UndisturbedGivesTheReference) {
  for (const LoopShape &shape : {elasticShape, rigidShape}) {
    Folder folder;
    GangHistory history = live(folder.path, shape, {});
    EXPECT_EQ(history.fault(shape, loopInputs(shape, 9), 0), "");
    EXPECT_EQ(history.viewSteps(), std::vector<std::uint64_t>{0});
  }
}

TEST(LoopProcesses, RigidWorkerKilledBeforeEachPieceGoesBackWithTheSameBits) {
  auto inputs = loopInputs(rigidShape, 9);
  int toCheckpoint = 0, toStart = 0;
  Lost lost;
  for (std::uint64_t at = 0, missed = 0; missed < 3; ++at) {
    Folder folder;
    int before = lost.workers;
    GangHistory history = liveWithKill(folder.path, rigidShape, at, lost);
    ASSERT_EQ(history.fault(rigidShape, inputs, 0), "") << "killed before piece " << at;
    missed = lost.workers == before ? missed + 1 : 0;
    if (auto steps = history.viewSteps(); steps.size() > 1)
      ++(steps.back() > 0 ? toCheckpoint : toStart);
  }
  std::printf("%d workers killed, %d of them inside an all-reduce; %d times back to a checkpoint, %d to the start\n",
              lost.workers, lost.inside, toCheckpoint, toStart);
  EXPECT_GE(lost.inside, 6);
  EXPECT_GE(toCheckpoint, 6);
  EXPECT_GE(toStart, 6);
}

TEST(LoopProcesses, ElasticWorkerKilledBeforeEachPieceLeavesAndTheOthersGoOn) {
  auto inputs = loopInputs(elasticShape, 9);
  int fewer = 0;
  Lost lost;
  for (std::uint64_t at = 0, missed = 0; missed < 3; ++at) {
    Folder folder;
    int before = lost.workers;
    GangHistory history = liveWithKill(folder.path, elasticShape, at, lost);
    ASSERT_EQ(history.fault(elasticShape, inputs, 1), "") << "killed before piece " << at;
    missed = lost.workers == before ? missed + 1 : 0;
    fewer += floatsOf(history.end->value) != loopReference(elasticShape, inputs);
    // H11 of the checker: none went back. And nobody took the slot again.
    EXPECT_LE(history.viewSteps().size(), 2u);
  }
  std::printf("%d workers killed, %d of them inside an all-reduce; %d results without the lost slot\n", lost.workers,
              lost.inside, fewer);
  EXPECT_GE(lost.inside, 6);
  EXPECT_GE(fewer, 6);
}

/// A process of its own, killed when so many records are durable: before it hears of the last one, or when it wants to
/// write the next. False when it came to the run's end before.
bool ownerDies(const std::string &folder, const LoopShape &shape, cli::Death death) {
  pid_t owner = ::fork();
  if (owner == 0) {
    const cli::DyingJournal *journal = nullptr;
    GangLifeOptions options;
    options.wrap = [&](std::unique_ptr<journal::Journal> inner) {
      auto made = std::make_unique<cli::DyingJournal>(std::move(inner), death);
      journal = made.get();
      return made;
    };
    live(folder, shape, std::move(options), [&] {
      if (journal && journal->dead())
        ::raise(SIGKILL);
      return false;
    });
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(owner, &status, 0);
  return WIFSIGNALED(status);
}

void killOwnerAtEachRecord(const LoopShape &shape) {
  auto inputs = loopInputs(shape, 9);
  int deaths = 0, fromCheckpoint = 0, fromStart = 0;
  for (bool atNext : {false, true})
    for (std::uint64_t records = 1;; ++records) {
      Folder folder;
      if (!ownerDies(folder.path, shape, {records, atNext}))
        break;
      ++deaths;
      GangHistory history = live(folder.path, shape, {});
      ASSERT_EQ(history.fault(shape, inputs, 0), "") << "the owner died with " << records << " records";
      if (auto steps = history.viewSteps(); steps.size() > 1)
        ++(steps.back() > 0 ? fromCheckpoint : fromStart);
    }
  std::printf("%d owners killed; %d gangs went on from a checkpoint, %d began anew\n", deaths, fromCheckpoint,
              fromStart);
  EXPECT_GE(deaths, 20);
  EXPECT_GE(fromCheckpoint, 12);
}

TEST(LoopProcesses, RigidOwnerKilledAtEachRecordGoesOnFromTheCheckpoint) { killOwnerAtEachRecord({2, false, 10, 1}); }
TEST(LoopProcesses, ElasticOwnerKilledAtEachRecordGoesOnFromTheCheckpoint) { killOwnerAtEachRecord({3, true, 10, 1}); }

} // namespace
} // namespace weft::simulation

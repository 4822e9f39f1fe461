//===- LoopSimulationTest.cpp - A gang with a state, killed everywhere ----===//
//
// Run loop, SQLite journal, gang runner and workers on the simulator's doors.
// The oracle is the loop run by one thread: its bits, for everybody's data, or,
// where slots of an elastic axis were lost, for contributors that only shrink
// until all of them begin anew.
//
//===----------------------------------------------------------------------===//

#include "test/simulation/gang/GangWorld.h"

#include <algorithm>
#include <gmock/gmock.h>

namespace weft::simulation {
namespace {

const LoopShape elasticShape{3, true, 10, 2};
const LoopShape rigidShape{2, false, 10, 2};

bool longSuite() { return std::getenv("WEFT_LONG") != nullptr; }

std::uint64_t eventsOf(const LoopShape &shape, std::uint64_t seed) {
  GangWorld world(shape, seed);
  world.run();
  EXPECT_EQ(world.fault(), "");
  return world.simulation.events(world.host);
}

TEST(LoopSimulation, UndisturbedGivesTheReference) {
  for (const LoopShape &shape :
       {elasticShape, rigidShape, LoopShape{1, false, 4, 1}, LoopShape{3, true, 5, 0}, LoopShape{2, false, 3, 1, true}})
    for (std::uint64_t seed = 0; seed < (longSuite() ? 200 : 10); ++seed) {
      GangWorld world(shape, seed);
      world.run();
      ASSERT_EQ(world.fault(), "") << "seed " << seed;
      EXPECT_EQ(world.viewSteps, std::vector<std::uint64_t>{0});
      // The last one may still be on its way when the results are there, and nobody waits for it then.
      std::size_t most = shape.checkpointEvery ? (shape.steps - 1) / shape.checkpointEvery : 0;
      EXPECT_LE(world.checkpointSteps.size(), most);
      EXPECT_GE(world.checkpointSteps.size() + 1, most);
      EXPECT_THAT(world.fileNames(), testing::IsEmpty()) << "the results are durable, the checkpoints are of no use";
    }
}

TEST(LoopSimulation, ElasticGangGoesOnWithoutAWorkerThatDiesAtAnyEvent) {
  std::uint64_t events = eventsOf(elasticShape, 1), killed = 0, fewer = 0, inside = 0;
  for (std::uint64_t event = 1; event <= events; event += longSuite() ? 1 : 3) {
    GangWorld world(elasticShape, 1);
    world.runToEvent(event);
    if (!world.killWorker(event % 3))
      continue;
    world.run();
    ASSERT_EQ(world.fault(1), "") << "killed at event " << event;
    ++killed;
    fewer += floatsOf(world.history.end->value) != loopReference(world.shape, world.inputs);
    for (const std::string &where : world.lostWhere)
      inside += where.find("contributed") != std::string::npos && where.find("contributed 0") == std::string::npos;
    // Nothing goes back: the view after the loss begins where the gang is.
    EXPECT_TRUE(std::is_sorted(world.viewSteps.begin(), world.viewSteps.end()));
  }
  std::printf("%lu events, %lu workers killed, %lu results without the lost slot, %lu killed inside an all-reduce\n",
              events, killed, fewer, inside);
  EXPECT_GT(killed, 20u);
  EXPECT_GT(fewer, 10u);
  EXPECT_GT(inside, 3u);
}

TEST(LoopSimulation, ElasticGangThatLosesAllStartsFromTheCheckpoint) {
  std::uint64_t events = eventsOf(elasticShape, 2), back = 0;
  for (std::uint64_t event = events / 3; event <= events; event += longSuite() ? 1 : 17) {
    GangWorld world(elasticShape, 2);
    world.runToEvent(event);
    int lost = 0;
    for (std::uint32_t slot = 0; slot < 3; ++slot)
      lost += world.killWorker(slot);
    world.run();
    ASSERT_EQ(world.fault(3), "") << "killed at event " << event;
    back += lost == 3 && world.viewSteps.back() > 0 && world.viewSteps.size() > 1;
  }
  EXPECT_GT(back, 3u);
}

TEST(LoopSimulation, RigidGangGoesBackToTheCheckpointWithTheSameBits) {
  std::uint64_t events = eventsOf(rigidShape, 3), killed = 0, toCheckpoint = 0, toStart = 0;
  for (std::uint64_t event = 1; event <= events; event += longSuite() ? 1 : 3) {
    GangWorld world(rigidShape, 3);
    world.runToEvent(event);
    if (!world.killWorker(event % 2))
      continue;
    world.run();
    ASSERT_EQ(world.fault(), "") << "killed at event " << event;
    ++killed;
    if (world.viewSteps.size() > 1)
      ++(world.viewSteps.back() > 0 ? toCheckpoint : toStart);
  }
  std::printf("%lu events, %lu workers killed, %lu times back to a checkpoint, %lu times to the start\n", events,
              killed, toCheckpoint, toStart);
  EXPECT_GT(toCheckpoint, 5u);
  EXPECT_GT(toStart, 5u);
}

/// What a life that was killed in one of its storage operations leaves, another one goes on with. H11 of the checker
/// says that no view begins before the last durable checkpoint; here it is counted that there were such.
void killOwnerEverywhere(const LoopShape &shape, Loss loss) {
  std::uint64_t most = 0, lives = 0, fromCheckpoint = 0;
  for (std::uint64_t seed = 4; seed < (longSuite() ? 44u : 6u); ++seed) {
    std::uint64_t operations = 0;
    {
      GangWorld world(shape, seed);
      world.run();
      ASSERT_EQ(world.fault(), "");
      operations = world.simulation.storageOperations(world.host);
    }
    for (std::uint64_t operation = 1; operation <= operations; ++operation) {
      GangWorld world(shape, seed);
      world.simulation.killAtStorageOperation(world.host, operation, loss);
      world.run();
      if (!world.simulation.running(world.host)) {
        world.simulation.restart(world.host);
        world.run();
        ++lives;
      }
      ASSERT_EQ(world.fault(), "") << "seed " << seed << ", killed in storage operation " << operation;
      // Who dies behind the last record leaves shards; the next process finds the run ended, and removes them.
      ASSERT_THAT(world.fileNames(), testing::IsEmpty()) << "seed " << seed << ", storage operation " << operation;
      fromCheckpoint += world.viewSteps.back() > 0;
    }
    most = std::max(most, operations);
  }
  std::printf("%lu storage operations, %lu restarts, %lu of them from a checkpoint\n", most, lives, fromCheckpoint);
  EXPECT_GT(fromCheckpoint, 10u);
}

TEST(LoopSimulation, OwnerKilledInEveryStorageOperation) { killOwnerEverywhere(elasticShape, Loss::process); }
TEST(LoopSimulation, OwnerLosesPowerInEveryStorageOperation) { killOwnerEverywhere(elasticShape, Loss::power); }
TEST(LoopSimulation, RigidOwnerLosesPowerInEveryStorageOperation) { killOwnerEverywhere(rigidShape, Loss::power); }

/// Several losses of workers and one of the owner, from seeds.
TEST(LoopSimulation, SeedsOfLosses) {
  for (std::uint64_t seed = 100; seed < (longSuite() ? 2100 : 140); ++seed) {
    base::Random random(seed);
    LoopShape shape = seed % 2 ? elasticShape : rigidShape;
    shape.checkpointEvery = 1 + static_cast<std::uint32_t>(random.below(3));
    GangWorld world(shape, seed);
    int losses = 0;
    std::uint64_t event = 0;
    for (auto kills = random.below(4); kills > 0; --kills) {
      world.runToEvent(event += random.below(250));
      losses += world.killWorker(static_cast<std::uint32_t>(random.below(shape.slots))) && shape.elastic;
    }
    bool ownerToo = seed % 3 == 0 && losses == 0;
    if (ownerToo) {
      world.runToEvent(event + random.below(200));
      world.simulation.kill(world.host, random.below(2) ? Loss::power : Loss::process);
      world.simulation.restart(world.host);
    }
    world.run();
    ASSERT_EQ(world.fault(std::min(losses, 2)), "") << "seed " << seed;
  }
}

/// Whether any death of the owner by power, or of a worker, brings to light what is broken.
bool isSeen(const LoopShape &shape, const gang::Sabotage &sabotage) {
  std::uint64_t operations = 0, events = 0;
  {
    GangWorld world(shape, 5);
    world.run();
    operations = world.simulation.storageOperations(world.host);
    events = world.simulation.events(world.host);
  }
  for (std::uint64_t operation = 1; operation <= operations; ++operation) {
    GangWorld world(shape, 5, sabotage);
    world.simulation.killAtStorageOperation(world.host, operation, Loss::power);
    world.run();
    if (!world.simulation.running(world.host)) {
      world.simulation.restart(world.host);
      world.run();
    }
    if (!world.fault().empty())
      return true;
  }
  for (std::uint64_t event = 1; event <= events; event += 3) {
    GangWorld world(shape, 5, sabotage);
    world.runToEvent(event);
    world.killWorker(event % shape.slots);
    world.run();
    if (!world.fault(shape.elastic ? 1 : 0).empty())
      return true;
  }
  return false;
}

TEST(LoopSimulation, SeesEachBreak) {
  gang::Sabotage before, removed, over, ranks;
  before.checkpointBeforeShards = true;
  removed.removeBeforeDurable = true;
  over.startOver = true;
  ranks.ranksNotSlots = true;
  EXPECT_FALSE(isSeen(rigidShape, {}));
  EXPECT_TRUE(isSeen(rigidShape, before)) << "a part is called saved before it is written";
  EXPECT_TRUE(isSeen(rigidShape, removed)) << "older shards go before the newer checkpoint is durable";
  EXPECT_TRUE(isSeen(rigidShape, over)) << "the last checkpoint is not looked at";
  // Of a rigid axis all slots are taken: ranks are slots in another order, and a sum does not tell.
  EXPECT_FALSE(isSeen(elasticShape, {}));
  EXPECT_TRUE(isSeen(elasticShape, ranks)) << "a member stands where it came, not where its slot is";
}

} // namespace
} // namespace weft::simulation

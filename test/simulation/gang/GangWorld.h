//===- GangWorld.h - A run with a gang on a simulated machine -------------===//
//
// The run loop, the SQLite journal, the gang runner and its workers on the
// doors of a simulation: one host, whose disk outlives its processes. The test
// kills what it likes and starts the host again; at the end the history of all
// lives is there to be judged.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "test/simulation/Simulation.h"
#include "test/simulation/gang/GangLife.h"

#include <map>

namespace weft::simulation {

class GangWorld {
public:
  GangWorld(const LoopShape &shape, std::uint64_t seed, gang::Sabotage sabotage = {});
  ~GangWorld();

  /// Until nothing happens any more.
  void run();
  /// Until the host has seen so many events, over all its lives. False when it was quiet before.
  bool runToEvent(std::uint64_t event);
  /// Kills the process that holds the slot now. False when there is none.
  bool killWorker(std::uint32_t slot);

  /// See GangHistory; fills what follows.
  std::string fault(int losses = 0);
  std::vector<std::uint64_t> viewSteps, checkpointSteps;

  std::vector<std::string> fileNames(); ///< In the folder of checkpoints, all gangs'.

  LoopShape shape;
  std::vector<value::Value> inputs;
  Simulation simulation;
  HostId host = 0;
  GangHistory history;
  std::vector<std::string> lostWhere; ///< Where workers stood when they were lost.

private:
  std::shared_ptr<const plan::Plan> plan;
  GangLifeOptions options;
  std::map<std::uint32_t, int> pids; ///< By slot.
};

} // namespace weft::simulation

//===- GangWorld.cpp - A run with a gang on a simulated machine -----------===//

#include "test/simulation/gang/GangWorld.h"

namespace weft::simulation {

GangWorld::GangWorld(const LoopShape &shape, std::uint64_t seed, gang::Sabotage sabotage)
    : shape(shape), inputs(loopInputs(shape, seed)), simulation(seed), plan(loopPlan(shape)) {
  options.folder = "/project/.weft";
  options.runner.sabotage = sabotage;
  options.worker = [this](std::uint32_t slot, int pid, const std::string &where) {
    if (pid) {
      pids[slot] = pid;
    } else {
      pids.erase(slot);
      lostWhere.push_back(where);
    }
  };
  host = simulation.addHost("a", [this](io::Doors &doors) {
    pids.clear();
    history.errors.clear(); // what a process said that is dead by now
    return std::make_shared<GangLife>(doors, plan, inputs, options, history);
  });
}

GangWorld::~GangWorld() = default;

void GangWorld::run() { simulation.run(); }

bool GangWorld::runToEvent(std::uint64_t event) {
  return simulation.runUntil([&] { return simulation.events(host) >= event; });
}

bool GangWorld::killWorker(std::uint32_t slot) {
  auto pid = pids.find(slot);
  if (pid == pids.end())
    return false;
  simulation.killChild(host, pid->second);
  pids.erase(pid);
  return true;
}

std::vector<std::string> GangWorld::fileNames() {
  std::vector<std::string> names;
  io::Storage &storage = simulation.doors(host).storage;
  auto folders = storage.list(options.checkpoints());
  if (!folders)
    return names;
  for (const io::Entry &folder : *folders)
    if (auto files = storage.list(options.checkpoints() + "/" + folder.name))
      for (const io::Entry &file : *files)
        names.push_back(file.name);
  return names;
}

std::string GangWorld::fault(int losses) {
  std::string found = history.fault(shape, inputs, losses);
  viewSteps = history.viewSteps();
  checkpointSteps = history.checkpointSteps();
  return found;
}

} // namespace weft::simulation

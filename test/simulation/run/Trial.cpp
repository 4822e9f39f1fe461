//===- Trial.cpp - An example run to its end, whatever happens to it ------===//

#include "test/simulation/run/Trial.h"

#include "runtime/frame/RecordBody.h"
#include "test/simulation/run/Life.h"

#include <algorithm>

namespace weft::test {
namespace {

using simulation::HostId;
using simulation::Loss;
using simulation::Simulation;

/// One life of an example takes some hundred events; a loop that never ends is seen soon.
constexpr std::uint64_t mostEvents = 100'000;
constexpr std::uint32_t mostLives = 40;

void putFiles(simulation::Disk &disk, const Example &example) {
  disk.makeFolders(projectFolder);
  for (auto &[path, text] : example.files) {
    std::string folder = io::folderOf(path);
    disk.makeFolders(folder);
    auto file = std::make_shared<simulation::DiskFile>();
    file->content.assign(base::bytesOf(text).begin(), base::bytesOf(text).end());
    disk.link(path, file);
    disk.syncFolder(folder);
  }
}

} // namespace

std::string Disturbance::text() const {
  std::string out;
  auto add = [&](const char *what, std::uint64_t at) {
    if (at > 0)
      out += (out.empty() ? "" : ", ") + std::string(what) + " " + std::to_string(at);
  };
  add("killed in storage operation", storageOperation);
  add("and again after", thenOperation);
  add("killed before event", event);
  add(recordDurable ? "killed after record" : "killed when the next was appended to record", record);
  add("a child killed before event", childEvent);
  if (loss == Loss::power)
    out += ", power lost";
  if (way.exitWhenParked)
    out += ", a new process for each answer";
  add(way.stop.durable ? "stopped after record" : "stopped when it was given record", way.stop.record);
  if (way.writeOut)
    out += ", written out at every record";
  return out + ", seed " + std::to_string(seed);
}

Trial::Trial(const Example &example, Disturbance given)
    : example(example), disturbance(std::move(given)), outside(example) {
  outside.way = disturbance.way;
  if (disturbance.record > 0)
    outside.death = {disturbance.record, disturbance.recordDurable, {}};
  Simulation simulation(disturbance.seed, disturbance.faults);
  HostId host = simulation.addHost("a", [this](io::Doors &doors) { return std::make_shared<Life>(doors, outside); });
  putFiles(simulation.disk(host), example);
  for (auto &[name, value] : example.environment)
    simulation.setEnvironment(host, name, value);
  addPrograms(simulation, outside);
  if (disturbance.storageOperation > 0)
    simulation.killAtStorageOperation(host, disturbance.storageOperation, disturbance.loss);
  if (disturbance.event > 0)
    simulation.killAtEvent(host, disturbance.event, disturbance.loss);
  if (disturbance.childEvent > 0)
    simulation.killChildAtEvent(host, disturbance.childEvent);
  play(simulation, host);
  storageOperations = simulation.storageOperations(host);
  events = simulation.events(host);
  childEvents = simulation.childEvents(host);
  kills = simulation.count(simulation::FaultKind::killed);
  readBack(simulation, host);
}

void Trial::play(Simulation &simulation, HostId host) {
  for (;; ++lives) {
    simulation.runUntil([&] { return outside.dying; }, {mostEvents, std::chrono::hours(24 * 365)});
    if (std::exchange(outside.dying, false) && simulation.running(host))
      simulation.kill(host, disturbance.loss);
    if (simulation.running(host))
      break;
    bool waits = simulation.exitCode(host) == 4;
    outside.personComes = waits;
    deaths += !waits;
    if (disturbance.thenOperation > 0 && lives == 1)
      simulation.killAtStorageOperation(host, simulation.storageOperations(host) + disturbance.thenOperation,
                                        disturbance.loss);
    if (lives == mostLives)
      return failed.push_back("it took more than " + std::to_string(mostLives) + " lives");
    // What the run has read of the environment is in its journal; by now it may say anything.
    if (outside.begun)
      for (auto &[name, value] : example.environment)
        simulation.setEnvironment(host, name, "/changed");
    simulation.restart(host);
  }
  if (!outside.end)
    failed.push_back("nothing was left to wait for, and the run has not ended");
  for (const std::string &error : outside.errors)
    failed.push_back(error);
}

void Trial::readBack(Simulation &simulation, HostId host) {
  for (const io::Entry &entry : simulation.disk(host).list(std::string(projectFolder) + "/out"))
    if (entry.name.find(".weft-new-") == std::string::npos) // what a death left of a write that was not finished
      written[entry.name] =
          base::textOf(simulation.disk(host).find(std::string(projectFolder) + "/out/" + entry.name)->content);
  if (!outside.life || !outside.life->journal())
    return failed.push_back("no process is left that could read the journal");
  journal::Journal &journal = *outside.life->journal();
  journal.read(outside.run, 0, [this](base::Result<std::vector<journal::Record>> read) {
    if (read)
      records = *std::move(read);
    else
      failed.push_back("the journal cannot be read: " + read.error().message);
  });
  simulation.run();
  for (const journal::Record &record : records)
    if (auto digest = frame::blobOf(record)) {
      journal.readBlob(*digest, [this, &digest](base::Result<base::Bytes> bytes) {
        if (bytes)
          blobs[*digest] = *std::move(bytes);
      });
      simulation.run();
    }
}

} // namespace weft::test

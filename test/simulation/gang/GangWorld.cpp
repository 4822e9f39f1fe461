//===- GangWorld.cpp - A run with a gang on a simulated machine -----------===//

#include "test/simulation/gang/GangWorld.h"

#include "runtime/checkpoint/Manifest.h"
#include "runtime/journal/sqlite/SqliteJournal.h"
#include "runtime/membership/View.h"

#include <functional>

namespace weft::simulation {
namespace {

constexpr journal::RunId theRun{7, 7};
const char *const checkpointFolder = "/project/.weft/checkpoints";

} // namespace

/// One process: starts the run, or goes on with it when the journal knows it.
struct GangWorld::Life : frame::RunListener {
  Life(io::Doors &doors, GangWorld &world) : world(world) {
    auto opened = journal::openSqliteJournal(doors, "/project/.weft/journal");
    if (!opened) {
      world.errors.push_back(opened.error().message);
      return;
    }
    journal = *std::move(opened);
    cli::LocalGangOptions options;
    options.runner.pieceBytes = 64;
    options.runner.checkpointFolder = checkpointFolder;
    options.runner.sabotage = world.sabotage;
    options.worker = [&world](std::uint64_t, std::uint32_t slot, int pid, const std::string &where) {
      if (pid) {
        world.pids[slot] = pid;
      } else {
        world.pids.erase(slot);
        world.lostWhere.push_back(where);
      }
    };
    gangs.emplace(
        doors, [this]() -> frame::RunLoop & { return *loop; }, std::move(options));
    frame::RunLoopOptions loopOptions;
    loopOptions.jitter = false;
    loop = std::make_unique<frame::RunLoop>(
        doors, *journal, *this, [](const plan::Plan &, std::uint32_t) { return nullptr; }, gangs->starter(),
        loopOptions);
    journal->head(theRun, [this](base::Result<journal::RunHead> head) {
      if (head)
        loop->resume(theRun, this->world.plan);
      else
        loop->start(theRun, this->world.plan, 0, this->world.inputs, 1);
    });
  }

  void ended(journal::RunId, const frame::RunEnd &end) override {
    world.end = end;
    journal->read(theRun, 0, [this](base::Result<std::vector<journal::Record>> records) {
      if (records)
        world.records = *std::move(records);
      else
        world.errors.push_back(records.error().message);
    });
  }
  void refused(journal::RunId, const base::Error &error) override { world.errors.push_back(error.message); }
  void journalFailed(const base::Error &error) override { world.errors.push_back(error.message); }

  GangWorld &world;
  std::unique_ptr<journal::Journal> journal;
  std::unique_ptr<frame::RunLoop> loop;
  std::optional<cli::LocalGangs> gangs; ///< Goes before the loop.
};

GangWorld::GangWorld(const LoopShape &shape, std::uint64_t seed, gang::Sabotage sabotage)
    : shape(shape), inputs(loopInputs(shape, seed)), simulation(seed), plan(loopPlan(shape)), sabotage(sabotage) {
  host = simulation.addHost("a", [this](io::Doors &doors) {
    pids.clear();
    errors.clear(); // what a process said that is dead by now
    return std::make_shared<Life>(doors, *this);
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
  auto folders = storage.list(checkpointFolder);
  if (!folders)
    return names;
  for (const io::Entry &folder : *folders)
    if (auto files = storage.list(checkpointFolder + ("/" + folder.name)))
      for (const io::Entry &file : *files)
        names.push_back(file.name);
  return names;
}

std::string GangWorld::fault(int losses) {
  std::string said;
  for (const std::string &error : errors)
    said += error + "; ";
  if (!end)
    return "the run has not ended; " + said;
  if (end->state != frame::EndState::succeeded)
    return "the run failed: " + end->failure.why + "; " + said;
  if (!errors.empty())
    return said;
  viewSteps.clear();
  checkpointSteps.clear();
  for (const journal::Record &record : records) {
    if (record.kind == journal::RecordKind::gangEpoch)
      viewSteps.push_back(membership::decodeView(record.body)->fromStep);
    if (record.kind == journal::RecordKind::checkpoint)
      checkpointSteps.push_back(checkpoint::decodeManifest(record.body)->step);
  }
  for (const std::string &sentence : checkHistory({records, {}, {}}))
    said += sentence + "; ";
  if (!said.empty())
    return said;
  // Each loss takes one slot out, from one step on; every way of doing so is tried.
  std::vector<float> result = floatsOf(end->value);
  std::function<bool(std::vector<std::uint64_t>, int)> admissible = [&](std::vector<std::uint64_t> contributors,
                                                                        int left) {
    if (result == loopReference(shape, inputs, contributors))
      return true;
    if (left == 0)
      return false;
    for (std::uint32_t slot = 0; slot < shape.slots; ++slot)
      for (std::uint32_t from = 0; from < shape.steps; ++from) {
        std::vector<std::uint64_t> fewer = contributors;
        for (std::uint32_t step = from; step < shape.steps; ++step)
          fewer[step] &= ~(1ULL << slot);
        if (fewer.back() != 0 && fewer != contributors && admissible(std::move(fewer), left - 1))
          return true;
      }
    return false;
  };
  std::vector<std::uint64_t> everybody(shape.steps, (1ULL << shape.slots) - 1);
  return admissible(everybody, losses) ? "" : "the result is the state of no admissible contributors";
}

} // namespace weft::simulation

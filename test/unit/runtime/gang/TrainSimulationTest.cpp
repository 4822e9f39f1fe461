//===- TrainSimulationTest.cpp - A gang that learns, killed everywhere ----===//
//
// Run loop, journal, runner and workers on the simulator's doors; the texts lie on
// its disk. The oracle is the same training in one thread: its losses, its table
// after every step and what is held out, bit for bit, whatever was killed.
//
//===----------------------------------------------------------------------===//

#include "runtime/checkpoint/SafeTensors.h"
#include "runtime/value/Builders.h"
#include "test/simulation/Simulation.h"
#include "test/simulation/gang/GangLife.h"
#include "test/simulation/gang/TrainPlan.h"

#include <cstring>
#include <gmock/gmock.h>

namespace weft::simulation {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

value::Value tensorOf(const std::vector<float> &numbers) {
  std::int64_t dims[] = {static_cast<std::int64_t>(numbers.size())};
  value::TensorBuilder made(base::ElementType::f32, dims);
  std::memcpy(made.data().data(), numbers.data(), numbers.size() * sizeof(float));
  return std::move(made).tensor();
}

class TrainWorld {
public:
  TrainWorld(TrainShape givenShape, std::uint64_t seed, TrainTexts givenTexts = trainTexts())
      : shape(std::move(givenShape)), texts(std::move(givenTexts)), simulation(seed), plan(trainPlan(shape)) {
    options.folder = "/spec/.weft";
    options.runner.specFolder = "/spec";
    options.worker = [this](std::uint32_t slot, int pid, const std::string &) {
      pid ? pids[slot] = pid : pids.erase(slot);
    };
    options.progress = [this](std::span<const gang::StepReport> reports) {
      for (const gang::StepReport &report : reports)
        (report.evaluation ? heldOut : losses)[report.step].push_back(report.values.at(0).value);
    };
    host = simulation.addHost("a", [this](io::Doors &doors) -> std::shared_ptr<void> {
      pids.clear();
      history.errors.clear();
      for (const auto &[name, text] : texts)
        if (!doors.storage.makeFolders(io::folderOf("/spec/" + name)) ||
            !io::writeWhole(doors.storage, "/spec/" + name, base::bytesOf(text)))
          return nullptr; // killed in it
      std::vector<value::Value> inputs;
      if (shape.weights.empty())
        inputs.push_back(tensorOf(trainTable()));
      return std::make_shared<GangLife>(doors, plan, std::move(inputs), options, history);
    });
  }

  void run() { simulation.run(); }
  void runWithRestart() {
    run();
    if (simulation.running(host))
      return;
    simulation.restart(host);
    run();
  }

  bool kill(std::uint32_t slot) {
    auto pid = pids.find(slot);
    if (pid == pids.end())
      return false;
    simulation.killChild(host, pid->second);
    pids.erase(pid);
    return true;
  }

  /// What is wrong; empty: nothing.
  std::string fault() const {
    std::string said;
    for (const std::string &error : history.errors)
      said += error + "; ";
    if (!history.end)
      return "the run has not ended; " + said;
    if (history.end->state != frame::EndState::succeeded)
      return history.end->failure.why + "; " + said;
    TrainReference reference = trainReference(shape, texts);
    const auto &result = history.end->value.asTensor().data;
    if (std::memcmp(result.data(), reference.tables.back().data(), result.size()) != 0)
      said += "the table is another one; ";
    for (const auto &[step, told] : losses)
      for (float loss : told)
        if (loss != reference.losses.at(step - 1))
          said += "the loss of step " + std::to_string(step) + " is another one; ";
    for (const auto &[step, told] : heldOut)
      for (float loss : told)
        if (loss != reference.heldOut.at(step - 1))
          said += "what is held out loses another number after step " + std::to_string(step) + "; ";
    return said;
  }

  std::vector<std::string> filesIn(const std::string &folder) {
    std::vector<std::string> names;
    if (auto entries = simulation.doors(host).storage.list(folder))
      for (const io::Entry &entry : *entries)
        names.push_back(entry.name);
    return names;
  }
  /// The table in a file of what was learned.
  std::vector<float> tableIn(const std::string &file) {
    auto bytes = io::readWhole(simulation.doors(host).storage, file, 1 << 20);
    auto read = bytes ? checkpoint::readSafeTensors(*bytes) : base::Result<checkpoint::SafeTensors>(bytes.error());
    EXPECT_TRUE(read) << read.error().message;
    const checkpoint::TensorEntry *table = read ? read->find("table") : nullptr;
    EXPECT_NE(table, nullptr);
    std::vector<float> out(trainWidth);
    if (table)
      std::memcpy(out.data(), table->bytes.data(), table->bytes.size());
    return out;
  }
  void put(const std::string &path, base::ConstBytes bytes) {
    io::Storage &storage = simulation.doors(host).storage;
    EXPECT_TRUE(storage.makeFolders(io::folderOf(path)));
    EXPECT_TRUE(io::writeWhole(storage, path, bytes));
  }

  TrainShape shape;
  TrainTexts texts;
  Simulation simulation;
  HostId host = 0;
  GangHistory history;
  std::map<std::uint64_t, std::vector<float>> losses, heldOut; ///< By step, of all lives.

private:
  std::shared_ptr<const plan::Plan> plan;
  GangLifeOptions options;
  std::map<std::uint32_t, int> pids;
};

TrainShape givingOut() {
  TrainShape shape;
  shape.to = "out";
  shape.keep = 2;
  return shape;
}

TEST(TrainSimulation, LearnsAndTellsWhatTheReferenceDoes) {
  for (std::uint32_t slots : {1u, 2u, 3u}) {
    TrainShape shape;
    shape.slots = slots;
    TrainWorld world(shape, slots);
    world.run();
    ASSERT_EQ(world.fault(), "") << slots << " slots";
    EXPECT_EQ(world.losses.size(), 7u) << "every step is told";
    for (const auto &[step, told] : world.losses)
      EXPECT_EQ(told.size(), 1u) << "once";
    std::vector<std::uint64_t> evaluated;
    for (const auto &[step, told] : world.heldOut)
      evaluated.push_back(step);
    EXPECT_THAT(evaluated, ElementsAre(2, 4, 6, 7)) << "at checkpoints and at the end";
  }
}

TEST(TrainSimulation, GivesOutTheNewestWholeStates) {
  TrainWorld world(givingOut(), 3);
  world.run();
  ASSERT_EQ(world.fault(), "");
  EXPECT_THAT(world.filesIn("/spec/out"), ElementsAre("lm-6.safetensors", "lm-7.safetensors", "lm.safetensors"));
  TrainReference reference = trainReference(world.shape, world.texts);
  EXPECT_EQ(world.tableIn("/spec/out/lm.safetensors"), reference.tables[6]);
  EXPECT_EQ(world.tableIn("/spec/out/lm-7.safetensors"), reference.tables[6]);
  EXPECT_EQ(world.tableIn("/spec/out/lm-6.safetensors"), reference.tables[5]);
  EXPECT_THAT(world.filesIn("/spec/.weft/checkpoints"), testing::IsEmpty()) << "nobody goes on from them";
}

TEST(TrainSimulation, OwnerKilledInEveryStorageOperation) {
  for (Loss loss : {Loss::process, Loss::power}) {
    std::uint64_t operations = 0, restarts = 0, fromCheckpoint = 0;
    {
      TrainWorld world(givingOut(), 4);
      world.run();
      ASSERT_EQ(world.fault(), "");
      operations = world.simulation.storageOperations(world.host);
    }
    for (std::uint64_t operation = 1; operation <= operations; ++operation) {
      TrainWorld world(givingOut(), 4);
      world.simulation.killAtStorageOperation(world.host, operation, loss);
      world.run();
      bool dead = !world.simulation.running(world.host);
      if (dead) {
        world.simulation.restart(world.host);
        world.run();
      }
      ASSERT_EQ(world.fault(), "") << "killed in storage operation " << operation;
      restarts += dead;
      fromCheckpoint += world.history.viewSteps().back() > 0;
      // Whole or not there, and at the end the last one.
      ASSERT_EQ(world.tableIn("/spec/out/lm.safetensors"), trainReference(world.shape, world.texts).tables[6])
          << "killed in storage operation " << operation;
    }
    std::printf("%lu storage operations, %lu restarts, %lu of them from a checkpoint\n", operations, restarts,
                fromCheckpoint);
    EXPECT_GT(fromCheckpoint, 10u);
  }
}

TEST(TrainSimulation, WorkersKilledAtAnyEvent) {
  std::uint64_t events = 0, killed = 0;
  {
    TrainWorld world(givingOut(), 5);
    world.run();
    events = world.simulation.events(world.host);
  }
  for (std::uint64_t event = 1; event <= events; event += 3) {
    TrainWorld world(givingOut(), 5);
    world.simulation.runUntil([&] { return world.simulation.events(world.host) >= event; });
    killed += world.kill(event % 2);
    world.run();
    ASSERT_EQ(world.fault(), "") << "killed at event " << event;
    ASSERT_EQ(world.tableIn("/spec/out/lm.safetensors"), trainReference(world.shape, world.texts).tables[6]);
  }
  std::printf("%lu events, %lu workers killed\n", events, killed);
  EXPECT_GT(killed, 20u);
}

/// Who goes on with another text would learn something else, and is told which file it is.
TEST(TrainSimulation, ChangedTextsAreRefusedOnResume) {
  TrainWorld world({}, 6);
  world.simulation.runUntil([&] { return !world.history.errors.empty() || world.losses.size() >= 5; });
  ASSERT_EQ(world.losses.size() >= 5, true);
  world.simulation.kill(world.host, Loss::process);
  world.texts["data/story.txt"][10] ^= 1;
  world.simulation.restart(world.host);
  world.run();
  ASSERT_TRUE(world.history.end);
  EXPECT_EQ(world.history.end->state, frame::EndState::failed);
  EXPECT_THAT(world.history.end->failure.why, HasSubstr("gang lm.train: file 'data/story.txt' was changed"));
}

TEST(TrainSimulation, MissingAndShortTextsFailTheGang) {
  auto failure = [](TrainShape shape, TrainTexts texts) {
    TrainWorld world(std::move(shape), 7, std::move(texts));
    world.run();
    return world.history.end ? world.history.end->failure.why : "no end";
  };
  TrainShape shape;
  shape.files = "data/*.text";
  EXPECT_THAT(failure(shape, trainTexts()), HasSubstr("gang lm.train: text 'data/*.text' in /spec: no file matches"));
  EXPECT_THAT(failure({}, {{"data/a.txt", "few"}}), HasSubstr("the files are too short: 1 of them have 3 bytes"));
  shape = {};
  shape.heldOut = 0;
  EXPECT_THAT(failure(shape, trainTexts()), HasSubstr("too little is held out: 0 bytes"));
}

/// The table comes from a file, and must be what the plan says.
TEST(TrainSimulation, BeginsWithWeightsOfAFile) {
  TrainShape shape;
  shape.weights = "first.safetensors";
  std::vector<float> table = trainTable();
  auto fileOf = [&](std::uint64_t elements) {
    checkpoint::NamedTensor tensor{
        "table", base::ElementType::f32, {elements}, std::as_bytes(std::span(table)).first(elements * sizeof(float))};
    base::Bytes file = checkpoint::encodedSafeTensors({&tensor, 1}, {});
    base::ConstBytes bytes = file;
    return std::string(base::textOf(bytes));
  };
  TrainTexts texts = trainTexts();
  texts["first.safetensors"] = fileOf(trainWidth);
  TrainWorld world(shape, 8, texts);
  world.run();
  EXPECT_EQ(world.fault(), "");

  texts["first.safetensors"] = fileOf(32);
  TrainWorld other(shape, 8, texts);
  other.run();
  ASSERT_TRUE(other.history.end);
  EXPECT_THAT(other.history.end->failure.why,
              HasSubstr("weights '/spec/first.safetensors': tensor 'table' is f32[32], wanted f32[64]"));
  texts.erase("first.safetensors");
  TrainWorld none(shape, 8, texts);
  none.run();
  ASSERT_TRUE(none.history.end);
  EXPECT_THAT(none.history.end->failure.why, HasSubstr("weights: open '/spec/first.safetensors'"));
}

/// What is no number any more ends the gang in the step where it came up.
TEST(TrainSimulation, ALossThatIsNoNumberFailsTheGang) {
  TrainShape shape;
  shape.weights = "first.safetensors";
  std::vector<float> table(trainWidth, std::numeric_limits<float>::infinity());
  checkpoint::NamedTensor tensor{"table", base::ElementType::f32, {trainWidth}, std::as_bytes(std::span(table))};
  TrainTexts texts = trainTexts();
  base::Bytes file = checkpoint::encodedSafeTensors({&tensor, 1}, {});
  texts["first.safetensors"] = std::string(base::textOf(file));
  TrainWorld world(shape, 9, texts);
  world.run();
  ASSERT_TRUE(world.history.end);
  EXPECT_THAT(world.history.end->failure.why,
              testing::AllOf(HasSubstr("loss is infinite after step 1 of 7"), HasSubstr("smaller learning rate")));
}

} // namespace
} // namespace weft::simulation

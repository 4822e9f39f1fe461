//===- TrainProcessTest.cpp - A training in processes that are killed -----===//
//
// Real workers, a SQLite journal, texts and checkpoints on this machine's disk.
// The owner is killed when it has heard of so many steps, a worker before its n-th
// piece of work; what comes after is the same, bit for bit.
//
//===----------------------------------------------------------------------===//

#include "runtime/io/AsioRuntime.h"
#include "runtime/value/Builders.h"
#include "test/simulation/gang/GangLife.h"
#include "test/simulation/gang/TrainPlan.h"

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace weft::simulation {
namespace {

TrainShape shape() {
  TrainShape made;
  made.steps = 12;
  made.checkpointEvery = 3;
  made.to = "out";
  return made;
}

struct Spec {
  std::string folder = (::access("/dev/shm", W_OK) == 0 ? "/dev/shm/" : testing::TempDir()) + "weft-train-XXXXXX";
  Spec() {
    folder = mkdtemp(folder.data());
    std::filesystem::create_directories(folder + "/data");
    for (const auto &[name, text] : trainTexts())
      std::ofstream(folder + "/" + name, std::ios::binary) << text;
  }
  ~Spec() { std::filesystem::remove_all(folder); }
};

/// One process from its start to the end of the run; `heard` is called with each step.
GangHistory live(const Spec &spec, GangLifeOptions options, const std::function<void(std::uint64_t)> &heard = {}) {
  io::AsioRuntime runtime;
  GangHistory history;
  options.folder = spec.folder + "/.weft";
  options.runner.specFolder = spec.folder;
  options.progress = [&](std::span<const gang::StepReport> reports) {
    for (const gang::StepReport &report : reports)
      if (heard && !report.evaluation)
        heard(report.step);
  };
  std::filesystem::create_directories(options.folder);
  bool late = false;
  auto timer = runtime.doors().clock.after(std::chrono::seconds(60), [&] { late = true; });
  std::vector<float> first = trainTable();
  std::int64_t dims[] = {static_cast<std::int64_t>(first.size())};
  value::TensorBuilder table(base::ElementType::f32, dims);
  std::memcpy(table.data().data(), first.data(), first.size() * sizeof(float));
  GangLife life(runtime.doors(), trainPlan(shape()), {std::move(table).tensor()}, std::move(options), history);
  runtime.runUntil([&] { return late || !history.records.empty() || !history.errors.empty(); });
  if (late)
    history.errors.push_back("took more than a minute");
  runtime.doors().clock.cancel(timer);
  return history;
}

void expectReference(const GangHistory &history, const Spec &spec) {
  ASSERT_TRUE(history.end) << (history.errors.empty() ? "" : history.errors.front());
  ASSERT_EQ(history.end->state, frame::EndState::succeeded) << history.end->failure.why;
  std::vector<float> wanted = trainReference(shape(), trainTexts()).tables.back();
  const auto &result = history.end->value.asTensor().data;
  EXPECT_EQ(std::memcmp(result.data(), wanted.data(), result.size()), 0);
  // The file's last bytes are the only tensor's.
  std::ifstream file(spec.folder + "/out/lm.safetensors", std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  ASSERT_GT(bytes.size(), result.size());
  EXPECT_EQ(std::memcmp(bytes.data() + bytes.size() - result.size(), wanted.data(), result.size()), 0);
}

TEST(TrainProcesses, UndisturbedGivesTheReference) {
  Spec spec;
  std::vector<std::uint64_t> steps;
  expectReference(live(spec, {}, [&](std::uint64_t step) { steps.push_back(step); }), spec);
  ASSERT_EQ(steps.size(), 12u);
  EXPECT_TRUE(std::is_sorted(steps.begin(), steps.end()));
}

TEST(TrainProcesses, WorkerKilledBeforeEachPiece) {
  int killed = 0;
  for (std::uint64_t at = 0; at < 60; at += 3) {
    Spec spec;
    GangLifeOptions options;
    options.runner.beforePiece = [at](std::uint64_t member, std::uint64_t piece) {
      if (member == 2 && piece == at)
        ::raise(SIGKILL);
    };
    options.worker = [&](std::uint32_t, int pid, const std::string &) { killed += pid == 0; };
    expectReference(live(spec, std::move(options)), spec);
  }
  std::printf("%d workers killed\n", killed);
  EXPECT_GE(killed, 10);
}

TEST(TrainProcesses, OwnerKilledAndResumed) {
  int deaths = 0, fromCheckpoint = 0;
  for (std::uint64_t step = 1; step <= 12; ++step) {
    Spec spec;
    pid_t owner = ::fork();
    if (owner == 0) {
      live(spec, {}, [&](std::uint64_t heard) {
        if (heard >= step)
          ::raise(SIGKILL);
      });
      ::_exit(0);
    }
    int status = 0;
    ::waitpid(owner, &status, 0);
    deaths += WIFSIGNALED(status);
    GangHistory history = live(spec, {});
    expectReference(history, spec);
    fromCheckpoint += history.viewSteps().back() > 0;
  }
  std::printf("%d owners killed, %d trainings went on from a checkpoint\n", deaths, fromCheckpoint);
  EXPECT_GE(deaths, 10);
  EXPECT_GE(fromCheckpoint, 1);
}

} // namespace
} // namespace weft::simulation

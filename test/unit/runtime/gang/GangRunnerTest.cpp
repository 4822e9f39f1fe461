//===- GangRunnerTest.cpp - Real processes, killed for real ---------------===//

#include "LayerPlan.h"

#include "runtime/gang/GangRunner.h"
#include "runtime/io/AsioRuntime.h"

#include <csignal>
#include <gtest/gtest.h>

namespace weft::gang {
namespace {

struct Outcome {
  GangEnd end;
  int started = 0, lost = 0;
  std::vector<std::string> where;
};

Outcome runGang(std::shared_ptr<const plan::Plan> plan, std::vector<value::Value> inputs, GangRunner::Options options) {
  io::AsioRuntime runtime;
  Outcome outcome;
  bool over = false;
  std::unique_ptr<GangRunner> runner;
  GangRunner::Handlers handlers;
  handlers.report = [&](std::uint64_t id, base::Bytes) {
    runtime.doors().executor.post([&, id] { runner->durable(id); });
  };
  handlers.ended = [&](std::uint64_t, GangEnd end) {
    outcome.end = std::move(end);
    over = true;
  };
  handlers.worker = [&](std::uint64_t, std::uint32_t, int pid, const std::string &where) {
    ++(pid ? outcome.started : outcome.lost);
    if (!pid)
      outcome.where.push_back(where);
  };
  runner = std::make_unique<GangRunner>(runtime.doors(), handlers, options);
  runner->start(plan, {1, 0, std::move(inputs), {}});
  auto timer = runtime.doors().clock.after(std::chrono::seconds(60), [&] { over = true; });
  runtime.runUntil([&] { return over; });
  runtime.doors().clock.cancel(timer);
  return outcome;
}

std::vector<float> floatsOf(const value::Value &tensor) {
  auto data = tensor.asTensor().data;
  auto *first = reinterpret_cast<const float *>(data.data());
  return {first, first + data.size() / 4};
}

TEST(GangRunner, TwoWorkersGiveTheReference) {
  auto inputs = layerInputs(2, 5);
  auto outcome = runGang(layerPlan(2, false), inputs, {});
  ASSERT_TRUE(outcome.end.results) << outcome.end.failure.why;
  EXPECT_EQ(floatsOf(outcome.end.results->at(0)), layerReference(inputs, 2, ~0ull));
  EXPECT_EQ(outcome.started, 2);
}

/// Slot 1 is killed with SIGKILL before its n-th piece of work, for every n: before, inside and after the all-reduce.
TEST(GangRunner, WorkerKilledAtEveryPieceOfItsWork) {
  auto plan = layerPlan(2, false);
  auto inputs = layerInputs(2, 6);
  auto expected = layerReference(inputs, 2, ~0ull);
  int inside = 0, kills = 0;
  for (std::uint64_t at = 0; at < 40; ++at) {
    GangRunner::Options options;
    options.pieceBytes = 1024;
    options.beforePiece = [at](std::uint64_t member, std::uint64_t piece) {
      if (member == 2 && piece == at)
        ::raise(SIGKILL);
    };
    auto outcome = runGang(plan, inputs, options);
    ASSERT_TRUE(outcome.end.results) << outcome.end.failure.why;
    EXPECT_EQ(floatsOf(outcome.end.results->at(0)), expected) << "killed before piece " << at;
    kills += outcome.lost;
    for (const std::string &where : outcome.where)
      inside += where.find("contributed") != std::string::npos && where.find("contributed 0") == std::string::npos;
  }
  std::printf("killed %d workers, %d of them inside the all-reduce\n", kills, inside);
  EXPECT_GE(inside, 4);
}

} // namespace
} // namespace weft::gang

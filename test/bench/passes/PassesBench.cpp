//===- PassesBench.cpp - What a plan takes, with a simulated model --------===//
//
//   bench_passes SPEC PLAN     runs workflow `main` of PLAN, which was compiled from SPEC
//
// prints one line of JSON: {"ms", "calls", "requests", "reads", "tokens_in", "tokens_out", "alike", "result"}. The
// frame machine, its run loop and a journal in memory are those of a real run; the clock is virtual, and what models
// and folders do is told in SimulatedModel.h. The head of the spec lists the files that there are.
//
//===----------------------------------------------------------------------===//

#include "test/bench/passes/SimulatedModel.h"

#include "runtime/cli/testing/IdleClock.h"
#include "runtime/frame/RunLoop.h"
#include "runtime/io/AsioRuntime.h"
#include "runtime/journal/Journal.h"
#include "runtime/plan/PlanReader.h"
#include "runtime/value/Encoding.h"

#include <cstdio>
#include <fstream>
#include <iterator>
#include <optional>

namespace weft::bench {
namespace {

/// Two plans of one spec draw the same.
constexpr std::uint64_t seed = 1;

struct Listener : frame::RunListener {
  void ended(journal::RunId, const frame::RunEnd &runEnd) override { end = runEnd; }
  void refused(journal::RunId, const base::Error &error) override { why = error.message; }
  std::optional<frame::RunEnd> end;
  std::string why;
};

std::optional<std::string> read(const char *path) {
  std::ifstream file(path, std::ios::binary);
  if (!file)
    return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

int fail(const std::string &why) {
  std::fprintf(stderr, "bench_passes: %s\n", why.c_str());
  return 1;
}

int run(const char *specPath, const char *planPath) {
  auto spec = read(specPath), file = read(planPath);
  if (!spec || !file)
    return fail("cannot read '" + std::string(spec ? planPath : specPath) + "'");
  base::ConstBytes bytes = base::bytesOf(*file);
  auto plan = plan::readPlan(base::Bytes(bytes.begin(), bytes.end()));
  if (!plan)
    return fail(plan.error().message);
  const plan::Entry *main = (*plan)->entry("main");
  if (!main)
    return fail("the plan has no workflow `main`");

  io::AsioRuntime runtime;
  cli::IdleClock clock;
  io::Doors real = runtime.doors();
  io::Doors doors{real.executor, clock, real.network, real.storage, real.process, real.pool, real.makePool};
  Tally tally;
  SimulatedWorld world(clock, *plan, filesOf(*spec), tally);
  Listener listener;
  auto journal = journal::openMemoryJournal(doors);
  frame::RunLoopOptions options;
  options.jitter = false;
  frame::RunLoop loop(
      doors, *journal, listener, [&](const plan::Plan &, std::uint32_t) { return &world; }, {}, options);
  loop.start({1, 1}, *plan, static_cast<std::uint32_t>(main - (*plan)->entries.data()), {}, seed);
  while (!runtime.runUntil([&] { return listener.end || !listener.why.empty(); }))
    if (!clock.jump())
      return fail("the run waits for something that never comes");
  if (!listener.end || listener.end->state != frame::EndState::succeeded)
    return fail(listener.end ? listener.end->step + ": " + listener.end->failure.why : listener.why);
  auto number = [](std::uint64_t value) { return static_cast<unsigned long long>(value); };
  std::printf("{\"ms\": %.3f, \"calls\": %llu, \"requests\": %llu, \"reads\": %llu, \"tokens_in\": %llu, "
              "\"tokens_out\": %llu, \"alike\": %llu, \"result\": \"%s\"}\n",
              static_cast<double>(clock.now().sinceOriginNs) / 1e6, number(tally.calls), number(tally.requests),
              number(tally.reads), number(tally.tokensIn), number(tally.tokensOut), number(tally.alike),
              base::hashOf(value::encoded(listener.end->value)).hex().c_str());
  return 0;
}

} // namespace
} // namespace weft::bench

int main(int argc, char **argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: bench_passes SPEC PLAN\n");
    return 2;
  }
  return weft::bench::run(argv[1], argv[2]);
}

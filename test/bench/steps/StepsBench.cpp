//===- StepsBench.cpp - What a step of a workflow costs -------------------===//
//
//   bench_steps FIGURE FOLDER     prints {"figure": value, ...} on one line
//
// One figure per process, so that memory figures see nothing of each other.
// FOLDER holds journals; it should lie on a real disk. The peer is langgraph.mjs.
//
//===----------------------------------------------------------------------===//

#include "runtime/frame/RunLoop.h"
#include "runtime/io/AsioRuntime.h"
#include "runtime/journal/sqlite/SqliteJournal.h"
#include "test/support/PlanBuilder.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <malloc.h>
#include <unistd.h>

namespace weft::test {
namespace {

using Steady = std::chrono::steady_clock;

double msSince(Steady::time_point start) {
  return std::chrono::duration<double, std::milli>(Steady::now() - start).count();
}

/// Proportional set size of this process, in bytes.
double pssBytes() {
  malloc_trim(0);
  std::ifstream rollup("/proc/self/smaps_rollup");
  for (std::string line; std::getline(rollup, line);)
    if (line.starts_with("Pss:"))
      return std::stod(line.substr(4)) * 1024;
  return 0;
}

/// Answers each call at once: what is measured is everything around it.
class Echo : public agent::Driver {
public:
  explicit Echo(io::Doors &doors) : doors(doors) {}
  void start(agent::CallRequest request, Done done) override {
    doors.executor.post([id = request.id, done = std::move(done)] {
      agent::CallOutcome outcome;
      outcome.id = id;
      outcome.value = Value::integer(1);
      done(std::move(outcome));
    });
  }
  void cancel(agent::CallId) override {}

private:
  io::Doors &doors;
};

/// Never answers.
class Silent : public agent::Driver {
public:
  void start(agent::CallRequest, Done) override {}
  void cancel(agent::CallId) override {}
};

struct Counting : frame::RunListener {
  void ended(journal::RunId, const frame::RunEnd &end) override {
    ++ends;
    if (end.state != frame::EndState::succeeded)
      std::fprintf(stderr, "a run failed: %s\n", end.failure.why.c_str());
  }
  void parked(journal::RunId, std::uint64_t, std::int64_t) override { ++parks; }
  std::size_t ends = 0, parks = 0;
};

struct Bench {
  Bench() : echo(runtime.doors()) {}

  void open(const std::string &folder, agent::Driver &driver) {
    if (folder.empty()) {
      journal = journal::openMemoryJournal(runtime.doors());
    } else {
      auto opened = journal::openSqliteJournal(runtime.doors(), folder);
      if (!opened) {
        std::fprintf(stderr, "%s\n", opened.error().message.c_str());
        std::exit(1);
      }
      journal = *std::move(opened);
    }
    loop = std::make_unique<frame::RunLoop>(
        runtime.doors(), *journal, listener, [&driver](const plan::Plan &, std::uint32_t) { return &driver; },
        frame::GangStarter{});
  }
  journal::RunId start(const std::shared_ptr<const plan::Plan> &plan, std::vector<Value> args) {
    journal::RunId run = loop->newRunId();
    loop->start(run, plan, 0, std::move(args), 1);
    return run;
  }
  /// Milliseconds from the start of `count` runs to the end of the last.
  double timed(const std::shared_ptr<const plan::Plan> &plan, std::vector<Value> args, std::size_t count = 1) {
    auto begin = Steady::now();
    std::size_t goal = listener.ends + count;
    for (std::size_t i = 0; i < count; ++i)
      start(plan, args);
    runtime.runUntil([&] { return listener.ends >= goal; });
    return msSince(begin);
  }
  double median(int rounds, const std::shared_ptr<const plan::Plan> &plan, const std::vector<Value> &args) {
    std::vector<double> all;
    timed(plan, args);
    for (int i = 0; i < rounds; ++i)
      all.push_back(timed(plan, args));
    std::sort(all.begin(), all.end());
    return all[all.size() / 2];
  }

  io::AsioRuntime runtime;
  Echo echo;
  Counting listener;
  std::unique_ptr<journal::Journal> journal;
  std::unique_ptr<frame::RunLoop> loop;
};

struct Tool : PlanBuilder {
  std::uint32_t integer = type(TypeKind::integer), numbers = list(integer), text = type(TypeKind::string),
                boolean = type(TypeKind::boolean);
  std::uint32_t tool = binding("tool", fb::BindingKind::exec);
  std::uint32_t read = member(tool, "read", {integer}, integer, Effect::read);
  std::uint32_t put = member(tool, "put", {integer}, integer, Effect::write_idempotent);
};

/// n calls, each of what the one before gave.
std::shared_ptr<const plan::Plan> chain(int n, bool durable) {
  Tool plan;
  auto &main = plan.block("main", 1);
  Reg last = main.param(0);
  for (int i = 0; i < n; ++i)
    last = main.call(durable ? plan.put : plan.read, {last});
  main.result(last);
  plan.entry("main", main, {plan.integer}, plan.integer);
  return plan.build();
}

/// n pure steps in a row: a step is one node, one addition.
std::shared_ptr<const plan::Plan> pureChain(int n) {
  Tool plan;
  auto &main = plan.block("main", 1);
  Reg last = main.param(0);
  auto one = plan.constant(Value::integer(1), plan.integer);
  for (int i = 0; i < n; ++i)
    last = main.builtin(value::Builtin::add, {last, value::constant(one)});
  main.result(last);
  plan.entry("main", main, {plan.integer}, plan.integer);
  return plan.build();
}

std::shared_ptr<const plan::Plan> fanOut() {
  Tool plan;
  auto &item = plan.block("item", 1);
  item.result(item.call(plan.read, {item.param(0)}));
  auto &main = plan.block("main", 1);
  main.result(main.map(main.param(0), item));
  plan.entry("main", main, {plan.numbers}, plan.numbers);
  return plan.build();
}

/// n calls that do not wait for each other.
std::shared_ptr<const plan::Plan> distinct(int n) {
  Tool plan;
  auto &main = plan.block("main", 1);
  Reg last = main.param(0);
  for (int i = 0; i < n; ++i)
    last = main.call(plan.read, {main.param(0)});
  main.result(last);
  plan.entry("main", main, {plan.integer}, plan.integer);
  return plan.build();
}

/// One call that nobody answers, with a deadline far away: a live run with a timer.
std::shared_ptr<const plan::Plan> waiting() {
  Tool plan;
  fb::PolicyT hour;
  hour.timeout_ms = 3'600'000;
  NodeOptions options;
  options.policy = static_cast<std::int32_t>(plan.policy(hour));
  auto &main = plan.block("main", 1);
  main.result(main.call(plan.read, {main.param(0)}, options));
  plan.entry("main", main, {plan.integer}, plan.integer);
  return plan.build();
}

std::shared_ptr<const plan::Plan> asking() {
  Tool plan;
  std::uint32_t people = plan.binding("editor", fb::BindingKind::human);
  std::uint32_t human = plan.member(people, "", {plan.text}, plan.boolean, Effect::read);
  auto &main = plan.block("main", 1);
  main.result(main.call(human, {main.constant(plan.constant(Value::text("Publish?"), plan.text))}));
  plan.entry("main", main, {plan.integer}, plan.boolean);
  return plan.build();
}

void print(const char *name, double value) { std::printf("{\"%s\": %.6g}\n", name, value); }

double fsyncMs(const std::string &folder) {
  std::string path = folder + "/fsync.probe";
  int fd = ::open(path.c_str(), O_RDWR | O_CREAT, 0600);
  char page[4096] = {};
  std::vector<double> all;
  for (int i = 0; i < 200; ++i) {
    auto begin = Steady::now();
    if (::pwrite(fd, page, sizeof page, i * 4096) != sizeof page || ::fdatasync(fd) != 0)
      return -1;
    all.push_back(msSince(begin));
  }
  ::close(fd);
  ::unlink(path.c_str());
  std::sort(all.begin(), all.end());
  return all[all.size() / 2];
}

double folderBytes(const std::string &folder) {
  double bytes = 0;
  for (const char *name : {"/journal.db", "/journal.db-wal"}) {
    std::ifstream file(folder + name, std::ios::binary | std::ios::ate);
    if (file)
      bytes += static_cast<double>(file.tellg());
  }
  return bytes;
}

int run(const std::string &figure, const std::string &folder) {
  Bench bench;
  const std::size_t crowd = figure == "million" ? 1'000'000 : 100'000;
  if (figure == "noop") {
    bench.open("", bench.echo);
    print("us", bench.median(7, pureChain(10'000), {Value::integer(0)}) * 1000 / 10'000);
  } else if (figure == "call") {
    bench.open("", bench.echo);
    print("us", bench.median(7, chain(10'000, false), {Value::integer(0)}) * 1000 / 10'000);
  } else if (figure == "fanout") {
    bench.open("", bench.echo);
    std::vector<Value> items(10'000, Value::integer(1));
    print("ms", bench.median(7, fanOut(), {Value::list(items)}));
  } else if (figure == "distinct") {
    bench.open("", bench.echo);
    print("ms", bench.median(7, distinct(10'000), {Value::integer(0)}));
  } else if (figure == "durable1" || figure == "durable64") {
    bench.open(folder, bench.echo);
    std::size_t clients = figure == "durable1" ? 1 : 64;
    int length = figure == "durable1" ? 200 : 50;
    double ms = bench.timed(chain(length, true), {Value::integer(0)}, clients);
    std::printf("{\"per_s\": %.6g, \"fsync_ms\": %.6g, \"fsyncs\": %llu, \"steps\": %zu}\n",
                1000.0 * length * static_cast<double>(clients) / ms, fsyncMs(folder),
                static_cast<unsigned long long>(bench.journal->counters().fsyncs), length * clients);
  } else if (figure == "starts") {
    // A run is durably started when it could end: its start is in the journal before anything follows from it.
    bench.open(folder, bench.echo);
    constexpr std::size_t runs = 200'000, inFlight = 4096;
    auto plan = pureChain(1);
    bench.timed(plan, {Value::integer(0)});
    std::uint64_t fsyncs = bench.journal->counters().fsyncs;
    std::size_t before = bench.listener.ends;
    auto begin = Steady::now();
    for (std::size_t started = 0; started < runs; ++started) {
      bench.start(plan, {Value::integer(0)});
      if (started % 64 == 0)
        bench.runtime.runUntil([&] { return bench.listener.ends + inFlight > before + started; });
    }
    bench.runtime.runUntil([&] { return bench.listener.ends == before + runs; });
    double ms = msSince(begin);
    std::printf("{\"per_s\": %.6g, \"fsync_ms\": %.6g, \"fsyncs\": %llu, \"steps\": %zu}\n", 1000.0 * runs / ms,
                fsyncMs(folder), static_cast<unsigned long long>(bench.journal->counters().fsyncs - fsyncs), runs);
  } else if (figure == "live" || figure == "parked" || figure == "million") {
    Silent silent;
    bench.open(folder, silent);
    auto plan = figure == "live" ? waiting() : asking();
    bench.start(plan, {Value::integer(0)}); // what one run needs once is not counted for each
    bench.runtime.runUntil(
        [&] { return figure == "live" ? bench.loop->counters().runsLive == 1 : bench.listener.parks == 1; });
    double before = pssBytes(), onDisk = folderBytes(folder);
    for (std::size_t i = 0; i < crowd; ++i) {
      bench.start(plan, {Value::integer(0)});
      // A thousand at a time, as they would arrive; what is not yet durable is bounded by the journal.
      if (i % 1000 == 999)
        bench.runtime.runUntil(
            [&] { return figure == "live" ? bench.loop->counters().calls >= i + 1 : bench.listener.parks >= i + 1; });
    }
    bench.runtime.runUntil(
        [&] { return figure == "live" ? bench.loop->counters().calls >= crowd : bench.listener.parks >= crowd; });
    double each = static_cast<double>(crowd);
    std::printf("{\"bytes\": %.6g, \"disk\": %.6g, \"all\": %.6g}\n", (pssBytes() - before) / each,
                (folderBytes(folder) - onDisk) / each, pssBytes());
  } else if (figure == "idle") {
    bench.open(folder, bench.echo);
    bench.timed(chain(1, true), {Value::integer(0)});
    print("bytes", pssBytes());
  } else {
    std::fprintf(stderr, "there is no figure '%s'\n", figure.c_str());
    return 2;
  }
  return 0;
}

} // namespace
} // namespace weft::test

int main(int argc, char **argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: bench_steps FIGURE FOLDER\n");
    return 2;
  }
  return weft::test::run(argv[1], argv[2]);
}

//===- JournalBench.cpp - What the journal costs --------------------------===//
//
// Prints one line per figure: name, value, unit. The disk's own fsync stands
// beside, since no durable step can be faster.
//
//   bench_journal [FOLDER]     default: a fresh folder in the working folder
//
//===----------------------------------------------------------------------===//

#include "runtime/io/AsioRuntime.h"
#include "runtime/journal/sqlite/SqliteJournal.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

using namespace weft;
using namespace weft::journal;

namespace {

using Clock = std::chrono::steady_clock;

double secondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

void figure(const char *name, double value, const char *unit) { std::printf("%-52s %14.1f %s\n", name, value, unit); }

struct Bench {
  explicit Bench(std::string folder) : folder(std::move(folder)) {}

  std::unique_ptr<Journal> open(const char *name) {
    auto opened = openSqliteJournal(runtime.doors(), folder + "/" + name);
    if (!opened) {
      std::fprintf(stderr, "bench_journal: %s\n", opened.error().message.c_str());
      std::exit(1);
    }
    return std::move(*opened);
  }

  static Record record(std::uint64_t run, RecordKind kind, std::size_t bodyBytes) {
    Record record;
    record.run = {1, run};
    record.kind = kind;
    record.body.resize(bodyBytes, std::byte('x'));
    return record;
  }

  void start(Journal &journal, std::uint64_t runs) {
    std::vector<Record> records;
    for (std::uint64_t run = 0; run < runs; ++run)
      records.push_back(record(run, RecordKind::runStarted, 100));
    bool durable = false;
    (void)journal.append(records, {}, [&](auto) { durable = true; });
    runtime.runUntil([&] { return durable; });
  }

  /// `clients` chains of steps, each step two records (its outcome and the next intent) in one append.
  void chains(const char *name, std::uint64_t clients, std::uint64_t stepsEach) {
    auto journal = open(name);
    start(*journal, clients);
    Counters before = journal->counters();
    std::uint64_t done = 0, total = clients * stepsEach;
    std::vector<std::uint64_t> left(clients, stepsEach);
    std::vector<Record> both = {record(0, RecordKind::outcome, 100), record(0, RecordKind::intent, 40)};
    std::function<void(std::uint64_t)> step = [&](std::uint64_t client) {
      if (left[client]-- == 0)
        return;
      both[0].run = both[1].run = {1, client};
      (void)journal->append(both, {}, [&, client](auto durable) {
        if (!durable)
          std::abort();
        ++done;
        step(client);
      });
    };
    auto begin = Clock::now();
    for (std::uint64_t client = 0; client < clients; ++client)
      step(client);
    runtime.runUntil([&] { return done == total; });
    double seconds = secondsSince(begin);
    const Counters &after = journal->counters();
    std::string title = "durable steps, " + std::to_string(clients) + (clients == 1 ? " client" : " clients");
    figure(title.c_str(), static_cast<double>(total) / seconds, "steps/s");
    figure((title + ": fsyncs").c_str(), static_cast<double>(after.fsyncs - before.fsyncs), "");
    figure((title + ": groups").c_str(), static_cast<double>(after.groups - before.groups), "");
    figure((title + ": other fsyncs").c_str(), static_cast<double>(after.checkpointFsyncs - before.checkpointFsyncs),
           "");
  }

  /// Groups of 64 records, of one run or of as many.
  void throughput(const char *name, const char *title, std::uint64_t runs) {
    constexpr std::uint64_t perGroup = 64, groups = 3000;
    auto journal = open(name);
    start(*journal, runs);
    std::vector<Record> group;
    for (std::uint64_t i = 0; i < perGroup; ++i)
      group.push_back(record(i % runs, RecordKind::outcome, 100));
    std::uint64_t done = 0;
    std::function<void()> next = [&] {
      (void)journal->append(group, {}, [&](auto durable) {
        if (!durable)
          std::abort();
        if (++done < groups)
          next();
      });
    };
    auto begin = Clock::now();
    next();
    runtime.runUntil([&] { return done == groups; });
    figure(title, static_cast<double>(groups * perGroup) / secondsSince(begin), "records/s");
  }

  void longRun() {
    constexpr std::uint64_t records = 10'000;
    auto journal = open("long");
    start(*journal, 16);
    std::vector<Record> group;
    for (std::uint64_t i = 0; i < records; ++i) // of 16 runs in turn, so that neighbours are not the run's
      for (std::uint64_t run = 0; run < 16; ++run)
        if (run == 0 || i % 16 == run)
          group.push_back(record(run, RecordKind::outcome, 100));
    bool durable = false, read = false;
    (void)journal->append(group, {}, [&](auto) { durable = true; });
    runtime.runUntil([&] { return durable; });
    auto begin = Clock::now();
    std::size_t found = 0;
    journal->read({1, 0}, 0, [&](auto result) {
      found = result ? result->size() : 0;
      read = true;
    });
    runtime.runUntil([&] { return read; });
    figure("read a run of 10,000 records", secondsSince(begin) * 1e3, "ms");
    if (found != records + 1)
      std::abort();
  }

  void parked() {
    constexpr std::uint64_t runs = 100'000;
    auto journal = open("parked");
    std::uint64_t started = 0;
    for (std::uint64_t run = 0; run < runs; run += 1000) {
      std::vector<Record> records;
      std::vector<HeadChange> heads;
      for (std::uint64_t i = run; i < run + 1000; ++i) {
        records.push_back(record(i, RecordKind::runStarted, 100));
        records.push_back(record(i, RecordKind::intent, 60));
        heads.push_back({{1, i}, RunState::parked, {}, {}, {}});
      }
      bool durable = false;
      (void)journal->append(records, heads, [&](auto) { durable = true; });
      runtime.runUntil([&] { return durable; });
      started += 1000;
    }
    auto begin = Clock::now();
    std::size_t found = 0;
    journal->runs([&](auto heads) { found = heads ? heads->size() : 1; });
    runtime.runUntil([&] { return found != 0; });
    figure("list 100,000 parked runs", secondsSince(begin) * 1e3, "ms");
    if (found != started)
      std::abort();
    journal.reset();
    figure("parked run of two records in the table",
           static_cast<double>(std::filesystem::file_size(folder + "/parked/journal.db")) / runs, "bytes");
  }

  void disk() {
    auto file = runtime.doors().storage.open(folder + "/probe", io::OpenMode::createReadWrite);
    base::Bytes block(4096);
    constexpr int rounds = 200;
    auto begin = Clock::now();
    for (int i = 0; i < rounds; ++i)
      if (!(*file)->write(static_cast<std::uint64_t>(i) * block.size(), block) || !(*file)->sync())
        std::abort();
    figure("append 4 KiB and fsync without a journal", secondsSince(begin) / rounds * 1e6, "us");
  }

  std::string folder;
  io::AsioRuntime runtime;
};

} // namespace

int main(int argc, char **argv) {
  std::string folder = (argc > 1 ? std::string(argv[1]) : std::string(".")) + "/bench-journal-XXXXXX";
  if (!::mkdtemp(folder.data())) {
    std::fprintf(stderr, "bench_journal: cannot make a folder like %s\n", folder.c_str());
    return 1;
  }
  {
    Bench bench(folder);
    bench.disk();
    bench.throughput("one", "groups of 64 records of one run", 1);
    bench.throughput("many", "groups of 64 records of 64 runs", 64);
    bench.chains("chain", 1, 2000);
    bench.chains("crowd", 64, 1000);
    bench.longRun();
    bench.parked();
  }
  std::filesystem::remove_all(folder);
}

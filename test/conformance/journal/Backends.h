//===- Backends.h - The journals that must keep the contract --------------===//
#pragma once

#include "runtime/io/AsioRuntime.h"
#include "runtime/journal/sqlite/SqliteJournal.h"
#include "test/simulation/Simulation.h"

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace weft::journal {

/// A place that a journal lies in: opens it again and again, and runs the loop that it is on.
class Backend {
public:
  virtual ~Backend() = default;
  virtual io::Doors &doors() = 0;
  virtual base::Result<std::unique_ptr<Journal>> open() = 0;
  /// As if the first owner had lost its lock without knowing, for instance on a network file system.
  virtual void loseLock() {}
  /// Where its files lie; empty: it has none.
  virtual std::string folder() const { return ""; }
  virtual void runUntil(const std::function<bool()> &finished) = 0;
};

class MemoryBackend final : public Backend {
public:
  io::Doors &doors() override { return runtime.doors(); }
  base::Result<std::unique_ptr<Journal>> open() override { return openMemoryJournal(runtime.doors(), store); }
  void runUntil(const std::function<bool()> &finished) override { runtime.runUntil(finished); }

private:
  io::AsioRuntime runtime;
  std::shared_ptr<MemoryStore> store = makeMemoryStore();
};

class SqliteBackend final : public Backend {
public:
  SqliteBackend() {
    path = (std::filesystem::temp_directory_path() / "weft-journal-XXXXXX").string();
    if (!::mkdtemp(path.data()))
      std::abort();
  }
  ~SqliteBackend() override {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  io::Doors &doors() override { return runtime.doors(); }
  base::Result<std::unique_ptr<Journal>> open() override { return openSqliteJournal(runtime.doors(), path); }
  void loseLock() override { std::filesystem::remove(path + "/owner"); }
  std::string folder() const override { return path; }
  void runUntil(const std::function<bool()> &finished) override { runtime.runUntil(finished); }

private:
  std::string path;
  io::AsioRuntime runtime;
};

class SimulatedSqliteBackend final : public Backend {
public:
  io::Doors &doors() override { return simulation.doors(host); }
  base::Result<std::unique_ptr<Journal>> open() override { return openSqliteJournal(doors(), "/journal"); }
  void loseLock() override { simulation.disk(host).locks.clear(); }
  std::string folder() const override { return "/journal"; }
  void runUntil(const std::function<bool()> &finished) override { simulation.runUntil(finished); }

private:
  simulation::Simulation simulation{1};
  simulation::HostId host = simulation.addHost("a");
};

/// What tests need besides: waiting calls.
struct Session {
  Session(Backend &backend, std::unique_ptr<Journal> journal) : backend(backend), journal(std::move(journal)) {}

  template <typename T> base::Result<T> wait(const std::function<void(std::function<void(base::Result<T>)>)> &ask) {
    std::optional<base::Result<T>> answer;
    ask([&](base::Result<T> result) { answer = std::move(result); });
    backend.runUntil([&] { return answer.has_value(); });
    return answer ? std::move(*answer)
                  : base::Result<T>(base::error(base::Code::io, "the loop ended without an answer"));
  }

  base::Result<std::uint64_t> append(std::vector<Record> records, std::vector<HeadChange> heads = {}) {
    return wait<std::uint64_t>([&](auto done) {
      auto queued = journal->append(records, heads, done);
      if (!queued)
        done(queued);
    });
  }
  base::Result<std::vector<Record>> read(RunId run, std::uint64_t fromLsn = 0) {
    return wait<std::vector<Record>>([&](auto done) { journal->read(run, fromLsn, done); });
  }
  base::Result<std::vector<RunHead>> runs() {
    return wait<std::vector<RunHead>>([&](auto done) { journal->runs(done); });
  }
  base::Result<RunHead> head(RunId run) {
    return wait<RunHead>([&](auto done) { journal->head(run, done); });
  }
  base::Result<base::Bytes> readBlob(const base::Digest &digest) {
    return wait<base::Bytes>([&](auto done) { journal->readBlob(digest, done); });
  }

  Backend &backend;
  std::unique_ptr<Journal> journal;
};

inline base::Bytes bytes(std::string_view text) {
  auto view = base::bytesOf(text);
  return {view.begin(), view.end()};
}

inline Record record(RunId run, RecordKind kind, std::string_view body = "", std::uint64_t stableId = 0) {
  Record record;
  record.run = run;
  record.kind = kind;
  record.key.stableId = stableId;
  record.body = bytes(body);
  return record;
}

} // namespace weft::journal

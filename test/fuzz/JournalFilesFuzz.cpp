//===- JournalFilesFuzz.cpp - Any bytes as the files of a journal ---------===//
//
// For libFuzzer: the first byte says which file of a good journal is replaced,
// or overwritten from an offset on. Opening and reading everything ends, with
// records or with an error.
//
//===----------------------------------------------------------------------===//

#include "runtime/journal/sqlite/SqliteJournal.h"
#include "test/simulation/Simulation.h"

#include <cstring>

using namespace weft;
using simulation::HostId;
using simulation::Simulation;

namespace {

struct Files {
  base::Bytes table, log;
};

/// A journal that was killed with a log behind it.
Files makeJournal() {
  Simulation simulation(1);
  HostId host = simulation.addHost("a");
  auto opened = journal::openSqliteJournal(simulation.doors(host), "/j");
  std::vector<journal::Record> records(12);
  for (std::size_t i = 0; i < records.size(); ++i) {
    records[i].run = {1, i % 3};
    records[i].kind = i < 3 ? journal::RecordKind::runStarted : journal::RecordKind::outcome;
    records[i].body.resize(i * 50);
  }
  bool durable = false;
  (void)(*opened)->append(records, {}, [&](auto) { durable = true; });
  simulation.runUntil([&] { return durable; });
  simulation.kill(host, simulation::Loss::process);
  return {simulation.disk(host).find("/j/journal.db")->content,
          simulation.disk(host).find("/j/journal.db-wal")->content};
}

void place(Simulation &simulation, HostId host, const std::string &path, const base::Bytes &content) {
  auto file = std::make_shared<simulation::DiskFile>();
  file->content = content;
  simulation.disk(host).link(path, file);
}

void overwrite(base::Bytes &content, const std::uint8_t *bytes, std::size_t size, bool whole) {
  if (whole) {
    content.assign(reinterpret_cast<const std::byte *>(bytes), reinterpret_cast<const std::byte *>(bytes) + size);
    return;
  }
  std::uint16_t offset = 0;
  std::memcpy(&offset, bytes, std::min<std::size_t>(size, 2));
  std::size_t start = content.empty() ? 0 : offset % content.size();
  for (std::size_t i = 2; i < size && start + i - 2 < content.size(); ++i)
    content[start + i - 2] = static_cast<std::byte>(bytes[i]);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size) {
  static const Files good = makeJournal();
  if (size < 1)
    return 0;
  Files files = good;
  overwrite(bytes[0] & 1 ? files.log : files.table, bytes + 1, size - 1, (bytes[0] & 2) != 0);
  Simulation simulation(1);
  HostId host = simulation.addHost("a");
  simulation.disk(host).makeFolders("/j");
  place(simulation, host, "/j/journal.db", files.table);
  place(simulation, host, "/j/journal.db-wal", files.log);
  auto opened = journal::openSqliteJournal(simulation.doors(host), "/j");
  if (!opened)
    return 0;
  (*opened)->runs([&](auto heads) {
    if (heads)
      for (const journal::RunHead &head : *heads)
        (*opened)->read(head.run, 0, [](auto) {});
  });
  simulation.run();
  return 0;
}

//===- DamageTest.cpp - Damaged in every byte -----------------------------===//
//
// A bit of the disk turns over. What the journal then says is what it said
// before, or that it is damaged; never something else, and never less.
//
//===----------------------------------------------------------------------===//

#include "Life.h"

namespace weft::journal {
namespace {

/// A journal's files, and what is in them.
struct Left {
  std::map<std::string, base::Bytes> files;
  std::map<std::uint64_t, Record> records;
  std::uint64_t lastAppendStart = 0; ///< Lsn of the first record of the last group.
};

Left makeJournal(bool closed) {
  Diary diary;
  Simulation simulation(5);
  HostId host = simulation.addHost("a", [&](io::Doors &doors) { return std::make_shared<Owner>(doors, diary); });
  if (closed)
    simulation.run();
  else
    simulation.runUntil([&] { return diary.acknowledged == static_cast<std::size_t>(stepsPerLife) - 1; });
  simulation.kill(host, Loss::power); // all that counts is synced
  Left left;
  for (const char *name : {"journal.db", "journal.db-wal"})
    if (auto file = simulation.disk(host).find(std::string("/journal/") + name))
      left.files[name] = file->content;
  for (std::size_t i = 0; i < diary.acknowledged; ++i)
    for (const Record &record : diary.appends[i].records)
      left.records.emplace(record.lsn, record);
  left.lastAppendStart = diary.appends[diary.acknowledged - 1].records.front().lsn;
  return left;
}

base::Result<std::map<std::uint64_t, Record>> openAndRead(const std::map<std::string, base::Bytes> &files) {
  Simulation simulation(6);
  HostId host = simulation.addHost("a");
  simulation.disk(host).makeFolders("/journal");
  for (const auto &[name, content] : files) {
    auto file = std::make_shared<simulation::DiskFile>();
    file->content = content;
    simulation.disk(host).link("/journal/" + name, file);
  }
  auto opened = openSqliteJournal(simulation.doors(host), "/journal", options);
  if (!opened)
    return opened.error();
  return readAll(simulation, **opened);
}

/// All of them in the long suite; a prime number apart in the suite of every change, so that all fields are met.
std::size_t stride() { return std::getenv("WEFT_LONG") ? 1 : 31; }

bool sameFacts(const std::map<std::uint64_t, Record> &found, const std::map<std::uint64_t, Record> &wanted,
               std::uint64_t beforeLsn = ~0ull) {
  std::size_t count = 0;
  for (const auto &[lsn, record] : wanted) {
    if (lsn >= beforeLsn)
      break;
    auto there = found.find(lsn);
    if (there == found.end() || !sameFact(there->second, record))
      return false;
    ++count;
  }
  return beforeLsn != ~0ull || count == found.size();
}

TEST(Damage, ofAnyByteOfTheTableIsReportedOrHarmless) {
  Left left = makeJournal(true);
  ASSERT_FALSE(left.files.contains("journal.db-wal")) << "a closed journal has no log";
  ASSERT_TRUE(sameFacts(*openAndRead(left.files), left.records));
  std::size_t reported = 0, bytes = left.files["journal.db"].size();
  for (std::size_t at = 0; at < bytes; at += stride()) {
    auto damaged = left.files;
    damaged["journal.db"][at] ^= static_cast<std::byte>(1u << at % 8);
    auto found = openAndRead(damaged);
    reported += !found;
    if (found) {
      ASSERT_TRUE(sameFacts(*found, left.records)) << "byte " << at;
    }
  }
  EXPECT_GT(reported, bytes / stride() / 2);
}

TEST(Damage, ofAnyByteOfTheLogIsReportedOrHarmlessBeforeTheLastGroup) {
  Left left = makeJournal(false);
  ASSERT_TRUE(left.files.contains("journal.db-wal"));
  ASSERT_TRUE(sameFacts(*openAndRead(left.files), left.records, ~0ull - 1));
  std::size_t reported = 0;
  for (std::size_t at = 0; at < left.files["journal.db-wal"].size(); at += stride()) {
    auto damaged = left.files;
    damaged["journal.db-wal"][at] ^= static_cast<std::byte>(1u << at % 8);
    auto found = openAndRead(damaged);
    reported += !found;
    // The last group may be taken for one that a crash tore.
    if (found) {
      ASSERT_TRUE(sameFacts(*found, left.records, left.lastAppendStart)) << "byte " << at;
    }
  }
  EXPECT_GT(reported, 0u);
}

} // namespace
} // namespace weft::journal

//===- GoldenJournalTest.cpp - A journal of version 1 is read for ever ----===//

#include "runtime/io/AsioRuntime.h"
#include "runtime/journal/sqlite/SqliteJournal.h"
#include "test/simulation/Simulation.h"

#include <gtest/gtest.h>

namespace weft::journal {

TEST(GoldenJournal, version1IsReadAndWrittenOn) {
  io::AsioRuntime runtime;
  auto bytes = io::readWhole(runtime.doors().storage, JOURNAL_DATA "/journal-v1.db", 1 << 20);
  ASSERT_TRUE(bytes);
  simulation::Simulation simulation(1);
  auto host = simulation.addHost("a");
  simulation.disk(host).makeFolders("/journal");
  auto file = std::make_shared<simulation::DiskFile>();
  file->content = *bytes;
  simulation.disk(host).link("/journal/journal.db", file);
  auto journal = openSqliteJournal(simulation.doors(host), "/journal");
  ASSERT_TRUE(journal) << journal.error().message;
  EXPECT_EQ((*journal)->epoch(), 2u);

  std::optional<std::vector<RunHead>> heads;
  (*journal)->runs([&](auto found) { heads = *found; });
  ASSERT_TRUE(simulation.runUntil([&] { return heads.has_value(); }));
  ASSERT_EQ(heads->size(), 2u);
  EXPECT_EQ((*heads)[0].name, "first");
  EXPECT_EQ((*heads)[0].state, RunState::succeeded);
  EXPECT_EQ((*heads)[0].planDigest, base::digestOf(base::bytesOf("plan")));
  EXPECT_EQ((*heads)[1].name, "second");
  EXPECT_EQ((*heads)[1].state, RunState::parked);
  EXPECT_EQ((*heads)[1].wakeAtNs, 123456789);

  std::optional<std::vector<Record>> records;
  (*journal)->read({1, 2}, 0, [&](auto found) { records = *found; });
  ASSERT_TRUE(simulation.runUntil([&] { return records.has_value(); }));
  ASSERT_EQ(records->size(), 6u);
  for (std::size_t i = 0; i < records->size(); ++i) {
    std::size_t number = 2 * i + 1; // every other fact is this run's
    EXPECT_EQ((*records)[i].lsn, number + 1);
    EXPECT_EQ((*records)[i].prev, i == 0 ? 0 : number - 1);
    EXPECT_EQ((*records)[i].epoch, 1u);
    EXPECT_EQ((*records)[i].key.stableId, number);
    EXPECT_EQ(base::textOf((*records)[i].body), "fact " + std::to_string(number));
  }
  EXPECT_EQ(records->front().kind, RecordKind::runStarted);
  EXPECT_EQ(records->back().kind, RecordKind::runEnded);

  Record next[1];
  next[0].run = {1, 2};
  next[0].kind = RecordKind::signal;
  std::optional<std::uint64_t> durable;
  ASSERT_TRUE((*journal)->append(next, {}, [&](auto lsn) { durable = *lsn; }));
  ASSERT_TRUE(simulation.runUntil([&] { return durable.has_value(); }));
  EXPECT_EQ(durable, 13u);
}

} // namespace weft::journal

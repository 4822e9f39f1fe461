//===- DyingJournalTest.cpp - A journal whose process dies at a record ----===//

#include "runtime/cli/testing/DyingJournal.h"

#include "runtime/io/AsioRuntime.h"

#include <gtest/gtest.h>

namespace weft::cli {
namespace {

constexpr journal::RunId run{1, 2};

class DyingJournalTest : public testing::Test {
protected:
  /// Appends a start and two groups of two records; how many were durable, as far as anybody heard.
  int heardOf(std::optional<Death> death) {
    DyingJournal journal(journal::openMemoryJournal(runtime.doors(), store), death);
    int heard = 0;
    auto append = [&](std::vector<journal::RecordKind> kinds) {
      std::vector<journal::Record> records;
      for (journal::RecordKind kind : kinds) {
        records.emplace_back();
        records.back().run = run;
        records.back().kind = kind;
      }
      int count = static_cast<int>(records.size());
      auto lsn = journal.append(records, {}, [&heard, count](base::Result<std::uint64_t> durable) {
        ASSERT_TRUE(durable);
        heard += count;
      });
      ASSERT_TRUE(lsn);
      runtime.run();
    };
    append({journal::RecordKind::runStarted});
    append({journal::RecordKind::intent, journal::RecordKind::outcome});
    append({journal::RecordKind::intent, journal::RecordKind::outcome});
    died = journal.dead();
    written = journal.records();
    return heard;
  }

  /// What a second process finds.
  std::size_t left() {
    auto journal = journal::openMemoryJournal(runtime.doors(), store);
    std::size_t count = 0;
    journal->read(run, 0, [&](base::Result<std::vector<journal::Record>> records) {
      ASSERT_TRUE(records);
      count = records->size();
    });
    runtime.run();
    return count;
  }

  io::AsioRuntime runtime;
  std::shared_ptr<journal::MemoryStore> store = journal::makeMemoryStore();
  bool died = false;
  std::uint64_t written = 0;
};

TEST_F(DyingJournalTest, countsWhereNobodyDies) {
  EXPECT_EQ(heardOf({}), 5);
  EXPECT_FALSE(died);
  EXPECT_EQ(written, 5u);
  EXPECT_EQ(left(), 5u);
}

TEST_F(DyingJournalTest, afterARecordNobodyHearsOfIt) {
  EXPECT_EQ(heardOf(Death{3, false}), 1);
  EXPECT_TRUE(died);
  EXPECT_EQ(left(), 3u);
}

TEST_F(DyingJournalTest, cutsAGroup) {
  EXPECT_EQ(heardOf(Death{2, false}), 1);
  EXPECT_TRUE(died);
  EXPECT_EQ(left(), 2u);
}

TEST_F(DyingJournalTest, beforeTheNextRecordAllBeforeItWasHeardOf) {
  EXPECT_EQ(heardOf(Death{3, true}), 3);
  EXPECT_TRUE(died);
  EXPECT_EQ(left(), 3u);
}

TEST_F(DyingJournalTest, livesWhereItsRecordNeverComes) {
  EXPECT_EQ(heardOf(Death{6, false}), 5);
  EXPECT_FALSE(died);
}

} // namespace
} // namespace weft::cli

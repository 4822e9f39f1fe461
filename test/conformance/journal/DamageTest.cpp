//===- DamageTest.cpp - Damaged in every byte -----------------------------===//
//
// A bit of the disk turns over. What the journal then says is what it said
// before, or that it is damaged; never something else, and never less.
//
//===----------------------------------------------------------------------===//

#include "Life.h"
#include "test/support/Seeds.h"

#include <gtest/gtest.h>

namespace weft::journal {

/// A prime number apart, so that all fields are met; every byte in the long run.
static std::size_t stride() { return test::tries(31, 1); }

TEST(Damage, ofAnyByteOfTheTableIsReportedOrHarmless) {
  Left left = leftBehind(true);
  ASSERT_FALSE(left.files.contains("journal.db-wal")) << "a closed journal has no log";
  ASSERT_EQ(openAndRead(left.files, smallLog())->size(), left.records.size());
  const base::Bytes &table = left.files["journal.db"];
  auto damages = everyByte(table, stride());
  DamageReport report = damageEach(left, "journal.db", damages, smallLog());
  EXPECT_EQ(report.wrong, std::nullopt);
  EXPECT_GT(report.reported, damages.size() / 2);
  EXPECT_EQ(damageEach(left, "journal.db", pageHeaders(table), smallLog()).wrong, std::nullopt);
}

// SQLite takes what is missing of a page for zeros.
TEST(Damage, aTableThatIsCutOffIsReported) {
  Left left = leftBehind(true);
  const base::Bytes &table = left.files["journal.db"];
  for (std::size_t missing : {1u, 7u, 9u, 1000u, 2048u, 4000u, 4095u, 4096u, 6000u}) {
    ASSERT_LT(missing, table.size());
    auto cut = left.files;
    cut["journal.db"].resize(table.size() - missing);
    EXPECT_FALSE(openAndRead(cut, smallLog())) << missing << " bytes are missing";
  }
}

// The pages of a foreign database may be smaller than what the checksum is looked for in.
TEST(Damage, aForeignDatabaseIsReported) {
  Left left = leftBehind(true);
  for (std::size_t pageBytes : {512u, 1024u, 8192u}) {
    auto foreign = left.files;
    foreign["journal.db"][16] = static_cast<std::byte>(pageBytes >> 8);
    foreign["journal.db"][17] = static_cast<std::byte>(pageBytes & 0xFF);
    EXPECT_FALSE(openAndRead(foreign, smallLog())) << pageBytes;
  }
}

TEST(Damage, ofAnyByteOfTheLogIsReportedOrHarmlessBeforeTheLastGroup) {
  Left left = leftBehind(false);
  ASSERT_TRUE(left.files.contains("journal.db-wal"));
  ASSERT_GE(openAndRead(left.files, smallLog())->size(), left.records.size());
  auto damages = everyByte(left.files["journal.db-wal"], stride());
  DamageReport report = damageEach(left, "journal.db-wal", damages, smallLog());
  EXPECT_EQ(report.wrong, std::nullopt);
  EXPECT_GT(report.reported, damages.size() / 2);
}

} // namespace weft::journal

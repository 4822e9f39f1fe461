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

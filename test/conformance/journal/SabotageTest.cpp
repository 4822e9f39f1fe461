//===- SabotageTest.cpp - Each broken rule is noticed ---------------------===//
//
// The suite's own checks, on a journal that breaks one rule on purpose.
//
//===----------------------------------------------------------------------===//

#include "Life.h"

#include <gtest/gtest.h>

namespace weft::journal {
namespace {

using simulation::HostId;
using simulation::Loss;
using simulation::Simulation;

/// The first loss that killing in every storage operation finds.
std::optional<std::string> firstLoss(Sabotage sabotage) {
  SqliteOptions options = smallLog(sabotage);
  std::uint64_t operations = operationsOfALife(options);
  for (std::uint64_t at = 1; at <= operations; ++at)
    if (auto lost = lossWhenKilledAt(at, Loss::power, options))
      return lost;
  return std::nullopt;
}

} // namespace

TEST(JournalSabotage, acknowledgingBeforeTheSyncLosesAppends) {
  auto lost = firstLoss({.acknowledgeBeforeSync = true});
  ASSERT_TRUE(lost);
}

TEST(JournalSabotage, blobsAfterTheirRecordsAreMissed) {
  auto lost = firstLoss({.blobsAfterRecords = true});
  ASSERT_TRUE(lost);
  EXPECT_NE(lost->find("blob"), std::string::npos) << *lost;
}

TEST(JournalSabotage, anOwnerWhoseEpochIsNotCheckedWritesOn) {
  for (bool ignore : {false, true}) {
    Simulation simulation(1);
    HostId host = simulation.addHost("a");
    auto first = openSqliteJournal(simulation.doors(host), "/journal", smallLog({.ignoreEpoch = ignore}));
    simulation.disk(host).locks.clear();
    auto second = openSqliteJournal(simulation.doors(host), "/journal");
    ASSERT_TRUE(first && second);
    std::optional<bool> written;
    Record start[] = {record({1, 1}, RecordKind::runStarted)};
    (void)(*first)->append(start, {}, [&](auto durable) { written = static_cast<bool>(durable); });
    simulation.runUntil([&] { return written.has_value(); });
    EXPECT_EQ(written, ignore);
  }
}

TEST(JournalSabotage, trustedPagesChangeFactsInSilence) {
  Left left = leftBehind(true);
  auto damages = pageHeaders(left.files["journal.db"]);
  EXPECT_TRUE(damageEach(left, "journal.db", damages, smallLog({.trustPages = true})).wrong);
}

TEST(JournalSabotage, aTrustedLogLosesGroupsInSilence) {
  Left left = leftBehind(false);
  auto damages = everyByte(left.files["journal.db-wal"], 997);
  EXPECT_TRUE(damageEach(left, "journal.db-wal", damages, smallLog({.trustLog = true})).wrong);
}

} // namespace weft::journal

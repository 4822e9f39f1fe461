//===- OwnerTest.cpp - Who may write, and what a lost owner is told -------===//

#include "JournalFixture.h"

namespace weft::journal {
namespace {

using base::Code;

class OwnerTest : public JournalTest {};
/// A journal in memory has no lock: its process is the owner.
class LockedTest : public JournalTest {};

INSTANTIATE_TEST_SUITE_P(OnDisk, LockedTest, testing::ValuesIn(std::begin(kinds) + 1, std::end(kinds)),
                         [](const auto &info) { return info.param.name; });

INSTANTIATE_TEST_SUITE_P(All, OwnerTest, testing::ValuesIn(kinds), [](const auto &info) { return info.param.name; });

TEST_P(OwnerTest, aReopenedJournalGoesOnWithALaterEpoch) {
  std::uint64_t epoch = 0;
  {
    Session session = open();
    epoch = session.journal->epoch();
    ASSERT_TRUE(session.append({record(a, RecordKind::runStarted), record(a, RecordKind::intent)}));
  }
  Session session = open();
  EXPECT_GT(session.journal->epoch(), epoch);
  EXPECT_EQ(session.journal->counters().records, 0u);
  EXPECT_EQ(*session.append({record(a, RecordKind::outcome)}), 3u);
  auto records = session.read(a);
  ASSERT_EQ(records->size(), 3u);
  EXPECT_EQ((*records)[1].epoch, epoch);
  EXPECT_EQ((*records)[2].epoch, session.journal->epoch());
  EXPECT_EQ((*records)[2].prev, 2u);
}

TEST_P(LockedTest, aSecondOwnerIsRefusedWhileTheFirstLives) {
  Session session = open();
  auto second = backend->open();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::busy);
  std::string pid = std::to_string(backend->doors().process.pid());
  EXPECT_NE(second.error().message.find("process " + pid), std::string::npos) << second.error().message;
}

TEST_P(OwnerTest, anOwnerThatLostTheJournalIsStale) {
  Session first = open();
  ASSERT_TRUE(first.append({record(a, RecordKind::runStarted)}));
  backend->loseLock();
  Session second = open();
  ASSERT_TRUE(second.append({record(b, RecordKind::runStarted)}));
  auto refused = first.append({record(a, RecordKind::intent)});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::stale);
  Record later[] = {record(a, RecordKind::intent)};
  EXPECT_EQ(first.journal->append(later, {}, nullptr).error().code, Code::stale) << "at once, from now on";
  EXPECT_EQ(first.journal->putBlob({}).error().code, Code::stale);
  EXPECT_EQ(second.read(a)->size(), 1u);
  EXPECT_TRUE(second.append({record(a, RecordKind::intent)}));
}

TEST_P(OwnerTest, afterDestructionNobodyIsCalled) {
  Session session = open();
  Record one[] = {record(a, RecordKind::runStarted)};
  (void)session.journal->append(one, {}, [](auto) { ADD_FAILURE() << "called after destruction"; });
  session.journal->runs([](auto) { ADD_FAILURE() << "called after destruction"; });
  session.journal.reset();
  bool waited = false;
  backend->doors().clock.after(std::chrono::milliseconds(20), [&] { waited = true; });
  session.backend.runUntil([&] { return waited; });
}

TEST_P(OwnerTest, aCallbackMayDestroyTheJournal) {
  Session session = open();
  bool called = false;
  Record one[] = {record(a, RecordKind::runStarted)};
  (void)session.journal->append(one, {}, [&](auto) {
    called = true;
    session.journal.reset();
  });
  (void)session.journal->append({}, std::vector<HeadChange>{{a, RunState::parked, {}, {}, {}}},
                                [](auto) { ADD_FAILURE() << "called after destruction"; });
  session.backend.runUntil([&] { return called; });
}

} // namespace
} // namespace weft::journal

//===- RemovalTest.cpp - Runs and blobs that are taken out ----------------===//

#include "JournalFixture.h"
#include "Life.h"
#include "test/support/Seeds.h"

#include <gmock/gmock.h>

namespace weft::journal {
namespace {

using base::Code;
using simulation::HostId;
using simulation::Loss;
using simulation::Simulation;

class RemovalTest : public JournalTest {
protected:
  base::Result<void> remove(Session &session, std::vector<RunId> runs) {
    return session.wait<void>([&](auto done) { session.journal->remove(std::move(runs), done); });
  }
  base::Result<Removed> keepBlobs(Session &session, std::set<base::Digest> kept) {
    return session.wait<Removed>([&](auto done) { session.journal->keepBlobs(std::move(kept), done); });
  }
  /// A run of three records that has ended as `state` says.
  void run(Session &session, RunId id, RunState state) {
    ASSERT_TRUE(session.append({record(id, RecordKind::runStarted, "start"), record(id, RecordKind::outcome),
                                record(id, RecordKind::runEnded)},
                               {{id, state, {}, {}, {}}}));
  }
};

INSTANTIATE_TEST_SUITE_P(All, RemovalTest, testing::ValuesIn(kinds), [](const auto &info) { return info.param.name; });

TEST_P(RemovalTest, takesOutWhatIsOverAndNothingElse) {
  Session session = open();
  run(session, a, RunState::succeeded);
  run(session, b, RunState::cancelled);
  ASSERT_TRUE(remove(session, {a, RunId{9, 9}})) << "a run that is not there is no error";
  EXPECT_EQ(session.head(a).error().code, Code::notFound);
  EXPECT_EQ(session.read(a).error().code, Code::notFound);
  EXPECT_EQ(session.runs()->size(), 1u);
  EXPECT_EQ(session.read(b)->size(), 3u);
  // The name is free, and the journal goes on.
  run(session, a, RunState::succeeded);
  EXPECT_EQ(session.read(a)->size(), 3u);
}

TEST_P(RemovalTest, refusesWhatIsNotOverAndRemovesNothingThen) {
  Session session = open();
  run(session, a, RunState::failed);
  run(session, b, RunState::parked);
  auto refused = remove(session, {a, b});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::invalid);
  EXPECT_THAT(refused.error().message, testing::HasSubstr("run " + b.hex() + " is not over, its state is parked"));
  EXPECT_EQ(session.read(a)->size(), 3u);
  EXPECT_EQ(session.read(b)->size(), 3u);
}

TEST_P(RemovalTest, keepsTheBlobsThatItIsTold) {
  Session session = open();
  auto kept = session.journal->putBlob(bytes("kept")), gone = session.journal->putBlob(bytes("gone"));
  run(session, a, RunState::succeeded);
  auto removed = keepBlobs(session, {*kept});
  ASSERT_TRUE(removed) << removed.error().message;
  EXPECT_EQ(removed->files, 1u);
  EXPECT_EQ(removed->bytes, 4u);
  EXPECT_EQ(*session.readBlob(*kept), bytes("kept"));
  EXPECT_EQ(session.readBlob(*gone).error().code, Code::notFound);
  // The same bytes are written again when they come again.
  ASSERT_TRUE(session.journal->putBlob(bytes("gone")));
  run(session, b, RunState::succeeded);
  EXPECT_EQ(*session.readBlob(*gone), bytes("gone"));
}

TEST_P(RemovalTest, isFoundByTheNextOwner) {
  {
    Session session = open();
    run(session, a, RunState::succeeded);
    run(session, b, RunState::failed);
    ASSERT_TRUE(remove(session, {b}));
  }
  Session session = open();
  EXPECT_EQ(session.runs()->size(), 1u);
  EXPECT_EQ(session.head(b).error().code, Code::notFound);
  run(session, b, RunState::succeeded);
  EXPECT_EQ(session.read(a)->size(), 3u);
  EXPECT_EQ(session.read(b)->size(), 3u);
}

class ShrinkTest : public RemovalTest {};
INSTANTIATE_TEST_SUITE_P(OnDisk, ShrinkTest, testing::ValuesIn(std::begin(kinds) + 1, std::end(kinds)),
                         [](const auto &info) { return info.param.name; });

TEST_P(ShrinkTest, aLargeJournalShrinks) {
  io::Storage &storage = backend->doors().storage;
  auto sizeBytes = [&] { return storage.stat(backend->folder() + "/journal.db")->sizeBytes; };
  std::uint64_t before = 0;
  {
    Session session = open();
    run(session, b, RunState::succeeded);
    std::vector<Record> records{record(a, RecordKind::runStarted)};
    for (int i = 0; i < 400; ++i)
      records.push_back(record(a, RecordKind::outcome, std::string(8000, 'x')));
    ASSERT_TRUE(session.append(records, {{a, RunState::succeeded, {}, {}, {}}}));
  }
  {
    Session session = open();
    before = sizeBytes();
    EXPECT_GT(before, 2u << 20);
    ASSERT_TRUE(remove(session, {a}));
    EXPECT_EQ(session.read(b)->size(), 3u);
  }
  EXPECT_LT(sizeBytes(), before / 4);
  Session session = open();
  EXPECT_EQ(session.read(b)->size(), 3u);
}

/// Opens the journal, and removes a run.
struct Remover {
  Remover(io::Doors &doors, std::vector<RunId> runs) {
    auto opened = openSqliteJournal(doors, "/journal", smallLog());
    if (!opened)
      return;
    journal = *std::move(opened);
    journal->remove(std::move(runs), [](auto) {});
  }
  std::unique_ptr<Journal> journal;
};

/// Whatever moment the owner dies in: the run is there, whole, or it is gone, and the other one is as it was.
TEST(Removal, isDoneOrNotDoneWhereverTheOwnerDies) {
  const RunId large{1, 1}, small{2, 2};
  for (Loss loss : {Loss::process, Loss::power}) {
    std::size_t there = 0, gone = 0;
    for (std::uint64_t at = 1; at < 2000; at += test::tries(3, 1)) {
      Simulation simulation(at);
      bool writing = true;
      std::shared_ptr<Journal> kept;
      HostId host = simulation.addHost("a", [&](io::Doors &doors) -> std::shared_ptr<void> {
        if (!writing)
          return std::make_shared<Remover>(doors, std::vector{large});
        auto opened = openSqliteJournal(doors, "/journal", smallLog());
        EXPECT_TRUE(opened);
        kept = *std::move(opened);
        std::vector<Record> records{record(large, RecordKind::runStarted), record(small, RecordKind::runStarted)};
        for (int i = 0; i < 300; ++i)
          records.push_back(record(large, RecordKind::outcome, std::string(4000, 'x')));
        HeadChange ends[] = {{large, RunState::succeeded, {}, {}, {}}, {small, RunState::succeeded, {}, {}, {}}};
        EXPECT_TRUE(kept->append(records, ends, [&](auto durable) {
          EXPECT_TRUE(durable);
          kept.reset();
        }));
        return nullptr;
      });
      simulation.run();
      writing = false;
      simulation.kill(host, Loss::process);
      simulation.restart(host);
      simulation.killAtStorageOperation(host, simulation.storageOperations(host) + at, loss);
      simulation.run();
      bool died = !simulation.running(host);
      Simulation next(at);
      HostId reader = next.addHost("a");
      next.disk(reader) = simulation.disk(host);
      next.disk(reader).locks.clear();
      auto opened = openSqliteJournal(next.doors(reader), "/journal", smallLog());
      ASSERT_TRUE(opened) << "killed in operation " << at << ": " << opened.error().message;
      std::optional<base::Result<std::vector<Record>>> first, second;
      (*opened)->read(large, 0, [&](auto records) { first = std::move(records); });
      (*opened)->read(small, 0, [&](auto records) { second = std::move(records); });
      next.runUntil([&] { return first && second; });
      ASSERT_TRUE(*second && (*second)->size() == 1) << "killed in operation " << at;
      if (*first)
        ASSERT_EQ((*first)->size(), 301u) << "killed in operation " << at;
      else
        ASSERT_EQ(first->error().code, Code::notFound) << "killed in operation " << at;
      ++(*first ? there : gone);
      if (!died)
        break;
    }
    EXPECT_GT(there, 3u);
    EXPECT_GT(gone, 3u);
  }
}

} // namespace
} // namespace weft::journal

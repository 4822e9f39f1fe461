//===- CopyTest.cpp - Looking at a journal that somebody owns -------------===//

#include "runtime/journal/sqlite/CopyJournal.h"

#include "JournalFixture.h"

namespace weft::journal {
namespace {

class CopyTest : public JournalTest {
protected:
  /// What a copy of now holds of run `a`.
  std::vector<Record> copied() {
    io::Storage &storage = backend->doors().storage;
    std::string into = backend->folder() + "/copy";
    auto made = copyJournal(storage, backend->folder(), into);
    EXPECT_TRUE(made) << made.error().message;
    auto opened = openSqliteJournal(backend->doors(), into);
    EXPECT_TRUE(opened) << opened.error().message;
    std::optional<base::Result<std::vector<Record>>> records;
    if (opened) {
      (*opened)->read(a, 0, [&](auto read) { records = std::move(read); });
      backend->runUntil([&] { return records.has_value(); });
      opened->reset();
    }
    io::removeFolder(storage, into);
    EXPECT_FALSE(storage.stat(into)) << "the copy is removed";
    EXPECT_TRUE(records && *records);
    return records && *records ? **std::move(records) : std::vector<Record>();
  }
};

INSTANTIATE_TEST_SUITE_P(OnDisk, CopyTest, testing::ValuesIn(std::begin(kinds) + 1, std::end(kinds)),
                         [](const auto &info) { return info.param.name; });

/// Groups are written, and the log moved and begun anew, while the copies are made: each is a whole beginning.
TEST_P(CopyTest, holdsAllThatWasDurable) {
  Session session = open();
  constexpr std::uint64_t total = 500;
  std::uint64_t durable = 0;
  Record start[] = {record(a, RecordKind::runStarted)};
  start[0].body.resize(16 << 10);
  std::function<void(std::uint64_t)> appendFrom = [&](std::uint64_t number) {
    if (number > total)
      return;
    Record one[] = {number == 1 ? start[0] : record(a, RecordKind::outcome)};
    one[0].body.resize(16 << 10);
    auto queued = session.journal->append(one, {}, [&, number](base::Result<std::uint64_t> lsn) {
      ASSERT_TRUE(lsn);
      durable = number;
      appendFrom(number + 1);
    });
    ASSERT_TRUE(queued) << queued.error().message;
  };
  appendFrom(1);
  std::size_t copies = 0;
  for (std::uint64_t next = 1; durable < total; next += 40) {
    session.backend.runUntil([&] { return durable >= std::min(next, total); });
    std::uint64_t before = durable;
    std::vector<Record> records = copied();
    ++copies;
    ASSERT_GE(records.size(), before);
    for (std::size_t i = 0; i < records.size(); ++i)
      ASSERT_EQ(records[i].lsn, i + 1);
    EXPECT_EQ(records.back().epoch, session.journal->epoch());
  }
  EXPECT_GT(copies, 3u);
  EXPECT_GT(session.journal->counters().checkpointFsyncs, 0u) << "the log was moved";
}

TEST_P(CopyTest, leavesTheOwnerItsJournal) {
  Session session = open();
  ASSERT_TRUE(session.append({record(a, RecordKind::runStarted)}));
  EXPECT_EQ(copied().size(), 1u);
  ASSERT_TRUE(session.append({record(a, RecordKind::outcome)}));
  EXPECT_EQ(copied().size(), 2u);
  EXPECT_EQ(session.read(a)->size(), 2u);
}

TEST_P(CopyTest, ofNothingIsRefused) {
  io::Storage &storage = backend->doors().storage;
  auto made = copyJournal(storage, backend->folder() + "/none", backend->folder() + "/copy");
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, base::Code::notFound);
  auto again = copyJournal(storage, backend->folder(), backend->folder() + "/copy");
  ASSERT_FALSE(again) << "what lies there is not written over";
  EXPECT_EQ(again.error().code, base::Code::exists);
}

} // namespace
} // namespace weft::journal

//===- CrashTest.cpp - Killed in every storage operation, damaged in every byte ===//
//
// The journal runs on a simulated disk. Whatever moment it dies in, the next
// owner finds all that was acknowledged, whole appends only, and goes on.
//
//===----------------------------------------------------------------------===//

#include "Backends.h"

#include <gtest/gtest.h>
#include <map>

namespace weft::journal {
namespace {

using simulation::Faults;
using simulation::HostId;
using simulation::Loss;
using simulation::Simulation;

const RunId runs[] = {{1, 1}, {2, 2}};
constexpr int stepsPerLife = 14;
/// Small, so that moving the log is among what is interrupted.
constexpr SqliteOptions options{4, 10};

struct Append {
  std::vector<Record> records; ///< As appended, with their lsn.
  base::Digest blob;
};

/// What a life did, kept outside of the host that dies.
struct Diary {
  std::vector<Append> appends;
  std::size_t acknowledged = 0;
};

/// Opens the journal and appends step by step, each after the last is durable; reopens half way.
struct Owner {
  Owner(io::Doors &doors, Diary &diary) : doors(doors), diary(diary) { open(); }

  void open() {
    auto opened = openSqliteJournal(doors, "/journal", options);
    if (!opened)
      return; // the host dies while it opens
    journal = std::move(*opened);
    step();
  }

  void step() {
    std::size_t number = diary.appends.size();
    if (number == stepsPerLife)
      return journal.reset();
    if (number == stepsPerLife / 2 && !reopened) {
      reopened = true;
      doors.executor.post([this] {
        journal.reset();
        open();
      });
      return;
    }
    Append append;
    base::Bytes large(20'000 + number, static_cast<std::byte>(number));
    auto digest = journal->putBlob(large);
    if (!digest)
      return;
    append.blob = *digest;
    // Runs take turns; large bodies make some groups longer than a page.
    RunId run = runs[number % 2];
    if (number < 2)
      append.records.push_back(record(run, RecordKind::runStarted, "start"));
    append.records.push_back(record(run, RecordKind::intent, digest->hex(), number));
    append.records.push_back(record(run, RecordKind::outcome, std::string(number * 700, 'x'), number));
    auto last = journal->append(append.records, {}, [this](auto durable) {
      if (!durable)
        return;
      diary.acknowledged = diary.appends.size();
      step();
    });
    if (!last)
      return;
    for (std::size_t i = 0; i < append.records.size(); ++i)
      append.records[i].lsn = *last + 1 + i - append.records.size();
    diary.appends.push_back(std::move(append));
  }

  io::Doors &doors;
  Diary &diary;
  std::unique_ptr<Journal> journal;
  bool reopened = false;
};

template <typename T>
base::Result<T> ask(Simulation &simulation, const std::function<void(std::function<void(base::Result<T>)>)> &question) {
  std::optional<base::Result<T>> answer;
  question([&](base::Result<T> result) { answer = std::move(result); });
  simulation.runUntil([&] { return answer.has_value(); });
  return answer ? std::move(*answer) : base::Result<T>(base::error(base::Code::io, "no answer"));
}

/// All records by lsn; an error when anything is damaged.
base::Result<std::map<std::uint64_t, Record>> readAll(Simulation &simulation, Journal &journal) {
  auto heads = ask<std::vector<RunHead>>(simulation, [&](auto done) { journal.runs(done); });
  if (!heads)
    return heads.error();
  std::map<std::uint64_t, Record> all;
  for (const RunHead &head : *heads) {
    auto records = ask<std::vector<Record>>(simulation, [&](auto done) { journal.read(head.run, 0, done); });
    if (!records)
      return records.error();
    if (records->empty() || records->back().lsn != head.lastLsn || records->front().lsn != head.firstLsn)
      return base::error(base::Code::corrupt, "the head and the records disagree");
    for (Record &record : *records)
      all.emplace(record.lsn, std::move(record));
  }
  return all;
}

bool sameFact(const Record &one, const Record &other) {
  return one.lsn == other.lsn && one.run == other.run && one.kind == other.kind && one.key == other.key &&
         one.body == other.body;
}

/// The next owner's view of what the life left.
void checkAfterCrash(Simulation &simulation, HostId host, const Diary &diary) {
  auto opened = openSqliteJournal(simulation.doors(host), "/journal", options);
  ASSERT_TRUE(opened) << opened.error().message;
  Journal &journal = **opened;
  auto found = readAll(simulation, journal);
  ASSERT_TRUE(found) << found.error().message;
  for (std::uint64_t lsn = 1; lsn <= found->size(); ++lsn)
    ASSERT_TRUE(found->contains(lsn)) << "lsn " << lsn << " is missing before the last";
  std::size_t durable = 0;
  for (const Append &append : diary.appends) {
    std::size_t there = 0;
    for (const Record &record : append.records) {
      auto known = found->find(record.lsn);
      if (known == found->end())
        continue;
      ++there;
      ASSERT_TRUE(sameFact(known->second, record)) << "record " << record.lsn << " is another";
    }
    ASSERT_TRUE(there == 0 || there == append.records.size()) << "half of an append";
    if (there == 0)
      continue;
    ++durable;
    auto blob = ask<base::Bytes>(simulation, [&](auto done) { journal.readBlob(append.blob, done); });
    ASSERT_TRUE(blob) << "a durable record names it: " << blob.error().message;
  }
  EXPECT_GE(durable, diary.acknowledged) << "an acknowledged append is lost";
  EXPECT_LE(durable, diary.acknowledged + 1) << "only one group can be under way";

  Record next[] = {record({9, 9}, RecordKind::runStarted, "after the crash")};
  auto appended = ask<std::uint64_t>(simulation, [&](auto done) { (void)journal.append(next, {}, done); });
  ASSERT_TRUE(appended) << appended.error().message;
  EXPECT_EQ(*appended, found->size() + 1);
  opened->reset();
}

class CrashTest : public testing::TestWithParam<Loss> {};
INSTANTIATE_TEST_SUITE_P(Losses, CrashTest, testing::Values(Loss::process, Loss::power),
                         [](const auto &info) { return info.param == Loss::power ? "power" : "process"; });

TEST_P(CrashTest, killedInEveryStorageOperation) {
  std::uint64_t operations = 0;
  {
    Diary diary;
    Simulation simulation(1);
    HostId host = simulation.addHost("a", [&](io::Doors &doors) { return std::make_shared<Owner>(doors, diary); });
    simulation.run();
    ASSERT_EQ(diary.acknowledged, static_cast<std::size_t>(stepsPerLife));
    operations = simulation.storageOperations(host);
  }
  ASSERT_GT(operations, 100u);
  RecordProperty("operations", static_cast<int>(operations));
  for (std::uint64_t at = 1; at <= operations; ++at) {
    SCOPED_TRACE("killed in storage operation " + std::to_string(at));
    Diary diary;
    Simulation simulation(1); // the same life as above, up to its death
    bool first = true;
    HostId host = simulation.addHost("a", [&](io::Doors &doors) -> std::shared_ptr<void> {
      if (!std::exchange(first, false))
        return nullptr;
      return std::make_shared<Owner>(doors, diary);
    });
    simulation.killAtStorageOperation(host, at, GetParam());
    simulation.run();
    ASSERT_FALSE(simulation.running(host));
    simulation.restart(host);
    checkAfterCrash(simulation, host, diary);
    if (HasFatalFailure())
      return;
  }
}

TEST_P(CrashTest, killedAgainAndAgainWhileItRecovers) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    base::Random random(seed);
    Diary diary;
    Simulation simulation(seed);
    bool writing = true, looking = false;
    HostId host = simulation.addHost("a", [&](io::Doors &doors) -> std::shared_ptr<void> {
      if (writing)
        return std::make_shared<Owner>(doors, diary);
      if (looking)
        return nullptr;
      // Opens, which writes an epoch, and dies somewhere in it.
      auto opened = openSqliteJournal(doors, "/journal", options);
      return opened ? std::shared_ptr<Journal>(std::move(*opened)) : nullptr;
    });
    simulation.killAtStorageOperation(host, 40 + random.below(120), GetParam());
    simulation.run();
    writing = false;
    for (int life = 0; life < 4; ++life) {
      if (simulation.running(host))
        simulation.kill(host, GetParam());
      simulation.restart(host);
      simulation.killAtStorageOperation(host, simulation.storageOperations(host) + 1 + random.below(12), GetParam());
      simulation.run();
    }
    // The last life only looks.
    simulation.killAtStorageOperation(host, 0, GetParam());
    looking = true;
    if (simulation.running(host))
      simulation.kill(host, GetParam());
    simulation.restart(host);
    checkAfterCrash(simulation, host, diary);
    if (HasFatalFailure())
      return;
  }
}

TEST(FullDisk, isToldAndLosesNothingThatWasAcknowledged) {
  int told = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Faults faults;
    faults.failWrite = 0.02;
    Diary diary;
    Simulation simulation(seed, faults);
    bool first = true;
    HostId host = simulation.addHost("a", [&](io::Doors &doors) -> std::shared_ptr<void> {
      if (!std::exchange(first, false))
        return nullptr;
      return std::make_shared<Owner>(doors, diary);
    });
    simulation.run();
    told += diary.acknowledged < static_cast<std::size_t>(stepsPerLife);
    // Its disk moves to a machine whose disk has room.
    Simulation healthy(seed);
    HostId next = healthy.addHost("a");
    healthy.disk(next) = simulation.disk(host);
    healthy.disk(next).locks.clear();
    checkAfterCrash(healthy, next, diary);
    if (HasFatalFailure())
      return;
  }
  EXPECT_GT(told, 0);
}

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

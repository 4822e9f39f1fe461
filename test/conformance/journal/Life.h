//===- Life.h - An owner of a journal that may die at any moment ----------===//
#pragma once

#include "Backends.h"

#include <gtest/gtest.h>
#include <map>

namespace weft::journal {

using simulation::Faults;
using simulation::HostId;
using simulation::Loss;
using simulation::Simulation;

inline const RunId runs[] = {{1, 1}, {2, 2}};
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
inline base::Result<std::map<std::uint64_t, Record>> readAll(Simulation &simulation, Journal &journal) {
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

inline bool sameFact(const Record &one, const Record &other) {
  return one.lsn == other.lsn && one.run == other.run && one.kind == other.kind && one.key == other.key &&
         one.body == other.body;
}

/// The next owner's view of what the life left.
inline void checkAfterCrash(Simulation &simulation, HostId host, const Diary &diary) {
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

} // namespace weft::journal

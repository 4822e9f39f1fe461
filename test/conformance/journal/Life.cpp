//===- Life.cpp - An owner of a journal that may die at any moment --------===//

#include "Life.h"

namespace weft::journal {
namespace {

using simulation::HostId;
using simulation::Loss;
using simulation::Simulation;

const RunId runs[] = {{1, 1}, {2, 2}};

template <typename T>
base::Result<T> ask(Simulation &simulation, const std::function<void(std::function<void(base::Result<T>)>)> &question) {
  std::optional<base::Result<T>> answer;
  question([&](base::Result<T> result) { answer = std::move(result); });
  simulation.runUntil([&] { return answer.has_value(); });
  return answer ? std::move(*answer) : base::Result<T>(base::error(base::Code::io, "no answer"));
}

} // namespace

Owner::Owner(io::Doors &doors, Diary &diary, SqliteOptions options) : doors(doors), diary(diary), options(options) {
  open();
}

void Owner::open() {
  auto opened = openSqliteJournal(doors, "/journal", options);
  if (!opened)
    return; // the host dies while it opens
  journal = std::move(*opened);
  step();
}

void Owner::step() {
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
  auto digest = journal->putBlob(base::Bytes(20'000 + number, static_cast<std::byte>(number)));
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

std::optional<std::string> lossAfterCrash(Simulation &simulation, HostId host, const Diary &diary,
                                          SqliteOptions options) {
  auto opened = openSqliteJournal(simulation.doors(host), "/journal", options);
  if (!opened)
    return "cannot be opened: " + opened.error().message;
  Journal &journal = **opened;
  auto found = readAll(simulation, journal);
  if (!found)
    return "cannot be read: " + found.error().message;
  for (std::uint64_t lsn = 1; lsn <= found->size(); ++lsn)
    if (!found->contains(lsn))
      return "lsn " + std::to_string(lsn) + " is missing before the last";
  std::size_t durable = 0;
  for (const Append &append : diary.appends) {
    std::size_t there = 0;
    for (const Record &record : append.records) {
      auto known = found->find(record.lsn);
      if (known == found->end())
        continue;
      ++there;
      if (!sameFact(known->second, record))
        return "record " + std::to_string(record.lsn) + " is another";
    }
    if (there != 0 && there != append.records.size())
      return "half of an append is there";
    if (there == 0)
      continue;
    ++durable;
    auto blob = ask<base::Bytes>(simulation, [&](auto done) { journal.readBlob(append.blob, done); });
    if (!blob)
      return "a durable record names a blob: " + blob.error().message;
  }
  if (durable < diary.acknowledged)
    return "an acknowledged append is lost";
  if (durable > diary.acknowledged + 1)
    return "more than the group under way is there";

  Record next[] = {record({9, 9}, RecordKind::runStarted, "after the crash")};
  auto appended = ask<std::uint64_t>(simulation, [&](auto done) { (void)journal.append(next, {}, done); });
  if (!appended || *appended != found->size() + 1)
    return "cannot be written on";
  return std::nullopt;
}

std::uint64_t operationsOfALife(SqliteOptions options) {
  Diary diary;
  Simulation simulation(1);
  HostId host =
      simulation.addHost("a", [&](io::Doors &doors) { return std::make_shared<Owner>(doors, diary, options); });
  simulation.run();
  WEFT_ASSERT(diary.acknowledged == static_cast<std::size_t>(stepsPerLife));
  return simulation.storageOperations(host);
}

std::optional<std::string> lossWhenKilledAt(std::uint64_t at, Loss loss, SqliteOptions options) {
  Diary diary;
  Simulation simulation(1); // the same life as an undisturbed one, up to its death
  bool first = true;
  HostId host = simulation.addHost("a", [&](io::Doors &doors) -> std::shared_ptr<void> {
    if (!std::exchange(first, false))
      return nullptr;
    return std::make_shared<Owner>(doors, diary, options);
  });
  simulation.killAtStorageOperation(host, at, loss);
  simulation.run();
  if (simulation.running(host))
    return "it did not die";
  simulation.restart(host);
  return lossAfterCrash(simulation, host, diary, options);
}

Left leftBehind(bool closed) {
  Diary diary;
  Simulation simulation(5);
  SqliteOptions options = closed ? smallLog() : SqliteOptions{};
  HostId host =
      simulation.addHost("a", [&](io::Doors &doors) { return std::make_shared<Owner>(doors, diary, options); });
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

base::Result<std::map<std::uint64_t, Record>> openAndRead(const std::map<std::string, base::Bytes> &files,
                                                          SqliteOptions options) {
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

std::vector<Damage> everyByte(const base::Bytes &content, std::size_t stride) {
  std::vector<Damage> damages;
  for (std::size_t at = 0; at < content.size(); at += stride)
    damages.emplace_back(at, static_cast<std::byte>(1u << at % 8));
  return damages;
}

std::vector<Damage> pageHeaders(const base::Bytes &content) {
  constexpr std::size_t pageBytes = 4096, fileHeaderBytes = 100, pageHeaderBytes = 8;
  std::vector<Damage> damages;
  for (std::size_t page = 0; page < content.size(); page += pageBytes)
    for (std::size_t i = 0; i < pageHeaderBytes; ++i)
      for (unsigned bit = 0; bit < 8; ++bit)
        damages.emplace_back(page + (page == 0 ? fileHeaderBytes : 0) + i, static_cast<std::byte>(1u << bit));
  return damages;
}

DamageReport damageEach(const Left &left, const std::string &file, const std::vector<Damage> &damages,
                        SqliteOptions options) {
  DamageReport report;
  bool log = file.ends_with("-wal");
  for (const auto &[at, bits] : damages) {
    auto damaged = left.files;
    damaged[file][at] ^= bits;
    auto found = openAndRead(damaged, options);
    if (!found) {
      ++report.reported;
      continue;
    }
    bool same = found->size() == left.records.size() || log;
    for (const auto &[lsn, record] : left.records) {
      if (log && lsn >= left.lastAppendStart)
        break;
      auto there = found->find(lsn);
      same = same && there != found->end() && sameFact(there->second, record);
    }
    if (!same && !report.wrong)
      report.wrong = "byte " + std::to_string(at) + " of " + file;
  }
  return report;
}

} // namespace weft::journal

//===- Life.h - An owner of a journal that may die at any moment ----------===//
#pragma once

#include "Backends.h"

#include <map>
#include <optional>

namespace weft::journal {

constexpr int stepsPerLife = 14;

/// Small, so that moving the log is among what is interrupted.
inline SqliteOptions smallLog(Sabotage sabotage = {}) { return {4, 10, sabotage}; }

struct Append {
  std::vector<Record> records; ///< As appended, with their lsn.
  base::Digest blob;           ///< Named by them.
};

/// What a life did, kept outside of the host that dies.
struct Diary {
  std::vector<Append> appends;
  std::size_t acknowledged = 0;
};

/// Opens the journal and appends step by step, each after the last is durable; reopens half way.
class Owner {
public:
  Owner(io::Doors &doors, Diary &diary, SqliteOptions options);

private:
  void open();
  void step();

  io::Doors &doors;
  Diary &diary;
  SqliteOptions options;
  std::unique_ptr<Journal> journal;
  bool reopened = false;
};

/// All records by lsn; an error when anything is damaged.
base::Result<std::map<std::uint64_t, Record>> readAll(simulation::Simulation &simulation, Journal &journal);

/// The same fact, whoever wrote it and whatever was before it.
bool sameFact(const Record &one, const Record &other);

/// What the next owner on the host misses, or finds that should not be there: a sentence, or nothing.
std::optional<std::string> lossAfterCrash(simulation::Simulation &simulation, simulation::HostId host,
                                          const Diary &diary, SqliteOptions options);

/// How many storage operations an undisturbed life makes.
std::uint64_t operationsOfALife(SqliteOptions options);

/// A life that dies in its storage operation `at`, and what is lost then.
std::optional<std::string> lossWhenKilledAt(std::uint64_t at, simulation::Loss loss, SqliteOptions options);

/// A journal's files, and what is in them.
struct Left {
  std::map<std::string, base::Bytes> files;
  std::map<std::uint64_t, Record> records;
  std::uint64_t lastAppendStart = 0; ///< Lsn of the first record of the last group.
};

/// What a life leaves that closed its journal, or that lost power one step before, with all since half way in its log.
Left leftBehind(bool closed);

/// Opens a journal that consists of these files and reads all of it.
base::Result<std::map<std::uint64_t, Record>> openAndRead(const std::map<std::string, base::Bytes> &files,
                                                          SqliteOptions options);

struct DamageReport {
  std::size_t reported = 0;         ///< Damages that opening or reading refused.
  std::optional<std::string> wrong; ///< The first one that changed or lost a fact in silence.
};

/// A place in a file and the bits to be turned over there.
using Damage = std::pair<std::size_t, std::byte>;

/// One bit of every `stride`th byte.
std::vector<Damage> everyByte(const base::Bytes &content, std::size_t stride);
/// Every bit of the counts and offsets that each page of a table begins with.
std::vector<Damage> pageHeaders(const base::Bytes &content);

/// Each damage alone. Of a log, the last group may be lost: it cannot be told from one that a crash has torn.
DamageReport damageEach(const Left &left, const std::string &file, const std::vector<Damage> &damages,
                        SqliteOptions options);

} // namespace weft::journal

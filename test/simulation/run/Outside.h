//===- Outside.h - What the world around a run has seen -------------------===//
//
// Outlives the processes: every call that left any of them, what the programs
// of the simulation did, what a person was asked, how the run ended.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/frame/RunLoop.h"
#include "runtime/journal/sqlite/Sabotage.h"
#include "test/simulation/HistoryChecker.h"
#include "test/simulation/Simulation.h"
#include "test/simulation/WatchedJournal.h"
#include "test/simulation/run/Example.h"

#include <optional>
#include <set>

namespace weft::test {

class Life;

/// A call as it left a driver's door.
struct CallSeen {
  simulation::ObservedCall observed; ///< Its key: path and attempt; the rest is the journal's to say.
  std::uint32_t member = 0;
  std::string what; ///< "docs.read" and its arguments: names the call without its step.
  bool over = false, cancelled = false;
};

/// The state of the programs `ledger` and `meter`: kept by somebody else, so it survives every loss.
struct Ledger {
  std::map<std::string, std::string> put; ///< By name.
  std::set<std::string> keys;             ///< Idempotency keys that were taken.
  std::vector<std::string> entered;
  std::uint32_t measured = 0;         ///< `meter flaky` fails the first time.
  std::map<std::string, int> refused; ///< How often `meter stubborn` and `slow` were asked, by name.
};

/// The run is stopped, so that it leaves memory, and taken up again.
struct StopAt {
  std::uint64_t record = 0; ///< Once, at this one of the journal; 0 is never.
  bool durable = true;      ///< When it is durable; else when it is given to the journal.
};

struct Outside {
  explicit Outside(const Example &example) : example(example) {}

  /// How lives of processes differ from those of `weft run`.
  struct Way {
    frame::Sabotage sabotage;
    journal::Sabotage journalSabotage;
    bool exitWhenParked = false; ///< As weft does it: a new process brings the answer. Else the process stays.
    bool writeOut = false;       ///< Is stopped whenever a record has become durable that says something new.
    StopAt stop;
    bool keepParked = false; ///< Who waits for people only is left in memory.
    io::Duration personTakes = std::chrono::seconds(3);
  };

  const Example &example;
  Way way;
  simulation::DeathAtRecord death; ///< Of the first life that comes there.
  journal::RunId run{7, 7};
  Life *life = nullptr; ///< The living one.

  std::vector<CallSeen> calls;
  std::vector<simulation::ObservedEffect> cancels;       ///< Of calls that were not over; `decision` is not known here.
  std::map<std::string, std::size_t> atOnce, mostAtOnce; ///< Calls, by member.
  std::vector<base::Hash128> questions;                  ///< In the order in which they were asked first.
  Ledger ledger;
  bool begun = false;       ///< The run's start is durable.
  bool personComes = false; ///< The next process is started to answer.
  bool dying = false;       ///< The host is to be killed now.
  std::optional<frame::RunEnd> end;
  std::vector<std::string> errors; ///< Of starts and resumes.
  bool journalFailed = false;
  /// Rests: a second after something became durable nothing else had, and the run was waiting for people only. Of
  /// them, those at which it was out of memory.
  std::uint64_t rests = 0, restsOut = 0;
  std::set<base::Hash128> gangs; ///< Steps of gangs whose views the journal has.
  /// By how often it had been stopped: the lsn up to which all was durable when it was stopped once more.
  std::vector<std::uint64_t> stoppedAt;
};

/// Makes the programs that the examples start known to a simulation.
void addPrograms(simulation::Simulation &simulation, Outside &outside);

} // namespace weft::test

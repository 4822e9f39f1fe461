//===- Life.h - One process that runs an example --------------------------===//
//
// What `weft run`, `resume` and `answer` put together, on the doors of the
// simulator: SQLite journal, run loop, the plan's own drivers, gangs of forked
// workers. The doors of journal and drivers are watched. A life begins the run
// or, where the journal knows it, goes on.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/agent/Driver.h"
#include "runtime/cli/wiring/LocalGangs.h"
#include "test/simulation/run/Outside.h"

namespace weft::test {

class Life final : public frame::RunListener {
public:
  Life(io::Doors &doors, Outside &outside);
  ~Life() override;

  simulation::WatchedJournal *journal() { return watched.get(); }

private:
  class WatchedDriver;

  void begin();
  void goOn();
  bool makeDrivers();
  void answer(const frame::Question &question);
  void given(const journal::Record &record, std::uint64_t lsn);
  void grown();
  void stop();
  void rest();

  void ended(journal::RunId, const frame::RunEnd &end) override;
  void parked(journal::RunId, std::uint64_t questions, std::int64_t wakeWallNs) override;
  void asked(journal::RunId, const frame::Question &question) override;
  void answerRefused(journal::RunId, base::Hash128, std::string_view why) override;
  void stopped(journal::RunId run) override;
  void refused(journal::RunId, const base::Error &error) override;
  void journalFailed(const base::Error &error) override;

  io::Doors &doors;
  Outside &outside;
  std::unique_ptr<simulation::WatchedJournal> watched;
  std::vector<std::pair<std::string, std::string>> environment; ///< As the run recorded it.
  std::vector<std::unique_ptr<agent::Driver>> drivers;
  std::optional<cli::LocalGangs> gangs;
  std::unique_ptr<frame::RunLoop> loop;
  std::vector<frame::Question> open; ///< Nobody has answered them yet.
  std::set<base::Hash128> answered;
  std::set<base::Hash128> gangsInFlight; ///< As far as the journal tells.
  std::size_t callsInFlight = 0;         ///< Those that were cancelled included, until they are back.
  std::uint64_t newsLsn = 0,
                seenNews = 0; ///< Of the last record that says something new, and for which it was stopped.
  bool stopping = false;
};

} // namespace weft::test

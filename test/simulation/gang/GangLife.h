//===- GangLife.h - One process with a run that has a gang ----------------===//
//
// Journal, run loop and gang runner on the doors that it is given, the
// simulator's or real ones. It starts the run, or goes on with it where the
// journal knows it: so a process that was killed is followed by another one of
// the same kind. What became of it is judged by the journal of all lives.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/cli/wiring/LocalGangs.h"
#include "runtime/journal/Journal.h"
#include "test/simulation/gang/LoopPlan.h"

#include <optional>
#include <string>

namespace weft::simulation {

/// What a run has left: its end, and the records of all its lives.
struct GangHistory {
  std::optional<frame::RunEnd> end;
  std::vector<std::string> errors; ///< What processes said that could not go on.
  std::vector<journal::Record> records;

  /// Steps from which gangs began, by view, and of checkpoints, in the order of the journal.
  std::vector<std::uint64_t> viewSteps() const;
  std::vector<std::uint64_t> checkpointSteps() const;

  /// All that is wrong with a run that has ended; empty when nothing is. `losses` is how many slots may be missing from
  /// the result of an elastic gang, each from some step on, for good or until all slots began anew.
  std::string fault(const LoopShape &shape, const std::vector<value::Value> &inputs, int losses) const;
};

struct GangLifeOptions {
  std::string folder; ///< The project's: the journal and the checkpoints lie in it.
  gang::GangRunner::Options runner;
  std::function<void(std::uint32_t slot, int pid, const std::string &where)> worker = {};
  std::function<void(std::span<const gang::StepReport> reports)> progress = {};
  /// Stands between the journal and its users; may be empty.
  std::function<std::unique_ptr<journal::Journal>(std::unique_ptr<journal::Journal>)> wrap = {};

  std::string checkpoints() const { return folder + "/checkpoints"; }
};

class GangLife : public frame::RunListener {
public:
  /// `history` outlives it and is complete when it has records.
  GangLife(io::Doors &doors, std::shared_ptr<const plan::Plan> plan, std::vector<value::Value> inputs,
           GangLifeOptions options, GangHistory &history);

private:
  void ended(journal::RunId, const frame::RunEnd &end) override;
  void refused(journal::RunId, const base::Error &error) override { history.errors.push_back(error.message); }
  void journalFailed(const base::Error &error) override { history.errors.push_back(error.message); }

  GangHistory &history;
  std::shared_ptr<const plan::Plan> plan;
  std::vector<value::Value> inputs;
  std::unique_ptr<journal::Journal> journal;
  std::unique_ptr<frame::RunLoop> loop;
  std::optional<cli::LocalGangs> gangs; ///< Goes before the loop.
};

} // namespace weft::simulation

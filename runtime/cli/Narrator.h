//===- Narrator.h - Records of a journal, told to people ------------------===//
#pragma once

#include "runtime/frame/RecordBody.h"
#include "runtime/journal/Record.h"
#include "runtime/plan/Plan.h"

#include <string>
#include <unordered_map>

namespace weft::cli {

/// "2026-01-31 09:05:00Z".
std::string timeText(std::int64_t wallNs);

/// Names steps by what they are in the plan; without one it tells the facts alone.
class Narrator {
public:
  /// Costs one walk of the plan, which has to live as long.
  explicit Narrator(const plan::Plan *plan);

  /// What the record says, as a clause: "model (main.weft:7): gave ...". May hold line ends of the values in it. The
  /// records of a run are told in their order: the first names the workflow.
  std::string line(const journal::Record &record);

private:
  struct Step {
    const plan::Node *node;
    bool repeated; ///< Stands in a body that is run per item, round, arm or sample.
  };

  std::string step(const journal::StepKey &key) const;
  /// As JSON of its type, where the plan tells the type.
  std::string shown(const frame::StoredValue &stored, std::int64_t type) const;
  std::string shownInputs(const frame::RunStartedBody &body) const;
  std::string shownResult(const frame::StoredValue &stored) const;
  /// Of what the step of the record gives; -1: not known.
  std::int64_t resultType(const journal::StepKey &key) const;
  std::string tell(const journal::Record &record, const frame::RunStartedBody &body) const;
  std::string tell(const journal::Record &record, const frame::IntentBody &body) const;
  std::string tell(const journal::Record &record, const frame::OutcomeBody &body) const;
  std::string tell(const journal::Record &record, const frame::DecisionBody &body) const;
  std::string tell(const journal::Record &record, const frame::SignalBody &body) const;
  std::string tell(const journal::Record &record, const frame::RunEndedBody &body) const;
  std::string tell(const journal::Record &record, const frame::SnapshotBody &body) const;
  std::string tellView(base::ConstBytes body) const;
  std::string tellCheckpoint(base::ConstBytes body) const;

  const plan::Plan *plan;
  std::string started;                           ///< The workflow.
  std::unordered_map<std::uint64_t, Step> steps; ///< By stable id.
};

} // namespace weft::cli

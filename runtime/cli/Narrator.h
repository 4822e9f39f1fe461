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

  /// What the record says, as a clause: "model (main.weft:7): gave ...". May hold line ends of the values in it.
  std::string line(const journal::Record &record) const;

private:
  struct Step {
    const plan::Node *node;
    bool repeated; ///< Stands in a body that is run per item, round, arm or sample.
  };

  std::string step(const journal::StepKey &key) const;

  const plan::Plan *plan;
  std::unordered_map<std::uint64_t, Step> steps; ///< By stable id.
};

} // namespace weft::cli

//===- Upgrade.h - Whether a run can go on with another plan --------------===//
//
// A run's facts are found by the structure that its steps stand in. Another
// plan fits where every step of which the journal knows something stands in the
// same place of it, and gives the same type.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/journal/Record.h"
#include "runtime/plan/Plan.h"

#include <span>
#include <string>
#include <vector>

namespace weft::frame {

/// Why a run with these records, oldest first, that is pinned to `from` cannot go on with `to`: a sentence for each
/// step in its way, in the order of the source; none: it can. Steps that the run has not reached may be anything; the
/// values of those that are recorded stay, also where their arguments would be others now. Linear in plans and records.
std::vector<std::string> upgradeObstacles(const plan::Plan &from, const plan::Plan &to,
                                          std::span<const journal::Record> records);

/// A step of one plan that is not the same in the other.
struct StepChange {
  enum class Kind : std::uint8_t { gone, added, changed } kind;
  std::string step; ///< With its place, "docs.read (main.weft:10)".
  std::string why;  ///< changed: "gives string, gave int".
};

/// Steps that call, ask, run tensors or fail, and forms around them; pure code is not compared. In the order of the
/// source, of `to` where it has the step.
std::vector<StepChange> changesBetween(const plan::Plan &from, const plan::Plan &to);

} // namespace weft::frame

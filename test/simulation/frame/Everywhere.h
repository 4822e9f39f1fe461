//===- Everywhere.h - Killed at every record, evicted at every rest -------===//
//
// Wrappers around any plan with scripted calls: whatever moment a process dies
// at, and however often a run is written out, the result is the same, no call
// whose answer is in the journal is made again, what was in flight is made at
// most once more, and no write takes effect twice.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "test/simulation/frame/FrameWorld.h"

namespace weft::test {

struct Scenario {
  std::shared_ptr<const plan::Plan> plan;
  std::string entry = "main";
  std::vector<value::Value> args;
  std::function<void(FrameWorld &)> scripts;
  WorldOptions options;
  std::vector<std::pair<std::string, std::string>> environment;
  /// Whether `ended` is right for what the journal of `world` decided; without it the end must be the undisturbed one.
  std::function<std::optional<std::string>(const FrameWorld &world, const Ended &ended)> judge;
};

struct Everywhere {
  std::size_t points = 0;          ///< Disturbed runs that were made.
  std::size_t unknownOutcomes = 0; ///< Of them, ends because a plain write was in flight.
  std::vector<std::string> wrong;
};

/// Kills after each record that the undisturbed run writes, and again with half of the next record in the journal.
Everywhere crashEverywhere(const Scenario &scenario);

/// Kills again and again: after each record of the run that went on after a first kill at `first`.
Everywhere crashTwice(const Scenario &scenario, std::uint64_t first);

/// Evicts the run whenever it may be evicted.
Everywhere evictEverywhere(const Scenario &scenario);

/// What no run may do, from what its calls and its journal say. Empty when all is well.
std::vector<std::string> historyErrors(const FrameWorld &world, const plan::Plan &plan);

} // namespace weft::test

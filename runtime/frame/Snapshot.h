//===- Snapshot.h - A run between two rounds of a loop --------------------===//
//
// At the border of a round, when nothing else of the run is under way, all that
// it needs to go on is the line of frames from the run's first to the loop's:
// their registers, which of their nodes are done, and what their one step holds.
// A snapshot is that, beside what accounts have spent and equal calls answered.
// It is a value, so that its form needs no code of its own.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Result.h"
#include "runtime/frame/Accounts.h"
#include "runtime/value/Value.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace weft::frame {

/// A value that is worked out when it is first asked for; by now it is known, or nobody has asked.
struct SnapshotCell {
  std::uint32_t node = 0, number = 0; ///< The number is what registers hold.
  bool known = false;
  value::Value value;
  bool hasKey = false; ///< It is one key's of the cell of that number, which stands before it.
  base::Hash128 key;
};

/// A frame, and the step of it that was under way: the one that runs the next frame, or the loop.
struct SnapshotFrame {
  std::uint32_t index = 0;             ///< Of the frame among those of its step.
  std::uint32_t body = 0;              ///< Which body of its step it runs.
  std::uint32_t open = 0;              ///< Nodes not done.
  std::vector<value::Value> registers; ///< All of the block's.
  std::vector<std::uint32_t> missing;  ///< Of each node.
  std::uint32_t node = 0, next = 0, total = 0;
  value::Value input;
  std::vector<SnapshotCell> cells;
};

struct SnapshotAccount {
  base::Hash128 path;
  Amounts spent;
  std::int64_t timeSpentNs = 0;
};

struct Snapshot {
  std::string entry;
  std::uint64_t seed = 0, steps = 0;
  std::vector<std::pair<std::string, std::string>> environment;
  std::vector<SnapshotAccount> accounts;
  std::vector<std::pair<base::Hash128, value::Value>> answers; ///< Of calls under `cache: run`.
  std::vector<SnapshotFrame> frames;                           ///< The run's first one first.
  value::Value carried;                                        ///< Into the next round.

  value::Value value() const;
  /// Errors: `corrupt` for a value that is no snapshot. Whether it fits a plan is not looked at.
  static base::Result<Snapshot> read(const value::Value &value);
};

} // namespace weft::frame

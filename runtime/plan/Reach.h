//===- Reach.h - What a run of an entry may call --------------------------===//
#pragma once

#include "runtime/plan/Plan.h"

#include <vector>

namespace weft::plan {

/// One member that an entry can come to, and the step that calls it first, in the order of the blocks; for what a
/// budget turns to the step is null, and so it is for tools that a model may call.
struct Reached {
  std::uint32_t member;
  const Node *caller;
};

/// Each member once. Whatever a condition may decide counts as reached. O(nodes below the entry).
std::vector<Reached> reachedBy(const Plan &plan, const Entry &entry);

} // namespace weft::plan

//===- TestRun.h - One test of a spec, from its start to its verdict ------===//
//
// A test is a run like any other, with a journal in memory, a clock that jumps
// and its own answers to calls. `crash everywhere` runs it once whole and then
// once for every moment at which its process could have died.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/io/AsioRuntime.h"
#include "runtime/plan/Plan.h"

#include <memory>
#include <string>

namespace weft::cli {

struct Verdict {
  bool passed = false;
  std::string why;         ///< What failed, for people; empty when it passed.
  std::uint64_t kills = 0; ///< Lives that were cut short: 0 without `crash everywhere`.
};

/// Runs the test that is entry `entry` of the plan, on the runtime's thread, until it has ended. `folder` is the
/// spec's.
Verdict runTest(io::AsioRuntime &runtime, std::shared_ptr<const plan::Plan> plan, std::uint32_t entry,
                const std::string &folder);

} // namespace weft::cli

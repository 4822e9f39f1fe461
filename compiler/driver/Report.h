//===- Report.h - What a plan will do, before it does anything ------------===//
//
// The seed of the cost model: counts, read off the plan and nothing else. What
// depends on the input (the items of a map) is said as such, never guessed.
//
//   calls          how often each member is called, at most
//   width          calls that may be under way at once
//   critical path  calls that come one after the other, at most
//   memory         frames that are live at once, and the arenas of gangs
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/plan/Plan.h"

#include <string>

namespace weft::driver {

/// One paragraph for each workflow that can be started, in order of name. O(plan) but for blocks that are invoked from
/// several places, which are looked at each time.
std::string printReport(const plan::Plan &plan);

} // namespace weft::driver

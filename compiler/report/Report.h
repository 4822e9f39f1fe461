//===- Report.h - What a plan will do, before it does anything ------------===//
//
// For whoever is about to start a run: what is called how often, how much of it
// at once, what waits for what, what it may spend and what it takes in memory.
// Read off the plan; what depends on the input is said as such, never guessed.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/plan/Plan.h"

#include <string>

namespace weft::report {

/// A section for each workflow that can be started, in order of name; lines of at most 100 columns where names allow
/// it.
std::string printReport(const plan::Plan &plan);

/// The same as one JSON object; README.md lists its fields.
std::string printReportJson(const plan::Plan &plan);

} // namespace weft::report

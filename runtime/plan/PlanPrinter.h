//===- PlanPrinter.h - A plan for people ----------------------------------===//
#pragma once

#include "runtime/plan/Plan.h"

#include <string>

namespace weft::plan {

struct PrintOptions {
  bool words = false; ///< Also the instruction words of nodes and functions.
};

/// Entries, bindings, each block with its nodes in order (what waits for what, where in the source), gangs with their
/// slots, buffers and steps. Stable: the same plan gives the same text.
std::string printPlan(const Plan &plan, const PrintOptions &options = {});

} // namespace weft::plan

//===- Coverage.h - What a program is made of -----------------------------===//
#pragma once

#include "lang/sema/CheckedProgram.h"
#include "runtime/plan/Plan.h"

#include <cstdint>
#include <map>
#include <string>

namespace weft::generated {

/// Adds one for each construct that the program has: forms, kinds of calls, core functions, patterns, policies,
/// effects, and ops of its plan. `optimized`: the plan that all passes were over.
void count(const sema::CheckedProgram &program, const plan::Plan &plan, const plan::Plan &optimized,
           std::map<std::string, std::uint64_t> &constructs);

} // namespace weft::generated

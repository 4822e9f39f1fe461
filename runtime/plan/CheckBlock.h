//===- CheckBlock.h - The two checks of one block -------------------------===//
#pragma once

#include "runtime/base/Result.h"
#include "runtime/plan/Plan.h"
#include "runtime/value/Words.h"

namespace weft::plan {

/// Operands, bodies, target and own results of every node fit its op. Needs ranges that were checked.
base::Result<> checkOps(const Plan &plan, std::size_t block);

/// Registers have one writer, done before any reader; missing, users and after agree with it; no cycle.
base::Result<> checkDataflow(const Plan &plan, std::size_t block, const value::Program &program);

/// Operands before the captures, of an op that has captures; 0 for others.
std::uint32_t fixedOperands(Op op);

/// How many result registers the op itself writes; they come first in `results`.
std::uint32_t ownResults(const Plan &plan, const Node &node);

} // namespace weft::plan

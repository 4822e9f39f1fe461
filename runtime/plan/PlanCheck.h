//===- PlanCheck.h - What the FlatBuffers verifier cannot prove -----------===//
//
// The verifier proves that offsets stay inside the file. This proves that the
// plan means something: a machine that runs a checked plan indexes its pools
// without tests and always makes progress. Proved here:
//
//   types      references in range, no type contains itself without a list,
//              map, optional or sum in between; checks have the right arity
//   words      every operand, target and count (value::checkWords)
//   blocks     ranges in range; one writer per register and written before
//              read; users and after agree with the data; `missing` is the
//              number of distinct producers; no cycle; bodies fit their op
//   calls      member, policy, budget, binding in range; arity; effects joined
//   entries    parameters fit their block; mocks name exactly one thing
//   recursion  a cycle of blocks through `invoke` has a bound
//   cells      what `get` asks is a cell of `once`, whose body writes nothing
//   gangs      ports fill their buffers; buffers apart while live; the same
//              collectives in the same order on all slots of a group; credits
//              without deadlock
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Result.h"
#include "runtime/plan/Plan.h"

namespace weft::plan {

/// The first thing that is wrong: `plan: block 3 (brief), node 5: operand register 9 is never written`.
base::Result<> checkPlan(const Plan &plan);

/// The parts, each in a file of its own.
base::Result<> checkTypes(const Plan &plan);
base::Result<> checkCode(const Plan &plan);
base::Result<> checkCalls(const Plan &plan);
base::Result<> checkEntries(const Plan &plan);
base::Result<> checkRecursion(const Plan &plan);
base::Result<> checkCells(const Plan &plan);
base::Result<> checkGangs(const Plan &plan);

} // namespace weft::plan

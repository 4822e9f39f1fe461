//===- TypeTable.h - The types of a plan that is being made ---------------===//
#pragma once

#include "runtime/plan/plan_generated.h"
#include "runtime/value/Types.h"

namespace weft::lowering {

/// What the plan reader would make of the types so far. O(types).
value::TypeTable typeTableOf(const plan::fb::PlanT &plan);

} // namespace weft::lowering

//===- PlanWriter.h - The bytes of a plan ---------------------------------===//
#pragma once

#include "runtime/base/Bytes.h"
#include "runtime/plan/plan_generated.h"

namespace weft::planning {

/// Stamps format and compiler into the plan and gives the file, header and digest included. The same plan gives the
/// same bytes. O(plan).
base::Bytes writePlan(plan::fb::PlanT &plan);

} // namespace weft::planning

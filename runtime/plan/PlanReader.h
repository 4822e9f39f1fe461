//===- PlanReader.h - Bytes of a plan file to a checked plan --------------===//
#pragma once

#include "runtime/base/Result.h"
#include "runtime/plan/Plan.h"

namespace weft::plan {

/// Opens the container, verifies the buffer, copies the tables out and proves the rest by `checkPlan`. Nothing of the
/// plan is run or loaded. Errors: as `openPlan`; corrupt where the buffer is malformed; unsupported for a feature or a
/// version of the instruction words that this build does not know; invalid where a check of PlanCheck.h fails.
/// Cost: linear in the file.
base::Result<std::shared_ptr<const Plan>> readPlan(base::Bytes file);

} // namespace weft::plan

//===- PlanCheck.cpp - The checks in the order in which they lean on each other

#include "runtime/plan/PlanCheck.h"

namespace weft::plan {

base::Result<> checkPlan(const Plan &plan) {
  for (auto check : {checkTypes, checkCalls, checkCode, checkEntries, checkRecursion, checkCells, checkGangs})
    if (auto checked = check(plan); !checked)
      return std::move(checked).error().in("plan");
  return {};
}

} // namespace weft::plan

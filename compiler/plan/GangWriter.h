//===- GangWriter.h - Gangs and their code into the plan ------------------===//
#pragma once

#include "compiler/lowering/DistToPlan/GangPlan.h"
#include "compiler/targets/cpu/KernelImage.h"
#include "runtime/plan/plan_generated.h"

#include <map>
#include <string>

namespace weft::planning {

/// Copies meshes, kernels and gangs into `plan`; each kernel has the images of its symbol, in the order given. Types of
/// operands and results are added to the plan's types. Gives the index of each gang by its name. A walk without
/// choices: what is missing or wrong here PlanCheck refuses.
std::map<std::string, std::uint32_t> writeGangs(const lowering::GangModule &module,
                                                const std::vector<cpu::KernelImage> &images, plan::fb::PlanT &plan);

} // namespace weft::planning

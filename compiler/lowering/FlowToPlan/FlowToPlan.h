//===- FlowToPlan.h - Outlined workflows become blocks of the plan --------===//
//
// Takes a module in which every form names its captures (`weft-flow-outline`)
// and every step has its id. Steps become nodes; the pure ops around them become
// instruction words of the node that uses them. What waits for what follows from
// the data and from the rule of the language: a write waits for everything above
// it in its block, a later read of the same binding waits for it.
//
// The result is the object form of plan.fbs; the writer turns it into bytes.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/IR/BuiltinOps.h"
#include "runtime/plan/plan_generated.h"
#include "llvm/ADT/StringMap.h"

#include <memory>

namespace weft::lowering {

/// What the compiler found for the tensor half: index in the plan's gangs of each tensor function that is run.
using GangIndices = llvm::StringMap<std::uint32_t>;

/// Fills code, types, constants, bindings, entries and spans of `plan`; its gangs, kernels and meshes are there
/// already. Errors are reported at the op: a step without an id, two ids that are equal, two entries of one name, a
/// block with more than 65,536 registers. The same module gives the same plan.
mlir::LogicalResult flowToPlan(mlir::ModuleOp module, const GangIndices &gangs, plan::fb::PlanT &plan);

} // namespace weft::lowering

//===- DistToPlan.h - From programs of one slot to gang tables ------------===//
#pragma once

#include "compiler/lowering/DistToPlan/GangPlan.h"
#include "mlir/IR/BuiltinOps.h"

namespace weft::lowering {

/// Makes a gang of every function with `dist.mesh`, in the module's order. The module must have passed
/// weft-verify-communication and weft-verify-kernels; where it has not, the op is named in an error. Adds to the module
/// a kernel for each number that a slot has in a group, where one is asked for (`dist.slot_index`): call it before
/// `cpu::compileKernels`. Cost: slots x ops.
mlir::FailureOr<GangModule> lowerToGangs(mlir::ModuleOp module);

} // namespace weft::lowering

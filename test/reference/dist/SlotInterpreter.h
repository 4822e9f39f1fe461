//===- SlotInterpreter.h - A mesh of slots in one loop --------------------===//
//
// The oracle of distributed programs: every slot's tensors are kept apart, ops run
// slot by slot through the float64 interpreter, and collectives read all slots of a
// group at once. Which part a slot holds is computed here from the words of the
// sharding, not asked from the compiler.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "test/reference/nn/Interpreter.h"

#include "dialects/dist/Dist.h"

namespace weft::reference {

/// The part of a whole tensor that `slot` holds under the sharding in `type`.
Tensor partOf(const Tensor &whole, mlir::RankedTensorType type, MeshInterface mesh, std::int64_t slot);

/// The whole tensor from all slots' parts. Slots that hold copies must agree within `tolerance` of the norm; where they
/// do not, the result is filled with NaN.
Tensor joined(const std::vector<Tensor> &parts, mlir::RankedTensorType type, MeshInterface mesh, double tolerance);

/// The results of a function that weft-partition has made, on whole inputs.
std::vector<Tensor> evaluateOnSlots(mlir::func::FuncOp function, const std::vector<Tensor> &inputs);

} // namespace weft::reference

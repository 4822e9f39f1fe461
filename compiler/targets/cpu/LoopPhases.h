//===- LoopPhases.h - Phases of a kernel that became loops by itself ------===//
#pragma once

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <vector>

namespace weft::cpu {

/// Replaces `kernel`, a function of loops over buffers whose last two arguments are the bounds of items, by a function
/// for each phase: a nest of parallel loops at its top that is worth it has items of its own, what stands between is
/// one item. Gives the items of each. Buffers that the kernel asks for must be arguments already.
std::vector<std::uint64_t> cutIntoPhases(mlir::func::FuncOp kernel);

} // namespace weft::cpu

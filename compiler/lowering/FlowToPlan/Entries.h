//===- Entries.h - What can be started from outside -----------------------===//
#pragma once

#include "compiler/lowering/FlowToPlan/BlockWriter.h"

namespace weft::lowering {

/// Entries of all workflows that are marked `entry` and of all tests, sorted by name. Refuses a mock
/// whose target is not in the plan.
mlir::LogicalResult writeEntries(BlockContext &context, mlir::ModuleOp module);

} // namespace weft::lowering

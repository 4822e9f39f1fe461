//===- Limits.h - What instruction words can hold -------------------------===//
#pragma once

#include "mlir/IR/BuiltinOps.h"

namespace weft::lowering {

/// Reports each workflow, body, function or lambda that may need more registers than 16 bits number, and each op that
/// takes more values than an instruction holds. Asked before any word is written; takes an outlined module. O(ops).
mlir::LogicalResult checkLimits(mlir::ModuleOp module);

} // namespace weft::lowering

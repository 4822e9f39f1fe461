//===- Rows.h - Kernels that run over rows --------------------------------===//
#pragma once

#include "compiler/targets/cpu/LowerKernel.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace weft::cpu {

/// On a max whose NaN shows elsewhere: it may give any number then. On an exp whose operand is not positive.
inline constexpr llvm::StringLiteral hidesNanAttrName = "cpu.hides_nan", isNegativeAttrName = "cpu.is_negative";

/// Writes softmax, norms and losses along the last dimension as reductions and elementwise ops, which rowShapeOf takes.
void expandRowOps(mlir::func::FuncOp kernel);

/// Replaces a kernel whose ops are of one shape of rows (compiler/analysis/RowShape.h) by its phases: blocks of rows,
/// or of elements where no op looks at rows, then what combines the blocks. Nothing, and the kernel as it was, where
/// they are not.
std::optional<KernelFrame> lowerRows(mlir::func::FuncOp kernel);

} // namespace weft::cpu

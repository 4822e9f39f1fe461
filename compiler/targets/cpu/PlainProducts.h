//===- PlainProducts.h - Products beside other ops ------------------------===//
#pragma once

#include "compiler/targets/cpu/KernelImage.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace weft::cpu {

/// Replaces linalg.matmul and linalg.batch_matmul on buffers of static shape by loops over tiles whose sums stay in
/// vector registers while k runs. Columns of the right operand are copied into a contiguous panel (an allocation of the
/// function) where two or more tiles of rows read it. A fill with zero before the product is folded into it.
void lowerMatmuls(mlir::func::FuncOp function, Isa isa);

} // namespace weft::cpu

//===- Gemm.h - Products of matrices --------------------------------------===//
#pragma once

#include "compiler/targets/cpu/LowerKernel.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <optional>

namespace weft::cpu {

/// Replaces a kernel of one nn.matmul and elementwise ops on its result by its phases: both operands are packed, then
/// the blocks of the result are computed, each with all that follows on its elements. A product of few rows reads its
/// right operand as it lies. Nothing, and the kernel as it was, where the kernel is another one.
std::optional<KernelFrame> lowerProduct(mlir::func::FuncOp kernel, Isa isa);

} // namespace weft::cpu

//===- Mosaic.h - Kernels that put tensors together -----------------------===//
#pragma once

#include "compiler/targets/cpu/LowerKernel.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace weft::cpu {

/// Replaces a kernel whose ops are a mosaic (compiler/analysis/Mosaic.h) by one phase over blocks of its results.
/// Nothing, and the kernel as it was, where they are not, or where its results are put together of very many pieces.
std::optional<KernelFrame> lowerMosaic(mlir::func::FuncOp kernel);

} // namespace weft::cpu

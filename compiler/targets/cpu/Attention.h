//===- Attention.h - Attention without its matrix of scores ---------------===//
#pragma once

#include "compiler/targets/cpu/LowerKernel.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <optional>

namespace weft::cpu {

/// Replaces a kernel that is one nn.attention or nn.attention_grad on its arguments, of f32 or f64, by its phases:
/// blocks of queries and keys, whose scores stay in the thread's scratch. Nothing, and the kernel as it was, where it
/// is another one.
std::optional<KernelFrame> lowerAttention(mlir::func::FuncOp kernel, Isa isa);
std::optional<KernelFrame> lowerAttentionGrad(mlir::func::FuncOp kernel, Isa isa);

} // namespace weft::cpu

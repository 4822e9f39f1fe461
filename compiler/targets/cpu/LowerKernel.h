//===- LowerKernel.h - One kernel from nn to LLVM's dialect ---------------===//
#pragma once

#include "compiler/targets/cpu/KernelImage.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/SmallBitVector.h"

namespace weft::cpu {

/// What the functions of a lowered kernel, its phases, take: pointers to inputs and outputs, to each piece of the
/// workspace, the first item and the one behind the last (i64), and pointers to each piece of the thread's scratch.
struct KernelFrame {
  std::vector<std::uint64_t> workspace, scratch; ///< Bytes of each piece, multiples of 64.
  std::vector<std::uint64_t> phases;             ///< Items of each.
};

/// Of a kernel's arguments and then its results: which may lie where another one lies, as `dist.in_place` says.
llvm::SmallBitVector mayCoincide(mlir::func::FuncOp kernel);

/// Lowers `module`, which holds one public kernel on tensors, to functions of LLVM's dialect, one for each phase.
mlir::FailureOr<KernelFrame> lowerKernel(mlir::ModuleOp module, Isa isa);

/// The dialects and interfaces that lowerKernel loads.
void registerKernelLowering(mlir::DialectRegistry &registry);

} // namespace weft::cpu

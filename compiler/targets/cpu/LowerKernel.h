//===- LowerKernel.h - One kernel from nn to LLVM's dialect ---------------===//
#pragma once

#include "compiler/targets/cpu/KernelImage.h"
#include "mlir/IR/BuiltinOps.h"

namespace weft::cpu {

/// Lowers `module`, which holds one public kernel on tensors, to LLVM's dialect. The kernel's function then takes bare
/// pointers: inputs, outputs, and one for each temporary, whose sizes in bytes (multiples of 64) are returned.
mlir::FailureOr<std::vector<std::uint64_t>> lowerKernel(mlir::ModuleOp module, Isa isa);

/// The dialects and interfaces that lowerKernel loads.
void registerKernelLowering(mlir::DialectRegistry &registry);

} // namespace weft::cpu

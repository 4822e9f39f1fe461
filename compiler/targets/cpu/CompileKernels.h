//===- CompileKernels.h - From kernels in the IR to shared objects --------===//
#pragma once

#include "compiler/targets/cpu/KernelImage.h"
#include "mlir/IR/BuiltinOps.h"

namespace weft::cpu {

/// Compiles every function of `module` that has the attribute `dist.kernel`, once for each ISA, in the module's order.
/// The module is not changed; its context must have been made from a registry with `registerCpuTarget`. The same module
/// gives the same bytes. Failures are reported at the kernel. Cost: 20 to 200 ms for each image, on every core at once.
mlir::FailureOr<std::vector<KernelImage>> compileKernels(mlir::ModuleOp module, llvm::ArrayRef<Isa> isas);

/// Adds what compileKernels needs: upstream's dialects, their bufferization and translation, and the linalg forms of
/// nn.
void registerCpuTarget(mlir::DialectRegistry &registry);

} // namespace weft::cpu

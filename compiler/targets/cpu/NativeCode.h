//===- NativeCode.h - From LLVM IR to a shared object ---------------------===//
#pragma once

#include "compiler/targets/cpu/KernelImage.h"
#include "compiler/targets/cpu/LowerKernel.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/IR/Module.h"

namespace weft::cpu {

/// Translates the functions of `module`, the phases of a kernel in LLVM's dialect, in order, and adds the entry of the
/// contract: a function that the object calls `symbol`, whatever that is, which hands the arguments of KernelFrame to
/// the phase that is asked for. Null, after a diagnostic, where the translation fails.
std::unique_ptr<llvm::Module> translateKernel(mlir::ModuleOp module, llvm::LLVMContext &context,
                                              const std::string &symbol, const KernelFrame &frame);

/// Optimises, assembles and links in this process. False, with a message, where LLVM or the linker fails or the code
/// needs a symbol that it does not define.
bool assembleAndLink(llvm::Module &module, Isa isa, const std::string &symbol, std::vector<std::uint8_t> &elf,
                     std::string &message);

} // namespace weft::cpu

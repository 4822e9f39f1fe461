//===- NativeCode.h - From LLVM IR to a shared object ---------------------===//
#pragma once

#include "compiler/targets/cpu/KernelImage.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/IR/Module.h"

namespace weft::cpu {

/// Translates the one function of `module`, a kernel in LLVM's dialect, and adds the entry of the contract: a function
/// that the object calls `symbol`, whatever that is, which loads the pointers from `buffers` and finds the temporaries
/// in the workspace, one behind another. Null, after a diagnostic, where the translation fails.
std::unique_ptr<llvm::Module> translateKernel(mlir::ModuleOp module, llvm::LLVMContext &context,
                                              const std::string &symbol, const std::vector<std::uint64_t> &temporaries);

/// Optimises, assembles and links in this process. False, with a message, where LLVM or the linker fails or the code
/// needs a symbol that it does not define.
bool assembleAndLink(llvm::Module &module, Isa isa, const std::string &symbol, std::vector<std::uint8_t> &elf,
                     std::string &message);

} // namespace weft::cpu

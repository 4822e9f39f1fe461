//===- NativeKernels.h - Compiles and calls kernels in a test -------------===//
#pragma once

#include "compiler/targets/cpu/CompileKernels.h"
#include "test/reference/nn/Interpreter.h"

#include <map>
#include <memory>
#include <string>

namespace weft::test {

/// The ISAs that this machine can run.
std::vector<cpu::Isa> runnableIsas();

/// Elements of a tensor as the bytes that a kernel sees, and back.
std::vector<std::uint8_t> toBytes(const reference::Tensor &tensor, mlir::Type element);
reference::Tensor fromBytes(const void *bytes, mlir::ArrayRef<std::int64_t> shape, mlir::Type element);

/// A shared object, loaded; its kernel.
class LoadedKernel {
public:
  explicit LoadedKernel(const cpu::KernelImage &image);
  ~LoadedKernel();
  LoadedKernel(LoadedKernel &&other) noexcept;
  /// Items are run one by one, from the last to the first, or `atOnce` in one call for each phase.
  void operator()(const std::vector<void *> &inputsAndOutputs, bool atOnce = false) const;
  bool isLoaded() const { return function != nullptr; }

private:
  int file = -1;
  void *library = nullptr;
  using EntryPoint = void (*)(void *const *, std::uint32_t, std::uint64_t, std::uint64_t, void *);
  EntryPoint function = nullptr;
  std::uint64_t workspaceBytes = 0, threadBytes = 0;
  std::vector<std::uint64_t> phases;
};

/// Marks every function of the module as a kernel, compiles it and runs it on `inputs`. Empty, with a failure of the
/// test, where that does not work.
std::vector<reference::Tensor> runNatively(mlir::ModuleOp module, cpu::Isa isa,
                                           const std::vector<reference::Tensor> &inputs);

} // namespace weft::test

//===- KernelChecks.h - Kernels beside the float64 interpreter ------------===//
#pragma once

#include "test/support/kernels/NativeKernels.h"

#include "mlir/IR/BuiltinOps.h"

#include <gtest/gtest.h>

namespace weft::test {

/// A test whose programs are compiled for every ISA of this machine and run beside the interpreter.
class KernelChecks : public ::testing::Test {
protected:
  KernelChecks();

  /// Null, with a failure of the test, where the text is no module.
  mlir::OwningOpRef<mlir::ModuleOp> parse(const std::string &text);

  /// The first function of a module: the kernel.
  static mlir::func::FuncOp function(mlir::ModuleOp module);

  /// Runs on every ISA and compares each result with the interpreter's; `tolerance` is relative to its norm.
  void check(mlir::ModuleOp module, const std::vector<reference::Tensor> &inputs, double tolerance);

  /// The same on random arguments.
  void check(const std::string &text, double tolerance = 1e-5);

  mlir::MLIRContext context;
};

} // namespace weft::test

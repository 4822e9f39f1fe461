//===- KernelFixture.h - Text that is run on every ISA and checked --------===//
#pragma once

#include "test/support/kernels/NativeKernels.h"

#include "compiler/targets/cpu/CompileKernels.h"
#include "dialects/dist/Dist.h"
#include "dialects/nn/Nn.h"
#include "dialects/topo/Topo.h"
#include "mlir/Parser/Parser.h"
#include "test/reference/nn/Generator.h"

#include <gtest/gtest.h>

namespace weft::test {

class KernelFixture : public ::testing::Test {
protected:
  KernelFixture() {
    mlir::DialectRegistry registry;
    cpu::registerCpuTarget(registry);
    registry.insert<topo::TopoDialect>();
    context.appendDialectRegistry(registry);
    // Only what a program holds: the compiler loads what it needs itself.
    context.loadDialect<nn::NnDialect, mlir::func::FuncDialect>();
  }

  mlir::OwningOpRef<mlir::ModuleOp> parse(const std::string &text) {
    auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
    EXPECT_TRUE(module) << text;
    return module;
  }

  static mlir::func::FuncOp function(mlir::ModuleOp module) { return *module.getOps<mlir::func::FuncOp>().begin(); }

  /// Runs on every ISA of this machine and compares with the interpreter.
  void check(mlir::ModuleOp module, const std::vector<reference::Tensor> &inputs, double tolerance) {
    std::vector<reference::Tensor> wanted = reference::evaluate(function(module), inputs);
    for (cpu::Isa isa : runnableIsas()) {
      std::vector<reference::Tensor> found = runNatively(module, isa, inputs);
      ASSERT_EQ(found.size(), wanted.size());
      for (size_t i = 0; i < found.size(); ++i)
        EXPECT_LE(reference::distance(found[i], wanted[i]), tolerance) << "result " << i << " on " << cpu::name(isa);
    }
  }

  void check(const std::string &text, double tolerance = 1e-5) {
    mlir::OwningOpRef<mlir::ModuleOp> module = parse(text);
    if (module)
      check(*module, reference::randomInputs(function(*module), 1), tolerance);
  }

  /// Items of the phases of the only kernel in `text`.
  std::vector<std::uint64_t> phasesOf(const std::string &text) {
    mlir::OwningOpRef<mlir::ModuleOp> module = parse(text);
    function(*module)->setAttr(dist::kernelAttrName, mlir::UnitAttr::get(&context));
    auto images = cpu::compileKernels(*module, cpu::Isa::avx2);
    EXPECT_TRUE(succeeded(images));
    return succeeded(images) ? images->front().phases : std::vector<std::uint64_t>{};
  }

  mlir::MLIRContext context;
};

} // namespace weft::test

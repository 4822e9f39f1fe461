//===- KernelChecks.cpp - Kernels beside the float64 interpreter ----------===//

#include "test/support/kernels/KernelChecks.h"

#include "dialects/nn/Nn.h"
#include "dialects/topo/Topo.h"
#include "mlir/Parser/Parser.h"
#include "test/reference/nn/Generator.h"

namespace weft::test {
using namespace mlir;
using reference::Tensor;

KernelChecks::KernelChecks() {
  DialectRegistry registry;
  cpu::registerCpuTarget(registry);
  registry.insert<topo::TopoDialect>();
  context.appendDialectRegistry(registry);
  // Only what a program holds: the compiler loads what it needs itself.
  context.loadDialect<nn::NnDialect, func::FuncDialect>();
}

OwningOpRef<ModuleOp> KernelChecks::parse(const std::string &text) {
  auto module = parseSourceString<ModuleOp>(text, &context);
  EXPECT_TRUE(module) << text;
  return module;
}

func::FuncOp KernelChecks::function(ModuleOp module) { return *module.getOps<func::FuncOp>().begin(); }

void KernelChecks::check(ModuleOp module, const std::vector<Tensor> &inputs, double tolerance) {
  std::vector<Tensor> wanted = reference::evaluate(function(module), inputs);
  for (cpu::Isa isa : runnableIsas()) {
    std::vector<Tensor> found = runNatively(module, isa, inputs);
    ASSERT_EQ(found.size(), wanted.size());
    for (size_t i = 0; i < found.size(); ++i)
      EXPECT_LE(reference::distance(found[i], wanted[i]), tolerance) << "result " << i << " on " << cpu::name(isa);
  }
}

void KernelChecks::check(const std::string &text, double tolerance) {
  OwningOpRef<ModuleOp> module = parse(text);
  if (module)
    check(*module, reference::randomInputs(function(*module), 1), tolerance);
}

} // namespace weft::test

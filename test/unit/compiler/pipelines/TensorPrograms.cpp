//===- TensorPrograms.cpp - Programs compiled as weftc compiles them ------===//

#include "test/unit/compiler/pipelines/TensorPrograms.h"

#include "compiler/lowering/DistToPlan/DistToPlan.h"
#include "compiler/pipelines/Compiler.h"
#include "compiler/pipelines/TensorPipeline.h"
#include "dialects/dist/Dist.h"
#include "dialects/nn/Nn.h"
#include "dialects/topo/Topo.h"
#include "mlir/Pass/PassManager.h"
#include "test/support/gangs/NativeGang.h"

#include <gtest/gtest.h>

namespace weft::test {
using namespace mlir;
using reference::Tensor;

MLIRContext &compilerContext() {
  static MLIRContext context = [] {
    DialectRegistry registry;
    pipelines::registerDialects(registry);
    return MLIRContext(registry, MLIRContext::Threading::DISABLED);
  }();
  context.loadDialect<nn::NnDialect, dist::DistDialect, topo::TopoDialect, func::FuncDialect>();
  return context;
}

FailureOr<CompiledProgram> compileProgram(ModuleOp module) {
  CompiledProgram program{module.clone(), {}};
  PassManager passes(module.getContext());
  pipelines::buildTensorPipeline(passes);
  if (failed(passes.run(*program.module)))
    return failure();
  FailureOr<lowering::GangModule> gangs = lowering::lowerToGangs(*program.module);
  if (failed(gangs))
    return failure();
  program.gangs = std::move(*gangs);
  return program;
}

std::vector<Tensor> runProgram(const CompiledProgram &program, StringRef name, cpu::Isa isa,
                               const std::vector<Tensor> &inputs) {
  auto images = cpu::compileKernels(*program.module, isa);
  if (failed(images))
    return {};
  for (const lowering::GangPlan &gang : program.gangs.gangs)
    if (gang.name == name)
      return NativeGang(program.gangs, *images).run(gang, inputs);
  ADD_FAILURE() << "no gang '" << name.str() << "'";
  return {};
}

} // namespace weft::test

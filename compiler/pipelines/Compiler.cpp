//===- Compiler.cpp - A module becomes a plan, phase by phase -------------===//

#include "compiler/pipelines/Compiler.h"

#include "compiler/lowering/DistToPlan/DistToPlan.h"
#include "compiler/lowering/FlowToPlan/FlowToPlan.h"
#include "compiler/pipelines/FlowPipeline.h"
#include "compiler/pipelines/SlotMemory.h"
#include "compiler/pipelines/TensorPipeline.h"
#include "compiler/plan/GangWriter.h"
#include "compiler/plan/PlanWriter.h"
#include "compiler/targets/cpu/CompileKernels.h"
#include "dialects/dist/Dist.h"
#include "dialects/expr/Expr.h"
#include "dialects/flow/Flow.h"
#include "dialects/nn/Nn.h"
#include "dialects/topo/Topo.h"

#include "mlir/Dialect/Func/Extensions/InlinerExtension.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

#include <cstring>

namespace weft::pipelines {
namespace {
using namespace mlir;

/// Phases in order; the number in a dump's name is the place here.
enum class Phase { flow = 1, tensor, outline };

LogicalResult dump(ModuleOp module, Phase phase, StringRef name, const CompileOptions &options) {
  if (options.dumpFolder.empty())
    return success();
  std::string path = (options.dumpFolder + "/0" + Twine(static_cast<int>(phase)) + "-" + name + ".mlir").str();
  std::error_code error = llvm::sys::fs::create_directories(options.dumpFolder);
  if (!error) {
    llvm::raw_fd_ostream out(path, error);
    if (!error)
      module.print(out);
  }
  if (error)
    return module.emitError() << "cannot write the dump '" << path << "': " << error.message();
  return success();
}

template <typename Build> LogicalResult runPhase(ModuleOp module, Build build) {
  PassManager passes(module.getContext());
  build(passes);
  return passes.run(module);
}

} // namespace

void registerDialects(DialectRegistry &registry) {
  registry.insert<flow::FlowDialect, expr::ExprDialect, nn::NnDialect, topo::TopoDialect, dist::DistDialect,
                  func::FuncDialect>();
  func::registerInlinerExtension(registry);
  cpu::registerCpuTarget(registry);
}

LogicalResult runFlowPhase(ModuleOp module, const CompileOptions &options) {
  if (failed(runPhase(module, [&](PassManager &passes) { buildFlowPipeline(passes, options.passes); })))
    return failure();
  return dump(module, Phase::flow, "flow", options);
}

OwningOpRef<ModuleOp> runTensorPhases(ModuleOp module, const CompileOptions &options) {
  OwningOpRef<ModuleOp> half = ModuleOp::create(module.getLoc());
  OpBuilder builder(half->getBodyRegion());
  bool any = false;
  for (Operation &op : module.getOps()) {
    bool isTensor = isa<func::FuncOp>(op);
    any |= isTensor;
    if (isTensor || isa<topo::TopoDialect>(op.getDialect()))
      builder.clone(op);
  }
  auto lowered = [&](std::uint64_t keptBytes) -> OwningOpRef<ModuleOp> {
    OwningOpRef<ModuleOp> result = half->clone();
    if (any && failed(runPhase(*result, [&](PassManager &passes) { buildTensorPipeline(passes, keptBytes); })))
      return {};
    return result;
  };
  OwningOpRef<ModuleOp> result = lowered(0);
  if (!result)
    return {};
  FailureOr<bool> fits = fitsSlots(*result, options.slotBytes);
  if (failed(fits))
    return {};
  if (!*fits) {
    result = lowered(1);
    if (!result || failed(reportWhatDoesNotFit(*result, options.slotBytes)))
      return {};
  }
  if (failed(dump(*result, Phase::tensor, "dist", options)))
    return {};
  return result;
}

FailureOr<Compiled> compile(ModuleOp module, const base::Digest &source, const CompileOptions &options) {
  if (failed(runFlowPhase(module, options)))
    return failure();
  OwningOpRef<ModuleOp> tensors = runTensorPhases(module, options);
  if (!tensors)
    return failure();
  if (failed(runPhase(module, buildOutlinePipeline)) || failed(dump(module, Phase::outline, "outlined", options)))
    return failure();

  // Every ISA, whatever this machine is: the plan may run on another one.
  FailureOr<lowering::GangModule> gangs = lowering::lowerToGangs(*tensors);
  if (failed(gangs))
    return failure();
  auto images = cpu::compileKernels(*tensors, {cpu::Isa::baseline, cpu::Isa::avx2, cpu::Isa::avx512});
  if (failed(images))
    return failure();
  lowering::GangIndices indices;
  for (auto [index, gang] : llvm::enumerate(gangs->gangs))
    indices[gang.name] = static_cast<std::uint32_t>(index);

  Compiled compiled{std::make_unique<plan::fb::PlanT>(), {}};
  if (failed(lowering::flowToPlan(module, indices, *compiled.plan)))
    return failure();
  // After the workflows, so that the gangs' tensors are the workflows' types where they are the same.
  planning::writeGangs(*gangs, *images, *compiled.plan);
  std::uint64_t words[4];
  std::memcpy(words, source.bytes.data(), sizeof words);
  compiled.plan->source = std::make_unique<plan::fb::Digest>(words[0], words[1], words[2], words[3]);
  compiled.file = planning::writePlan(*compiled.plan);
  return compiled;
}

} // namespace weft::pipelines

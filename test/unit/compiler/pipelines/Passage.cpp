//===- Passage.cpp - A program through all passes to native code ----------===//

#include "test/unit/compiler/pipelines/Passage.h"

#include "compiler/lowering/DistToPlan/DistToPlan.h"
#include "compiler/lowering/FlowToPlan/FlowToPlan.h"
#include "compiler/pipelines/TensorPipeline.h"
#include "compiler/plan/GangWriter.h"
#include "compiler/plan/PlanWriter.h"
#include "mlir/Pass/PassManager.h"
#include "runtime/plan/PlanReader.h"
#include "test/support/gangs/NativeGang.h"

namespace weft::test {
namespace {
using namespace mlir;
using reference::Tensor;
using reference::Weighed;

std::string faultOfPlan(MLIRContext *context, const lowering::GangModule &gangs,
                        const std::vector<cpu::KernelImage> &images) {
  plan::fb::PlanT tables;
  // A plan without workflows, for what every plan has.
  OwningOpRef<ModuleOp> empty = ModuleOp::create(UnknownLoc::get(context));
  if (failed(lowering::flowToPlan(*empty, {}, tables)))
    return "no plan is made of no workflows";
  tables.source = std::make_unique<plan::fb::Digest>(0, 0, 0, 0);
  planning::writeGangs(gangs, images, tables);
  auto read = plan::readPlan(planning::writePlan(tables));
  return read ? "" : "the plan is refused: " + read.error().message;
}

std::string faultOfNativeCode(ModuleOp module, const std::vector<Weighed> &wanted, StringRef function, cpu::Isa isa,
                              const std::vector<Tensor> &inputs, double tolerance) {
  FailureOr<lowering::GangModule> gangs = lowering::lowerToGangs(module);
  if (failed(gangs))
    return "no plan is made";
  auto images = cpu::compileKernels(module, isa);
  if (failed(images))
    return std::string("no kernels for ") + cpu::name(isa);
  if (std::string fault = faultOfPlan(module.getContext(), *gangs, *images); !fault.empty())
    return fault;
  for (const lowering::GangPlan &gang : gangs->gangs)
    if (gang.name == function) {
      std::string fault = faultOf(NativeGang(*gangs, *images).run(gang, inputs), wanted, tolerance);
      return fault.empty() ? "" : std::string("as native code for ") + cpu::name(isa) + ": " + fault;
    }
  return "the plan has no gang '" + function.str() + "'";
}

} // namespace

Passage passThrough(ModuleOp module, const std::string &function, const std::vector<Tensor> &inputs,
                    const Tolerances &tolerances, cpu::Isa isa, GradientCheck gradient, uint64_t keptBytes) {
  auto owned = std::make_unique<PassWatch>(function, inputs, tolerances.ofPasses, std::move(gradient));
  PassWatch &watch = *owned;
  PassManager passes(module.getContext());
  passes.addInstrumentation(std::move(owned));
  pipelines::buildTensorPipeline(passes, keptBytes);
  if (failed(passes.run(module)))
    return {"a pass refuses it", {}};
  if (!watch.fault().empty())
    return {watch.fault(), {}};
  return {faultOfNativeCode(module, watch.wanted(), function, isa, inputs, tolerances.ofCode), watch.changing()};
}

} // namespace weft::test

//===- FlowPipeline.cpp - The phases of workflows, in order ---------------===//

#include "compiler/pipelines/FlowPipeline.h"

#include "compiler/flow/Passes.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"

namespace weft::pipelines {

void buildFlowPipeline(mlir::OpPassManager &passes) {
  passes.addPass(createInlineFunctions());
  passes.addPass(createFold());
  // Folding makes arguments equal that were written differently, so it comes before merging.
  passes.addPass(createMergeEqualReads());
  // What nobody uses must not be copied, and is no reason to copy.
  passes.addPass(createDropUnused());
  passes.addPass(createInlineWorkflows());
  // A body is given arguments, and its reads meet others: again, for what that makes known and equal.
  passes.addPass(createFold());
  passes.addPass(createMergeEqualReads());
  passes.addPass(createDropUnused());
  passes.addPass(createVerifyFlow());
}

void buildOutlinePipeline(mlir::OpPassManager &passes) {
  passes.addPass(createOutline());
  passes.addPass(createVerifyOutlined());
}

void registerFlowPipelines() {
  mlir::PassPipelineRegistration<>("weft-flow", "Fewer steps and known values", buildFlowPipeline);
  mlir::PassPipelineRegistration<>("weft-outline", "Bodies become isolated blocks", buildOutlinePipeline);
}

} // namespace weft::pipelines

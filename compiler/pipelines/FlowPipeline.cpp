//===- FlowPipeline.cpp - The phases of workflows, in order ---------------===//

#include "compiler/pipelines/FlowPipeline.h"

#include "compiler/flow/Passes.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"

namespace weft::pipelines {

void buildFlowPipeline(mlir::OpPassManager &passes, const PassSwitches &switches) {
  auto add = [&](llvm::StringRef name, auto create) {
    if (switches.runs(name))
      passes.addPass(create());
  };
  auto fold = [&] { add("fold", [] { return createFold(); }); };
  auto mergeAndDrop = [&] {
    add("merge-equal-reads", [] { return createMergeEqualReads(); });
    add("drop-unused", [] { return createDropUnused(); });
  };
  add("inline-functions", [] { return createInlineFunctions(); });
  // Folding makes arguments equal that were written differently, so it comes before merging. What nobody uses must not
  // be copied, and is no reason to copy: it goes before bodies are.
  fold();
  mergeAndDrop();
  add("inline-workflows", [] { return createInlineWorkflows(); });
  // A body is given arguments, and its reads meet others: again, for what that makes known and equal.
  fold();
  mergeAndDrop();
  add("hoist-reads", [] { return createHoistReads(); });
  add("batch-calls", [] { return createBatchCalls(); });
  add("group-prefixes", [] { return createGroupPrefixes(); });
  passes.addPass(createVerifyFlow());
}

void buildOutlinePipeline(mlir::OpPassManager &passes) {
  passes.addPass(createOutline());
  passes.addPass(createVerifyOutlined());
}

void registerFlowPipelines() {
  mlir::PassPipelineRegistration<>("weft-flow", "Fewer steps and known values",
                                   [](mlir::OpPassManager &passes) { buildFlowPipeline(passes); });
  mlir::PassPipelineRegistration<>("weft-outline", "Bodies become isolated blocks", buildOutlinePipeline);
}

} // namespace weft::pipelines

//===- FlowPipeline.h - The phases of workflows, in order -----------------===//
#pragma once

#include "compiler/pipelines/PassSwitches.h"

namespace mlir {
class OpPassManager;
}

namespace weft::pipelines {

/// Appends, for a module of workflows: inline small functions, fold, merge equal reads, drop what is unused, verify.
/// Tensor functions beside them are left alone. Passes that are switched off are left out.
void buildFlowPipeline(mlir::OpPassManager &passes, const PassSwitches &switches = {});

/// Appends what makes bodies into blocks, after which `lowering::flowToPlan` can write them.
void buildOutlinePipeline(mlir::OpPassManager &passes);

/// Makes the phases known to weft-opt: weft-flow and weft-outline.
void registerFlowPipelines();

} // namespace weft::pipelines

//===- BlockWriter.h - A region of steps as a block of nodes --------------===//
#pragma once

#include "compiler/analysis/FlowEffects.h"
#include "compiler/lowering/FlowToPlan/Bindings.h"
#include "compiler/lowering/FlowToPlan/FlowToPlan.h"
#include "compiler/lowering/FlowToPlan/Pools.h"
#include "compiler/lowering/FlowToPlan/StableIds.h"

namespace weft::lowering {

/// What all blocks of one module share.
struct BlockContext {
  Pools &pools;
  Bindings &bindings;
  StableIds &ids;
  analysis::FlowEffects &effects;
  const GangIndices &gangs;
  const analysis::CallOrder &calls;
  llvm::StringMap<std::uint32_t> workflows; ///< Block of each workflow.
};

/// Writes `region` and everything below it. `index` is the block's, made before; `name` is for people. A region that
/// yields a `!flow.step` gives whether the round stops, and the value; any other one value.
mlir::LogicalResult writeBlock(BlockContext &context, mlir::Region &region, std::uint32_t index,
                               const std::string &name, std::uint64_t stableId);

} // namespace weft::lowering

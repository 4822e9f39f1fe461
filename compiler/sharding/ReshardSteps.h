//===- ReshardSteps.h - A resharding as a chain of collectives ------------===//
#pragma once

#include "dialects/dist/Dist.h"

namespace weft::sharding {

enum class StepKind { allReduce, reduceScatter, allGather, takeShard };

struct ReshardStep {
  StepKind kind;
  llvm::SmallVector<llvm::StringRef, 2> axes; ///< One axis; all_reduce may have several, in the mesh's order.
  unsigned dim = 0;                           ///< Unused by all_reduce.
};

/// The steps from `from` to `to`, in order; empty where they are equal. Each step is legal on what the one before it
/// left, and the last one leaves `to`. `to` is partial at most where `from` is.
llvm::SmallVector<ReshardStep> planReshard(dist::ShardingAttr from, dist::ShardingAttr to, MeshInterface mesh);

/// What the steps cost one slot, in bytes: what it sends, and `bytesPerStep` for every step that sends. `type` is the
/// whole tensor, `from` its sharding before the first step.
double costOf(llvm::ArrayRef<ReshardStep> steps, mlir::RankedTensorType type, dist::ShardingAttr from,
              MeshInterface mesh);

/// About what a step takes before its first byte arrives: 2 us at 2 GB/s of shared memory.
inline constexpr double bytesPerStep = 4096;

} // namespace weft::sharding

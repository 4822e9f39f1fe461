//===- Clusters.h - Which ops of a block become one kernel ----------------===//
#pragma once

#include "mlir/IR/Block.h"
#include "llvm/ADT/DenseMap.h"

#include <vector>

namespace weft::fusion {

/// Costs less where it is used than where it would be read: a constant, a repeated tensor, a count. No cluster has one
/// of its own, but where something reads it from memory.
bool isCheap(mlir::Operation *op);
/// Runs on no device, or is cut by itself: collectives, scans, slot numbers, ends of blocks.
bool isNoKernel(mlir::Operation *op);

/// Ops of one block, in its order, none of them cheap unless it is alone.
using Cluster = std::vector<mlir::Operation *>;

/// Every op of `block` that a kernel computes, in clusters: what one pass over rows computes; a product of matrices
/// with what follows on its elements; any other op alone. No cluster needs another one that needs it.
std::vector<Cluster> clustersOf(mlir::Block &block);

/// `cluster` with the cheap ops that it reads, which are copied into its kernel, in the order of the block.
Cluster withCheapOps(const Cluster &cluster);

} // namespace weft::fusion

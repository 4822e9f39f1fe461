//===- Drafts.h - Which op of a block belongs to which node ---------------===//
//
// Each step is a node. A pure op whose users are all in one node is written into
// that node's words; one with several users is a node of its own, computed once.
// So is one that may fail above a write and is used below it: the write waits for
// everything above it, and does not happen where that fails.
// Nodes stand in the order of the program, so every edge points forward.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/analysis/FlowEffects.h"
#include "compiler/lowering/FlowToPlan/Pools.h"
#include "runtime/plan/plan_generated.h"

#include <cstdint>
#include <vector>

namespace weft::lowering {

/// A node being made: its pure ops in order, and its step, if it has one.
struct Draft {
  mlir::Operation *step = nullptr;
  mlir::Operation *root = nullptr; ///< The op whose place in the block the node has.
  bool isEnd = false;              ///< Computes what the block yields.
  std::vector<mlir::Operation *> pure;
  plan::fb::Op op = plan::fb::Op::eval;
  std::vector<std::uint32_t> operands, results, bodies, words;
  std::vector<WordPlace> places;
  std::int32_t target = -1, policy = -1;
  std::uint8_t flags = 0;
  std::uint32_t group = 0;
  std::uint64_t stableId = 0;
  analysis::Touch touch;
};

/// Nodes of a block with their ops, in program order; the last one computes what the block yields, and may be empty.
/// O(ops and uses).
std::vector<Draft> draftsOf(mlir::Block &block, analysis::FlowEffects &effects);

} // namespace weft::lowering

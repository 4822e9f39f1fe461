//===- GangCost.h - What one run of a gang takes on each slot -------------===//
//
// Memory of each slot as the plan packed it, and what each collective moves.
// The formula is the cost of a bandwidth-optimal algorithm, which the plan's
// choices are compared by; m is what the formula counts, n the group's slots.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/plan/Plan.h"

#include <string>
#include <vector>

namespace weft::report {

/// Of one slot's process, beside what every process of the runtime has.
struct SlotCost {
  std::vector<std::uint32_t> slots; ///< All with the same role.
  std::uint64_t arenaBytes;         ///< Peak of the buffers: they share an arena where they are not live together.
  std::uint64_t workspaceBytes;     ///< The largest of its kernels'.
  std::uint64_t stateBytes;         ///< Of the peak: what is kept from step to step.
  std::size_t buffers, kernels;
  std::uint64_t codeBytes = 0;       ///< Of the kernels, for the instruction set that takes most.
  std::uint64_t threadBytes = 0;     ///< Of each thread: scratch of kernels, and the part of a checkpoint it writes.
  std::uint64_t checkpointBytes = 0; ///< A copy of the states while it is being written.
  std::uint64_t evaluationBytes = 0; ///< Buffers, workspace and code of the gang that evaluates this one.
  std::uint64_t frameBytes = 0;      ///< Operands and results on their way, piece by piece.

  /// All of it together, with so many threads.
  std::uint64_t memberBytes(std::uint64_t threads) const {
    return arenaBytes + workspaceBytes + codeBytes + checkpointBytes + evaluationBytes + frameBytes +
           threads * threadBytes;
  }
};

struct CollectiveCost {
  std::string kind, axes; ///< "all_reduce sum", "model" or "data, model".
  std::uint32_t slots;    ///< n, of each group.
  std::uint64_t bytes;    ///< m.
  std::string formula;    ///< Bytes that each slot sends: "2m(n-1)/n".
  std::uint64_t sentBytes;
};

struct GangCost {
  std::vector<SlotCost> slots;
  std::vector<CollectiveCost> collectives; ///< In the order of the first slot.
};

GangCost costOf(const plan::Plan &plan, const plan::Gang &gang);
/// "mlp.B4 on grid { model: 2 }".
std::string gangTitle(const plan::Plan &plan, const plan::Gang &gang);

} // namespace weft::report

//===- StateParts.h - The parts of a gang's states, and who holds them ----===//
//
// Slots with equal boxes hold the same bits, so a part is written by one of its
// holders and lost only with the last one.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/checkpoint/Manifest.h"
#include "runtime/plan/Plan.h"

#include <vector>

namespace weft::gang {

struct StatePart {
  struct Holder {
    std::uint32_t slot;
    std::uint32_t port; ///< Of the slot's role, among its states.
  };
  const plan::Port *port;      ///< The box; its buffer is the first holder's.
  std::vector<Holder> holders; ///< Ascending by slot.
};

/// All parts, in the order of the slots that first hold them: the order of a checkpoint's shards.
std::vector<StatePart> statePartsOf(const plan::Plan &plan, const plan::Gang &gang);

/// As a shard describes it.
checkpoint::Part described(const plan::Gang &gang, const plan::Port &port);

/// Whole states from the shards' payloads. Errors: invalid when the checkpoint is not one of this gang's states: what
/// was found, what was wanted.
base::Result<std::vector<base::Bytes>> assembled(const plan::Plan &plan, const plan::Gang &gang,
                                                 const checkpoint::Manifest &manifest,
                                                 const std::vector<base::Bytes> &payloads);

/// Bytes of a tensor of that type.
std::uint64_t tensorBytes(const value::Type &type);

} // namespace weft::gang

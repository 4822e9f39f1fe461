//===- LoadStates.h - The states that a gang goes on from -----------------===//
#pragma once

#include "runtime/checkpoint/Manifest.h"
#include "runtime/io/Doors.h"
#include "runtime/plan/Plan.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weft::gang {

struct LoadedStates {
  std::optional<checkpoint::Manifest> from; ///< The checkpoint that they are of; none: the start.
  std::vector<base::Bytes> states;          ///< Whole.
  std::vector<std::string> spoiled;         ///< What was wrong with each checkpoint that was left aside.
};

/// Reads the states of `wanted` from its shards in `folder`, or, where they are spoiled, those of the checkpoint before
/// it that is kept beside them, and so on; on the pool. `done` is called on the executor, never inside the call.
/// Errors: those of the storage (a disk that cannot be read is no reason to learn again what it holds), `limit` when
/// the pool has no room.
void loadStates(io::Doors &doors, std::shared_ptr<const plan::Plan> plan, const plan::Gang &gang, std::string folder,
                checkpoint::Manifest wanted, std::function<void(base::Result<LoadedStates>)> done);

} // namespace weft::gang

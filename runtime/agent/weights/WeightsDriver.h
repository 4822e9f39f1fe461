//===- WeightsDriver.h - Tensors read from files, and written to them -----===//
//
// What tensors of a file are called follows from the type: a field's name behind
// its record's, `blocks.q`; places in tuples are 0, 1, …; a tensor that is no
// field is `params`, as trainings call it.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/agent/PoolDriver.h"
#include "runtime/plan/Plan.h"

namespace weft::agent {

struct WeightsSpec {
  std::uint32_t binding = 0; ///< Of the plan: its members `weights …` and `save …` are answered.
  std::string folder;        ///< The spec's: where names begin. Not empty.
};

/// `weights(file)` gives the member's result, all of whose tensors are in the file; the file may have more.
/// `save(params, file)` makes or replaces a file below the folder, and the folders on its way.
/// Failures: `tool` for a file that is missing, cut off or no safetensors, or has a tensor of another type or shape,
/// both told; `refused` for a name that leads out of the folder; `failed` for more than one value may hold. Errors:
/// `invalid` for a member that is none of these, or has more in it than tensors.
base::Result<std::unique_ptr<Driver>> makeWeightsDriver(io::Doors &doors, std::shared_ptr<const plan::Plan> plan,
                                                        WeightsSpec spec);

} // namespace weft::agent

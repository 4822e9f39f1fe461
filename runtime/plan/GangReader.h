//===- GangReader.h - The tables of a gang to plain structs ---------------===//
#pragma once

#include "runtime/plan/Plan.h"

namespace weft::plan {

/// Copies what runs once per gang; buffers, actors and indices stay in place.
Gang gangFrom(const fb::Gang &gang);

/// Whether it reads files, reports, evaluates or writes files, which a build that does not know feature `train` would
/// leave out.
bool trains(const Gang &gang);

} // namespace weft::plan

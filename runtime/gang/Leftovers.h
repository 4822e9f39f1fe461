//===- Leftovers.h - Checkpoints that nobody goes on from -----------------===//
#pragma once

#include "runtime/journal/Journal.h"

namespace weft::gang {

/// A process that dies behind a gang's last record leaves its shards. Removes those of runs that have succeeded or were
/// cancelled; who failed may be tried again and goes on from them. For the owner of the journal, before runs start.
/// Lists the folder at once and removes later, on the pool; what cannot be removed stays for the next owner.
void removeLeftovers(io::Doors &doors, journal::Journal &journal, const std::string &folder);

} // namespace weft::gang

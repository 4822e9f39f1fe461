//===- Worker.h - A forked process that serves one slot of a gang ---------===//
#pragma once

#include "runtime/gang/Member.h"
#include "runtime/io/Doors.h"

#include <functional>

namespace weft::gang {

struct WorkerSetup {
  std::shared_ptr<const plan::Plan> plan;
  std::shared_ptr<io::Segment> segment; ///< Made before the fork, shared with all members.
  membership::MemberId self = 0;
  std::uint32_t pieceBytes = 0;
  std::uint64_t memoryLimitBytes = 0; ///< Of the device; 0 is no bound.
  std::uint32_t threads = 1;          ///< Of the device, the worker's own included.
  std::string checkpointFolder;       ///< Of this gang.
  Sabotage sabotage;
  std::shared_ptr<const Sources> sources = nullptr; ///< Opened before the fork; null where the gang has none.
  /// Called before each piece of work, with its number; tests end the process here. Empty outside of them.
  std::function<void(membership::MemberId self, std::uint64_t piece)> beforePiece = {};
};

/// Builds the worker on the doors of the new process: greets, works, and leaves with code 0 when it is told to stop or
/// the coordinator is gone. Gives back what keeps it alive.
std::shared_ptr<void> startWorker(io::Doors &doors, std::unique_ptr<io::Stream> toParent, const WorkerSetup &setup);

} // namespace weft::gang

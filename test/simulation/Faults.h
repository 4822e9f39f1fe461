//===- Faults.h - What may go wrong, and how often ------------------------===//
#pragma once

#include "runtime/io/Clock.h"

#include <array>
#include <cstdint>
#include <string_view>

namespace weft::simulation {

/// Chances are per opportunity, 0 to 1. All zero is a machine on which nothing fails, but order and delay still come
/// from the seed.
struct Faults {
  // Network, and the channels of workers. A chunk is what one `write` sent. The pipes of a program deliver late, and
  // split, and no worse.
  io::Duration minDelay = std::chrono::microseconds(20);
  io::Duration maxDelay = std::chrono::microseconds(500);
  double breakConnection = 0; ///< Per chunk: both ends fail, what is under way is lost. What TCP may do.
  double splitRead = 0.2;     ///< Per read: fewer bytes than there are. What TCP may do.
  double longDelay = 0;       ///< Per chunk: up to 100 times `maxDelay`.
  double breakPipe = 0;       ///< Per chunk on the pipes of a program: what no machine should do.
  // What TCP may not do: a bad network below, or a bug. Frames have to notice by checksum and sequence.
  double dropChunk = 0;
  double duplicateChunk = 0;
  double reorderChunk = 0;
  double corruptChunk = 0; ///< One bit.

  // Storage.
  double failWrite = 0;   ///< Per write or sync: `limit`, as a full disk; nothing was written.
  double corruptRead = 0; ///< Per read: one bit of the answer, not of the disk.

  // Whole machines, at random moments with this mean distance in virtual time; zero is never. At most `maxKills` and
  // `maxPartitions` of them; what was killed is restarted, what was parted is healed.
  io::Duration meanBetweenKills{0};
  io::Duration meanBetweenPartitions{0};
  std::uint32_t maxKills = 3;
  std::uint32_t maxPartitions = 3;

  /// A network and disks as they are: delays, short reads, broken connections.
  static Faults usual() {
    Faults faults;
    faults.breakConnection = 0.01;
    faults.longDelay = 0.02;
    return faults;
  }
  /// All that the network must be protected against, too.
  static Faults hostile() {
    Faults faults = usual();
    faults.dropChunk = faults.duplicateChunk = faults.reorderChunk = faults.corruptChunk = 0.01;
    return faults;
  }
};

enum class FaultKind : std::uint8_t {
  connectionBroken,
  readSplit,
  longDelay,
  chunkDropped,
  chunkDuplicated,
  chunkReordered,
  chunkCorrupted,
  writeFailed,
  readCorrupted,
  writeLost, ///< An unsynced write was not on the disk after a loss of power.
  writeTorn, ///< Only some sectors of it were.
  nameLost,  ///< An unsynced creation, renaming or removal was undone.
  killed,
  restarted,
  partitioned,
  healed,
};
constexpr std::size_t faultKindCount = 16;

std::string_view name(FaultKind kind);

/// How often each kind occurred.
using FaultCounts = std::array<std::uint64_t, faultKindCount>;

} // namespace weft::simulation

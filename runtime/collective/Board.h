//===- Board.h - Shared memory of one collective step ---------------------===//
//
// Every member of a group writes its contribution into an area of its own, so
// a contribution is never lost with its owner's attention and never counted
// twice. Owners combine shards in slot order, each into a result area of its
// own, from which all take: a late write of an attempt that was replaced can
// only touch the area of the member that is late, and it has not committed. Words of progress are counters that only
// grow within an attempt; a member that comes back to its slot goes on where the counters stand.
//
// An attempt is one choice of contributors and owners. The verdict word makes
// that choice agreed: members commit the attempt in force, the coordinator
// replaces it after a loss, and the compare-and-swap lets exactly one win.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Bytes.h"
#include "runtime/base/Result.h"

#include <atomic>
#include <cstdint>

namespace weft::collective {

/// Members of a group are bits of a mask. Groups of one host are smaller; larger ones will be hierarchical.
inline constexpr std::uint32_t maxMembers = 64;

/// Set of positions in a group.
using Members = std::uint64_t;

inline Members allOf(std::uint32_t count) { return count == 64 ? ~Members(0) : (Members(1) << count) - 1; }

/// What one attempt is made of.
struct Attempt {
  Members contributors = 0; ///< Whose input is in the result.
  Members owners = 0;       ///< Who combines; alive when the attempt was made.
  bool operator==(const Attempt &) const = default;
};

struct BoardShape {
  std::uint32_t members = 0;
  std::uint64_t contributionBytes = 0; ///< Of each member.
  std::uint64_t resultBytes = 0;       ///< Of each owner's area; memory that is not touched takes none.
};

/// A view of shared bytes, zero at first, 64-byte aligned. Copies see the same memory. Lock-free; any process.
class Board {
public:
  /// Bytes that a board of this shape takes.
  static std::uint64_t sizeBytes(const BoardShape &shape);

  Board(base::MutableBytes memory, const BoardShape &shape);

  const BoardShape &shape() const { return dimensions; }

  /// Pieces of its contribution that `member` has written.
  std::atomic<std::uint32_t> &contributed(std::uint32_t member) const { return words[2 + member]; }
  /// Attempt (upper 8 bits) and pieces of its shard that `member` has combined in it.
  std::atomic<std::uint32_t> &combined(std::uint32_t member) const { return words[2 + dimensions.members + member]; }
  base::MutableBytes contribution(std::uint32_t member) const;
  base::MutableBytes result(std::uint32_t owner) const;

  /// Number of the attempt in force (lower bits) and whether it was committed (bit 31).
  std::atomic<std::uint32_t> &verdict() const { return words[0]; }
  static constexpr std::uint32_t committedBit = 1U << 31;
  /// Of attempt `number`; attempt 0 is everybody.
  Attempt attempt(std::uint32_t number) const;

  /// Commits attempt `number`: true when it is committed now, by whomever.
  bool commit(std::uint32_t number) const;
  /// The coordinator's: puts `next` in force after attempt `number`. False when that one was committed before.
  bool replace(std::uint32_t number, const Attempt &next) const;

  /// Attempts that a board can see: each loss makes one, and a slot may be lost again and again.
  static constexpr std::uint32_t maxAttempts = 128;

private:
  std::atomic<std::uint64_t> *attempts() const;

  base::MutableBytes memory;
  BoardShape dimensions;
  std::atomic<std::uint32_t> *words;
};

} // namespace weft::collective

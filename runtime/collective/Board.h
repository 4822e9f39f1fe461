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
// A step inside a loop is taken again and again: these are the board's uses.
// The verdict holds the use, the attempt in force and the attempt that the use
// before was committed with, so that opening the next use is one
// compare-and-swap and who has not yet collected the last one still can. A use
// begins with the owners of the attempt before, so a slot that left stays out.
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

/// The board's one word of agreement, unpacked.
struct Verdict {
  std::uint32_t use = 0;      ///< That is open, or was committed last.
  std::uint32_t attempt = 0;  ///< In force.
  std::uint32_t previous = 0; ///< With which the use before was committed.
  bool committed = false;

  static Verdict of(std::uint64_t word);
  std::uint64_t word() const;
  bool operator==(const Verdict &) const = default;
};

/// Pieces of one use, as a member writes them. Members are never more than one use apart, so a use is known by its
/// lower bits; a word tells in which use it was written, so nothing needs to be put back between uses.
struct Contributed {
  std::uint32_t use = 0, pieces = 0;

  static Contributed of(std::uint32_t word) { return {word >> pieceBits, word & ((1U << pieceBits) - 1)}; }
  std::uint32_t word() const { return use % uses << pieceBits | pieces; }
  /// Pieces of `wanted`, none when the member has not come to it.
  std::uint32_t in(std::uint32_t wanted) const { return use == wanted % uses ? pieces : 0; }

  static constexpr std::uint32_t pieceBits = 19, uses = 1U << (32 - pieceBits);
};

/// As `Contributed`, with the attempt; 0, as memory begins, is no use at all, for an owner of nothing is waited for
/// too.
struct Combined {
  std::uint32_t use = 0, attempt = 0, pieces = 0;

  std::uint32_t word() const {
    return (1 + use % uses) << (Contributed::pieceBits + attemptBits) | attempt << Contributed::pieceBits | pieces;
  }
  /// Pieces that `word` has of this use and attempt.
  std::uint32_t in(std::uint32_t word) const {
    return (word ^ Combined{use, attempt, 0}.word()) >> Contributed::pieceBits ? 0 : Contributed::of(word).pieces;
  }

  static constexpr std::uint32_t attemptBits = 7, uses = (1U << (32 - Contributed::pieceBits - attemptBits)) - 1;
};

/// Larger contributions need larger pieces.
inline constexpr std::uint32_t maxPieces = (1U << Contributed::pieceBits) - 1;

/// A view of shared bytes, zero at first, 64-byte aligned. Copies see the same memory. Lock-free; any process.
class Board {
public:
  /// Bytes that a board of this shape takes.
  static std::uint64_t sizeBytes(const BoardShape &shape);

  Board(base::MutableBytes memory, const BoardShape &shape);

  const BoardShape &shape() const { return dimensions; }

  /// What `member` has contributed: a `Contributed`. Written by that member only.
  std::atomic<std::uint32_t> &contributed(std::uint32_t member) const { return words[2 + member]; }
  /// What `member` has combined: a `Combined`. Written by that member only.
  std::atomic<std::uint32_t> &combined(std::uint32_t member) const { return words[2 + dimensions.members + member]; }
  base::MutableBytes contribution(std::uint32_t member) const;
  base::MutableBytes result(std::uint32_t owner) const;

  Verdict verdict() const;
  /// Wake who waits for this word when the verdict has changed. Its value has no meaning of its own.
  std::atomic<std::uint32_t> &bell() const { return words[0]; }
  /// What attempt `number` means in `use`: attempt 0 is everybody, and one that was made in an earlier use goes on with
  /// its owners alone.
  Attempt attempt(std::uint32_t number, std::uint32_t use) const;

  /// Opens `use` after the one before it was committed; nothing happens when it is open already.
  void open(std::uint32_t use) const;
  /// Commits attempt `number` of `use`: true when it is committed now, by whomever.
  bool commit(std::uint32_t use, std::uint32_t number) const;
  /// The coordinator's, once `member` is gone for good and its writes with it: puts an attempt in force that goes on
  /// without it, in the use that is open or, when that is committed, in the next one. Its contribution of that use
  /// still counts when it is whole, that is, has `pieces`. Nothing happens when nobody would be left.
  void leave(std::uint32_t member, std::uint32_t pieces) const;

  /// Attempts of one board: each member can leave once.
  static constexpr std::uint32_t maxAttempts = maxMembers + 1;

private:
  std::atomic<std::uint64_t> &verdictWord() const;
  std::atomic<std::uint64_t> *attempts() const;

  base::MutableBytes memory;
  BoardShape dimensions;
  std::atomic<std::uint32_t> *words;
};

} // namespace weft::collective

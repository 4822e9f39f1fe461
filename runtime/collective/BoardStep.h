//===- BoardStep.h - One member's way through a collective step -----------===//
//
// A state machine over a Board: each `advance` does one bounded piece of work
// and says what to do next. It neither waits nor knows a clock, so the same
// code runs under the simulator, which may stop it between any two pieces, and
// in a worker, where the driver waits on a futex.
//
//   contribute   copy the input, piece by piece, into the member's own area
//   combine      the shards it owns, in slot order over the contributors
//   commit       once every owner is done, settle the attempt
//   collect      take the result
//
// The input is never written and may be given again: a member that returns to
// its slot with the same input leaves the same bits.
//
// A step in a loop uses its boards in turn. For combinations one board is
// enough: nobody writes a result of the next use before all have contributed to
// it, and who contributes has collected the last one. A gather is collected
// from the contributions themselves, so it takes two boards in turn: a member
// that is done with one has seen that all are done with the other.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/ElementType.h"
#include "runtime/collective/Board.h"
#include "runtime/collective/Combine.h"
#include "runtime/collective/Sabotage.h"

namespace weft::collective {

enum class StepKind : std::uint8_t {
  allReduce,     ///< m bytes in, m bytes out: everybody gets the combination.
  reduceScatter, ///< m bytes in, m/n out: member s gets shard s. n divides the element count.
  allGather,     ///< m/n bytes in, m out: everybody gets all inputs in slot order. Nobody can be missing.
};

struct StepSpec {
  StepKind kind = StepKind::allReduce;
  ReduceKind reduce = ReduceKind::sum; ///< Unused by allGather.
  base::ElementType type = base::ElementType::f32;
  std::uint32_t members = 1;
  std::uint64_t inputBytes = 0; ///< A whole number of elements.
  /// Work of one `advance`; a multiple of 64. Large enough that a wake costs nothing beside it, small enough that
  /// combining begins while contributions still come.
  std::uint32_t pieceBytes = 512 * 1024;

  std::uint64_t outputBytes() const;
  BoardShape board() const;
  std::uint32_t pieces() const; ///< Of a whole contribution.
  /// Boards that a loop of such steps takes in turn: step t uses board t % n, which is its use t / n.
  std::uint32_t boardsInTurn() const { return kind == StepKind::allGather ? 2 : 1; }

  Sabotage sabotage = {};
};

struct Progress {
  enum class Kind : std::uint8_t {
    more, ///< Call again. `word`, if set, has changed: wake who waits for it.
    wait, ///< Call again when `word` is no longer `seen`.
    done, ///< `output` holds the result. `word` as for `more`.
  };
  Kind kind = Kind::more;
  std::atomic<std::uint32_t> *word = nullptr;
  std::uint32_t seen = 0;
};

class BoardStep {
public:
  /// `member` is the position of this slot in its group and `use` counts from 0. `input` stays as it is until the gang
  /// releases the step; `output` is written only when the attempt is committed.
  BoardStep(const StepSpec &spec, Board board, std::uint32_t member, base::ConstBytes input, base::MutableBytes output,
            std::uint32_t use = 0);

  Progress advance();

  /// Whose input is in the output; meaningful once done, and then equal on all members.
  Members contributors() const { return settled.contributors; }

  /// Where it stands. Equal steps of one member at one place do the same on equal boards.
  struct Place {
    std::uint8_t phase = 0;
    std::uint32_t attempt = 0, combinedPieces = 0;
    std::uint64_t collected = 0;
  };
  Place place() const { return {static_cast<std::uint8_t>(phase), attempt, combinedPieces, collected}; }

private:
  enum class Phase : std::uint8_t { contribute, combine, commit, collect, done };

  Progress contribute();
  Progress combine();
  Progress commit();
  Progress collect();
  Progress begin();
  Progress collectFrom(std::uint32_t attempt);
  std::uint64_t shardBegin(std::uint32_t owner) const;
  std::uint64_t shardEnd(std::uint32_t owner) const;
  std::uint32_t piecesOf(std::uint64_t bytes) const;
  std::uint32_t piecesIn(std::uint32_t contributed) const;

  StepSpec spec;
  Board board;
  std::uint32_t self, use;
  base::ConstBytes input;
  base::MutableBytes output;
  Phase phase = Phase::contribute;
  std::uint32_t attempt = 0;
  Attempt settled;
  std::uint32_t combinedPieces = 0;
  std::uint64_t collected = 0;
};

} // namespace weft::collective

//===- Coordinator.h - One gang from its inputs to its results ------------===//
//
// Grants all slots or none, tells members their roles, replaces who is lost,
// gathers checkpoints, and puts the outputs together. It is not on the path of a
// step: members meet on their boards without it. Each new view is reported and
// must be durable before anybody is told of it.
//
//   a lost slot of an elastic axis leaves, if others hold what it held; what is in flight is settled without it, or
//                                 with it if its part was there, and nothing goes back
//   any other lost slot           is given to a new member. A gang that takes one step goes on: what the slot had
//                                 contributed stays, and so do the bits of the result. A gang that takes more has lost
//                                 the slot's state and goes back to its last durable checkpoint, or to the start
//
// A state machine: events in, actions out; GangRunner and the tests drive it.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Failure.h"
#include "runtime/gang/Boards.h"
#include "runtime/gang/Message.h"
#include "runtime/gang/Sabotage.h"
#include "runtime/gang/StateParts.h"
#include "runtime/transport/Frame.h"

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace weft::gang {

struct CoordinatorActions {
  struct Send {
    membership::MemberId member;
    MessageKind kind;
    std::uint64_t epoch;
    base::Bytes payload;
  };
  std::vector<membership::MemberId> start;          ///< New members to bring up; each greets.
  std::vector<Send> sends;                          ///< In order.
  std::vector<membership::MemberId> kill;           ///< End their processes; no loss is reported for them.
  std::optional<base::Bytes> checkpoint;            ///< A manifest to be made durable; answer with `reportDurable`.
  std::optional<base::Bytes> report;                ///< A view to be made durable; answer with `reportDurable`.
  std::optional<checkpoint::Manifest> removeOlder;  ///< Shards that this one replaces are of no more use.
  std::optional<checkpoint::Manifest> giveOut;      ///< To be written as files of whole states; answer with `givenOut`.
  std::vector<StepReport> progress;                 ///< For observers, each step once, in order.
  bool wakeAll = false;                             ///< Wake every word of the boards: an attempt was replaced.
  bool goBack = false;                              ///< Give new boards and the last checkpoint's states to `goneBack`.
  std::optional<std::vector<value::Value>> results; ///< Done.
  std::optional<base::Failure> failure;             ///< Done, without results.
};

/// Replacements of one slot after which the gang fails: what kills a member that often kills the next one too.
inline constexpr std::uint32_t maxReplacements = 16;

struct CoordinatorOptions {
  std::uint32_t pieceBytes = 512 * 1024; ///< As for the members.
  std::uint64_t lastEpoch =
      0; ///< Of the last view that was reported for this gang before a crash: epochs go on from it.
  bool keepsCheckpoints = false; ///< There is a folder for them.
  bool givesOut = false;         ///< There is one for files of whole states.
  Sabotage sabotage = {};
};

class Coordinator {
public:
  /// `inputs` are tensors of the gang's parameter types (checked by the caller's plan). `segment` holds the boards, all
  /// zero.
  Coordinator(std::shared_ptr<const plan::Plan> plan, std::uint32_t gang, std::vector<value::Value> inputs,
              base::MutableBytes segment, const CoordinatorOptions &options);

  /// Before `begin`: the checkpoint that was durable when this gang last ran, and the whole states that it holds.
  void resumeFrom(checkpoint::Manifest manifest, std::vector<base::Bytes> states);
  void begin(CoordinatorActions &actions);
  /// Reports become durable in the order in which they were made.
  void reportDurable(CoordinatorActions &actions);
  void received(membership::MemberId member, const transport::Frame &frame, CoordinatorActions &actions);
  /// The member's process has ended, and so have its writes to the segment. `how` is for people: "signal 9".
  void lost(membership::MemberId member, const std::string &how, CoordinatorActions &actions);
  /// After `goBack`: boards that nobody has seen, and the checkpoint that is gone back to with its states; null and
  /// empty: to the start.
  void goneBack(base::MutableBytes segment, const checkpoint::Manifest *from, std::vector<base::Bytes> states,
                CoordinatorActions &actions);
  /// The files that `giveOut` asked for are there. Asked for one at a time.
  void givenOut(base::Result<> written, CoordinatorActions &actions);
  void cancel(CoordinatorActions &actions);

  const membership::View &view() const { return current; }
  bool over() const { return ended; }
  const Boards &layout() const { return boards; }
  const std::optional<checkpoint::Manifest> &lastCheckpoint() const { return last; }
  /// Reported and not durable yet.
  std::size_t reportsPending() const { return reported.size(); }
  /// Where a slot stands on its boards, for people: "in step 0: contributed 3 of 8 pieces".
  std::string whereIs(std::uint32_t slot) const;

private:
  struct Seat {
    bool greeted = false, told = false, finished = false, gone = false;
    std::uint32_t replacements = 0;
    std::uint64_t reached = 0;              ///< The last step whose state it held.
    std::vector<std::uint64_t> outputBytes; ///< Received of each output port.
  };
  /// A checkpoint on its way, by the gang's parts.
  struct Saving {
    std::uint64_t step = 0;
    struct Shard {
      std::optional<std::uint32_t> writer; ///< Slot.
      bool saved = false;
      checkpoint::ShardFile file;
    };
    std::vector<Shard> shards;
  };

  // Coordinator.cpp: members and their roles
  void seat(std::uint32_t slot, CoordinatorActions &actions);
  void seatAll(CoordinatorActions &actions);
  void tell(std::uint32_t slot, CoordinatorActions &actions);
  void sendBox(membership::MemberId member, MessageKind kind, std::uint32_t at, const plan::Port &port,
               base::ConstBytes whole, CoordinatorActions &actions);
  base::Result<> takeOutput(std::uint32_t slot, base::ConstBytes payload);
  void finishIfComplete(CoordinatorActions &actions);
  void fail(base::FailKind kind, std::string why, CoordinatorActions &actions);
  void stop(CoordinatorActions &actions);
  void reportView(CoordinatorActions &actions);
  std::optional<std::uint32_t> slotOf(membership::MemberId member) const;
  bool living(std::uint32_t slot) const { return current.slots[slot] != membership::nobody && !seats[slot].gone; }
  bool viewsDurable() const;
  std::string nameOf(std::uint32_t slot) const;

  // Losses.cpp
  bool elastic() const;
  bool mayLeave(std::uint32_t slot) const;
  void leave(std::uint32_t slot, CoordinatorActions &actions);
  void startGoingBack(CoordinatorActions &actions);
  struct InFlight {
    std::uint64_t step;
    std::size_t collective;
  };
  /// The first step of a slot's groups that is not committed, and its first such collective.
  InFlight inFlight(std::uint32_t slot) const;

  // Checkpoints.cpp
  base::Result<> reached(std::uint32_t slot, base::ConstBytes payload, CoordinatorActions &actions);
  base::Result<> saved(std::uint32_t slot, base::ConstBytes payload, CoordinatorActions &actions);
  void assignShards(CoordinatorActions &actions);
  void endSaving(CoordinatorActions &actions);
  /// One was reported and is not durable yet.
  bool checkpointPending() const;
  void checkpointDurable(checkpoint::Manifest manifest, CoordinatorActions &actions);
  void giveOut(checkpoint::Manifest manifest, CoordinatorActions &actions);
  /// `newest` is all that is needed, or, where two checkpoints are to be kept, it and the one before.
  void removeBefore(checkpoint::Manifest newest, CoordinatorActions &actions);
  /// The states after the last step are to be given out, and are not yet.
  bool awaitsLast() const { return options.givesOut && lastGiven != gang.steps; }
  base::Result<> progress(base::ConstBytes payload, CoordinatorActions &actions);

  std::shared_ptr<const plan::Plan> plan;
  std::uint32_t gangIndex;
  const plan::Gang &gang;
  const plan::Mesh &mesh;
  std::vector<value::Value> inputs;
  base::MutableBytes segment;
  CoordinatorOptions options;
  Boards boards;
  membership::View current;
  bool ended = false, goingBack = false;
  membership::MemberId nextMember;
  std::vector<Seat> seats;
  std::vector<base::Bytes> results;                                     ///< Whole tensors.
  std::map<std::pair<std::uint32_t, std::uint32_t>, base::Bytes> boxes; ///< Of slot and port, until whole.
  std::vector<StatePart> parts;
  std::vector<base::Bytes> states;                          ///< Whole, of the last checkpoint; empty at the start.
  std::optional<checkpoint::Manifest> last;                 ///< Durable.
  std::optional<checkpoint::Manifest> removedBefore;        ///< The last one that `removeBefore` was told.
  std::deque<std::optional<checkpoint::Manifest>> reported; ///< Not durable yet, in order; a view is nothing.
  std::optional<Saving> saving;
  std::deque<checkpoint::Manifest> givingOut;    ///< The first is being written.
  std::uint64_t lastGiven = 0;                   ///< Step whose states were given out.
  std::uint64_t lastTold = 0, lastEvaluated = 0; ///< Steps that observers have heard of.
  std::uint64_t savedStep = 0;                   ///< Of the last one that was saved or given up.
};

} // namespace weft::gang

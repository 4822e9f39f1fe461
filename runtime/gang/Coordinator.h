//===- Coordinator.h - One gang from its inputs to its results ------------===//
//
// Grants all slots or none, tells members their roles, replaces who is lost,
// and puts the outputs together. It is not on the path of a step: members meet
// on their boards without it. Each new view is reported and must be durable
// before anybody acts under it.
//
//   a lost slot of a rigid axis   is given to a new member, which does the slot's work from the inputs again; what the
//                                 slot had contributed stays, and so do the bits of the result
//   a lost slot of an elastic axis leaves; what is in flight is settled without it, or with it if its part was there
//
// A state machine: events in, actions out; GangRunner and the tests drive it.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Failure.h"
#include "runtime/gang/Boards.h"
#include "runtime/gang/Message.h"
#include "runtime/transport/Frame.h"

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
  std::optional<base::Bytes> report;                ///< A view to be made durable; answer with `viewDurable`.
  bool wakeAll = false;                             ///< Wake every word of the boards: an attempt was replaced.
  std::optional<std::vector<value::Value>> results; ///< Done.
  std::optional<base::Failure> failure;             ///< Done, without results.
};

/// Replacements of one slot after which the gang fails: what kills a member that often kills the next one too.
inline constexpr std::uint32_t maxReplacements = 16;

class Coordinator {
public:
  /// `inputs` are tensors of the gang's parameter types (checked by the caller's plan). `segment` holds the boards, all
  /// zero. `lastEpoch` is the epoch of the last view that was reported for this gang before a crash, or 0: epochs go on
  /// from there. `pieceBytes` as for the members.
  Coordinator(std::shared_ptr<const plan::Plan> plan, std::uint32_t gang, std::vector<value::Value> inputs,
              base::MutableBytes segment, std::uint32_t pieceBytes, std::uint64_t lastEpoch = 0);

  void begin(CoordinatorActions &actions);
  void viewDurable(CoordinatorActions &actions);
  void received(membership::MemberId member, const transport::Frame &frame, CoordinatorActions &actions);
  /// The member's process has ended, and so have its writes to the segment. `how` is for people: "signal 9".
  void lost(membership::MemberId member, const std::string &how, CoordinatorActions &actions);
  void cancel(CoordinatorActions &actions);

  const membership::View &view() const { return current; }
  bool over() const { return ended; }
  const Boards &layout() const { return boards; }
  /// Where a slot stands on its boards, for people: "in step 0: contributed 3 of 8 pieces".
  std::string whereIs(std::uint32_t slot) const;

private:
  struct Seat {
    bool greeted = false, told = false, finished = false;
    std::uint32_t replacements = 0;
    std::vector<std::uint64_t> outputBytes; ///< Received of each output port.
  };

  bool elastic() const;
  void seat(std::uint32_t slot, CoordinatorActions &actions);
  void settleBoards(std::uint32_t slot, CoordinatorActions &actions);
  void tell(std::uint32_t slot, CoordinatorActions &actions);
  base::Result<> takeOutput(std::uint32_t slot, base::ConstBytes payload);
  void finishIfComplete(CoordinatorActions &actions);
  void fail(base::FailKind kind, std::string why, CoordinatorActions &actions);
  void stop(CoordinatorActions &actions);
  std::optional<std::uint32_t> slotOf(membership::MemberId member) const;

  std::shared_ptr<const plan::Plan> plan;
  std::uint32_t gangIndex;
  const plan::Gang &gang;
  const plan::Mesh &mesh;
  std::vector<value::Value> inputs;
  base::MutableBytes segment;
  Boards boards;
  membership::View current;
  bool durable = false, ended = false;
  membership::MemberId nextMember;
  std::vector<Seat> seats;
  std::vector<base::Bytes> results;                                     ///< Whole tensors.
  std::map<std::pair<std::uint32_t, std::uint32_t>, base::Bytes> boxes; ///< Of slot and port, until whole.
};

} // namespace weft::gang

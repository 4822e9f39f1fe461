//===- Boards.h - Where each collective step of a gang has its board ------===//
//
// Every collective of every group has a board of its own in one segment that
// all members map, and where the roles run more than once as many as it takes
// in turn. The layout follows from the plan alone, so coordinator and
// members compute the same one and nobody sends offsets.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/collective/BoardStep.h"
#include "runtime/plan/Plan.h"

#include <functional>

namespace weft::gang {

/// A group that takes a step together: the slots that differ only on the axes of the mask.
struct GroupPlace {
  std::uint32_t group;    ///< Which of the groups of that mask.
  std::uint32_t position; ///< Of the slot within its group: its index along the mask's axes, the first outermost.
  std::uint32_t members;  ///< Slots of the group.
};

GroupPlace placeOf(const plan::Mesh &mesh, std::uint32_t axesMask, std::uint32_t slot);

/// The slots of one group by position.
std::vector<std::uint32_t> slotsOf(const plan::Mesh &mesh, std::uint32_t axesMask, std::uint32_t group);

/// The role that the plan gives to a slot.
const plan::Role &roleOf(const plan::Gang &gang, std::uint32_t slot);

class Boards {
public:
  /// `pieceBytes` as in StepSpec; the same for all members of a gang.
  Boards(const plan::Plan &plan, const plan::Gang &gang, std::uint32_t pieceBytes, collective::Sabotage sabotage = {});

  std::uint64_t sizeBytes() const { return total; }
  /// Collectives of a role, in order.
  std::size_t collectives() const { return offsets.size(); }
  /// Boards that one group's collective takes in turn, and which use of its board a step of the gang is.
  std::uint32_t turnsOf(std::size_t collective) const { return turns[collective]; }
  std::uint32_t useOf(std::size_t collective, std::uint64_t step) const {
    return static_cast<std::uint32_t>((step - first) / turns[collective]);
  }
  /// The step that boards which nobody has used are taken for; 0 unless told.
  void startAt(std::uint64_t step) { first = step; }
  std::uint64_t firstStep() const { return first; }

  /// The board that the group takes in that step of the gang.
  collective::Board boardOf(base::MutableBytes segment, std::size_t collective, std::uint32_t group,
                            std::uint64_t step) const;
  /// All words that a member may wait for.
  void eachWord(base::MutableBytes segment, const std::function<void(std::atomic<std::uint32_t> &)> &use) const;
  std::uint32_t groupsOf(std::size_t collective) const { return groups[collective]; }
  std::uint32_t axesOf(std::size_t collective) const { return masks[collective]; }
  const collective::StepSpec &specOf(std::size_t collective) const { return specs[collective]; }

private:
  std::vector<std::uint64_t> offsets;
  std::vector<std::uint32_t> groups, masks, turns;
  std::vector<collective::StepSpec> specs;
  std::uint64_t total = 0, first = 0;
};

} // namespace weft::gang

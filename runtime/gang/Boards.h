//===- Boards.h - Where each collective step of a gang has its board ------===//
//
// Every step of every group has a board of its own in one segment that all
// members map. The layout follows from the plan alone, so coordinator and
// members compute the same one and nobody sends offsets.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/collective/BoardStep.h"
#include "runtime/plan/Plan.h"

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
  Boards(const plan::Plan &plan, const plan::Gang &gang, std::uint32_t pieceBytes);

  std::uint64_t sizeBytes() const { return total; }
  /// Collective steps of a role, in order.
  std::size_t steps() const { return offsets.size(); }

  collective::Board boardOf(base::MutableBytes segment, std::size_t step, std::uint32_t group) const;
  std::uint32_t groupsOf(std::size_t step) const { return groups[step]; }
  std::uint32_t axesOf(std::size_t step) const { return masks[step]; }
  const collective::StepSpec &specOf(std::size_t step) const { return specs[step]; }

private:
  std::vector<std::uint64_t> offsets;
  std::vector<std::uint32_t> groups, masks;
  std::vector<collective::StepSpec> specs;
  std::uint64_t total = 0;
};

} // namespace weft::gang

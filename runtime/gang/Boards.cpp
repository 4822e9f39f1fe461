//===- Boards.cpp - Where each collective step of a gang has its board ----===//

#include "runtime/gang/Boards.h"

namespace weft::gang {
namespace {

std::uint64_t sizeOf(const collective::StepSpec &spec) {
  constexpr std::uint64_t alignmentBytes = 64;
  return (collective::Board::sizeBytes(spec.board()) + alignmentBytes - 1) / alignmentBytes * alignmentBytes;
}

collective::StepKind kindOf(plan::fb::Collective collective) {
  switch (collective) {
  case plan::fb::Collective::reduce_scatter:
    return collective::StepKind::reduceScatter;
  case plan::fb::Collective::all_gather:
    return collective::StepKind::allGather;
  default:
    return collective::StepKind::allReduce;
  }
}

} // namespace

GroupPlace placeOf(const plan::Mesh &mesh, std::uint32_t axesMask, std::uint32_t slot) {
  GroupPlace place{0, 0, 1};
  std::uint32_t below = mesh.slots();
  for (std::size_t axis = 0; axis < mesh.sizes.size(); ++axis) {
    below /= mesh.sizes[axis];
    std::uint32_t coordinate = slot / below % mesh.sizes[axis];
    if (axesMask >> axis & 1) {
      place.position = place.position * mesh.sizes[axis] + coordinate;
      place.members *= mesh.sizes[axis];
    } else {
      place.group = place.group * mesh.sizes[axis] + coordinate;
    }
  }
  return place;
}

std::vector<std::uint32_t> slotsOf(const plan::Mesh &mesh, std::uint32_t axesMask, std::uint32_t group) {
  std::vector<std::uint32_t> slots;
  for (std::uint32_t slot = 0; slot < mesh.slots(); ++slot)
    if (placeOf(mesh, axesMask, slot).group == group)
      slots.push_back(slot); // ascending slots are ascending positions: both count the same axes, first outermost
  return slots;
}

const plan::Role &roleOf(const plan::Gang &gang, std::uint32_t slot) {
  for (const plan::Role &role : gang.roles)
    for (std::uint32_t one : role.slots)
      if (one == slot)
        return role;
  WEFT_UNREACHABLE(); // PlanCheck gave every slot a role
}

Boards::Boards(const plan::Plan &plan, const plan::Gang &gang, std::uint32_t pieceBytes,
               collective::Sabotage sabotage) {
  const plan::Mesh &mesh = plan.meshes[gang.mesh];
  const plan::Role &role = gang.roles.front(); // PlanCheck: all roles take the same steps
  for (const plan::fb::Actor &actor : role.actors) {
    if (actor.kind() != plan::fb::ActorKind::collective)
      continue;
    collective::StepSpec spec;
    spec.kind = kindOf(actor.collective());
    spec.reduce = static_cast<collective::ReduceKind>(actor.reduce());
    spec.type = static_cast<base::ElementType>(actor.dtype());
    spec.members = placeOf(mesh, actor.axes_mask(), 0).members;
    spec.inputBytes = role.buffers[role.indices[actor.inputs().first()]].bytes();
    spec.pieceBytes = pieceBytes;
    spec.sabotage = sabotage;
    offsets.push_back(total);
    turns.push_back(gang.steps > 1 ? spec.boardsInTurn() : 1);
    masks.push_back(actor.axes_mask());
    groups.push_back(mesh.slots() / spec.members);
    specs.push_back(spec);
    total += groups.back() * turns.back() * sizeOf(spec);
  }
}

collective::Board Boards::boardOf(base::MutableBytes segment, std::size_t collective, std::uint32_t group,
                                  std::uint64_t step) const {
  std::uint64_t size = sizeOf(specs[collective]), turn = (step - first) % turns[collective];
  return collective::Board(segment.subspan(offsets[collective] + (group * turns[collective] + turn) * size, size),
                           specs[collective].board());
}

void Boards::eachWord(base::MutableBytes segment, const std::function<void(std::atomic<std::uint32_t> &)> &use) const {
  for (std::size_t at = 0; at < collectives(); ++at)
    for (std::uint32_t group = 0; group < groups[at]; ++group)
      for (std::uint32_t turn = 0; turn < turns[at]; ++turn) {
        collective::Board board = boardOf(segment, at, group, first + turn);
        for (std::uint32_t member = 0; member < board.shape().members; ++member) {
          use(board.contributed(member));
          use(board.combined(member));
        }
      }
}

} // namespace weft::gang

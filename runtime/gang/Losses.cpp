//===- Losses.cpp - What becomes of a gang that has lost a member ---------===//

#include "runtime/gang/Coordinator.h"

#include <algorithm>

namespace weft::gang {

using membership::MemberId;

bool Coordinator::elastic() const {
  bool any = false;
  for (std::size_t axis = 0; axis < mesh.axes.size(); ++axis) {
    if (mesh.sizes[axis] > 1 && !mesh.elastic[axis])
      return false; // its groups cannot do without the slot
    any |= mesh.sizes[axis] > 1;
  }
  for (std::size_t at = 0; at < boards.collectives(); ++at)
    if (boards.specOf(at).kind != collective::StepKind::allReduce)
      return false; // only a sum can be made without one of its parts
  return any;
}

/// Others must hold what the slot holds: its parts of the states, and its parts of the results.
bool Coordinator::mayLeave(std::uint32_t slot) const {
  if (!elastic())
    return false;
  for (const StatePart &part : parts) {
    bool holds = false, others = false;
    for (const StatePart::Holder &holder : part.holders)
      (holder.slot == slot ? holds : others) |= holder.slot == slot || living(holder.slot);
    if (holds && !others)
      return false;
  }
  for (const plan::Port &output : roleOf(gang, slot).outputs) {
    bool others = false;
    for (std::uint32_t other = 0; other < seats.size(); ++other)
      if (other != slot && (living(other) || seats[other].finished))
        for (const plan::Port &port : roleOf(gang, other).outputs)
          others |= port.value == output.value && port.offsets == output.offsets && port.sizes == output.sizes;
    if (!others)
      return false;
  }
  for (std::uint32_t other = 0; other < seats.size(); ++other)
    if (other != slot && living(other))
      return true;
  return false;
}

void Coordinator::lost(MemberId member, const std::string &how, CoordinatorActions &actions) {
  auto slot = slotOf(member);
  if (ended || !slot)
    return;
  seats[*slot].gone = true;
  if (saving)
    for (Saving::Shard &shard : saving->shards)
      if (shard.writer == *slot && !shard.saved)
        shard.writer.reset();
  if (seats[*slot].finished && (!awaitsLast() || savedStep == gang.steps))
    return assignShards(actions); // its outputs are here, its contributions on the boards: only its state may be missed
  std::erase_if(boxes, [&](const auto &entry) { return entry.first.first == *slot; });
  if (mayLeave(*slot))
    return leave(*slot, actions);
  bool last = true;
  for (std::uint32_t other = 0; other < seats.size(); ++other)
    last &= !living(other);
  if (gang.steps == 1 && last && elastic())
    return fail(base::FailKind::transport, nameOf(*slot) + " was the last one and was lost (" + how + ")", actions);
  if (++seats[*slot].replacements > maxReplacements)
    return fail(base::FailKind::transport,
                nameOf(*slot) + " was lost " + std::to_string(seats[*slot].replacements) + " times, the last time by " +
                    how,
                actions);
  if (gang.steps > 1)
    return startGoingBack(actions);
  ++current.epoch;
  seat(*slot, actions);
  reportView(actions);
}

/// Steps that nobody has committed go on without the slot, or with it if its contribution is whole.
void Coordinator::leave(std::uint32_t slot, CoordinatorActions &actions) {
  // The first step that any group takes under the new view: a member that has not been told to begin yet is in one
  // that has not taken any, so the view tells it the right one.
  std::uint64_t from = boards.collectives() > 0 ? gang.steps - 1 : current.fromStep;
  for (std::uint32_t other = 0; boards.collectives() > 0 && other < seats.size(); ++other)
    from = std::min(from, inFlight(other).step);
  current = current.with(slot, membership::nobody, from);
  for (std::size_t at = 0; at < boards.collectives(); ++at) {
    GroupPlace place = placeOf(mesh, boards.axesOf(at), slot);
    for (std::uint32_t turn = 0; turn < boards.turnsOf(at); ++turn)
      boards.boardOf(segment, at, place.group, boards.firstStep() + turn)
          .leave(place.position, boards.specOf(at).pieces());
  }
  actions.wakeAll = true;
  reportView(actions);
  assignShards(actions);
}

/// Nobody of the old view goes on, and the new one gets boards of its own: what a late one still writes is seen by
/// none. A checkpoint that was reported is waited for, since its predecessor goes when it is durable.
void Coordinator::startGoingBack(CoordinatorActions &actions) {
  for (std::uint32_t slot = 0; slot < seats.size(); ++slot) {
    if (living(slot))
      actions.kill.push_back(current.slots[slot]);
    current.slots[slot] = membership::nobody;
  }
  saving.reset();
  boxes.clear();
  goingBack = true;
  // What is being given out ends first: it reads shards of the checkpoint that is gone back to, or older ones.
  actions.goBack = !checkpointPending() && givingOut.empty();
}

void Coordinator::goneBack(base::MutableBytes fresh, const checkpoint::Manifest *from, std::vector<base::Bytes> wholes,
                           CoordinatorActions &actions) {
  if (ended)
    return;
  WEFT_ASSERT(goingBack && fresh.size() >= boards.sizeBytes());
  goingBack = false;
  segment = fresh;
  states = std::move(wholes);
  if (!from || !last || from->step != last->step) {
    last = from ? std::optional(*from) : std::nullopt;
    removedBefore = last;
  }
  current.fromStep = savedStep = last ? last->step : 0;
  boards.startAt(current.fromStep);
  seatAll(actions);
}

Coordinator::InFlight Coordinator::inFlight(std::uint32_t slot) const {
  InFlight first{gang.steps, 0};
  for (std::size_t at = 0; at < boards.collectives(); ++at) {
    GroupPlace place = placeOf(mesh, boards.axesOf(at), slot);
    for (std::uint32_t turn = 0; turn < boards.turnsOf(at); ++turn) {
      std::uint64_t begun = boards.firstStep() + turn;
      collective::Verdict verdict = boards.boardOf(segment, at, place.group, begun).verdict();
      std::uint64_t use = std::uint64_t(verdict.use) + (verdict.committed ? 1 : 0);
      if (use * boards.turnsOf(at) + begun < first.step)
        first = {use * boards.turnsOf(at) + begun, at};
    }
  }
  return first;
}

std::string Coordinator::whereIs(std::uint32_t slot) const {
  if (boards.collectives() == 0)
    return "computing alone";
  InFlight place = inFlight(slot);
  if (place.step >= gang.steps)
    return "behind its last step";
  GroupPlace group = placeOf(mesh, boards.axesOf(place.collective), slot);
  collective::Board board = boards.boardOf(segment, place.collective, group.group, place.step);
  auto word = collective::Contributed::of(board.contributed(group.position).load(std::memory_order_acquire));
  return "in step " +
         (gang.steps == 1 ? std::to_string(place.collective)
                          : std::to_string(place.step) + ", collective " + std::to_string(place.collective)) +
         ": contributed " + std::to_string(word.in(boards.useOf(place.collective, place.step))) + " of " +
         std::to_string(boards.specOf(place.collective).pieces()) + " pieces";
}

} // namespace weft::gang

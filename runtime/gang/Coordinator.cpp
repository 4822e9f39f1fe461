//===- Coordinator.cpp - One gang from its inputs to its results ----------===//

#include "runtime/gang/Coordinator.h"

#include "runtime/gang/Box.h"
#include "runtime/value/Builders.h"

#include <algorithm>

namespace weft::gang {

using base::Code;
using base::error;
using membership::MemberId;

Coordinator::Coordinator(std::shared_ptr<const plan::Plan> sharedPlan, std::uint32_t gangIndex,
                         std::vector<value::Value> inputs, base::MutableBytes segment, std::uint32_t pieceBytes,
                         std::uint64_t lastEpoch)
    : plan(std::move(sharedPlan)), gangIndex(gangIndex), gang(plan->gangs[gangIndex]), mesh(plan->meshes[gang.mesh]),
      inputs(std::move(inputs)), segment(segment), boards(*plan, gang, pieceBytes), nextMember(1) {
  WEFT_ASSERT(this->inputs.size() == gang.params.size() && segment.size() >= boards.sizeBytes());
  current.epoch = lastEpoch;
  current.slots.assign(mesh.slots(), membership::nobody);
  seats.resize(mesh.slots());
  // Members of an earlier process carry smaller numbers, so that a late frame of one is nobody's.
  nextMember = (lastEpoch << 32) + 1;
  for (std::uint32_t type : gang.results) {
    const value::Type &tensor = plan->types[type];
    std::uint64_t bytes = base::sizeOf(tensor.dtype);
    for (std::int64_t size : tensor.dims)
      bytes *= static_cast<std::uint64_t>(size);
    results.emplace_back(bytes);
  }
}

void Coordinator::begin(CoordinatorActions &actions) {
  ++current.epoch;
  for (std::uint32_t slot = 0; slot < current.slots.size(); ++slot)
    seat(slot, actions);
  actions.report = membership::encoded(current);
}

void Coordinator::seat(std::uint32_t slot, CoordinatorActions &actions) {
  std::uint32_t replacements = seats[slot].replacements;
  seats[slot] = Seat{};
  seats[slot].replacements = replacements;
  seats[slot].outputBytes.assign(roleOf(gang, slot).outputs.size(), 0);
  current.slots[slot] = nextMember++;
  actions.start.push_back(current.slots[slot]);
}

void Coordinator::viewDurable(CoordinatorActions &actions) {
  durable = true;
  if (ended)
    return;
  for (std::uint32_t slot = 0; slot < seats.size(); ++slot)
    tell(slot, actions);
  finishIfComplete(actions);
}

std::optional<std::uint32_t> Coordinator::slotOf(MemberId member) const {
  auto found = std::find(current.slots.begin(), current.slots.end(), member);
  if (found == current.slots.end() || member == membership::nobody)
    return std::nullopt;
  return static_cast<std::uint32_t>(found - current.slots.begin());
}

void Coordinator::received(MemberId member, const transport::Frame &frame, CoordinatorActions &actions) {
  auto slot = slotOf(member);
  if (ended || !slot)
    return; // of a member that has lost its slot
  switch (static_cast<MessageKind>(frame.kind)) {
  case MessageKind::hello: {
    auto greeted = decodeHello(frame.payload, std::as_bytes(std::span(plan->digest.bytes)));
    if (!greeted)
      return fail(base::FailKind::failed, greeted.error().message, actions);
    seats[*slot].greeted = true;
    return tell(*slot, actions);
  }
  case MessageKind::output:
    if (auto taken = takeOutput(*slot, frame.payload); !taken)
      fail(base::FailKind::failed, taken.error().message, actions);
    return;
  case MessageKind::finished:
    seats[*slot].finished = true;
    return finishIfComplete(actions);
  case MessageKind::failed:
    return fail(base::FailKind::failed,
                "slot " + std::to_string(*slot) + " of " + std::string(gang.name) + ": " +
                    std::string(base::textOf(frame.payload)),
                actions);
  default:
    return fail(base::FailKind::failed, "message kind " + std::to_string(frame.kind) + " is not for a coordinator",
                actions);
  }
}

void Coordinator::tell(std::uint32_t slot, CoordinatorActions &actions) {
  Seat &seat = seats[slot];
  MemberId member = current.slots[slot];
  if (!durable || !seat.greeted || seat.told || member == membership::nobody)
    return;
  seat.told = true;
  actions.sends.push_back({member, MessageKind::role, current.epoch, encodedRole({gangIndex, slot, current})});
  const plan::Role &role = roleOf(gang, slot);
  for (std::uint32_t port = 0; port < role.inputs.size(); ++port) {
    base::Bytes box(boxBytes(role.inputs[port]));
    cutBox(role.inputs[port], inputs[role.inputs[port].value].asTensor().data, box);
    for (std::uint64_t offset = 0; offset < box.size(); offset += pieceBytes) {
      std::uint64_t count = std::min<std::uint64_t>(pieceBytes, box.size() - offset);
      actions.sends.push_back({member, MessageKind::input, current.epoch,
                               encodedPiece(port, offset, base::ConstBytes(box).subspan(offset, count))});
    }
  }
  actions.sends.push_back({member, MessageKind::start, current.epoch, {}});
}

/// Slots that hold a copy of a result send the same bits; each overwrites the other's.
base::Result<> Coordinator::takeOutput(std::uint32_t slot, base::ConstBytes payload) {
  auto piece = decodePiece(payload);
  if (!piece)
    return std::move(piece).error();
  const plan::Role &role = roleOf(gang, slot);
  if (piece->port >= role.outputs.size())
    return error(Code::corrupt, "output " + std::to_string(piece->port) + " is not of slot " + std::to_string(slot));
  const plan::Port &port = role.outputs[piece->port];
  std::uint64_t &have = seats[slot].outputBytes[piece->port];
  if (piece->offset != have || piece->bytes.size() > boxBytes(port) - have)
    return error(Code::corrupt, "output " + std::to_string(piece->port) + " continues at " +
                                    std::to_string(piece->offset) + ", wanted " + std::to_string(have));
  auto &box = boxes[{slot, piece->port}];
  box.insert(box.end(), piece->bytes.begin(), piece->bytes.end());
  have += piece->bytes.size();
  if (have == boxBytes(port)) {
    putBox(port, box, results[port.value]);
    boxes.erase({slot, piece->port});
  }
  return {};
}

void Coordinator::finishIfComplete(CoordinatorActions &actions) {
  if (ended || !durable)
    return;
  for (std::uint32_t slot = 0; slot < seats.size(); ++slot)
    if (current.slots[slot] != membership::nobody && !seats[slot].finished)
      return;
  std::vector<value::Value> values;
  for (std::size_t at = 0; at < results.size(); ++at) {
    const value::Type &type = plan->types[gang.results[at]];
    value::TensorBuilder tensor(type.dtype, type.dims);
    std::copy(results[at].begin(), results[at].end(), tensor.data().begin());
    values.push_back(std::move(tensor).tensor());
  }
  actions.results = std::move(values);
  stop(actions);
}

bool Coordinator::elastic() const {
  for (std::size_t axis = 0; axis < mesh.axes.size(); ++axis)
    if (mesh.elastic[axis] && mesh.sizes[axis] > 1)
      return true;
  return false;
}

void Coordinator::lost(MemberId member, const std::string &how, CoordinatorActions &actions) {
  auto slot = slotOf(member);
  if (ended || !slot)
    return;
  std::string name = "slot " + std::to_string(*slot) + " of " + std::string(gang.name);
  if (seats[*slot].finished)
    return; // its outputs are here and its contributions on the boards: nobody needs it any more
  std::erase_if(boxes, [&](const auto &entry) { return entry.first.first == *slot; });
  if (elastic()) {
    current = current.with(*slot, membership::nobody, 0);
    if (std::count(current.slots.begin(), current.slots.end(), membership::nobody) ==
        static_cast<std::ptrdiff_t>(current.slots.size()))
      return fail(base::FailKind::transport, name + " was the last one and was lost (" + how + ")", actions);
    settleBoards(*slot, actions);
  } else {
    if (++seats[*slot].replacements > maxReplacements)
      return fail(base::FailKind::transport,
                  name + " was lost " + std::to_string(seats[*slot].replacements) + " times, the last time by " + how,
                  actions);
    ++current.epoch;
    seat(*slot, actions);
  }
  durable = false;
  actions.report = membership::encoded(current);
}

/// Steps of an elastic axis that nobody has committed go on without the slot, or with it if its contribution is whole.
void Coordinator::settleBoards(std::uint32_t slot, CoordinatorActions &actions) {
  for (std::size_t step = 0; step < boards.steps(); ++step) {
    GroupPlace place = placeOf(mesh, boards.axesOf(step), slot);
    const collective::StepSpec &spec = boards.specOf(step);
    collective::Board board = boards.boardOf(segment, step, place.group);
    for (;;) {
      std::uint32_t verdict = board.verdict().load(std::memory_order_acquire);
      if (verdict & collective::Board::committedBit)
        break;
      collective::Attempt next = board.attempt(verdict);
      std::uint32_t pieces = static_cast<std::uint32_t>((spec.inputBytes + spec.pieceBytes - 1) / spec.pieceBytes);
      collective::Members self = collective::Members(1) << place.position;
      if (board.contributed(place.position).load(std::memory_order_acquire) < pieces)
        next.contributors &= ~self;
      next.owners &= ~self;
      if (next.contributors == 0 || next.owners == 0 || board.replace(verdict, next))
        break;
    }
  }
  actions.wakeAll = true;
}

std::string Coordinator::whereIs(std::uint32_t slot) const {
  for (std::size_t step = 0; step < boards.steps(); ++step) {
    GroupPlace place = placeOf(mesh, boards.axesOf(step), slot);
    const collective::StepSpec &spec = boards.specOf(step);
    collective::Board board = boards.boardOf(segment, step, place.group);
    if (board.verdict().load(std::memory_order_acquire) & collective::Board::committedBit)
      continue;
    std::uint64_t pieces = (spec.inputBytes + spec.pieceBytes - 1) / spec.pieceBytes;
    return "in step " + std::to_string(step) + ": contributed " +
           std::to_string(board.contributed(place.position).load(std::memory_order_acquire)) + " of " +
           std::to_string(pieces) + " pieces";
  }
  return boards.steps() ? "behind its last step" : "computing alone";
}

void Coordinator::cancel(CoordinatorActions &actions) {
  fail(base::FailKind::cancelled, "the gang was cancelled", actions);
}

void Coordinator::fail(base::FailKind kind, std::string why, CoordinatorActions &actions) {
  if (ended)
    return;
  actions.failure = base::Failure{kind, std::move(why)};
  actions.start.clear();
  ended = true;
  for (MemberId member : current.slots)
    if (member != membership::nobody)
      actions.kill.push_back(member);
}

void Coordinator::stop(CoordinatorActions &actions) {
  ended = true;
  for (MemberId member : current.slots)
    if (member != membership::nobody)
      actions.sends.push_back({member, MessageKind::stop, current.epoch, {}});
}

} // namespace weft::gang

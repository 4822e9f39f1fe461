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
                         std::vector<value::Value> inputs, base::MutableBytes segment,
                         const CoordinatorOptions &options)
    : plan(std::move(sharedPlan)), gangIndex(gangIndex), gang(plan->gangs[gangIndex]), mesh(plan->meshes[gang.mesh]),
      inputs(std::move(inputs)), segment(segment), options(options),
      boards(*plan, gang, options.pieceBytes, options.sabotage.boards), nextMember(1),
      parts(statePartsOf(*plan, gang)) {
  WEFT_ASSERT(this->inputs.size() == gang.params.size() && segment.size() >= boards.sizeBytes());
  current.epoch = options.lastEpoch;
  current.slots.assign(mesh.slots(), membership::nobody);
  seats.resize(mesh.slots());
  // Members of an earlier process carry smaller numbers, so that a late frame of one is nobody's.
  nextMember = (options.lastEpoch << 32) + 1;
  for (std::uint32_t type : gang.results)
    results.emplace_back(tensorBytes(plan->types[type]));
}

void Coordinator::resumeFrom(checkpoint::Manifest manifest, std::vector<base::Bytes> wholes) {
  current.fromStep = savedStep = lastTold = manifest.step;
  boards.startAt(manifest.step);
  removedBefore = manifest;
  last = std::move(manifest);
  states = std::move(wholes);
}

void Coordinator::begin(CoordinatorActions &actions) { seatAll(actions); }

void Coordinator::seatAll(CoordinatorActions &actions) {
  ++current.epoch;
  for (std::uint32_t slot = 0; slot < current.slots.size(); ++slot)
    seat(slot, actions);
  reportView(actions);
}

void Coordinator::seat(std::uint32_t slot, CoordinatorActions &actions) {
  std::uint32_t replacements = seats[slot].replacements;
  seats[slot] = Seat{};
  seats[slot].replacements = replacements;
  seats[slot].outputBytes.assign(roleOf(gang, slot).outputs.size(), 0);
  current.slots[slot] = nextMember++;
  actions.start.push_back(current.slots[slot]);
}

void Coordinator::reportView(CoordinatorActions &actions) {
  actions.report = membership::encoded(current);
  reported.emplace_back();
}

bool Coordinator::viewsDurable() const {
  return std::all_of(reported.begin(), reported.end(), [](const auto &report) { return report.has_value(); });
}

void Coordinator::reportDurable(CoordinatorActions &actions) {
  WEFT_ASSERT(!reported.empty());
  std::optional<checkpoint::Manifest> manifest = std::move(reported.front());
  reported.pop_front();
  if (ended)
    return;
  if (manifest)
    return checkpointDurable(*std::move(manifest), actions);
  for (std::uint32_t slot = 0; slot < seats.size(); ++slot)
    tell(slot, actions);
  finishIfComplete(actions);
}

std::string Coordinator::nameOf(std::uint32_t slot) const {
  return "slot " + std::to_string(slot) + " of " + std::string(gang.name);
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
  base::Result<> taken;
  switch (static_cast<MessageKind>(frame.kind)) {
  case MessageKind::hello: {
    auto greeted = decodeHello(frame.payload, std::as_bytes(std::span(plan->digest.bytes)));
    if (!greeted)
      return fail(base::FailKind::failed, greeted.error().message, actions);
    seats[*slot].greeted = true;
    return tell(*slot, actions);
  }
  case MessageKind::output:
    taken = takeOutput(*slot, frame.payload);
    break;
  case MessageKind::reached:
    taken = reached(*slot, frame.payload, actions);
    break;
  case MessageKind::saved:
    taken = saved(*slot, frame.payload, actions);
    break;
  case MessageKind::progress:
    taken = progress(frame.payload, actions);
    break;
  case MessageKind::finished:
    seats[*slot].finished = true;
    return finishIfComplete(actions);
  case MessageKind::failed:
    return fail(base::FailKind::failed, nameOf(*slot) + ": " + std::string(base::textOf(frame.payload)), actions);
  default:
    taken = error(Code::unsupported, "message kind " + std::to_string(frame.kind) + " is not for a coordinator");
  }
  if (!taken)
    fail(base::FailKind::failed, nameOf(*slot) + ": " + taken.error().message, actions);
}

void Coordinator::tell(std::uint32_t slot, CoordinatorActions &actions) {
  Seat &seat = seats[slot];
  MemberId member = current.slots[slot];
  if (!viewsDurable() || !seat.greeted || seat.told || member == membership::nobody)
    return;
  seat.told = true;
  actions.sends.push_back({member, MessageKind::role, current.epoch, encodedRole({gangIndex, slot, current})});
  const plan::Role &role = roleOf(gang, slot);
  for (std::uint32_t at = 0; at < role.inputs.size(); ++at)
    sendBox(member, MessageKind::input, at, role.inputs[at], inputs[role.inputs[at].value].asTensor().data, actions);
  for (std::uint32_t at = 0; at < role.states.size(); ++at) {
    const plan::Port &port = role.states[at];
    std::uint32_t init = gang.states[port.value].init;
    if (!states.empty())
      sendBox(member, MessageKind::state, at, port, states[port.value], actions);
    else if (init != plan::noIndex)
      sendBox(member, MessageKind::state, at, port, inputs[init].asTensor().data, actions);
  }
  actions.sends.push_back({member, MessageKind::start, current.epoch, {}});
}

void Coordinator::sendBox(MemberId member, MessageKind kind, std::uint32_t at, const plan::Port &port,
                          base::ConstBytes whole, CoordinatorActions &actions) {
  base::Bytes box(boxBytes(port));
  cutBox(port, whole, box);
  for (std::uint64_t offset = 0; offset < box.size(); offset += pieceBytes) {
    std::uint64_t count = std::min<std::uint64_t>(pieceBytes, box.size() - offset);
    actions.sends.push_back(
        {member, kind, current.epoch, encodedPiece(at, offset, base::ConstBytes(box).subspan(offset, count))});
  }
}

/// Whoever comes first tells of a step: all that have its numbers have the same.
base::Result<> Coordinator::progress(base::ConstBytes payload, CoordinatorActions &actions) {
  auto reports = decodeProgress(payload);
  if (!reports)
    return std::move(reports).error();
  for (StepReport &report : *reports) {
    std::size_t known = report.evaluation
                            ? plan->gangs[gang.evaluation ? gang.evaluation->gang : gangIndex].reports.size()
                            : gang.reports.size();
    for (const StepReport::Value &value : report.values)
      if (value.report >= known)
        return error(Code::corrupt, "report " + std::to_string(value.report) + " is not of the gang");
    std::uint64_t &told = report.evaluation ? lastEvaluated : lastTold;
    if (report.step <= told)
      continue;
    told = report.step;
    actions.progress.push_back(std::move(report));
  }
  return {};
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
  if (ended || goingBack || !viewsDurable() || awaitsLast())
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

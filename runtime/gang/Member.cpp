//===- Member.cpp - One slot's work, as a state machine -------------------===//

#include "runtime/gang/Member.h"

#include "runtime/gang/Box.h"
#include "runtime/gang/StateParts.h"

#include <algorithm>
#include <cstring>

namespace weft::gang {

using base::Code;
using base::error;

namespace {

base::Error withoutRole() { return error(Code::invalid, "told to work without a role"); }

} // namespace

Member::Member(std::shared_ptr<const plan::Plan> plan, device::Device &device, base::MutableBytes segment,
               membership::MemberId self, std::uint32_t pieceBytes, Sabotage sabotage,
               std::shared_ptr<const Sources> sources)
    : plan(std::move(plan)), device(device), segment(segment), self(self), pieceBytesOnBoard(pieceBytes),
      sabotage(sabotage), sources(std::move(sources)) {}

void Member::greet(MemberActions &actions) {
  actions.sends.push_back({MessageKind::hello, encodedHello(self, std::as_bytes(std::span(plan->digest.bytes)))});
}

void Member::receive(const transport::Frame &frame, MemberActions &actions) {
  if (over)
    return;
  if (role && frame.epoch < view.epoch &&
      !sabotage.staleFrames) // an older coordinator's command, or one that crossed a new view
    return;
  base::Result<> taken;
  switch (static_cast<MessageKind>(frame.kind)) {
  case MessageKind::role:
    taken = takeRole(frame.payload);
    break;
  case MessageKind::input:
    taken = role ? takePiece(frame.payload, role->inputs, received, "input") : withoutRole();
    break;
  case MessageKind::state:
    taken = role ? takePiece(frame.payload, role->states, receivedStates, "state") : withoutRole();
    break;
  case MessageKind::start:
    taken = role ? begin() : withoutRole();
    running = static_cast<bool>(taken);
    actions.again = running;
    break;
  case MessageKind::save:
    taken = role ? save(frame.payload, actions) : withoutRole();
    break;
  case MessageKind::release:
    taken = role ? release(frame.payload, actions) : withoutRole();
    break;
  case MessageKind::stop:
    over = true;
    actions.leave = true;
    break;
  default:
    taken = error(Code::unsupported, "message kind " + std::to_string(frame.kind) + " is not for a member");
  }
  if (!taken)
    fail(std::move(taken).error(), actions);
}

void Member::advance(MemberActions &actions) {
  if (!running || over)
    return;
  if (sending)
    return sendOutput(actions);
  if (current)
    return take(current->advance(), actions);
  if (next == role->actors.size())
    return endStep(actions);
  const plan::fb::Actor &actor = role->actors[next];
  actions.again = true;
  if (actor.kind() == plan::fb::ActorKind::kernel) {
    memory->launch(next++);
    return;
  }
  if (auto finished = device.finish(); !finished)
    return fail(std::move(finished).error(), actions);
  std::uint32_t stands = sabotage.ranksNotSlots ? rank() : slot;
  GroupPlace place = placeOf(plan->meshes[gang->mesh], actor.axes_mask(), stands);
  current.emplace(boards->specOf(collective), boards->boardOf(segment, collective, place.group, step), place.position,
                  memory->bytes(role->indices[actor.inputs().first()]),
                  memory->bytes(role->indices[actor.outputs().first()]), boards->useOf(collective, step));
}

std::uint32_t Member::rank() const {
  return static_cast<std::uint32_t>(
      std::count_if(view.slots.begin(), view.slots.end(),
                    [&](membership::MemberId other) { return other != membership::nobody && other < self; }));
}

void Member::take(collective::Progress progress, MemberActions &actions) {
  using Kind = collective::Progress::Kind;
  if (progress.kind == Kind::wait) {
    actions.wait = progress.word;
    actions.seen = progress.seen;
    return;
  }
  actions.wake = progress.word;
  actions.again = true;
  if (progress.kind == Kind::done) {
    current.reset();
    ++collective;
    ++next;
  }
}

void Member::endStep(MemberActions &actions) {
  bool last = step + 1 == gang->steps;
  bool due = last ? !gang->checkpointTo.empty() : gang->checkpointEvery > 0 && (step + 1) % gang->checkpointEvery == 0;
  if (due && held)
    return; // the last copy is not written yet: `release` goes on
  if (auto finished = device.finish(); !finished)
    return fail(std::move(finished).error(), actions);
  if (auto told = readReports(actions); !told)
    return fail(std::move(told).error(), actions);
  memory->keepStates();
  if (auto finished = device.finish(); !finished)
    return fail(std::move(finished).error(), actions);
  ++step;
  if (due || last)
    if (auto evaluated = evaluate(actions); !evaluated)
      return fail(std::move(evaluated).error(), actions);
  if (due) {
    if (auto copied = hold(); !copied)
      return fail(std::move(copied).error(), actions);
    actions.sends.push_back({MessageKind::reached, encodedStep(step)});
  }
  if (last) {
    sending = Sending{};
    return sendOutput(actions);
  }
  next = 0;
  collective = 0;
  if (auto fed = feed(); !fed)
    return fail(std::move(fed).error(), actions);
  actions.again = true;
}

base::Result<> Member::hold() {
  held = Held{step, {}};
  for (const plan::Port &port : role->states) {
    auto copy = std::make_shared<base::Bytes>(boxBytes(port));
    device.copyOut(*copy, memory->bytes(port.buffer).data());
    held->states.push_back(std::move(copy));
  }
  return device.finish();
}

base::Result<> Member::save(base::ConstBytes payload, MemberActions &actions) {
  auto save = decodeSave(payload);
  if (!save)
    return std::move(save).error();
  if (!held || held->step != save->step || save->port >= role->states.size())
    return error(Code::invalid, "told to save part " + std::to_string(save->port) + " of step " +
                                    std::to_string(save->step) + ", which is not held here");
  checkpoint::Shard shard{gang->stableId, save->step, described(*gang, role->states[save->port])};
  actions.saves.push_back({*save, std::move(shard), held->states[save->port]});
  return {};
}

void Member::saved(const SaveMessage &what, base::Result<checkpoint::ShardFile> file, MemberActions &actions) {
  if (over)
    return;
  if (!file)
    return fail(std::move(file).error().in("checkpoint of step " + std::to_string(what.step)), actions);
  actions.sends.push_back({MessageKind::saved, encodedSaved({what.step, what.port, file->sizeBytes, file->digest})});
}

base::Result<> Member::release(base::ConstBytes payload, MemberActions &actions) {
  auto released = decodeStep(payload);
  if (!released)
    return std::move(released).error();
  if (held && held->step == *released)
    held.reset();
  actions.again = running;
  return {};
}

/// A piece at a time: whole outputs would lie here twice.
void Member::sendOutput(MemberActions &actions) {
  while (sending->port < role->outputs.size() &&
         sending->offset == memory->bytes(role->outputs[sending->port].buffer).size())
    sending = Sending{sending->port + 1, 0};
  if (sending->port == role->outputs.size()) {
    actions.sends.push_back({MessageKind::finished, {}});
    sending.reset();
    running = false; // waits for stop: its boards stay until every member has committed
    return;
  }
  base::MutableBytes from = memory->bytes(role->outputs[sending->port].buffer);
  base::Bytes bytes(std::min<std::uint64_t>(pieceBytes, from.size() - sending->offset));
  device.copyOut(bytes, from.data() + sending->offset);
  if (auto finished = device.finish(); !finished)
    return fail(std::move(finished).error(), actions);
  actions.sends.push_back({MessageKind::output, encodedPiece(sending->port, sending->offset, bytes)});
  sending->offset += bytes.size();
  actions.again = actions.paced = true;
}

void Member::fail(base::Error error, MemberActions &actions) {
  over = true;
  running = false;
  actions.again = false;
  auto text = base::bytesOf(error.message);
  actions.sends.push_back({MessageKind::failed, base::Bytes(text.begin(), text.end())});
}

} // namespace weft::gang

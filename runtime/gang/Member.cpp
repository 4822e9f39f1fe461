//===- Member.cpp - One slot's work, as a state machine -------------------===//

#include "runtime/gang/Member.h"

#include "runtime/gang/Box.h"

#include <algorithm>
#include <cstring>

namespace weft::gang {

using base::Code;
using base::error;

Member::Member(std::shared_ptr<const plan::Plan> plan, device::Device &device, base::MutableBytes segment,
               membership::MemberId self, std::uint32_t pieceBytes)
    : plan(std::move(plan)), device(device), segment(segment), self(self), pieceBytesOnBoard(pieceBytes) {}

void Member::greet(MemberActions &actions) {
  actions.sends.push_back({MessageKind::hello, encodedHello(self, std::as_bytes(std::span(plan->digest.bytes)))});
}

void Member::receive(const transport::Frame &frame, MemberActions &actions) {
  if (over)
    return;
  if (role && frame.epoch < view.epoch) // an older coordinator's command, or one that crossed a new view
    return;
  base::Result<> taken;
  switch (static_cast<MessageKind>(frame.kind)) {
  case MessageKind::role:
    taken = takeRole(frame.payload);
    break;
  case MessageKind::input:
    taken = takeInput(frame.payload);
    break;
  case MessageKind::start:
    for (std::size_t port = 0; role && port < received.size() && taken; ++port)
      if (received[port] != boxBytes(role->inputs[port]))
        taken = error(Code::corrupt, "input " + std::to_string(port) + " has " + std::to_string(received[port]) +
                                         " bytes, wanted " + std::to_string(boxBytes(role->inputs[port])));
    if (!role)
      taken = error(Code::invalid, "told to start without a role");
    running = static_cast<bool>(taken);
    actions.again = running;
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

base::Result<> Member::takeRole(base::ConstBytes payload) {
  auto message = decodeRole(payload);
  if (!message)
    return std::move(message).error();
  if (message->gang >= plan->gangs.size())
    return error(Code::invalid, "gang " + std::to_string(message->gang) + " is not in the plan");
  gang = &plan->gangs[message->gang];
  if (message->view.slots.size() != plan->meshes[gang->mesh].slots() || message->view.slots[message->slot] != self)
    return error(Code::stale, "the view does not give slot " + std::to_string(message->slot) + " to this member");
  view = std::move(message->view);
  slot = message->slot;
  role = &roleOf(*gang, slot);
  boards.emplace(*plan, *gang, pieceBytesOnBoard);
  if (boards->sizeBytes() > segment.size())
    return error(Code::invalid, "the segment has " + std::to_string(segment.size()) + " bytes, the gang needs " +
                                    std::to_string(boards->sizeBytes()));
  received.assign(role->inputs.size(), 0);
  arenas.clear();
  for (std::uint64_t sizeBytes : role->arenas) {
    auto memory = device.allocate(sizeBytes);
    if (!memory)
      return std::move(memory).error();
    arenas.push_back(*std::move(memory));
  }
  kernels.clear();
  std::uint64_t workspaceBytes = 0;
  for (const plan::fb::Actor &actor : role->actors) {
    kernels.emplace_back();
    if (actor.kind() != plan::fb::ActorKind::kernel)
      continue;
    const plan::Kernel &kernel = plan->kernels[actor.kernel()];
    workspaceBytes = std::max(workspaceBytes, kernel.workspaceBytes);
    std::vector<device::Image> images;
    for (const plan::Variant &variant : kernel.variants)
      images.push_back({variant.isa, variant.image});
    auto loaded = device.load(std::string(kernel.symbol), images);
    if (!loaded)
      return std::move(loaded).error();
    kernels.back() = *std::move(loaded);
  }
  auto scratch = device.allocate(workspaceBytes);
  if (!scratch)
    return std::move(scratch).error();
  workspace = *std::move(scratch);
  return {};
}

base::MutableBytes Member::bufferBytes(std::uint32_t buffer) {
  const plan::fb::Buffer &place = role->buffers[buffer];
  return {static_cast<std::byte *>(arenas[place.arena()]->address()) + place.offset(), place.bytes()};
}

base::Result<> Member::takeInput(base::ConstBytes payload) {
  auto piece = decodePiece(payload);
  if (!piece)
    return std::move(piece).error();
  if (!role || piece->port >= role->inputs.size())
    return error(Code::corrupt, "input " + std::to_string(piece->port) + " is not of this role");
  base::MutableBytes buffer = bufferBytes(role->inputs[piece->port].buffer);
  if (piece->offset != received[piece->port] || piece->bytes.size() > buffer.size() - piece->offset)
    return error(Code::corrupt, "input " + std::to_string(piece->port) + " continues at " +
                                    std::to_string(piece->offset) + ", wanted " +
                                    std::to_string(received[piece->port]));
  device.copyIn(buffer.data() + piece->offset, piece->bytes);
  received[piece->port] += piece->bytes.size();
  return device.finish();
}

void Member::advance(MemberActions &actions) {
  if (!running || over)
    return;
  if (current)
    return take(current->advance(), actions);
  if (next == role->actors.size())
    return sendOutputs(actions);
  const plan::fb::Actor &actor = role->actors[next];
  actions.again = true;
  if (actor.kind() == plan::fb::ActorKind::kernel) {
    auto launched = launch(actor);
    if (!launched)
      return fail(std::move(launched).error(), actions);
    ++next;
    return;
  }
  if (auto finished = device.finish(); !finished)
    return fail(std::move(finished).error(), actions);
  GroupPlace place = placeOf(plan->meshes[gang->mesh], actor.axes_mask(), slot);
  current.emplace(boards->specOf(step), boards->boardOf(segment, step, place.group), place.position,
                  bufferBytes(role->indices[actor.inputs().first()]),
                  bufferBytes(role->indices[actor.outputs().first()]));
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
    ++step;
    ++next;
  }
}

base::Result<> Member::launch(const plan::fb::Actor &actor) {
  std::vector<void *> buffers;
  for (const plan::Range &range : {actor.inputs(), actor.outputs()})
    for (std::uint32_t at = 0; at < range.count(); ++at)
      buffers.push_back(bufferBytes(role->indices[range.first() + at]).data());
  if (plan->kernels[actor.kernel()].workspaceBytes > 0)
    buffers.push_back(workspace->address());
  device.launch(*kernels[next], buffers);
  return {};
}

void Member::sendOutputs(MemberActions &actions) {
  if (auto finished = device.finish(); !finished)
    return fail(std::move(finished).error(), actions);
  for (std::uint32_t port = 0; port < role->outputs.size(); ++port) {
    base::MutableBytes from = bufferBytes(role->outputs[port].buffer);
    for (std::uint64_t offset = 0; offset < from.size(); offset += pieceBytes) {
      base::Bytes bytes(std::min<std::uint64_t>(pieceBytes, from.size() - offset));
      device.copyOut(bytes, from.data() + offset);
      if (auto finished = device.finish(); !finished)
        return fail(std::move(finished).error(), actions);
      actions.sends.push_back({MessageKind::output, encodedPiece(port, offset, bytes)});
    }
  }
  actions.sends.push_back({MessageKind::finished, {}});
  running = false; // waits for stop: its boards stay until every member has committed
}

void Member::fail(base::Error error, MemberActions &actions) {
  over = true;
  running = false;
  actions.again = false;
  auto text = base::bytesOf(error.message);
  actions.sends.push_back({MessageKind::failed, base::Bytes(text.begin(), text.end())});
}

} // namespace weft::gang

//===- MemberRole.cpp - A member is given what it begins with -------------===//

#include "runtime/gang/Box.h"
#include "runtime/gang/Member.h"

#include <algorithm>

namespace weft::gang {

using base::Code;
using base::error;

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
  boards.emplace(*plan, *gang, pieceBytesOnBoard, sabotage.boards);
  if (boards->sizeBytes() > segment.size())
    return error(Code::invalid, "the segment has " + std::to_string(segment.size()) + " bytes, the gang needs " +
                                    std::to_string(boards->sizeBytes()));
  if (view.fromStep >= gang->steps)
    return error(Code::invalid,
                 "told to begin with step " + std::to_string(view.fromStep) + " of " + std::to_string(gang->steps));
  step = view.fromStep;
  boards->startAt(step);
  received.assign(role->inputs.size(), 0);
  receivedStates.assign(role->states.size(), 0);
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
    auto loaded = device.load(std::string(kernel.symbol), images, {kernel.phases, kernel.threadBytes});
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

base::Result<> Member::takePiece(base::ConstBytes payload, const std::vector<plan::Port> &ports,
                                 std::vector<std::uint64_t> &have, const char *kind) {
  auto piece = decodePiece(payload);
  if (!piece)
    return std::move(piece).error();
  std::string name = std::string(kind) + " " + std::to_string(piece->port);
  if (piece->port >= ports.size())
    return error(Code::corrupt, name + " is not of this role");
  base::MutableBytes buffer = bufferBytes(ports[piece->port].buffer);
  if (piece->offset != have[piece->port] || piece->bytes.size() > buffer.size() - piece->offset)
    return error(Code::corrupt, name + " continues at " + std::to_string(piece->offset) + ", wanted " +
                                    std::to_string(have[piece->port]));
  device.copyIn(buffer.data() + piece->offset, piece->bytes);
  have[piece->port] += piece->bytes.size();
  return device.finish();
}

/// Memory is zero at first, so a state of which nothing came is zeros.
base::Result<> Member::begin() {
  auto whole = [](const char *kind, std::size_t port, std::uint64_t have, std::uint64_t want) -> base::Result<> {
    if (have == want)
      return {};
    return error(Code::corrupt, std::string(kind) + " " + std::to_string(port) + " has " + std::to_string(have) +
                                    " bytes, wanted " + std::to_string(want));
  };
  for (std::size_t port = 0; port < received.size(); ++port)
    if (auto ok = whole("input", port, received[port], boxBytes(role->inputs[port])); !ok)
      return ok;
  for (std::size_t port = 0; port < receivedStates.size(); ++port)
    if (receivedStates[port] > 0)
      if (auto ok = whole("state", port, receivedStates[port], boxBytes(role->states[port])); !ok)
        return ok;
  return {};
}

} // namespace weft::gang

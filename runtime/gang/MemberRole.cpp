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
  sending.reset();
  received.assign(role->inputs.size(), 0);
  receivedStates.assign(role->states.size(), 0);
  memory.reset();
  auto made = tensor::RoleMemory::make(*plan, *role, device);
  if (!made)
    return std::move(made).error();
  memory = *std::move(made);
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
  base::MutableBytes buffer = memory->bytes(ports[piece->port].buffer);
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
  return feed();
}

} // namespace weft::gang

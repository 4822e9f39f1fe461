//===- StateParts.cpp - The parts of a gang's states, and who holds them --===//

#include "runtime/gang/StateParts.h"

#include "runtime/gang/Boards.h"
#include "runtime/gang/Box.h"

#include <algorithm>

namespace weft::gang {

std::uint64_t tensorBytes(const value::Type &type) {
  std::uint64_t bytes = base::sizeOf(type.dtype);
  for (std::int64_t size : type.dims)
    bytes *= static_cast<std::uint64_t>(size);
  return bytes;
}

std::vector<StatePart> statePartsOf(const plan::Plan &plan, const plan::Gang &gang) {
  std::vector<StatePart> parts;
  for (std::uint32_t slot = 0; slot < plan.meshes[gang.mesh].slots(); ++slot) {
    const plan::Role &role = roleOf(gang, slot);
    for (std::uint32_t at = 0; at < role.states.size(); ++at) {
      const plan::Port &port = role.states[at];
      auto known = std::find_if(parts.begin(), parts.end(), [&](const StatePart &part) {
        return part.port->value == port.value && part.port->offsets == port.offsets && part.port->sizes == port.sizes;
      });
      if (known == parts.end())
        known = parts.insert(parts.end(), StatePart{&port, {}});
      known->holders.push_back({slot, at});
    }
  }
  return parts;
}

checkpoint::Part described(const plan::Gang &gang, const plan::Port &port) {
  return {std::string(gang.states[port.value].name), port.dtype, port.whole, port.offsets, port.sizes};
}

base::Result<std::vector<base::Bytes>> assembled(const plan::Plan &plan, const plan::Gang &gang,
                                                 const checkpoint::Manifest &manifest,
                                                 const std::vector<base::Bytes> &payloads) {
  auto wrong = [&](const std::string &what) {
    return base::error(base::Code::invalid, "checkpoint of step " + std::to_string(manifest.step) + " of " +
                                                std::string(gang.name) + ": " + what);
  };
  if (manifest.gang != gang.stableId)
    return wrong("is of gang " + std::to_string(manifest.gang) + ", wanted " + std::to_string(gang.stableId));
  std::vector<base::Bytes> states;
  std::vector<std::uint64_t> missing;
  for (const plan::State &state : gang.states) {
    missing.push_back(tensorBytes(plan.types[state.type]));
    states.emplace_back(missing.back());
  }
  for (std::size_t at = 0; at < manifest.shards.size(); ++at) {
    const checkpoint::Part &part = manifest.shards[at].part;
    auto state = std::find_if(gang.states.begin(), gang.states.end(),
                              [&](const plan::State &one) { return one.name == part.name; });
    if (state == gang.states.end())
      return wrong("holds " + part.text() + ", which is no state of the gang");
    const value::Type &type = plan.types[state->type];
    if (part.type != type.dtype ||
        !std::equal(part.whole.begin(), part.whole.end(), type.dims.begin(), type.dims.end(),
                    [](std::uint64_t have, std::int64_t want) { return have == static_cast<std::uint64_t>(want); }))
      return wrong("holds " + part.text() + ", wanted a part of " + plan.types.text(state->type));
    auto index = static_cast<std::size_t>(state - gang.states.begin());
    plan::Port port{static_cast<std::uint32_t>(index), 0, part.type, part.whole, part.offsets, part.sizes};
    putBox(port, payloads[at], states[index]);
    missing[index] -= std::min(missing[index], part.sizeBytes());
  }
  for (std::size_t at = 0; at < missing.size(); ++at)
    if (missing[at] > 0)
      return wrong("lacks " + std::to_string(missing[at]) + " bytes of " + std::string(gang.states[at].name));
  return states;
}

} // namespace weft::gang

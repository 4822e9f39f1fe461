//===- RoleMemory.cpp - Arenas, kernels and workspace of one role ---------===//

#include "runtime/tensor/RoleMemory.h"

#include <algorithm>

namespace weft::tensor {

base::Result<RoleMemory> RoleMemory::make(const plan::Plan &plan, const plan::Role &role, device::Device &device) {
  RoleMemory made(plan, role, device);
  made.bound.resize(role.buffers.size());
  for (std::uint64_t sizeBytes : role.arenas) {
    auto memory = device.allocate(sizeBytes);
    if (!memory)
      return std::move(memory).error();
    made.arenas.push_back(*std::move(memory));
  }
  std::uint64_t workspaceBytes = 0;
  made.kernels.resize(plan.kernels.size());
  for (const plan::fb::Actor &actor : role.actors) {
    if (actor.kind() != plan::fb::ActorKind::kernel || made.kernels[actor.kernel()])
      continue;
    const plan::Kernel &kernel = plan.kernels[actor.kernel()];
    workspaceBytes = std::max(workspaceBytes, kernel.workspaceBytes);
    std::vector<device::Image> images;
    for (const plan::Variant &variant : kernel.variants)
      images.push_back({variant.isa, variant.image});
    auto loaded = device.load(std::string(kernel.symbol), images, {kernel.phases, kernel.threadBytes});
    if (!loaded)
      return std::move(loaded).error();
    made.kernels[actor.kernel()] = *std::move(loaded);
  }
  auto scratch = device.allocate(workspaceBytes);
  if (!scratch)
    return std::move(scratch).error();
  made.workspace = *std::move(scratch);
  return made;
}

base::MutableBytes RoleMemory::bytes(std::uint32_t buffer) const {
  if (base::ConstBytes elsewhere = bound[buffer]; !elsewhere.empty()) // never written: see `bind`
    return {const_cast<std::byte *>(elsewhere.data()), elsewhere.size()};
  const plan::fb::Buffer &place = role->buffers[buffer];
  return {static_cast<std::byte *>(arenas[place.arena()]->address()) + place.offset(), place.bytes()};
}

template <typename Use> void RoleMemory::eachView(std::uint32_t buffer, Use use) const {
  for (std::uint32_t other = 0; other < role->buffers.size(); ++other)
    if (other == buffer || (!role->storages.empty() && role->storages[other] == role->storages[buffer]))
      use(other);
}

bool RoleMemory::mayBind(std::uint32_t buffer) const {
  const plan::fb::Buffer &whole = role->buffers[buffer];
  bool may = true;
  eachView(buffer, [&](std::uint32_t other) {
    const plan::fb::Buffer &view = role->buffers[other];
    may &= !isWritten(other) && view.arena() == whole.arena() && view.offset() >= whole.offset() &&
           view.offset() + view.bytes() <= whole.offset() + whole.bytes();
  });
  return may;
}

void RoleMemory::bind(std::uint32_t buffer, base::ConstBytes elsewhere) {
  WEFT_ASSERT(elsewhere.size() == role->buffers[buffer].bytes() && mayBind(buffer));
  eachView(buffer, [&](std::uint32_t other) {
    const plan::fb::Buffer &view = role->buffers[other];
    bound[other] = elsewhere.subspan(view.offset() - role->buffers[buffer].offset(), view.bytes());
  });
}

void RoleMemory::unbind(std::uint32_t buffer) {
  eachView(buffer, [&](std::uint32_t other) { bound[other] = {}; });
}

bool RoleMemory::isWritten(std::uint32_t buffer) const {
  return std::any_of(role->actors.begin(), role->actors.end(), [&](const plan::fb::Actor &actor) {
    auto outputs = role->indices.subspan(actor.outputs().first(), actor.outputs().count());
    return std::find(outputs.begin(), outputs.end(), buffer) != outputs.end();
  });
}

void RoleMemory::launch(std::size_t at) {
  const plan::fb::Actor &actor = role->actors[at];
  launched.clear();
  for (const plan::Range &range : {actor.inputs(), actor.outputs()})
    for (std::uint32_t one = 0; one < range.count(); ++one)
      launched.push_back(bytes(role->indices[range.first() + one]).data());
  if (plan->kernels[actor.kernel()].workspaceBytes > 0)
    launched.push_back(workspace->address());
  device->launch(*kernels[actor.kernel()], launched);
}

void RoleMemory::keepStates() {
  for (std::size_t at = 0; at < role->states.size(); ++at)
    if (role->kept[at] != role->states[at].buffer) {
      base::MutableBytes from = bytes(role->kept[at]);
      device->copyWithin(bytes(role->states[at].buffer).data(), from.data(), from.size());
    }
}

} // namespace weft::tensor

//===- GangCost.cpp - What one run of a gang takes on each slot -----------===//

#include "compiler/report/GangCost.h"

#include <algorithm>
#include <set>

namespace weft::report {
namespace {

using plan::fb::Collective;

std::uint64_t bytesOf(const plan::Role &role, const plan::Range &buffers) {
  std::uint64_t bytes = 0;
  for (std::uint32_t index : role.indices.subspan(buffers.first(), buffers.count()))
    bytes += role.buffers[index].bytes();
  return bytes;
}

CollectiveCost collective(const plan::Mesh &mesh, const plan::Role &role, const plan::fb::Actor &actor) {
  CollectiveCost cost{plan::fb::EnumNameCollective(actor.collective()), "", 1, bytesOf(role, actor.inputs()), "m", 0};
  for (std::size_t axis = 0; axis < mesh.axes.size(); ++axis)
    if (actor.axes_mask() >> axis & 1) {
      cost.axes += (cost.axes.empty() ? "" : ", ") + std::string(mesh.axes[axis]);
      cost.slots *= mesh.sizes[axis];
    }
  std::uint64_t others = cost.slots - 1, n = cost.slots;
  switch (actor.collective()) {
  case Collective::all_reduce:
    cost.formula = "2m(n-1)/n";
    cost.sentBytes = 2 * cost.bytes * others / n;
    break;
  case Collective::all_gather:
    // What is joined counts, not the part that a slot brings.
    cost.bytes = bytesOf(role, actor.outputs());
    [[fallthrough]];
  case Collective::reduce_scatter:
  case Collective::all_to_all:
    cost.formula = "m(n-1)/n";
    cost.sentBytes = cost.bytes * others / n;
    break;
  case Collective::broadcast:
  case Collective::send:
  case Collective::recv:
    cost.sentBytes = cost.bytes;
    break;
  }
  if (actor.collective() == Collective::all_reduce || actor.collective() == Collective::reduce_scatter)
    cost.kind += std::string(" ") + plan::fb::EnumNameReduce(actor.reduce());
  return cost;
}

std::uint64_t bytesOf(const plan::Role &role, const std::vector<plan::Port> &ports) {
  std::uint64_t bytes = 0;
  for (const plan::Port &port : ports)
    bytes += role.buffers[port.buffer].bytes();
  return bytes;
}

/// What the role needs to run, wherever it does.
SlotCost roleCost(const plan::Plan &plan, const plan::Role &role) {
  SlotCost slot{role.slots, 0, 0, bytesOf(role, role.states), role.buffers.size(), 0};
  for (std::uint64_t bytes : role.arenas)
    slot.arenaBytes += bytes;
  std::set<std::int32_t> loaded;
  for (const plan::fb::Actor &actor : role.actors) {
    if (actor.kind() != plan::fb::ActorKind::kernel)
      continue;
    ++slot.kernels;
    if (!loaded.insert(actor.kernel()).second)
      continue;
    const plan::Kernel &kernel = plan.kernels[static_cast<std::size_t>(actor.kernel())];
    slot.workspaceBytes = std::max(slot.workspaceBytes, kernel.workspaceBytes);
    slot.threadBytes = std::max(slot.threadBytes, kernel.threadBytes);
    std::uint64_t codeBytes = 0;
    for (const plan::Variant &variant : kernel.variants)
      codeBytes = std::max<std::uint64_t>(codeBytes, variant.image.size());
    slot.codeBytes += codeBytes;
  }
  return slot;
}

/// Tensors go to and from a worker in pieces of 512 KiB (runtime/gang/Message.h): one is read, one taken apart, one
/// made, one written.
constexpr std::uint64_t frameBytes = 4 * 512 * 1024;

/// Slot 0 evaluates; every slot copies its states.
void addTraining(const plan::Plan &plan, const plan::Gang &gang, const plan::Role &role, SlotCost &slot) {
  bool isKept = gang.checkpointEvery > 0 || !gang.checkpointTo.empty();
  std::uint64_t largest = 0;
  for (const plan::Port &port : role.states)
    largest = std::max(largest, role.buffers[port.buffer].bytes());
  slot.checkpointBytes = isKept ? slot.stateBytes : 0;
  slot.frameBytes =
      std::min(frameBytes, bytesOf(role, role.inputs) + bytesOf(role, role.states) + bytesOf(role, role.outputs));
  std::uint64_t writtenBytes = isKept ? largest : 0;
  bool evaluates = gang.evaluation && std::find(role.slots.begin(), role.slots.end(), 0u) != role.slots.end();
  if (evaluates) {
    SlotCost by = roleCost(plan, plan.gangs[gang.evaluation->gang].roles.front());
    slot.evaluationBytes = by.arenaBytes + by.workspaceBytes + by.codeBytes;
    slot.threadBytes = std::max(slot.threadBytes, by.threadBytes);
  }
  // As many parts at once as there are threads.
  slot.threadBytes += writtenBytes;
}

} // namespace

GangCost costOf(const plan::Plan &plan, const plan::Gang &gang) {
  GangCost cost;
  std::set<std::uint32_t> seen;
  for (const plan::Role &role : gang.roles) {
    SlotCost slot = roleCost(plan, role);
    addTraining(plan, gang, role, slot);
    for (const plan::fb::Actor &actor : role.actors)
      if (actor.kind() != plan::fb::ActorKind::kernel && seen.insert(actor.op_id()).second)
        cost.collectives.push_back(collective(plan.meshes[gang.mesh], role, actor));
    cost.slots.push_back(std::move(slot));
  }
  return cost;
}

std::string gangTitle(const plan::Plan &plan, const plan::Gang &gang) {
  const plan::Mesh &mesh = plan.meshes[gang.mesh];
  std::string text = std::string(gang.name) + " on " + std::string(mesh.name);
  for (std::size_t axis = 0; axis < mesh.axes.size(); ++axis)
    text += (axis ? ", " : " { ") + std::string(mesh.axes[axis]) + ": " + std::to_string(mesh.sizes[axis]) +
            (mesh.elastic[axis] ? " elastic" : "");
  return text + (mesh.axes.empty() ? "" : " }");
}

} // namespace weft::report

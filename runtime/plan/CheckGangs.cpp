//===- CheckGangs.cpp - Slots of a gang fit together ----------------------===//
//
// Every slot has one role; buffers lie in their arena; ports are boxes of the
// whole tensor that fill their buffer; actors run in order over buffers of the
// role; and all slots of a mesh take the same collectives in the same order,
// for one that waits for a step nobody else takes would wait for ever.
//
//===----------------------------------------------------------------------===//

#include "runtime/plan/CheckContents.h"
#include "runtime/plan/CheckFailure.h"
#include "runtime/plan/CheckStates.h"
#include "runtime/plan/CheckTrain.h"
#include "runtime/plan/PlanCheck.h"

#include <algorithm>

namespace weft::plan {
namespace {

/// A slot is a process or a device; more than this many is a mistake, and the product below must not overflow.
constexpr std::uint64_t maxSlots = 1U << 16;

base::Result<> checkMesh(const Plan &plan, std::size_t index) {
  const Mesh &mesh = plan.meshes[index];
  std::string name = "mesh '" + std::string(mesh.name) + "'";
  // No axis is one slot: where a tensor function without marks runs.
  if (mesh.axes.size() != mesh.sizes.size() || mesh.axes.size() != mesh.elastic.size() || mesh.axes.size() > 32)
    return broken(name + ": axes, sizes and kinds differ in number, or there are more than 32");
  std::uint64_t slots = 1;
  for (std::uint32_t size : mesh.sizes) {
    if (size == 0 || (slots *= size) > maxSlots)
      return broken(name + ": an axis of size " + number(size) + " makes " + number(slots) + " slots, wanted 1 to " +
                    number(maxSlots));
  }
  return {};
}

/// A phase is a pass over the data; more is a mistake, and each costs a meeting of all threads.
constexpr std::uint64_t maxPhases = 4096;
/// Scratch is for what stays in a cache; every thread has its own.
constexpr std::uint64_t maxThreadBytes = 1U << 30;

base::Result<> checkKernel(const Plan &plan, std::size_t index) {
  const Kernel &kernel = plan.kernels[index];
  if (kernel.symbol.empty() || kernel.variants.empty())
    return broken("kernel " + number(index) + " has no symbol or no code");
  std::string name = "kernel '" + std::string(kernel.symbol) + "'";
  if (kernel.phases.size() > maxPhases)
    return broken(name + ": " + number(kernel.phases.size()) + " phases, the limit is " + number(maxPhases));
  if (std::find(kernel.phases.begin(), kernel.phases.end(), 0) != kernel.phases.end())
    return broken(name + ": a phase has no item of work, wanted at least 1");
  if (kernel.threadBytes > maxThreadBytes)
    return broken(name + ": " + number(kernel.threadBytes) + " bytes of scratch for each thread, the limit is " +
                  number(maxThreadBytes));
  for (const Variant &variant : kernel.variants)
    if (base::digestOf(variant.image) != variant.digest)
      return broken(name + ": the code for " + std::string(variant.isa) + " does not match its digest");
  return {};
}

class RoleCheck {
public:
  RoleCheck(const Plan &plan, const Gang &gang, const Role &role, std::string name)
      : plan(plan), gang(gang), role(role), name(std::move(name)) {}

  base::Result<> run() {
    if (!role.storages.empty() && role.storages.size() != role.buffers.size())
      return broken(name + ": names the storages of " + number(role.storages.size()) + " buffers and has " +
                    number(role.buffers.size()));
    for (std::size_t at = 0; at < role.buffers.size(); ++at)
      if (auto ok = buffer(at); !ok)
        return ok;
    Contents contents(role);
    for (const Port &port : role.inputs) {
      if (auto ok = checkPort(port, gang.params, "input"); !ok)
        return ok;
      contents.fill(port.buffer);
    }
    if (auto ok = states(contents); !ok)
      return ok;
    if (auto ok = feeds(contents); !ok)
      return ok;
    for (std::size_t at = 0; at < role.actors.size(); ++at)
      if (auto ok = actor(at, contents); !ok)
        return ok;
    if (auto ok = reports(contents); !ok)
      return ok;
    if (auto ok = checkEndOfStep(gang, role, name, contents); !ok)
      return ok;
    for (const Port &port : role.outputs) {
      if (auto ok = checkPort(port, gang.results, "output"); !ok)
        return ok;
      if (!contents.holds(port.buffer))
        return broken(name + ": an output takes buffer " + number(port.buffer) + ", which nothing fills");
    }
    return {};
  }

private:
  base::Result<> buffer(std::size_t at) {
    const fb::Buffer &one = role.buffers[at];
    std::string place = name + ", buffer " + number(at);
    if (one.arena() >= role.arenas.size())
      return broken(place + ": arena " + number(one.arena()) + " of " + number(role.arenas.size()));
    if (one.offset() > role.arenas[one.arena()] || one.bytes() > role.arenas[one.arena()] - one.offset())
      return broken(place + ": " + number(one.bytes()) + " bytes at " + number(one.offset()) + " in an arena of " +
                    number(role.arenas[one.arena()]));
    if (one.dtype() >= base::elementTypeCount || one.credits() == 0)
      return broken(place + ": unknown element type, or no credit");
    // No more than its element's: a slice of a stacked tensor is a buffer too.
    std::uint64_t alignment = base::sizeOf(static_cast<base::ElementType>(one.dtype()));
    if (one.offset() % alignment != 0)
      return broken(place + ": its offset " + number(one.offset()) + " is no multiple of its element's " +
                    number(alignment) + " bytes");
    return {};
  }

  base::Result<> states(Contents &contents) {
    std::vector<std::uint32_t> types;
    for (const State &state : gang.states)
      types.push_back(state.type);
    if (role.kept.size() != role.states.size())
      return broken(name + ": holds " + number(role.states.size()) + " states and keeps " + number(role.kept.size()));
    for (const Port &port : role.states) {
      if (auto ok = checkPort(port, types, "state"); !ok)
        return ok;
      if (auto ok = claim(port.buffer, "state " + std::string(gang.states[port.value].name), contents); !ok)
        return ok;
    }
    return {};
  }

  /// A buffer that is filled before the actors run, beside all that are.
  base::Result<> claim(std::uint32_t buffer, const std::string &what, Contents &contents) {
    if (std::uint32_t other = contents.under(buffer); other != noIndex)
      return broken(name + ": " + what + " lies over buffer " + number(other));
    contents.fill(buffer);
    return {};
  }

  base::Result<> feeds(Contents &contents) {
    std::vector<std::uint32_t> types;
    for (const Feed &feed : gang.feeds)
      types.push_back(feed.type);
    for (const Port &port : role.feeds) {
      if (auto ok = checkPort(port, types, "feed"); !ok)
        return ok;
      if (auto ok = claim(port.buffer, "feed " + number(port.value), contents); !ok)
        return ok;
    }
    if (role.step == noIndex)
      return {};
    if (role.step >= role.buffers.size() || role.buffers[role.step].bytes() != sizeof(std::int32_t) ||
        role.buffers[role.step].dtype() != static_cast<std::uint8_t>(base::ElementType::i32))
      return broken(name + ": buffer " + number(role.step) + " of the step's number is no i32");
    return claim(role.step, "the step's number", contents);
  }

  /// They are read before the states are copied.
  base::Result<> reports(const Contents &contents) {
    std::vector<std::uint32_t> types;
    for (const Report &report : gang.reports)
      types.push_back(report.type);
    for (const Port &port : role.reports) {
      if (auto ok = checkPort(port, types, "report"); !ok)
        return ok;
      if (!contents.holds(port.buffer))
        return broken(name + ": a report takes buffer " + number(port.buffer) + ", which nothing fills");
    }
    return {};
  }

  base::Result<> checkPort(const Port &port, const std::vector<std::uint32_t> &types, const char *kind) {
    std::string place = name + ", " + kind + " of value " + number(port.value);
    if (port.value >= types.size() || types[port.value] >= plan.types.size())
      return broken(place + ": the gang has " + number(types.size()));
    const value::Type &type = plan.types[types[port.value]];
    if (type.kind != value::TypeKind::tensor || static_cast<std::uint8_t>(port.dtype) >= base::elementTypeCount ||
        type.dtype != port.dtype)
      return broken(place + ": its type is no tensor of those elements");
    std::vector<std::uint64_t> whole(type.dims.begin(), type.dims.end());
    if (port.whole != whole || port.offsets.size() != whole.size() || port.sizes.size() != whole.size())
      return broken(place + ": its shape is not that of " + plan.types.text(types[port.value]));
    std::uint64_t bytes = base::sizeOf(port.dtype);
    for (std::size_t dim = 0; dim < whole.size(); ++dim) {
      if (port.offsets[dim] > whole[dim] || port.sizes[dim] > whole[dim] - port.offsets[dim])
        return broken(place + ": dimension " + number(dim) + " takes " + number(port.sizes[dim]) + " from " +
                      number(port.offsets[dim]) + " of " + number(whole[dim]));
      bytes *= port.sizes[dim];
    }
    if (port.buffer >= role.buffers.size() || role.buffers[port.buffer].bytes() != bytes)
      return broken(place + ": " + number(bytes) + " bytes do not fill buffer " + number(port.buffer));
    return {};
  }

  base::Result<> actor(std::size_t at, Contents &contents) {
    const fb::Actor &one = role.actors[at];
    std::string place = name + ", actor " + number(at);
    if (one.kind() > fb::ActorKind::MAX || one.collective() > fb::Collective::MAX || one.reduce() > fb::Reduce::MAX ||
        one.dtype() >= base::elementTypeCount)
      return broken(place + ": unknown kind");
    for (const Range &range : {one.inputs(), one.outputs(), one.consumers()})
      if (!inside(range, role.indices.size()))
        return broken(place + ": a range lies outside the role's indices");
    if (one.kind() == fb::ActorKind::kernel &&
        (one.kernel() < 0 || static_cast<std::size_t>(one.kernel()) >= plan.kernels.size()))
      return broken(place + ": kernel " + std::to_string(one.kernel()) + " of " + number(plan.kernels.size()));
    if (one.kind() == fb::ActorKind::collective) {
      if (one.axes_mask() == 0 || one.axes_mask() >> plan.meshes[gang.mesh].axes.size())
        return broken(place + ": its group names no axis of the mesh, or one that the mesh does not have");
      if (one.inputs().count() != 1 || one.outputs().count() != 1)
        return broken(place + ": a collective has one input and one output");
    }
    auto of = [&](const Range &range) { return role.indices.subspan(range.first(), range.count()); };
    for (std::uint32_t input : of(one.inputs()))
      if (input >= role.buffers.size() || !contents.holds(input))
        return broken(place + ": reads buffer " + number(input) + ", which nothing above fills");
    for (std::uint32_t output : of(one.outputs())) {
      if (output >= role.buffers.size())
        return broken(place + ": writes buffer " + number(output) + " of " + number(role.buffers.size()));
      for (std::uint32_t input : of(one.inputs()))
        if (overlap(role.buffers[input], role.buffers[output]) && !inPlace(one, input, output))
          return broken(place + ": writes buffer " + number(output) + " over its input " + number(input) +
                        ", which must stay for a repeat");
      contents.fill(output);
    }
    for (std::uint32_t consumer : of(one.consumers()))
      if (consumer <= at || consumer >= role.actors.size())
        return broken(place + ": consumer " + number(consumer) + " does not come after it");
    return {};
  }

  /// A kernel may write over an operand of its result's size that nobody needs any more.
  bool inPlace(const fb::Actor &actor, std::uint32_t input, std::uint32_t output) const {
    const fb::Buffer &from = role.buffers[input], &to = role.buffers[output];
    return actor.kind() == fb::ActorKind::kernel && storageOf(role, input) == storageOf(role, output) &&
           from.offset() == to.offset() && from.bytes() == to.bytes();
  }

  const Plan &plan;
  const Gang &gang;
  const Role &role;
  std::string name;
};

/// What members of a group compare before they take a step together.
struct Step {
  std::uint32_t id, axes;
  fb::Collective kind;
  fb::Reduce reduce;
  std::uint8_t dtype;
  std::uint64_t bytes;
  bool operator==(const Step &) const = default;
};

std::vector<Step> collectivesOf(const Role &role) {
  std::vector<Step> steps;
  for (const fb::Actor &actor : role.actors)
    if (actor.kind() == fb::ActorKind::collective)
      steps.push_back({actor.op_id(), actor.axes_mask(), actor.collective(), actor.reduce(), actor.dtype(),
                       role.buffers[role.indices[actor.inputs().first()]].bytes()});
  return steps;
}

base::Result<> checkGang(const Plan &plan, const Gang &gang, std::size_t index) {
  std::string name = "gang " + number(index) + " (" + std::string(gang.name) + ")";
  if (gang.mesh >= plan.meshes.size())
    return broken(name + ": mesh " + number(gang.mesh) + " of " + number(plan.meshes.size()));
  std::vector<bool> taken(plan.meshes[gang.mesh].slots(), false);
  if (auto ok = checkSources(plan, gang, name); !ok)
    return ok;
  for (std::size_t at = 0; at < gang.roles.size(); ++at) {
    const Role &role = gang.roles[at];
    std::string place = name + ", role " + number(at);
    for (std::uint32_t slot : role.slots) {
      if (slot >= taken.size() || taken[slot])
        return broken(place + ": slot " + number(slot) + " is outside the mesh or has two roles");
      taken[slot] = true;
    }
    if (auto ok = RoleCheck(plan, gang, role, place).run(); !ok)
      return ok;
    if (collectivesOf(role) != collectivesOf(gang.roles.front()))
      return broken(place + ": takes other collectives, or in another order, than role 0");
  }
  if (std::find(taken.begin(), taken.end(), false) != taken.end())
    return broken(name + ": slot " + number(std::find(taken.begin(), taken.end(), false) - taken.begin()) +
                  " has no role");
  if (auto ok = checkStates(plan, gang, name); !ok)
    return ok;
  return checkTrain(plan, gang, name);
}

} // namespace

base::Result<> checkGangs(const Plan &plan) {
  for (std::size_t at = 0; at < plan.meshes.size(); ++at)
    if (auto ok = checkMesh(plan, at); !ok)
      return ok;
  for (std::size_t at = 0; at < plan.kernels.size(); ++at)
    if (auto ok = checkKernel(plan, at); !ok)
      return ok;
  for (std::size_t at = 0; at < plan.gangs.size(); ++at)
    if (auto ok = checkGang(plan, plan.gangs[at], at); !ok)
      return ok;
  return {};
}

} // namespace weft::plan

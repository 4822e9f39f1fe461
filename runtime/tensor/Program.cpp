//===- Program.cpp - A gang of one slot, run in this process --------------===//

#include "runtime/tensor/Program.h"

#include <algorithm>

namespace weft::tensor {

Program::Program(std::shared_ptr<const plan::Plan> plan, const plan::Gang &gang, device::Device &device,
                 RoleMemory memory)
    : plan(std::move(plan)), described(&gang), role(&gang.roles.front()), device(device), memory(std::move(memory)),
      initial(gang.params.size()) {}

base::Result<std::unique_ptr<Program>> Program::load(std::shared_ptr<const plan::Plan> plan, std::uint32_t index,
                                                     device::Device &device) {
  WEFT_ASSERT(index < plan->gangs.size());
  const plan::Gang &gang = plan->gangs[index];
  std::uint32_t slots = plan->meshes[gang.mesh].slots();
  const plan::Role &role = gang.roles.front();
  bool alone = std::all_of(role.actors.begin(), role.actors.end(),
                           [](const plan::fb::Actor &actor) { return actor.kind() == plan::fb::ActorKind::kernel; });
  if (slots != 1 || !alone)
    return base::error(base::Code::unsupported, "gang " + std::string(gang.name) + " runs on " + std::to_string(slots) +
                                                    " slots" + (alone ? "" : " with collectives") +
                                                    "; in one process runs what has one and none");
  auto memory = RoleMemory::make(*plan, role, device);
  if (!memory)
    return std::move(memory).error().in("gang " + std::string(gang.name));
  return std::unique_ptr<Program>(new Program(std::move(plan), gang, device, *std::move(memory)));
}

base::Result<> Program::fill(const std::vector<plan::Port> &ports, std::uint32_t value, base::ConstBytes whole) {
  for (const plan::Port &port : ports)
    if (port.value == value) {
      base::MutableBytes to = memory.bytes(port.buffer);
      WEFT_ASSERT(to.size() == whole.size());
      device.copyIn(to.data(), whole);
    }
  return device.finish();
}

base::Result<base::Bytes> Program::read(const std::vector<plan::Port> &ports, std::uint32_t value) const {
  auto port = std::find_if(ports.begin(), ports.end(), [&](const plan::Port &one) { return one.value == value; });
  WEFT_ASSERT(port != ports.end());
  base::MutableBytes from = memory.bytes(port->buffer);
  base::Bytes out(from.size());
  device.copyOut(out, from.data());
  if (auto finished = device.finish(); !finished)
    return std::move(finished).error();
  return out;
}

base::Result<> Program::setOperand(std::uint32_t operand, base::ConstBytes whole) {
  for (const plan::State &state : described->states)
    if (state.init == operand)
      initial[operand].assign(whole.begin(), whole.end());
  for (const plan::Port &port : role->inputs)
    if (port.value == operand)
      memory.unbind(port.buffer);
  return fill(role->inputs, operand, whole);
}

base::Result<> Program::lendOperand(std::uint32_t operand, base::ConstBytes whole) {
  for (const plan::State &state : described->states)
    if (state.init == operand)
      return setOperand(operand, whole);
  for (const plan::Port &port : role->inputs)
    if (port.value == operand && (!memory.mayBind(port.buffer) || whole.empty()))
      return setOperand(operand, whole);
  for (const plan::Port &port : role->inputs)
    if (port.value == operand)
      memory.bind(port.buffer, whole);
  return {};
}

base::Result<> Program::setFeed(std::uint32_t feed, base::ConstBytes whole) { return fill(role->feeds, feed, whole); }

base::Result<> Program::reset() {
  for (std::uint32_t at = 0; at < described->states.size(); ++at) {
    std::uint32_t init = described->states[at].init;
    auto port =
        std::find_if(role->states.begin(), role->states.end(), [&](const plan::Port &one) { return one.value == at; });
    base::Bytes zeros(init == plan::noIndex ? memory.bytes(port->buffer).size() : 0);
    if (auto set = setState(at, init == plan::noIndex ? zeros : initial[init]); !set)
      return set;
  }
  return {};
}

base::Result<> Program::setState(std::uint32_t state, base::ConstBytes whole) {
  return fill(role->states, state, whole);
}

base::Result<base::Bytes> Program::state(std::uint32_t state) const { return read(role->states, state); }

base::Result<> Program::step(std::int32_t number) {
  if (role->step != plan::noIndex)
    device.copyIn(memory.bytes(role->step).data(), std::as_bytes(std::span(&number, 1)));
  for (std::size_t actor = 0; actor < role->actors.size(); ++actor)
    memory.launch(actor);
  memory.keepStates();
  return device.finish();
}

base::Result<base::Bytes> Program::result(std::uint32_t result) const { return read(role->outputs, result); }

base::Result<float> Program::report(std::uint32_t report) const {
  auto bytes = read(role->reports, report);
  if (!bytes)
    return std::move(bytes).error();
  float value = 0;
  std::copy(bytes->begin(), bytes->end(), reinterpret_cast<std::byte *>(&value));
  return value;
}

} // namespace weft::tensor

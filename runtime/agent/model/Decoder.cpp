//===- Decoder.cpp - A compiled model of bytes, one text at a time --------===//

#include "runtime/agent/model/Decoder.h"

#include <algorithm>
#include <cstring>

namespace weft::agent {
namespace {

using base::ElementType;

bool isTensor(const value::Type &type, ElementType element, std::size_t rank) {
  return type.kind == value::TypeKind::tensor && type.dtype == element && type.dims.size() == rank;
}

base::Error wrong(const plan::Gang &gang, const std::string &what) {
  return base::error(base::Code::invalid, "gang " + std::string(gang.name) + " is no model of bytes: " + what);
}

} // namespace

base::Result<Decoder::Side> Decoder::loadSide(const std::shared_ptr<const plan::Plan> &plan, std::string_view name,
                                              device::Device &device, const tensor::Weights &weights) {
  auto found =
      std::find_if(plan->gangs.begin(), plan->gangs.end(), [&](const plan::Gang &one) { return one.name == name; });
  if (found == plan->gangs.end())
    return base::error(base::Code::invalid, "the plan has no gang '" + std::string(name) + "'");
  const plan::Gang &gang = *found;
  auto operand = [&](std::string_view wanted) {
    auto at = std::find(gang.paramNames.begin(), gang.paramNames.end(), wanted);
    return at == gang.paramNames.end() ? plan::noIndex : static_cast<std::uint32_t>(at - gang.paramNames.begin());
  };
  Side side;
  side.ids = operand("ids");
  side.position = operand("position");
  if (side.ids == plan::noIndex || side.position == plan::noIndex)
    return wrong(gang, "it has no operands called ids and position");
  const value::Type &ids = plan->types[gang.params[side.ids]];
  if (!isTensor(ids, ElementType::i32, 2) || ids.dims[0] != 1 || ids.dims[1] < 1)
    return wrong(gang, "ids is " + plan->types.text(gang.params[side.ids]) + ", wanted i32[1, n]");
  if (!isTensor(plan->types[gang.params[side.position]], ElementType::i32, 0))
    return wrong(gang, "position is " + plan->types.text(gang.params[side.position]) + ", wanted one i32");
  bool gives = !gang.results.empty() && isTensor(plan->types[gang.results[0]], ElementType::f32, 2) &&
               plan->types[gang.results[0]].dims == std::vector<std::int64_t>{1, byteTokens};
  if (!gives)
    return wrong(gang, "it gives " + (gang.results.empty() ? "nothing" : plan->types.text(gang.results[0])) +
                           ", wanted f32[1, 256]");
  side.bytes = static_cast<std::uint32_t>(ids.dims[1]);
  auto program = tensor::Program::load(plan, static_cast<std::uint32_t>(found - plan->gangs.begin()), device);
  if (!program)
    return std::move(program).error();
  side.program = *std::move(program);
  for (std::uint32_t at = 0; at < gang.params.size(); ++at) {
    if (at == side.ids || at == side.position)
      continue;
    auto bytes = weights.tensor(gang.paramNames[at], plan->types[gang.params[at]]);
    if (!bytes)
      return std::move(bytes).error();
    if (auto lent = side.program->lendOperand(at, *bytes); !lent)
      return std::move(lent).error();
  }
  return side;
}

base::Result<std::unique_ptr<Decoder>> Decoder::load(std::shared_ptr<const plan::Plan> plan, std::string_view prefill,
                                                     std::string_view decode, device::Device &device,
                                                     std::shared_ptr<const tensor::Weights> weights) {
  auto made = std::make_unique<Decoder>();
  made->weights = std::move(weights);
  auto one = loadSide(plan, decode, device, *made->weights);
  if (!one)
    return std::move(one).error();
  made->decode = *std::move(one);
  const plan::Gang &gang = made->decode.program->gang();
  if (made->decode.bytes != 1)
    return wrong(gang, "it reads " + std::to_string(made->decode.bytes) + " bytes at a time, wanted one");
  if (!prefill.empty()) {
    auto many = loadSide(plan, prefill, device, *made->weights);
    if (!many)
      return std::move(many).error();
    const auto &states = many->program->gang().states;
    bool same = std::equal(states.begin(), states.end(), gang.states.begin(), gang.states.end(),
                           [&](const plan::State &a, const plan::State &b) {
                             const value::Type &one = plan->types[a.type], &other = plan->types[b.type];
                             return a.name == b.name && one.dtype == other.dtype && one.dims == other.dims;
                           });
    if (!same)
      return wrong(many->program->gang(), "its states are not those of " + std::string(gang.name));
    made->prefill = *std::move(many);
  }
  return made;
}

base::Result<> Decoder::begin() {
  position = 0;
  inPrefill = prefill.has_value();
  return (prefill ? *prefill : decode).program->reset();
}

base::Result<> Decoder::handOver(Side &from, Side &to) {
  for (std::uint32_t state = 0; state < from.program->gang().states.size(); ++state) {
    auto bytes = from.program->state(state);
    if (!bytes)
      return std::move(bytes).error();
    if (auto set = to.program->setState(state, *bytes); !set)
      return set;
  }
  return {};
}

base::Result<> Decoder::read(std::string_view bytes) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    if (inPrefill && bytes.size() - at >= prefill->bytes) {
      if (auto stepped = step(*prefill, bytes.substr(at, prefill->bytes)); !stepped)
        return stepped;
      at += prefill->bytes;
      continue;
    }
    if (std::exchange(inPrefill, false))
      if (auto handed = handOver(*prefill, decode); !handed)
        return handed;
    if (auto stepped = step(decode, bytes.substr(at++, 1)); !stepped)
      return stepped;
  }
  return {};
}

base::Result<> Decoder::step(Side &side, std::string_view bytes) {
  std::vector<std::int32_t> ids;
  for (char one : bytes)
    ids.push_back(static_cast<unsigned char>(one));
  if (auto set = side.program->setOperand(side.ids, std::as_bytes(std::span(ids))); !set)
    return set;
  if (auto set = side.program->setOperand(side.position, std::as_bytes(std::span(&position, 1))); !set)
    return set;
  if (auto stepped = side.program->step(); !stepped)
    return stepped;
  position += static_cast<std::int32_t>(bytes.size());
  auto result = side.program->result(0);
  if (!result)
    return std::move(result).error();
  following.resize(byteTokens);
  std::memcpy(following.data(), result->data(), result->size());
  return {};
}

} // namespace weft::agent

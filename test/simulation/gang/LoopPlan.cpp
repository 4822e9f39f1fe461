//===- LoopPlan.cpp - A plan whose gang takes steps over a state ----------===//

#include "test/simulation/gang/LoopPlan.h"

#include "runtime/value/Builders.h"
#include "test/simulation/gang/GangDraft.h"

#include <random>

namespace weft::simulation {
namespace {

using namespace plan::fb;

std::unique_ptr<PortT> port(std::uint32_t buffer, std::uint64_t whole, std::uint64_t offset) {
  return draftPort(0, buffer, {whole}, {offset}, {loopWidth});
}

enum Place : std::uint32_t { data, state, partial, sum, next, places };

std::unique_ptr<RoleT> role(const LoopShape &shape, std::uint32_t slot) {
  auto out = std::make_unique<RoleT>();
  out->slots = {slot};
  for (std::uint32_t at = 0; at < places; ++at)
    out->buffers.emplace_back(at * loopWidth * sizeof(float), loopWidth * sizeof(float), 0, 1, 0, 0);
  out->arenas = {places * loopWidth * sizeof(float)};
  out->indices = {state, data, partial, sum, state, sum, next};
  out->actors = {
      Actor(ActorKind::kernel, Collective::all_reduce, Reduce::sum, 0, 0, 0, Range(0, 2), Range(2, 1), Range(), 0, 0),
      Actor(ActorKind::collective, Collective::all_reduce, Reduce::sum, 0, -1, 1, Range(2, 1), Range(3, 1), Range(), 1,
            0),
      Actor(ActorKind::kernel, Collective::all_reduce, Reduce::sum, 0, 1, 0, Range(4, 2), Range(6, 1), Range(), 2, 0)};
  std::uint64_t offset = shape.elastic ? 0 : slot * loopWidth;
  out->inputs.push_back(port(data, shape.slots * loopWidth, slot * loopWidth));
  out->states.push_back(port(state, shape.stateElements(), offset));
  out->kept = {next};
  out->outputs.push_back(port(state, shape.stateElements(), offset));
  return out;
}

const float *dataOf(const value::Value &tensor) {
  return reinterpret_cast<const float *>(tensor.asTensor().data.data());
}

} // namespace

base::Bytes loopPlanFile(const LoopShape &shape) {
  test::PlanBuilder plan;
  plan.draft.features.push_back("state");
  std::uint32_t dataType = plan.type(draftTensor({static_cast<std::int64_t>(shape.slots * loopWidth)}));
  std::uint32_t stateType = shape.elastic ? plan.type(draftTensor({loopWidth})) : dataType;
  auto mesh = std::make_unique<MeshT>();
  mesh->name = "replicas";
  mesh->axes = {"replica"};
  mesh->sizes = {shape.slots};
  mesh->elastic = {shape.elastic};
  plan.draft.meshes.push_back(std::move(mesh));
  plan.draft.kernels.push_back(draftKernel("loop_partial"));
  plan.draft.kernels.push_back(draftKernel("loop_update"));
  auto gang = std::make_unique<GangT>();
  gang->name = "train";
  gang->stable_id = 4711;
  for (std::uint32_t slot = 0; slot < shape.slots; ++slot)
    gang->roles.push_back(role(shape, slot));
  auto weights = std::make_unique<StateT>();
  weights->name = "weights";
  weights->type = stateType;
  weights->init = shape.beginsWithZeros ? -1 : 1;
  gang->states.push_back(std::move(weights));
  gang->params = {dataType, stateType};
  gang->results = {stateType};
  gang->checkpoint_every = shape.checkpointEvery;
  gang->steps = shape.steps;
  plan.draft.gangs.push_back(std::move(gang));
  auto &main = plan.block("main", 2);
  main.result(main.gang(0, {main.param(0), main.param(1)}, 1)[0]);
  plan.entry("main", main, {dataType, stateType}, stateType);
  return plan.file();
}

std::shared_ptr<const plan::Plan> loopPlan(const LoopShape &shape) { return readDraft(loopPlanFile(shape)); }

std::vector<value::Value> loopInputs(const LoopShape &shape, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<float> values(-1, 1);
  std::vector<value::Value> inputs;
  for (std::uint64_t elements : {shape.slots * loopWidth, shape.stateElements()}) {
    std::int64_t dims[] = {static_cast<std::int64_t>(elements)};
    value::TensorBuilder made(base::ElementType::f32, dims);
    auto *to = reinterpret_cast<float *>(made.data().data());
    for (std::uint64_t i = 0; i < elements; ++i)
      to[i] = values(random);
    inputs.push_back(std::move(made).tensor());
  }
  return inputs;
}

std::vector<float> loopReference(const LoopShape &shape, const std::vector<value::Value> &inputs,
                                 const std::vector<std::uint64_t> &contributors) {
  const float *data = dataOf(inputs[0]), *first = dataOf(inputs[1]);
  std::vector<float> state(first, first + shape.stateElements());
  if (shape.beginsWithZeros)
    std::fill(state.begin(), state.end(), 0.0f);
  auto partOf = [&](std::uint32_t slot) { return state.data() + (shape.elastic ? 0 : slot * loopWidth); };
  for (std::uint64_t members : contributors) {
    std::vector<float> sum;
    for (std::uint32_t slot = 0; slot < shape.slots; ++slot) {
      if (!(members >> slot & 1))
        continue;
      const float *part = partOf(slot);
      std::vector<float> partial;
      for (std::uint64_t i = 0; i < loopWidth; ++i)
        partial.push_back(data[slot * loopWidth + i] * part[i] + 0.25f * part[(i + 1) % loopWidth]);
      if (sum.empty())
        sum = partial;
      else
        for (std::uint64_t i = 0; i < loopWidth; ++i)
          sum[i] += partial[i];
    }
    for (std::uint64_t i = 0; i < state.size(); ++i) {
      float s = sum[i % loopWidth];
      state[i] = 0.75f * state[i] + s / (1.0f + s * s) + 0.125f;
    }
  }
  return state;
}

std::vector<float> loopReference(const LoopShape &shape, const std::vector<value::Value> &inputs) {
  return loopReference(shape, inputs, std::vector<std::uint64_t>(shape.steps, (1ULL << shape.slots) - 1));
}

std::vector<float> floatsOf(const value::Value &tensor) {
  const float *first = dataOf(tensor);
  return {first, first + tensor.asTensor().data.size() / sizeof(float)};
}

} // namespace weft::simulation

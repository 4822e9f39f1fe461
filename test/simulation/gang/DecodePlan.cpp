//===- DecodePlan.cpp - A plan with a compiled model ----------------------===//

#include "test/simulation/gang/DecodePlan.h"

#include "runtime/checkpoint/SafeTensors.h"
#include "test/simulation/gang/GangDraft.h"

#include <random>

namespace weft::simulation {
namespace {

using namespace plan::fb;
using base::ElementType;

constexpr std::uint64_t tokens = 256, tableElements = tokens * tokens;

std::unique_ptr<GangT> decodeGang(test::PlanBuilder &plan, const char *name, std::uint32_t kernel, std::uint64_t ids) {
  enum Place : std::uint32_t { seen, table, idsPlace, position, nextSeen, logits };
  auto role = std::make_unique<RoleT>();
  role->slots = {0};
  std::uint64_t offset = 0;
  auto place = [&](std::uint64_t elements, ElementType type) {
    std::uint64_t bytes = elements * base::sizeOf(type);
    role->buffers.emplace_back(offset, bytes, 0, 1, static_cast<std::uint8_t>(type), 0);
    offset += (bytes + 63) / 64 * 64;
  };
  place(tokens, ElementType::f32);
  place(tableElements, ElementType::f32);
  place(ids, ElementType::i32);
  place(1, ElementType::i32);
  place(tokens, ElementType::f32);
  place(tokens, ElementType::f32);
  role->arenas = {offset};
  role->indices = {seen, table, idsPlace, position, nextSeen, logits};
  role->actors = {Actor(ActorKind::kernel, Collective::all_reduce, Reduce::sum, 0, static_cast<std::int32_t>(kernel), 0,
                        Range(0, 4), Range(4, 2), Range(), 0, 0)};
  role->inputs.push_back(draftPort(0, table, {tokens, tokens}, {0, 0}, {tokens, tokens}));
  role->inputs.push_back(draftPort(1, idsPlace, {1, ids}, {0, 0}, {1, ids}, ElementType::i32));
  role->inputs.push_back(draftPort(2, position, {}, {}, {}, ElementType::i32));
  role->states.push_back(draftPort(0, seen, {tokens}, {0}, {tokens}));
  role->kept = {nextSeen};
  role->outputs.push_back(draftPort(0, logits, {1, tokens}, {0, 0}, {1, tokens}));

  auto gang = std::make_unique<GangT>();
  gang->name = name;
  gang->stable_id = 4800 + kernel;
  gang->roles.push_back(std::move(role));
  auto state = std::make_unique<StateT>();
  state->name = "seen";
  state->type = plan.type(draftTensor({tokens}));
  gang->states.push_back(std::move(state));
  gang->params = {plan.type(draftTensor({tokens, tokens})),
                  plan.type(draftTensor({1, static_cast<std::int64_t>(ids)}, ElementType::i32)),
                  plan.type(draftTensor({}, ElementType::i32))};
  gang->param_names = {"table", "ids", "position"};
  gang->results = {plan.type(draftTensor({1, tokens}))};
  return gang;
}

} // namespace

base::Bytes decodePlanFile(const DecodeShape &shape) {
  test::PlanBuilder plan;
  plan.draft.features = {"state"};
  auto mesh = std::make_unique<MeshT>();
  mesh->name = "one";
  plan.draft.meshes.push_back(std::move(mesh));
  plan.draft.kernels.push_back(draftKernel("decode_4"));
  plan.draft.kernels.push_back(draftKernel("decode_1"));
  plan.draft.gangs.push_back(decodeGang(plan, "own.prefill", 0, 4));
  plan.draft.gangs.push_back(decodeGang(plan, "own.decode", 1, 1));
  auto text = plan.type(test::TypeKind::string), integer = plan.type(test::TypeKind::integer),
       real = plan.type(test::TypeKind::real), texts = plan.list(text);
  std::uint32_t own = plan.binding("own", BindingKind::model);
  BindingT &binding = *plan.draft.bindings[own];
  binding.provider = "compiled";
  binding.context_tokens = shape.contextBytes;
  auto set = [&](const char *name, test::Value value, std::uint32_t type) {
    auto setting = std::make_unique<SettingT>();
    setting->name = name;
    setting->value = static_cast<std::int32_t>(plan.constant(std::move(value), type));
    binding.settings.push_back(std::move(setting));
  };
  set("weights", test::Value::text(shape.weights), text);
  if (shape.prefill)
    set("prefill", test::Value::text("own.prefill"), text);
  set("decode", test::Value::text("own.decode"), text);
  set("temperature", test::Value::real(shape.temperature), real);
  set("top_k", test::Value::integer(shape.topK), integer);
  set("max_tokens", test::Value::integer(shape.maxTokens), integer);
  set("seed", test::Value::integer(shape.seed), integer);
  if (!shape.stop.empty()) {
    std::vector<test::Value> list;
    for (const std::string &one : shape.stop)
      list.push_back(test::Value::text(one));
    set("stop", test::Value::list(list), texts);
  }
  std::uint32_t member = plan.member(own, "own", {text, text, text}, text, plan::Effect::read);
  auto &main = plan.block("main", 1);
  auto empty = main.constant(plan.constant(test::Value::text(""), text));
  main.result(main.call(member, {empty, main.param(0), empty}));
  plan.entry("main", main, {text}, text);
  return plan.file();
}

std::shared_ptr<const plan::Plan> decodePlan(const DecodeShape &shape) { return readDraft(decodePlanFile(shape)); }

std::vector<float> decodeTable(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<float> values(-2, 2);
  std::vector<float> table(tableElements);
  for (float &one : table)
    one = values(random);
  // Mostly letters, so that what is written can be read.
  for (std::uint64_t from = 0; from < tokens; ++from)
    for (std::uint64_t to = 'a'; to <= 'z'; ++to)
      table[from * tokens + to] += 6;
  return table;
}

base::Bytes decodeWeights(const std::vector<float> &table) {
  checkpoint::NamedTensor tensor{"table", ElementType::f32, {tokens, tokens}, std::as_bytes(std::span(table))};
  return checkpoint::encodedSafeTensors({&tensor, 1}, {});
}

std::vector<float> decodeReference(const std::vector<float> &table, std::string_view bytes) {
  std::vector<float> seen(tokens, 0.0f), logits(tokens);
  for (std::size_t at = 0; at < bytes.size(); ++at)
    seen[static_cast<unsigned char>(bytes[at])] += 1.0f + 0.001f * static_cast<float>(at);
  std::uint64_t last = static_cast<unsigned char>(bytes.back());
  for (std::uint64_t at = 0; at < tokens; ++at)
    logits[at] = table[last * tokens + at] - 0.5f * seen[at];
  return logits;
}

} // namespace weft::simulation

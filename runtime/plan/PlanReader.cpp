//===- PlanReader.cpp - Bytes of a plan file to a checked plan ------------===//
//
// Tables are copied out, structs stay in place. Every table and string that
// the code below touches was verified by FlatBuffers first; what an index may
// mean is left to PlanCheck.
//
//===----------------------------------------------------------------------===//

#include "runtime/plan/PlanReader.h"

#include "runtime/plan/CheckFailure.h"
#include "runtime/plan/GangReader.h"
#include "runtime/plan/PlanCheck.h"
#include "runtime/plan/PlanFile.h"
#include "runtime/plan/TableReading.h"
#include "runtime/plan/Tools.h"
#include "runtime/value/Encoding.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <iterator>

namespace weft::plan {
namespace {

using base::Code;
using base::error;

/// Deeper tables than the schema has, and more than a plan of maxPlanBytes can use, are refused by the verifier.
constexpr flatbuffers::uoffset_t maxTableDepth = 32;
constexpr flatbuffers::uoffset_t maxTables = 1U << 24;

constexpr std::string_view stateFeature = "state";
constexpr std::string_view onceFeature = "once";
constexpr std::string_view trainFeature = "train";
constexpr std::string_view phasesFeature = "phases";
constexpr std::string_view knownFeatures[] = {stateFeature, onceFeature, toolsFeature, trainFeature, phasesFeature};

/// Of a vector FlatBuffers looks at the place of its length, which 4 divides; its elements may ask for more. An empty
/// one is read nowhere, and stands anywhere.
template <typename T> bool misplaced(const flatbuffers::Vector<const T *> *vector) {
  return vector && vector->size() > 0 && reinterpret_cast<std::uintptr_t>(vector->Data()) % alignof(T) != 0;
}

base::Digest digestFrom(const fb::Digest *digest) {
  base::Digest out;
  if (!digest)
    return out;
  std::uint64_t words[] = {digest->w0(), digest->w1(), digest->w2(), digest->w3()};
  std::memcpy(out.bytes.data(), words, sizeof words);
  return out;
}

value::Field fieldFrom(const fb::Field &field) {
  value::Field out;
  out.name = text(field.name());
  out.type = field.type();
  out.check = field.check();
  out.checkText = text(field.check_text());
  out.doc = text(field.doc());
  return out;
}

value::Type typeFrom(const fb::Type &type) {
  value::Type out;
  out.kind = static_cast<value::TypeKind>(type.kind());
  out.name = text(type.name());
  out.doc = text(type.doc());
  out.element = type.element();
  out.fields = tables<value::Field>(type.fields(), fieldFrom);
  out.cases = tables<value::Case>(type.cases(), [](const fb::Case &sumCase) {
    value::Case one;
    one.name = text(sumCase.name());
    one.fields = tables<value::Field>(sumCase.fields(), fieldFrom);
    one.doc = text(sumCase.doc());
    return one;
  });
  out.check = type.check();
  out.checkText = text(type.check_text());
  out.dtype = static_cast<base::ElementType>(type.dtype());
  out.dims = copied(type.dims());
  out.label = static_cast<value::Label>(type.label());
  return out;
}

Binding bindingFrom(const fb::Binding &binding) {
  Binding out;
  out.name = text(binding.name());
  out.provider = text(binding.provider());
  out.kind = binding.kind();
  out.settings = tables<Setting>(binding.settings(), [](const fb::Setting &setting) {
    return Setting{text(setting.name()), index(setting.value()), text(setting.env()), text(setting.secret())};
  });
  out.concurrency = binding.concurrency();
  out.ratePerMin = binding.rate_per_min();
  out.contextTokens = binding.context_tokens();
  out.priceInputNano = binding.price_input_nano();
  out.priceOutputNano = binding.price_output_nano();
  out.temperatureMilli = binding.temperature_milli();
  out.batch = std::max(1u, binding.batch());
  return out;
}

Member memberFrom(const fb::Member &member) {
  Member out;
  out.binding = member.binding();
  out.name = text(member.name());
  out.params = tables<value::Field>(member.params(), fieldFrom);
  out.result = member.result();
  out.effect = member.effect();
  out.undo = index(member.undo());
  out.templates = copied(member.template_());
  out.paid = member.paid();
  out.stableId = member.stable_id();
  out.span = member.span();
  return out;
}

Policy policyFrom(const fb::Policy &policy) {
  return {policy.retry(),    policy.retry_on(),      policy.retry_on_set(), policy.backoff_ms(),
          policy.hedge_ms(), policy.repairs(),       policy.timeout_ms(),   policy.cache_ms(),
          policy.cache(),    index(policy.budget()), text(policy.on())};
}

Entry entryFrom(const fb::Entry &entry) {
  Entry out;
  out.name = text(entry.name());
  out.doc = text(entry.doc());
  out.kind = entry.kind();
  out.block = entry.block();
  out.result = entry.result();
  out.emits = index(entry.emits());
  out.budget = index(entry.budget());
  out.span = entry.span();
  out.params = tables<Param>(entry.params(), [](const fb::Param &param) {
    return Param{text(param.name()), text(param.doc()), param.type(), index(param.default_value())};
  });
  out.effect = entry.effect();
  out.mocks = tables<Mock>(entry.mocks(), [](const fb::Mock &mock) {
    return Mock{index(mock.member()), index(mock.block()), index(mock.binding()), mock.function()};
  });
  out.crashEverywhere = entry.crash_everywhere();
  if (entry.recordings())
    for (const flatbuffers::String *file : *entry.recordings())
      out.recordings.push_back(text(file));
  return out;
}

base::Result<> readCode(Plan &plan, const fb::Code &code) {
  plan.blocks = tables<Block>(code.blocks(), [](const fb::Block &block) {
    auto range = [](const Range *r) { return r ? *r : Range(); };
    return Block{text(block.name()), range(block.params()), range(block.nodes()), range(block.result()),
                 block.registers(),  block.depth(),         block.stable_id()};
  });
  plan.nodes = structs(code.nodes());
  plan.registers = numbers(code.registers());
  plan.users = numbers(code.users());
  plan.bodies = numbers(code.bodies());
  plan.words = numbers(code.words());
  plan.places = structs(code.places());
  for (std::size_t i = 0; i < plan.places.size(); ++i)
    if (plan.places[i].word() >= plan.words.size() || (i > 0 && plan.places[i].word() <= plan.places[i - 1].word()))
      return broken("place " + number(i) + " of words: word " + number(plan.places[i].word()) + " of " +
                    number(plan.words.size()) + "; wanted them rising");
  for (const fb::Function *function : *code.functions()) {
    Range words = function->words() ? *function->words() : Range();
    if (!inside(words, plan.words.size()))
      return broken("function " + number(plan.functions.size()) + ": its words lie outside the plan");
    plan.functions.push_back({text(function->name()), function->params(), function->captures(), function->registers(),
                              plan.words.subspan(words.first(), words.count())});
    plan.functionSpans.push_back(function->span());
  }
  return {};
}

void readGangs(Plan &plan, const fb::Plan &root) {
  plan.meshes = tables<Mesh>(root.meshes(), [](const fb::Mesh &mesh) {
    Mesh out{text(mesh.name()), {}, copied(mesh.sizes()), {}};
    for (const flatbuffers::String *axis : *mesh.axes())
      out.axes.push_back(text(axis));
    out.elastic.assign(mesh.elastic()->begin(), mesh.elastic()->end());
    return out;
  });
  plan.kernels = tables<Kernel>(root.kernels(), [](const fb::Kernel &kernel) {
    return Kernel{
        text(kernel.symbol()),
        tables<Variant>(kernel.variants(),
                        [](const fb::Variant &variant) {
                          auto image = std::as_bytes(std::span(variant.image()->data(), variant.image()->size()));
                          return Variant{text(variant.isa()), digestFrom(variant.code()), image};
                        }),
        kernel.workspace_bytes(),
        kernel.phases() && kernel.phases()->size() > 0 ? copied(kernel.phases()) : std::vector<std::uint64_t>{1},
        kernel.thread_bytes()};
  });
  plan.gangs = tables<Gang>(root.gangs(), gangFrom);
}

/// What stays in place is read there as what it is, and so stands where that may stand.
base::Result<> checkPlaces(const fb::Plan &root) {
  bool wrong = misplaced(root.code()->nodes()) || misplaced(root.spans());
  if (root.gangs())
    for (const fb::Gang *gang : *root.gangs())
      for (const fb::Role *role : *gang->roles())
        wrong |= misplaced(role->buffers()) || misplaced(role->actors());
  if (wrong)
    return error(Code::corrupt, "plan: the buffer behind the header is malformed: nodes, buffers, actors or spans do "
                                "not begin at a multiple of their alignment");
  return {};
}

base::Result<> readConsts(Plan &plan, const fb::Plan &root) {
  if (!root.consts())
    return {};
  for (const fb::Const *constant : *root.consts()) {
    auto bytes = std::as_bytes(std::span(constant->bytes()->data(), constant->bytes()->size()));
    auto decoded = value::decode(bytes);
    if (!decoded)
      return std::move(decoded).error().in("plan: const " + std::to_string(plan.consts.size()));
    plan.consts.push_back(*std::move(decoded));
  }
  return {};
}

base::Result<> checkVersion(const fb::Plan &root) {
  if (root.words_version() != value::wordsVersion)
    return error(Code::unsupported, "plan: instruction words have version " + std::to_string(root.words_version()) +
                                        ", this build runs version " + std::to_string(value::wordsVersion));
  if (root.features())
    for (const flatbuffers::String *feature : *root.features())
      if (std::find(std::begin(knownFeatures), std::end(knownFeatures), text(feature)) == std::end(knownFeatures))
        return error(Code::unsupported,
                     "plan: feature '" + std::string(text(feature)) + "' is not known to this build");
  return {};
}

/// A build that does not know a feature must not run the plan as if it were not there: the name is not optional.
base::Result<> checkFeatures(const Plan &plan, const fb::Plan &root) {
  auto names = [&](std::string_view wanted) {
    bool named = false;
    if (root.features())
      for (const flatbuffers::String *feature : *root.features())
        named |= text(feature) == wanted;
    return named;
  };
  auto missing = [](const std::string &what, std::string_view feature) {
    return broken("plan: " + what + ", and the plan does not name feature '" + std::string(feature) + "'");
  };
  if (!names(onceFeature))
    for (const Node &node : plan.nodes)
      if (node.op() == Op::once || node.op() == Op::get)
        return missing("it has nodes of once", onceFeature);
  if (!names(stateFeature))
    for (const Gang &gang : plan.gangs)
      if (gang.steps != 1 || !gang.states.empty())
        return missing("gang " + std::string(gang.name) + " has steps or states", stateFeature);
  if (!names(trainFeature))
    for (const Gang &gang : plan.gangs)
      if (trains(gang))
        return missing("gang " + std::string(gang.name) + " reads, reports, evaluates or keeps what it learns",
                       trainFeature);
  if (!names(phasesFeature))
    for (const Kernel &kernel : plan.kernels)
      if (kernel.phases != std::vector<std::uint64_t>{1} || kernel.threadBytes > 0)
        return missing("kernel '" + std::string(kernel.symbol) + "' has phases or scratch", phasesFeature);
  if (!names(toolsFeature))
    for (const Binding &binding : plan.bindings)
      for (const Setting &setting : binding.settings)
        if (setting.name.starts_with(toolsSetting))
          return missing("binding " + std::string(binding.name) + " has '" + std::string(setting.name) + "'",
                         toolsFeature);
  return {};
}

} // namespace

base::Result<std::shared_ptr<const Plan>> readPlan(base::Bytes bytes) {
  auto plan = std::make_shared<Plan>();
  plan->file = std::make_shared<const base::Bytes>(std::move(bytes));
  auto opened = openPlan(*plan->file);
  if (!opened)
    return std::move(opened).error();
  plan->digest = opened->digest;
  auto *data = reinterpret_cast<const std::uint8_t *>(opened->payload.data());
  flatbuffers::Verifier verifier(data, opened->payload.size(), maxTableDepth, maxTables);
  if (!fb::VerifyPlanBuffer(verifier))
    return error(Code::corrupt, "plan: the buffer behind the header is malformed");
  const fb::Plan &root = *fb::GetPlan(data);
  if (auto known = checkVersion(root); !known)
    return std::move(known).error();
  if (auto places = checkPlaces(root); !places)
    return std::move(places).error();

  for (const fb::Type *type : *root.types())
    plan->types.add(typeFrom(*type));
  if (auto consts = readConsts(*plan, root); !consts)
    return std::move(consts).error();
  if (auto code = readCode(*plan, *root.code()); !code)
    return std::move(code).error().in("plan");
  if (auto sealed = plan->types.seal(plan->functions.size()); !sealed)
    return std::move(sealed).error().in("plan");
  plan->policies = tables<Policy>(root.policies(), policyFrom);
  plan->budgets = tables<Budget>(root.budgets(), [](const fb::Budget &budget) {
    return Budget{budget.cost_nano(), budget.tokens(),    budget.time_ms(),
                  budget.turns(),     budget.on_exceed(), index(budget.fallback())};
  });
  plan->bindings = tables<Binding>(root.bindings(), bindingFrom);
  plan->members = tables<Member>(root.members(), memberFrom);
  plan->entries = tables<Entry>(root.entries(), entryFrom);
  readGangs(*plan, root);
  plan->groups = tables<Group>(root.groups(), [](const fb::Group &group) {
    return Group{group.digest(), group.prefix_bytes()};
  });
  if (auto named = checkFeatures(*plan, root); !named)
    return std::move(named).error();
  for (const flatbuffers::String *file : *root.files())
    plan->files.push_back(text(file));
  plan->spans = structs(root.spans());
  plan->compiler = text(root.compiler());
  plan->source = digestFrom(root.source());
  const fb::Limits &limits = *root.limits();
  plan->limits = {limits.frames(),        limits.depth(), limits.value_bytes(),
                  limits.journal_bytes(), limits.steps(), limits.fuel()};
  if (auto checked = checkPlan(*plan); !checked)
    return std::move(checked).error();
  return std::shared_ptr<const Plan>(std::move(plan));
}

} // namespace weft::plan

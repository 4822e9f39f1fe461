//===- PlanBuilder.cpp - Write a plan by hand, for tests ------------------===//

#include "test/support/PlanBuilder.h"

#include "runtime/plan/NodeFlags.h"
#include "runtime/plan/PlanFile.h"
#include "runtime/plan/PlanReader.h"
#include "runtime/plan/WordsUse.h"
#include "runtime/value/Encoding.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>

namespace weft::test {
namespace {

std::uint64_t idOf(const std::string &name, std::uint64_t position) {
  return base::mix(base::hashOf(base::bytesOf(name)), position).low;
}

/// Appends to a flat pool and says where.
template <typename T> fb::Range pooled(std::vector<T> &pool, const std::vector<T> &items) {
  fb::Range range(static_cast<std::uint32_t>(pool.size()), static_cast<std::uint32_t>(items.size()));
  pool.insert(pool.end(), items.begin(), items.end());
  return range;
}

std::vector<std::uint32_t> numbersOf(const Regs &regs) {
  std::vector<std::uint32_t> numbers;
  for (Reg reg : regs)
    numbers.push_back(reg.number);
  return numbers;
}

} // namespace

BlockBuilder::BlockBuilder(PlanBuilder &plan, std::uint32_t number, std::string name, std::uint32_t params)
    : plan(plan), number(number), name(std::move(name)), params(params), registers(params) {}

Reg BlockBuilder::param(std::uint32_t index) const {
  WEFT_ASSERT(index < params);
  return {index};
}

Reg BlockBuilder::fresh() { return {registers++}; }

Reg BlockBuilder::add(fb::Op op, const Regs &operands, std::vector<std::uint32_t> bodies, std::int32_t target,
                      NodeOptions options) {
  Reg result = fresh();
  NodeDraft node;
  node.op = op;
  node.effect = options.effect;
  node.operands = operands;
  node.own = {result};
  node.bodies = std::move(bodies);
  node.target = target;
  node.options = std::move(options);
  nodes.push_back(std::move(node));
  return result;
}

Reg BlockBuilder::eval(const std::function<void(value::WordsBuilder &, Reg)> &write, NodeOptions options) {
  Reg result = fresh();
  value::WordsBuilder words;
  write(words, result);
  NodeDraft node;
  node.op = fb::Op::eval;
  node.listed = {result};
  node.words = words.finish();
  node.options = std::move(options);
  nodes.push_back(std::move(node));
  return result;
}

Reg BlockBuilder::constant(std::uint32_t index) {
  return eval([&](value::WordsBuilder &words, Reg out) { words.move(out.number, value::constant(index)); });
}

Reg BlockBuilder::builtin(value::Builtin function, const std::vector<value::Operand> &args) {
  return eval([&](value::WordsBuilder &words, Reg out) { words.builtin(function, out.number, args); });
}

Reg BlockBuilder::call(std::uint32_t member, const Regs &args, NodeOptions options) {
  options.effect = plan.draft.members[member]->effect;
  return add(fb::Op::call, args, {}, static_cast<std::int32_t>(member), std::move(options));
}

Reg BlockBuilder::invoke(const BlockBuilder &callee, const Regs &args, NodeOptions options) {
  return add(fb::Op::invoke, args, {callee.number}, -1, std::move(options));
}

Reg BlockBuilder::map(Reg list, const BlockBuilder &body, const Regs &captures, std::optional<Reg> window,
                      NodeOptions options) {
  Regs operands{list};
  operands.insert(operands.end(), captures.begin(), captures.end());
  return add(fb::Op::map, operands, {body.number}, window ? static_cast<std::int32_t>(window->number) : -1,
             std::move(options));
}

Reg BlockBuilder::fold(Reg list, Reg init, const BlockBuilder &body, const Regs &captures, NodeOptions options) {
  Regs operands{list, init};
  operands.insert(operands.end(), captures.begin(), captures.end());
  return add(fb::Op::fold, operands, {body.number}, -1, std::move(options));
}

Reg BlockBuilder::tree(Reg list, Reg init, const BlockBuilder &body, const Regs &captures, NodeOptions options) {
  Reg made = fold(list, init, body, captures, std::move(options));
  nodes.back().flags = 1;
  return made;
}

Reg BlockBuilder::loop(Reg most, Reg init, const BlockBuilder &body, const Regs &captures,
                       const BlockBuilder *otherwise, NodeOptions options) {
  Regs operands{most, init};
  operands.insert(operands.end(), captures.begin(), captures.end());
  std::vector<std::uint32_t> bodies{body.number};
  if (otherwise)
    bodies.push_back(otherwise->number);
  return add(fb::Op::loop, operands, std::move(bodies), -1, std::move(options));
}

Reg BlockBuilder::branch(Reg selector, const std::vector<const BlockBuilder *> &alternatives, const Regs &captures,
                         NodeOptions options) {
  Regs operands{selector};
  operands.insert(operands.end(), captures.begin(), captures.end());
  std::vector<std::uint32_t> bodies;
  for (const BlockBuilder *alternative : alternatives)
    bodies.push_back(alternative->number);
  return add(fb::Op::branch, operands, std::move(bodies), -1, std::move(options));
}

Reg BlockBuilder::race(const std::vector<const BlockBuilder *> &arms, const Regs &captures, NodeOptions options) {
  std::vector<std::uint32_t> bodies;
  for (const BlockBuilder *arm : arms)
    bodies.push_back(arm->number);
  return add(fb::Op::race, captures, std::move(bodies), -1, std::move(options));
}

Reg BlockBuilder::vote(Reg needed, Reg total, const BlockBuilder &sample, const Regs &captures, NodeOptions options) {
  Regs operands{needed, total};
  operands.insert(operands.end(), captures.begin(), captures.end());
  return add(fb::Op::vote, operands, {sample.number}, -1, std::move(options));
}

Reg BlockBuilder::attempt(const BlockBuilder &body, const BlockBuilder &handler, const Regs &captures,
                          NodeOptions options) {
  return add(fb::Op::try_, captures, {body.number, handler.number}, -1, std::move(options));
}

Reg BlockBuilder::scope(const BlockBuilder &body, const Regs &captures, NodeOptions options) {
  return add(fb::Op::scope, captures, {body.number}, -1, std::move(options));
}

Reg BlockBuilder::once(const BlockBuilder &body, const Regs &captures, NodeOptions options) {
  if (std::find(plan.draft.features.begin(), plan.draft.features.end(), "once") == plan.draft.features.end())
    plan.draft.features.push_back("once");
  return add(fb::Op::once, captures, {body.number}, -1, std::move(options));
}

Reg BlockBuilder::get(Reg cell) { return add(fb::Op::get, {cell}, {}, -1, {}); }

Reg BlockBuilder::onceByKey(const BlockBuilder &body, const Regs &captures) {
  Reg made = once(body, captures);
  nodes.back().flags = plan::byKey;
  return made;
}

Reg BlockBuilder::get(Reg cell, Reg key) {
  Reg made = add(fb::Op::get, {cell, key}, {}, -1, {});
  nodes.back().flags = plan::byKey;
  return made;
}

Regs BlockBuilder::gang(std::uint32_t gang, const Regs &args, std::uint32_t count, NodeOptions options) {
  options.effect = Effect::compute;
  Regs own{add(fb::Op::gang, args, {}, static_cast<std::int32_t>(gang), std::move(options))};
  while (own.size() < count)
    own.push_back(fresh());
  nodes.back().own = own;
  return own;
}

void BlockBuilder::emit(Reg value, NodeOptions options) {
  add(fb::Op::emit, {value}, {}, -1, std::move(options));
  nodes.back().own.clear();
}

void BlockBuilder::fail(base::FailKind kind, Reg why, NodeOptions options) {
  add(fb::Op::fail, {why}, {}, static_cast<std::int32_t>(kind), std::move(options));
  nodes.back().own.clear();
}

void BlockBuilder::raiseAgain(Reg error) {
  fail(base::FailKind::failed, error);
  nodes.back().flags = 1;
}

Reg BlockBuilder::system(std::int32_t function, const Regs &args) {
  return add(fb::Op::system, args, {}, function, {});
}

PlanBuilder::PlanBuilder() {
  draft.major = 1;
  draft.words_version = value::wordsVersion;
  draft.compiler = "test";
  draft.limits = std::make_unique<fb::LimitsT>();
  type(TypeKind::none);
}

PlanBuilder::~PlanBuilder() = default;

std::uint32_t PlanBuilder::type(fb::TypeT type) {
  draft.types.push_back(std::make_unique<fb::TypeT>(std::move(type)));
  return static_cast<std::uint32_t>(draft.types.size()) - 1;
}

std::uint32_t PlanBuilder::type(TypeKind kind) {
  for (std::uint32_t i = 0; i < draft.types.size(); ++i)
    if (draft.types[i]->kind == static_cast<fb::TypeKind>(kind) && draft.types[i]->name.empty() &&
        draft.types[i]->element < 0 && draft.types[i]->fields.empty() && draft.types[i]->cases.empty())
      return i;
  fb::TypeT made;
  made.kind = static_cast<fb::TypeKind>(kind);
  return type(std::move(made));
}

std::uint32_t PlanBuilder::list(std::uint32_t element) {
  fb::TypeT made;
  made.kind = fb::TypeKind::list;
  made.element = static_cast<std::int32_t>(element);
  return type(std::move(made));
}

std::uint32_t PlanBuilder::optional(std::uint32_t element) {
  fb::TypeT made;
  made.kind = fb::TypeKind::optional;
  made.element = static_cast<std::int32_t>(element);
  return type(std::move(made));
}

std::uint32_t PlanBuilder::constant(const Value &value, std::uint32_t type) {
  auto made = std::make_unique<fb::ConstT>();
  made->type = type;
  base::Bytes bytes = value::encoded(value);
  for (std::byte b : bytes)
    made->bytes.push_back(std::to_integer<std::uint8_t>(b));
  draft.consts.push_back(std::move(made));
  return static_cast<std::uint32_t>(draft.consts.size()) - 1;
}

std::uint32_t PlanBuilder::binding(const std::string &name, fb::BindingKind kind, BindingOptions options) {
  auto made = std::make_unique<fb::BindingT>();
  made->name = name;
  made->kind = kind;
  made->provider = "test";
  made->concurrency = options.concurrency;
  made->rate_per_min = options.ratePerMin;
  made->batch = options.batch;
  made->price_input_nano = options.priceInputNano;
  made->price_output_nano = options.priceOutputNano;
  if (options.maxTokens > 0) {
    auto setting = std::make_unique<fb::SettingT>();
    setting->name = "max_tokens";
    setting->value = static_cast<std::int32_t>(constant(Value::integer(options.maxTokens), type(TypeKind::integer)));
    made->settings.push_back(std::move(setting));
  }
  draft.bindings.push_back(std::move(made));
  return static_cast<std::uint32_t>(draft.bindings.size()) - 1;
}

std::uint32_t PlanBuilder::member(std::uint32_t binding, const std::string &name,
                                  const std::vector<std::uint32_t> &params, std::uint32_t result, Effect effect,
                                  MemberOptions options) {
  auto made = std::make_unique<fb::MemberT>();
  made->binding = binding;
  made->name = name;
  for (std::uint32_t param : params) {
    auto field = std::make_unique<fb::FieldT>();
    field->name = "p" + std::to_string(made->params.size());
    field->type = param;
    made->params.push_back(std::move(field));
  }
  made->result = result;
  made->effect = effect;
  made->paid = options.paid;
  made->stable_id = idOf("member " + draft.bindings[binding]->name + "." + name, draft.members.size());
  draft.members.push_back(std::move(made));
  return static_cast<std::uint32_t>(draft.members.size()) - 1;
}

std::uint32_t PlanBuilder::group(std::uint64_t digest, std::uint32_t prefixBytes) {
  auto made = std::make_unique<fb::GroupT>();
  made->digest = digest;
  made->prefix_bytes = prefixBytes;
  draft.groups.push_back(std::move(made));
  return static_cast<std::uint32_t>(draft.groups.size());
}

std::uint32_t PlanBuilder::policy(fb::PolicyT policy) {
  draft.policies.push_back(std::make_unique<fb::PolicyT>(std::move(policy)));
  return static_cast<std::uint32_t>(draft.policies.size()) - 1;
}

std::uint32_t PlanBuilder::budget(fb::BudgetT budget) {
  draft.budgets.push_back(std::make_unique<fb::BudgetT>(std::move(budget)));
  return static_cast<std::uint32_t>(draft.budgets.size()) - 1;
}

std::uint32_t PlanBuilder::function(const std::string &name, std::uint32_t params, std::uint32_t registers,
                                    const std::function<void(value::WordsBuilder &)> &write, std::uint32_t captures) {
  value::WordsBuilder words;
  write(words);
  functions.push_back({name, params, captures, registers, words.finish()});
  return static_cast<std::uint32_t>(functions.size()) - 1;
}

BlockBuilder &PlanBuilder::block(const std::string &name, std::uint32_t params) {
  blocks.push_back(BlockBuilder(*this, static_cast<std::uint32_t>(blocks.size()), name, params));
  return blocks.back();
}

void PlanBuilder::entry(const std::string &name, const BlockBuilder &block, const std::vector<std::uint32_t> &params,
                        std::uint32_t result, std::int32_t budget, Effect effect) {
  auto made = std::make_unique<fb::EntryT>();
  made->name = name;
  made->block = block.number;
  for (std::uint32_t param : params) {
    auto one = std::make_unique<fb::ParamT>();
    one->name = "p" + std::to_string(made->params.size());
    one->type = param;
    made->params.push_back(std::move(one));
  }
  made->result = result;
  made->budget = budget;
  made->effect = effect;
  draft.entries.push_back(std::move(made));
}

base::Bytes PlanBuilder::file() const {
  // The draft owns its tables, so the pools are written into a copy that is made through the bytes of the draft.
  flatbuffers::FlatBufferBuilder first;
  if (!draft.code)
    const_cast<PlanBuilder *>(this)->draft.code = std::make_unique<fb::CodeT>();
  first.Finish(fb::Plan::Pack(first, &draft));
  std::unique_ptr<fb::PlanT> whole(flatbuffers::GetRoot<fb::Plan>(first.GetBufferPointer())->UnPack());
  fb::CodeT &code = *whole->code;

  for (const FunctionDraft &draft : functions) {
    auto made = std::make_unique<fb::FunctionT>();
    made->name = draft.name;
    made->params = draft.params;
    made->captures = draft.captures;
    made->registers = draft.registers;
    made->words = std::make_unique<fb::Range>(pooled(code.words, draft.words));
    code.functions.push_back(std::move(made));
  }
  for (const BlockBuilder &block : blocks) {
    std::map<std::uint32_t, std::uint32_t> writer;
    for (std::uint32_t i = 0; i < block.nodes.size(); ++i) {
      for (Reg reg : block.nodes[i].own)
        writer[reg.number] = i;
      for (Reg reg : block.nodes[i].listed)
        writer[reg.number] = i;
    }
    std::vector<std::set<std::uint32_t>> waits(block.nodes.size()), users(block.nodes.size());
    for (std::uint32_t i = 0; i < block.nodes.size(); ++i) {
      const BlockBuilder::NodeDraft &node = block.nodes[i];
      auto read = [&](std::uint32_t reg) {
        auto found = writer.find(reg);
        if (found != writer.end() && found->second != i)
          waits[i].insert(found->second);
      };
      for (Reg reg : node.operands)
        read(reg.number);
      for (std::uint32_t reg : plan::usesOf(node.words).readsFirst)
        read(reg);
      if (node.op == fb::Op::map && node.target >= 0)
        read(static_cast<std::uint32_t>(node.target));
      waits[i].insert(node.options.after.begin(), node.options.after.end());
      for (std::uint32_t producer : waits[i])
        users[producer].insert(i);
    }
    auto made = std::make_unique<fb::BlockT>();
    made->name = block.name;
    made->registers = block.registers;
    made->depth = block.activations;
    made->stable_id = idOf("block " + block.name, block.number);
    std::vector<std::uint32_t> params;
    for (std::uint32_t i = 0; i < block.params; ++i)
      params.push_back(i);
    made->params = std::make_unique<fb::Range>(pooled(code.registers, params));
    made->result = std::make_unique<fb::Range>(pooled(code.registers, numbersOf(block.results)));
    made->nodes = std::make_unique<fb::Range>(static_cast<std::uint32_t>(code.nodes.size()),
                                              static_cast<std::uint32_t>(block.nodes.size()));
    for (std::uint32_t i = 0; i < block.nodes.size(); ++i) {
      const BlockBuilder::NodeDraft &node = block.nodes[i];
      Regs results = node.own;
      results.insert(results.end(), node.listed.begin(), node.listed.end());
      std::uint64_t stable = node.options.stableId ? node.options.stableId
                                                   : idOf("node " + block.name + "/" + std::to_string(block.number), i);
      code.nodes.push_back(
          fb::Node(stable, node.op, node.effect, static_cast<std::uint8_t>(node.flags | node.options.flags),
                   static_cast<std::uint32_t>(waits[i].size()), pooled(code.registers, numbersOf(node.operands)),
                   pooled(code.registers, numbersOf(results)),
                   pooled(code.users, std::vector<std::uint32_t>(users[i].begin(), users[i].end())),
                   pooled(code.users, node.options.after), node.target, node.options.policy,
                   pooled(code.bodies, node.bodies), pooled(code.words, node.words), 0, node.options.group));
    }
    code.blocks.push_back(std::move(made));
  }
  std::sort(whole->entries.begin(), whole->entries.end(),
            [](const auto &left, const auto &right) { return left->name < right->name; });
  if (whole->files.empty())
    whole->files.push_back("test.weft");
  if (whole->spans.empty())
    whole->spans.push_back(fb::Span(0, 1, 1));
  flatbuffers::FlatBufferBuilder second;
  second.Finish(fb::Plan::Pack(second, whole.get()), fb::PlanIdentifier());
  return plan::sealPlan({reinterpret_cast<const std::byte *>(second.GetBufferPointer()), second.GetSize()});
}

std::shared_ptr<const plan::Plan> PlanBuilder::build() const {
  auto built = plan::readPlan(file());
  if (!built) {
    std::fprintf(stderr, "PlanBuilder: %s\n", built.error().message.c_str());
    std::abort();
  }
  return std::move(*built);
}

} // namespace weft::test

//===- StepCost.cpp - Costs of steps by their kind ------------------------===//

#include "compiler/report/StepCost.h"

#include "runtime/plan/NodeFlags.h"
#include "runtime/value/WordsShape.h"

#include <algorithm>
#include <span>

namespace weft::report {
namespace {

using plan::Node;
using plan::Op;

value::Opcode opcodeOf(std::uint32_t word) { return static_cast<value::Opcode>(value::opcodeIn(word)); }

/// Waits between attempts double up to this; a fifth more or less of each is jitter.
constexpr std::uint64_t longestWaitMs = 10 * 60 * 1000, jitterPart = 5;

/// Words of the instruction that begins with `word`.
std::size_t lengthOf(std::uint32_t word) {
  return 1u + value::shapeOf(value::opcodeIn(word))->immediates + value::countIn(word);
}

} // namespace

/// Puts a line above the path of what the step holds.
void BlockCosts::head(const Node &node, Cost &cost, std::string what) {
  if (cost.path.steps.empty())
    return;
  for (PathStep &step : cost.path.steps)
    ++step.depth;
  cost.path.steps.insert(cost.path.steps.begin(), {node.span(), 0, false, std::move(what)});
}

const value::Value *BlockCosts::constant(const Node &node, std::uint32_t reg) {
  auto words = plan.wordsOf(node);
  for (std::size_t at = 0; at < words.size(); at += lengthOf(words[at]))
    if (opcodeOf(words[at]) == value::Opcode::move && value::dstIn(words[at]) == reg)
      return words[at + 1] & value::constantBit ? &plan.consts[words[at + 1] & ~value::constantBit] : nullptr;
  return nullptr;
}

/// Whether the node's words fail whatever their input is.
bool BlockCosts::fails(const Node &node) {
  auto words = plan.wordsOf(node);
  for (std::size_t at = 0; at < words.size(); at += lengthOf(words[at])) {
    value::Opcode opcode = opcodeOf(words[at]);
    if (opcode == value::Opcode::fail)
      return true;
    if (opcode == value::Opcode::jump || opcode == value::Opcode::jumpUnless)
      return false;
  }
  return false;
}

std::optional<std::uint64_t> BlockCosts::number(const Node &node, std::uint32_t reg) {
  const value::Value *value = constant(node, reg);
  if (!value || !value->is(value::Tag::integer) || value->asInt() < 0)
    return std::nullopt;
  return static_cast<std::uint64_t>(value->asInt());
}

Cost BlockCosts::step(const Node &node) {
  Cost cost = byKind(node);
  if (fails(node))
    cost.succeeds = false;
  return cost;
}

Cost BlockCosts::byKind(const Node &node) {
  switch (node.op()) {
  case Op::call:
    return call(node);
  case Op::gang:
    return gang(node);
  case Op::invoke:
    return invoke(node);
  case Op::map:
    return map(node);
  case Op::fold:
    return fold(node);
  case Op::loop:
    return loop(node);
  case Op::vote:
    return vote(node);
  case Op::race:
    return race(node);
  case Op::branch:
    return branch(node);
  case Op::try_:
    return attempt(node);
  case Op::scope: {
    Cost cost = of(plan.bodiesOf(node)[0]);
    applyPolicy(node, cost);
    return cost;
  }
  case Op::once: {
    // Nobody may ask, and all who do share it.
    bool byKey = node.flags() & plan::byKey;
    Cost cost = of(plan.bodiesOf(node)[0]);
    scale(cost, {0, byKey ? Amount(1).times(Factor{Factor::Kind::items, node.span()}) : Amount(1)});
    if (byKey)
      scaleTogether(cost, Factor{Factor::Kind::items, node.span()});
    cost.succeeds = true;
    head(node, cost, byKey ? "once for each item, when it is first asked for" : "once, when it is first asked for");
    return cost;
  }
  case Op::atomic: {
    // It is run again as often as what it read has changed.
    Cost cost = of(plan.bodiesOf(node)[0]);
    scale(cost, {1, Amount::open()});
    cost.timeMs.most += Amount::open();
    return cost;
  }
  case Op::fail: {
    Cost cost;
    cost.succeeds = false;
    return cost;
  }
  case Op::eval:
  case Op::emit:
  case Op::system:
  case Op::get:
    break;
  }
  return {};
}

Cost BlockCosts::call(const Node &node) {
  auto index = static_cast<std::uint32_t>(node.target());
  const plan::Member &member = plan.members[index];
  const plan::Binding &binding = plan.bindings[member.binding];
  Cost cost;
  cost.calls[index] = {1, 1};
  cost.width = 1;
  cost.busy[member.binding] = 1;
  cost.path.calls = 1;
  std::string what = memberName(plan, index);
  if (binding.kind == plan::fb::BindingKind::human)
    what += ", a person";
  else
    cost.timeMs.openAt = node.span();
  if (binding.kind == plan::fb::BindingKind::model) {
    cost.tokens.openAt = node.span();
    if (binding.priceInputNano > 0 || binding.priceOutputNano > 0)
      cost.moneyNano.openAt = node.span();
  }
  cost.path.steps = {{node.span(), 0, true, std::move(what)}};
  applyPolicy(node, cost);
  return cost;
}

Cost BlockCosts::gang(const Node &node) {
  auto index = static_cast<std::uint32_t>(node.target());
  const plan::Gang &gang = plan.gangs[index];
  Cost cost;
  cost.gangs[index] = {1, 1};
  cost.path.gangs = 1;
  cost.timeMs.openAt = node.span();
  cost.path.steps = {{node.span(), 0, false,
                      std::string(gang.name) + " on " + std::string(plan.meshes[gang.mesh].name) + ", no call"}};
  applyPolicy(node, cost);
  return cost;
}

Cost BlockCosts::invoke(const Node &node) {
  std::uint32_t body = plan.bodiesOf(node)[0];
  const plan::Block &callee = plan.blocks[body];
  auto active = open.find(body);
  bool again = active != open.end();
  Cost cost = of(body);
  applyPolicy(node, cost);
  std::string name(callee.name);
  if (again && !cost.path.steps.empty()) {
    // Its steps stand above already; each deeper activation would say them again.
    cost.path.steps = {
        {node.span(), 0, false,
         name + " again, up to " + numberText(callee.depth - active->second) + " more below each other"}};
    return cost;
  }
  if (asksAgain(node)) {
    for (PathStep &step : cost.path.steps)
      if (!step.call)
        step.what = "asked again until the answer fits its type, " + step.what.substr(step.what.find("up to"));
  }
  head(node, cost, name + limitsOf(node));
  return cost;
}

std::vector<Cost> BlockCosts::bodiesOf(const Node &node) {
  std::vector<Cost> costs;
  for (std::uint32_t body : plan.bodiesOf(node))
    costs.push_back(of(body));
  return costs;
}

/// An agent's answer that does not fit is asked for again: a loop that the compiler made where the agent stands.
bool BlockCosts::asksAgain(const Node &invoke) {
  for (const Node &node : plan.nodesOf(plan.blocks[plan.bodiesOf(invoke)[0]]))
    if (node.op() == Op::loop)
      for (const Node &inner : plan.nodesOf(plan.blocks[plan.bodiesOf(node)[0]]))
        if (inner.op() == Op::call && inner.span() == node.span())
          return true;
  return false;
}

std::string BlockCosts::limitsOf(const Node &node) {
  if (node.policy() < 0)
    return {};
  const plan::Policy &policy = plan.policies[static_cast<std::size_t>(node.policy())];
  std::string text;
  if (policy.retry)
    text += ", up to " + numberText(policy.retry + 1ull) + " attempts";
  if (policy.hedgeMs)
    text += ", hedged after " + durationText(policy.hedgeMs);
  if (policy.timeoutMs)
    text += ", timeout " + durationText(policy.timeoutMs);
  if (policy.budget != plan::noIndex)
    text += budgetText(plan, policy.budget);
  return text;
}

/// Of one attempt. A body that writes is awaited behind its timeout: what is in flight then may take a time of its own.
void BlockCosts::applyTimeout(const Node &node, const plan::Policy &policy, Cost &cost) {
  bool alone = node.op() == Op::call || node.op() == Op::gang;
  if (policy.timeoutMs == 0 || (!alone && node.effect() >= plan::Effect::write_idempotent))
    return;
  std::uint64_t most = policy.timeoutMs + policy.hedgeMs;
  if (cost.timeMs.openAt || !cost.timeMs.most.exact() || cost.timeMs.most.number() > most)
    cost.timeMs = {most, std::nullopt};
}

/// Attempts follow each other; a hedge runs beside its attempt.
void BlockCosts::applyPolicy(const Node &node, Cost &cost) {
  if (node.policy() < 0)
    return;
  const plan::Policy &policy = plan.policies[static_cast<std::size_t>(node.policy())];
  applyTimeout(node, policy, cost);
  if (policy.budget != plan::noIndex)
    applyBudget(plan, policy.budget, cost);
  std::uint64_t attempts = policy.retry + 1ull, beside = policy.hedgeMs ? 2 : 1;
  // The answer of an equal call may be taken instead.
  scale(cost, {policy.cache == plan::fb::Cache::run || policy.cache == plan::fb::Cache::duration ? 0u : 1u,
               attempts * beside});
  scaleTogether(cost, beside);
  cost.repeat(attempts);
  for (std::uint64_t attempt = 1, waitMs = policy.backoffMs; attempt < attempts; ++attempt) {
    cost.timeMs.most += waitMs + waitMs / jitterPart;
    waitMs = std::min(2 * waitMs, longestWaitMs);
  }
  if (node.op() == Op::call || node.op() == Op::gang)
    cost.path.steps[0].what += limitsOf(node);
  else if (node.op() == Op::scope && policy.retry)
    head(node, cost, "tried" + limitsOf(node));
}

} // namespace weft::report

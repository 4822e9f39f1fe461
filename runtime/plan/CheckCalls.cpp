//===- CheckCalls.cpp - What leaves the plan: bindings, members, policies -===//

#include "runtime/plan/CheckFailure.h"
#include "runtime/plan/PlanCheck.h"
#include "runtime/plan/Tools.h"

#include <algorithm>

namespace weft::plan {
namespace {

/// Ten retries with doubled waits are hours; a thousand are a loop without an end.
constexpr std::uint32_t maxRetries = 1000;

/// Ten years. In nanoseconds, and added to the time of day, it stays far inside 64 bits.
constexpr std::uint64_t maxWaitMs = 3650ull * 24 * 3600 * 1000;

base::Result<> checkBinding(const Plan &plan, std::size_t index) {
  const Binding &binding = plan.bindings[index];
  std::string name = "binding '" + std::string(binding.name) + "'";
  if (binding.kind > fb::BindingKind::MAX)
    return broken(name + ": unknown kind " + number(static_cast<unsigned>(binding.kind)));
  for (const Setting &setting : binding.settings) {
    int sources = (setting.value != noIndex) + !setting.env.empty() + !setting.secret.empty();
    if (sources != 1)
      return broken(name + ", setting '" + std::string(setting.name) + "' has " + number(sources) +
                    " sources, wanted one");
    if (setting.value != noIndex && setting.value >= plan.consts.size())
      return broken(name + ", setting '" + std::string(setting.name) + "': const " + number(setting.value));
  }
  if (binding.priceInputNano < -1 || binding.priceOutputNano < -1)
    return broken(name + ": a negative price");
  if (std::string wrong = wrongTools(plan, binding); !wrong.empty())
    return broken(name + ": " + wrong);
  return {};
}

base::Result<> checkMember(const Plan &plan, std::size_t index) {
  const Member &member = plan.members[index];
  std::string name = "member '" + std::string(member.name) + "'";
  if (member.binding >= plan.bindings.size())
    return broken(name + ": binding " + number(member.binding) + " of " + number(plan.bindings.size()));
  if (member.result >= plan.types.size())
    return broken(name + ": result type " + number(member.result));
  if (member.effect > Effect::MAX)
    return broken(name + ": unknown effect " + number(static_cast<unsigned>(member.effect)));
  // A model's tools have undos of their own.
  bool ownUndo = member.effect == Effect::write_undo && toolsOf(plan, static_cast<std::uint32_t>(index)).empty();
  if (member.effect != Effect::write_idempotent && ownUndo != (member.undo != noIndex))
    return broken(name + ": effect and undo disagree");
  if (member.undo != noIndex && member.undo >= plan.blocks.size())
    return broken(name + ": undo is block " + number(member.undo) + " of " + number(plan.blocks.size()));
  if (member.undo != noIndex) {
    std::size_t takes = plan.blocks[member.undo].params.count();
    if (takes != member.params.size() && takes != member.params.size() + 1)
      return broken(name + ": its undo takes " + number(takes) + " values, wanted its " + number(member.params.size()) +
                    " parameters, and perhaps its result");
  }
  for (const value::Field &param : member.params)
    if (param.type >= plan.types.size())
      return broken(name + ", parameter '" + std::string(param.name) + "': type " + number(param.type));
  for (std::uint32_t function : member.templates)
    if (function >= plan.functions.size() || plan.functions[function].params != member.params.size() ||
        plan.functions[function].captures != 0)
      return broken(name + ": template " + number(function) + " is no function of the member's parameters");
  return {};
}

base::Result<> checkPolicy(const Plan &plan, std::size_t index) {
  const Policy &policy = plan.policies[index];
  std::string name = "policy " + number(index);
  if (policy.retry > maxRetries)
    return broken(name + ": " + number(policy.retry) + " retries, the limit is " + number(maxRetries));
  if (policy.timeoutMs > maxWaitMs || policy.cacheMs > maxWaitMs)
    return broken(name + ": a wait of " + number(std::max(policy.timeoutMs, policy.cacheMs)) + " ms, the limit is " +
                  number(maxWaitMs));
  if (policy.retryOn >> (static_cast<unsigned>(fb::FailKind::MAX) + 1))
    return broken(name + ": retries on an unknown kind of failure");
  if (policy.cache > fb::Cache::MAX)
    return broken(name + ": unknown cache mode");
  if (policy.budget != noIndex && policy.budget >= plan.budgets.size())
    return broken(name + ": budget " + number(policy.budget));
  return {};
}

base::Result<> checkBudget(const Plan &plan, std::size_t index) {
  const Budget &budget = plan.budgets[index];
  std::string name = "budget " + number(index);
  if (budget.costNano < -1 || budget.tokens < -1 || budget.timeMs < -1 || budget.turns < -1)
    return broken(name + ": a negative bound");
  if (budget.timeMs > static_cast<std::int64_t>(maxWaitMs))
    return broken(name + ": a time of " + number(static_cast<std::uint64_t>(budget.timeMs)) + " ms, the limit is " +
                  number(maxWaitMs));
  if (budget.onExceed > fb::OnExceed::MAX)
    return broken(name + ": unknown on_exceed");
  if (budget.onExceed != fb::OnExceed::stop && budget.fallback >= plan.members.size())
    return broken(name + ": its fallback is no member of the plan");
  if (budget.onExceed == fb::OnExceed::stop)
    return {};
  const Member &member = plan.members[budget.fallback];
  fb::BindingKind kind = plan.bindings[member.binding].kind;
  if (budget.onExceed == fb::OnExceed::use &&
      (kind != fb::BindingKind::model || !toolsOf(plan, budget.fallback).empty()))
    return broken(name + ": its fallback is no model");
  // A person is told why by the member's template.
  bool asks = kind == fb::BindingKind::human && member.templates.size() == 1 && member.params.size() == 1 &&
              plan.types[member.result].kind == value::TypeKind::boolean;
  if (budget.onExceed == fb::OnExceed::ask && !asks)
    return broken(name + ": its fallback asks no person for a yes or no");
  return {};
}

template <typename Check> base::Result<> all(const Plan &plan, std::size_t count, Check check) {
  for (std::size_t i = 0; i < count; ++i)
    if (auto checked = check(plan, i); !checked)
      return checked;
  return {};
}

} // namespace

base::Result<> checkCalls(const Plan &plan) {
  if (auto ok = all(plan, plan.bindings.size(), checkBinding); !ok)
    return ok;
  if (auto ok = all(plan, plan.members.size(), checkMember); !ok)
    return ok;
  if (auto ok = all(plan, plan.policies.size(), checkPolicy); !ok)
    return ok;
  return all(plan, plan.budgets.size(), checkBudget);
}

} // namespace weft::plan

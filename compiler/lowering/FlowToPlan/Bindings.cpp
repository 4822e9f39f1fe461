//===- Bindings.cpp - What leaves the plan: bindings, members, policies ---===//

#include "compiler/lowering/FlowToPlan/Bindings.h"

#include "dialects/flow/Tools.h"
#include "runtime/plan/Tools.h"

using namespace mlir;

namespace weft::lowering {
namespace {

std::int64_t intOr(DictionaryAttr dictionary, StringRef key, std::int64_t otherwise) {
  auto value = dictionary.getAs<IntegerAttr>(key);
  return value ? value.getInt() : otherwise;
}

std::string textOr(StringAttr text) { return text ? text.str() : std::string(); }

fb::Cache cacheOf(StringRef text) {
  if (text == "none")
    return fb::Cache::none_;
  if (text == "run")
    return fb::Cache::run;
  return text == "duration" ? fb::Cache::duration : fb::Cache::unset;
}

fb::OnExceed onExceedOf(StringRef text) {
  if (text == "use")
    return fb::OnExceed::use;
  return text == "ask" ? fb::OnExceed::ask : fb::OnExceed::stop;
}

} // namespace

Bindings::Bindings(Pools &pools, ModuleOp module) : pools(pools) {
  for (auto binding : module.getOps<flow::BindingOp>())
    add(binding);
  for (auto binding : module.getOps<flow::BindingOp>())
    for (auto member : binding.getBody().getOps<flow::MemberOp>())
      addTools(member);
}

/// Once all members have their numbers; these are what the plan knows members by.
void Bindings::addTools(flow::MemberOp member) {
  auto tools = member->getAttrOfType<ArrayAttr>(flow::toolsName);
  if (!tools)
    return;
  auto path = SymbolRefAttr::get(member->getParentOfType<flow::BindingOp>().getSymNameAttr(),
                                 FlatSymbolRefAttr::get(member.getSymNameAttr()));
  Builder builder(member.getContext());
  SmallVector<Attribute> numbers;
  for (auto tool : tools.getAsRange<SymbolRefAttr>())
    numbers.push_back(builder.getI64IntegerAttr(members.lookup(tool)));
  auto setting = std::make_unique<fb::SettingT>();
  setting->name = std::string(plan::toolsSetting) + member.getSymName().str();
  setting->value = static_cast<std::int32_t>(
      pools.constant(builder.getArrayAttr(numbers), expr::simple(member.getContext(), expr::Kind::json)));
  pools.plan.bindings[pools.plan.members[members.lookup(path)]->binding]->settings.push_back(std::move(setting));
  if (!llvm::is_contained(pools.plan.features, plan::toolsFeature))
    pools.plan.features.emplace_back(plan::toolsFeature);
}

void Bindings::add(flow::BindingOp binding) {
  auto made = std::make_unique<fb::BindingT>();
  made->name = binding.getSymName().str();
  made->kind = static_cast<fb::BindingKind>(binding.getKind());
  made->provider = binding.getProvider().str();
  if (binding.getSettings())
    for (auto setting : binding.getSettings()->getAsRange<flow::SettingAttr>()) {
      auto one = std::make_unique<fb::SettingT>();
      one->name = setting.getName().str();
      one->env = textOr(setting.getEnv());
      one->secret = textOr(setting.getSecret());
      if (setting.getValue())
        one->value = static_cast<std::int32_t>(
            pools.constant(setting.getValue(), expr::simple(binding->getContext(), expr::Kind::json)));
      made->settings.push_back(std::move(one));
    }
  made->concurrency = static_cast<std::uint32_t>(binding.getConcurrency().value_or(0));
  made->batch = static_cast<std::uint32_t>(binding.getBatch().value_or(0));
  made->rate_per_min = static_cast<std::uint32_t>(binding.getRate().value_or(0));
  made->context_tokens = static_cast<std::uint32_t>(binding.getContextTokens().value_or(0));
  made->price_input_nano = binding.getPriceInput().value_or(-1);
  made->price_output_nano = binding.getPriceOutput().value_or(-1);
  made->temperature_milli = static_cast<std::int32_t>(binding.getTemperature().value_or(-1));
  std::uint32_t index = static_cast<std::uint32_t>(pools.plan.bindings.size());
  pools.plan.bindings.push_back(std::move(made));
  for (auto member : binding.getBody().getOps<flow::MemberOp>())
    add(member, index);
}

void Bindings::add(flow::MemberOp member, std::uint32_t binding) {
  auto made = std::make_unique<fb::MemberT>();
  made->binding = binding;
  made->name = member.getSymName().str();
  for (auto [name, type] : llvm::zip(member.getParamNames().getAsRange<StringAttr>(), member.getType().getInputs())) {
    auto param = std::make_unique<fb::FieldT>();
    param->name = name.str();
    param->type = pools.type(type);
    made->params.push_back(std::move(param));
  }
  made->result = pools.type(member.getType().getResult(0));
  made->effect = static_cast<fb::Effect>(member.getEffect());
  if (member.getTemplates())
    for (auto function : member.getTemplates()->getAsRange<FlatSymbolRefAttr>())
      made->template_.push_back(pools.function(function.getValue()));
  made->paid = member.getPaid();
  made->stable_id = static_cast<std::uint64_t>(member.getId());
  made->span = pools.span(member.getLoc());
  auto path = SymbolRefAttr::get(member->getParentOfType<flow::BindingOp>().getSymNameAttr(),
                                 FlatSymbolRefAttr::get(member.getSymNameAttr()));
  members[path] = static_cast<std::uint32_t>(pools.plan.members.size());
  pools.plan.members.push_back(std::move(made));
}

std::uint32_t Bindings::member(SymbolRefAttr path) const { return members.lookup(path); }

std::int32_t Bindings::policy(DictionaryAttr policy, DictionaryAttr calleeBudget) {
  if ((!policy || policy.empty()) && !calleeBudget)
    return -1;
  auto [entry, added] =
      policies.try_emplace({policy, calleeBudget}, static_cast<std::int32_t>(pools.plan.policies.size()));
  if (!added)
    return entry->second;
  if (!policy)
    policy = DictionaryAttr::get(calleeBudget.getContext());
  auto made = std::make_unique<fb::PolicyT>();
  made->retry = static_cast<std::uint32_t>(intOr(policy, "retry", 0));
  made->retry_on_set = policy.contains("retry_on");
  made->retry_on = static_cast<std::uint32_t>(intOr(policy, "retry_on", 0));
  made->backoff_ms = static_cast<std::uint32_t>(intOr(policy, "backoff_ms", made->backoff_ms));
  made->timeout_ms = static_cast<std::uint64_t>(intOr(policy, "timeout_ms", 0));
  made->hedge_ms = static_cast<std::uint32_t>(intOr(policy, "hedge_ms", 0));
  if (auto cache = policy.getAs<StringAttr>("cache"))
    made->cache = cacheOf(cache);
  made->cache_ms = static_cast<std::uint64_t>(intOr(policy, "cache_ms", 0));
  made->on = textOr(policy.getAs<StringAttr>("on"));
  made->repairs = static_cast<std::uint32_t>(intOr(policy, "repairs", made->repairs));
  auto own = policy.getAs<DictionaryAttr>("budget");
  made->budget = budget(own ? own : calleeBudget);
  std::int32_t index = entry->second;
  pools.plan.policies.push_back(std::move(made));
  return index;
}

std::uint32_t Bindings::group(std::uint64_t digest, std::uint64_t prefixBytes) {
  auto [known, added] = groups.try_emplace(digest, static_cast<std::uint32_t>(pools.plan.groups.size()) + 1);
  if (added) {
    auto made = std::make_unique<fb::GroupT>();
    made->digest = digest;
    made->prefix_bytes = static_cast<std::uint32_t>(prefixBytes);
    pools.plan.groups.push_back(std::move(made));
  }
  return known->second;
}

std::int32_t Bindings::budget(DictionaryAttr budget) {
  if (!budget)
    return -1;
  auto [entry, added] = budgets.try_emplace(budget, static_cast<std::int32_t>(pools.plan.budgets.size()));
  if (!added)
    return entry->second;
  auto made = std::make_unique<fb::BudgetT>();
  made->cost_nano = intOr(budget, "cost_nano", -1);
  made->tokens = intOr(budget, "tokens", -1);
  made->time_ms = intOr(budget, "time_ms", -1);
  made->turns = static_cast<std::int32_t>(intOr(budget, "turns", -1));
  if (auto exceed = budget.getAs<StringAttr>("on_exceed"))
    made->on_exceed = onExceedOf(exceed);
  if (auto fallback = budget.getAs<SymbolRefAttr>("fallback"))
    made->fallback = static_cast<std::int32_t>(member(fallback));
  pools.plan.budgets.push_back(std::move(made));
  return entry->second;
}

} // namespace weft::lowering

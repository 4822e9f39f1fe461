//===- Accounts.cpp - What a scope may spend ------------------------------===//

#include "runtime/frame/Accounts.h"

#include "runtime/value/Value.h"

#include <algorithm>
#include <string>

namespace weft::frame {
namespace {

Account::Fit fitOf(std::int64_t limit, std::int64_t spent, std::int64_t reserved, std::int64_t wanted) {
  if (limit < 0 || wanted == 0 || wanted <= limit - spent - reserved)
    return Account::Fit::fits;
  return reserved > 0 ? Account::Fit::later : Account::Fit::never;
}

std::string dollars(std::int64_t nano) {
  std::string digits = std::to_string(nano % 1'000'000'000);
  digits.insert(0, 9 - digits.size(), '0');
  digits.erase(std::max<std::size_t>(digits.find_last_not_of('0') + 1, 2));
  return "$" + std::to_string(nano / 1'000'000'000) + "." + digits;
}

/// Nano-dollars for `tokens` at a price per million tokens, rounded up: a budget is never overdrawn by rounding.
std::int64_t priced(std::int64_t tokens, std::int64_t nanoPerMillion) {
  if (nanoPerMillion <= 0)
    return 0;
  __int128 whole = static_cast<__int128>(tokens) * nanoPerMillion + 999'999;
  return static_cast<std::int64_t>(std::min<__int128>(whole / 1'000'000, INT64_MAX / 4));
}

} // namespace

std::int64_t Account::raised(std::int64_t bound) const {
  if (bound <= 0)
    return bound;
  return static_cast<std::int64_t>(std::min<__int128>(static_cast<__int128>(bound) * (1 + raises), INT64_MAX / 4));
}

Account::Fit Account::fit(const Amounts &amounts) const {
  Fit worst = fitOf(raised(budget->costNano), spent.costNano, reserved.costNano, amounts.costNano);
  worst = std::max(worst, fitOf(raised(budget->tokens), spent.tokens, reserved.tokens, amounts.tokens));
  return std::max(worst, fitOf(raised(budget->turns), spent.turns, reserved.turns, amounts.turns));
}

std::string Account::excess(const Amounts &amounts) const {
  std::int64_t cost = raised(budget->costNano), tokens = raised(budget->tokens);
  if (cost >= 0 && amounts.costNano > cost - spent.costNano)
    return "cost of " + dollars(cost) + ": " + dollars(spent.costNano) + " spent, the next call may cost " +
           dollars(amounts.costNano);
  if (tokens >= 0 && amounts.tokens > tokens - spent.tokens)
    return "tokens of " + std::to_string(tokens) + ": " + std::to_string(spent.tokens) +
           " spent, the next call may use " + std::to_string(amounts.tokens);
  return "turns of " + std::to_string(raised(budget->turns)) + ": all taken";
}

std::int64_t declaredTokensOut(const plan::Plan &plan, const plan::Binding &binding) {
  std::int64_t most = defaultTokensOut;
  if (const plan::Setting *setting = binding.setting("max_tokens");
      setting && setting->value != plan::noIndex && plan.consts[setting->value].is(value::Tag::integer))
    most = std::max<std::int64_t>(1, plan.consts[setting->value].asInt());
  // A compiled model goes on beyond what it sees at a time.
  if (binding.contextTokens > 0 && binding.provider != "compiled")
    most = std::min<std::int64_t>(most, binding.contextTokens);
  return most;
}

Amounts worstCase(const plan::Plan &plan, const plan::Member &member, std::uint64_t argumentBytes,
                  std::int64_t maxTokensOut) {
  const plan::Binding &binding = plan.bindings[member.binding];
  if (binding.kind != plan::fb::BindingKind::model)
    return {};
  std::int64_t in = static_cast<std::int64_t>((argumentBytes + bytesPerToken - 1) / bytesPerToken) + tokensPerMessage;
  Amounts amounts;
  amounts.tokens = in + maxTokensOut;
  amounts.costNano = priced(in, binding.priceInputNano) + priced(maxTokensOut, binding.priceOutputNano);
  amounts.turns = 1;
  return amounts;
}

} // namespace weft::frame

//===- Spending.cpp - Budgets at work -------------------------------------===//

#include "runtime/frame/Append.h"

#include "runtime/plan/MockAnswer.h"
#include "runtime/value/Encoding.h"

#include <algorithm>

namespace weft::frame {
namespace {

/// An answer shorter than this is none; below, a call is not worth being sent.
constexpr std::int64_t fewestTokensOut = 16;

/// What stands for an agent in a test has its price when it has answered. It is asked as long as anything is left, and
/// reserves nothing.
constexpr Amounts anything{1, 1, 0};

bool isStandIn(const plan::Plan &plan, std::uint32_t member) {
  return plan.bindings[plan.members[member].binding].provider == plan::mockProvider;
}

/// Where a call stands in its run, outermost first: a node and an iteration at each level.
void placeOf(const CallStep &step, std::vector<std::uint32_t> &place) {
  place.clear();
  place.push_back(step.node);
  for (const Frame *frame = step.frame; frame; frame = frame->owner ? frame->owner->frame : nullptr) {
    place.push_back(frame->index);
    place.push_back(frame->owner ? frame->owner->node : 0);
  }
  std::reverse(place.begin(), place.end());
}

} // namespace

bool Core::lowerIteration(const CallStep &left, const CallStep &right) {
  std::vector<std::uint32_t> leftPlace, rightPlace;
  placeOf(left, leftPlace);
  placeOf(right, rightPlace);
  return leftPlace < rightPlace;
}

bool Core::refusesBudget(Frame &frame, const plan::Policy *policy) {
  const Account *outer = accountOf(frame.scope);
  if (!policy || policy->budget == plan::noIndex || !outer || outer->level < maxNestedBudgets)
    return false;
  raise(frame, failedHere(frame, FailKind::failed,
                          "limit of " + std::to_string(maxNestedBudgets) + " budgets inside each other reached"));
  return true;
}

Account *Core::openAccount(Run &run, Account *parent, std::uint32_t budget, Hash128 path) {
  Account *account = slab.make<Account>();
  account->parent = parent;
  account->run = &run;
  account->index = budget;
  account->budget = &run.plan->plan->budgets[budget];
  account->path = path;
  if (parent) {
    ++parent->references;
    account->level = parent->level + 1;
  }
  if (run.replay) {
    PastCharges past = run.replay->charges(path);
    account->spent = past.spent;
    account->timeSpentNs = past.timeSpentNs;
    restoreExceeded(*account);
  }
  return account;
}

void Core::releaseAccount(Account *account) {
  while (account && --account->references == 0) {
    Account *parent = account->parent;
    clearTimer(account->timer);
    slab.destroy(account);
    account = parent;
  }
}

Account *Core::accountOf(const Scope *scope) {
  while (scope && !scope->account)
    scope = scope->parent;
  return scope ? scope->account : nullptr;
}

Account *Core::accountOf(const CallStep &step) const { return step.own ? step.own : accountOf(step.frame->scope); }

Core::Reserved Core::reserve(CallStep &step, Attempt &attempt, base::Failure &failure, Account *&tight) {
  Account *innermost = accountOf(step);
  attempt.account = innermost;
  if (innermost)
    ++innermost->references;
  bool standIn = innermost && !attempt.gang && isStandIn(planOf(*step.frame), attempt.member);
  if (!attempt.model && !standIn)
    return Reserved::yes;
  attempt.choice = attempt.model && mayChange(innermost);
  Amounts amounts = attempt.model ? mostOf(step, attempt, innermost) : anything;
  if (sabotage.noReservation)
    return Reserved::yes;
  for (Account *account = innermost; account; account = account->parent) {
    Account::Fit fit = account->fit(amounts);
    if (fit == Account::Fit::never) {
      failure = {FailKind::budget, "does not fit the budget's " + account->excess(amounts)};
      tight = account;
      return Reserved::never;
    }
    bool behind = !account->waiting.empty() && lowerIteration(*account->waiting.front(), step);
    if (fit == Account::Fit::later || behind) {
      auto place =
          std::upper_bound(account->waiting.begin(), account->waiting.end(), &step,
                           [](const CallStep *left, const CallStep *right) { return lowerIteration(*left, *right); });
      account->waiting.insert(place, &step);
      return Reserved::later;
    }
  }
  if (standIn)
    return Reserved::yes;
  for (Account *account = innermost; account; account = account->parent)
    account->reserved += amounts;
  attempt.reserved = amounts;
  return Reserved::yes;
}

/// The most that the attempt can use up.
Amounts Core::mostOf(const CallStep &step, Attempt &attempt, const Account *innermost) const {
  const plan::Plan &plan = planOf(*step.frame);
  const plan::Member &member = plan.members[attempt.member];
  const plan::Binding &binding = plan.bindings[member.binding];
  std::uint64_t argumentBytes = 0;
  for (std::uint32_t operand : argumentsOf(step))
    argumentBytes += value::encodedBytes(step.frame->registers()[operand]);
  attempt.maxTokensOut = declaredTokensOut(plan, binding);
  Amounts amounts = worstCase(plan, member, argumentBytes, attempt.maxTokensOut);
  if (!binding.setting("max_tokens")) {
    // Nobody said how long the answer may be: what is left is a bound as good as any, and where nothing counts tokens
    // or money, nothing shortens it.
    std::int64_t in = amounts.tokens - attempt.maxTokensOut;
    bool counted = false;
    for (const Account *account = innermost; account; account = account->parent) {
      counted |= account->budget->tokens >= 0 || account->budget->costNano >= 0;
      if (account->budget->tokens >= 0)
        attempt.maxTokensOut =
            std::max(fewestTokensOut, std::min(attempt.maxTokensOut,
                                               account->raised(account->budget->tokens) - account->spent.tokens - in));
    }
    amounts = worstCase(plan, member, argumentBytes, attempt.maxTokensOut);
    if (!counted)
      attempt.maxTokensOut = 0;
  }
  return amounts;
}

void Core::unreserve(Attempt &attempt, const Amounts &used) {
  for (Account *account = attempt.account; account; account = account->parent) {
    account->reserved -= attempt.reserved;
    account->spent += used;
    if (!account->waiting.empty()) {
      ++account->references;
      ready.push({account, 0, ReadyKind::pump});
    }
    if (!used.zero())
      if (observe::Event *seen = note(*attempt.run, observe::EventKind::budget)) {
        seen->path = account->path, seen->index = account->index;
        seen->a = account->spent.costNano, seen->b = account->spent.tokens;
      }
  }
  attempt.reserved = {};
}

/// Something was given back: calls that wait try again, lowest iteration first, until one has to wait on.
void Core::pump(Account &account) {
  while (!account.waiting.empty()) {
    CallStep &step = *account.waiting.front();
    account.waiting.erase(account.waiting.begin());
    step.waits = CallStep::Waits::nothing;
    unpend(*step.frame->run);
    tryCall(step, false);
    if (!account.waiting.empty() && account.waiting.front() == &step)
      return;
  }
}

void Core::busyBegin(Account *account) {
  for (; account; account = account->parent)
    if (account->busy++ == 0) {
      account->busySinceNs = now.steadyNs;
      if (account->timed())
        account->timer = setTimer(TimerKind::account, account, 0, account->timeLeftNs());
    }
}

void Core::busyEnd(Account *account) {
  for (; account; account = account->parent)
    if (--account->busy == 0) {
      account->timeSpentNs += now.steadyNs - account->busySinceNs;
      clearTimer(account->timer);
    }
}

} // namespace weft::frame

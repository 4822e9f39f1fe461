//===- Accounts.h - What a scope may spend --------------------------------===//
//
// A tree beside the scopes. Before a call is sent its worst case is reserved
// at every enclosing account; when it has ended, what it really cost is charged
// there, also when nobody wants its answer any more. So no order of outcomes
// can spend more than a budget allows.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Digest.h"
#include "runtime/plan/Plan.h"

#include <cstdint>
#include <vector>

namespace weft::frame {

struct CallStep;
struct Run;
struct Scope;

/// Amounts of the three things that calls use up.
struct Amounts {
  std::int64_t costNano = 0, tokens = 0;
  std::int32_t turns = 0;

  Amounts &operator+=(const Amounts &other) {
    costNano += other.costNano;
    tokens += other.tokens;
    turns += other.turns;
    return *this;
  }
  Amounts &operator-=(const Amounts &other) {
    costNano -= other.costNano;
    tokens -= other.tokens;
    turns -= other.turns;
    return *this;
  }
  bool zero() const { return costNano == 0 && tokens == 0 && turns == 0; }
};

struct Account {
  Account *parent = nullptr;
  Run *run = nullptr;
  Scope *scope = nullptr;   ///< Fails when the time is spent; null once the scope is gone.
  CallStep *call = nullptr; ///< Or the single call that it stands on.
  std::uint32_t index = 0;  ///< Of the plan's budget.
  std::uint32_t level = 1;  ///< Accounts from the outermost to this one.
  const plan::Budget *budget = nullptr;
  base::Hash128 path; ///< Names the account in outcomes.
  Amounts spent, reserved;
  // Time counts while anything but a person is awaited inside.
  std::int64_t timeSpentNs = 0, busySinceNs = 0;
  std::uint32_t busy = 0;
  std::uint32_t references = 1;
  std::uint64_t timer = 0;
  std::vector<CallStep *> waiting; ///< Calls that did not fit, lowest iteration first.
  // What happens when a call does not fit at all; see Exceeding.cpp.
  bool exceeded = false;            ///< use: the fallback answers; ask: somebody said no.
  std::uint32_t raises = 0;         ///< ask: how often somebody said yes.
  bool asked = false;               ///< ask: a question is open, and recorded.
  CallStep *asker = nullptr;        ///< ask: the call that it stands at.
  std::vector<CallStep *> deferred; ///< ask: calls that wait for the same answer.

  enum class Fit : std::uint8_t {
    fits,
    later, ///< It will, should what is reserved not be used up.
    never,
  };
  /// Whether `amounts` can be reserved here on top of what is spent and reserved.
  Fit fit(const Amounts &amounts) const;
  /// Which bound `amounts` break: "cost", "tokens" or "turns", with the figures, for the failure's text.
  std::string excess(const Amounts &amounts) const;
  /// A bound of the budget as it stands now: each yes of a person adds its own size. -1: none.
  std::int64_t raised(std::int64_t bound) const;
  /// What a person said who was asked for more.
  void take(bool yes) {
    if (yes)
      ++raises;
    else
      exceeded = true;
  }
  bool timed() const { return budget->timeMs >= 0; }
  std::int64_t timeLeftNs() const { return budget->timeMs * 1'000'000 - timeSpentNs; }
};

/// Budgets inside each other: each outcome names all that it is charged to, in at most 26 bytes each.
inline constexpr std::uint32_t maxNestedBudgets = 1000;

/// The most that a call of `member` can use up: tokens in from the size of its arguments, tokens out as declared by the
/// setting `max_tokens` or the default, priced by its binding. Nothing for bindings that are no models.
Amounts worstCase(const plan::Plan &plan, const plan::Member &member, std::uint64_t argumentBytes,
                  std::int64_t maxTokensOut);

/// Tokens that a model may write in one call: its `max_tokens`, else `defaultTokensOut`, within its context.
std::int64_t declaredTokensOut(const plan::Plan &plan, const plan::Binding &binding);

/// Where neither model nor budget says how long an answer may be.
inline constexpr std::int64_t defaultTokensOut = 1024;
/// Text per token at least, in bytes: tokenizers in use take 3 to 5 bytes of prose per token, and the margin below
/// covers the frame around a message.
inline constexpr std::uint64_t bytesPerToken = 3;
inline constexpr std::int64_t tokensPerMessage = 16;

} // namespace weft::frame

//===- Cost.h - What one activation of a block amounts to -----------------===//
//
// The seed of the cost model: read off the plan and nothing else, so that it is
// true of what runs. `least` is what every activation that gives a result does;
// `most` counts every retry, hedge, round and repair, and every alternative
// that may have begun before another won.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/report/Amount.h"
#include "runtime/plan/Plan.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace weft::report {

/// A step of the critical path, or one that holds those which follow at a greater depth.
struct PathStep {
  std::uint32_t span, depth;
  bool call;        ///< A call; else a step around or beside calls.
  std::string what; ///< "docs.read", "map, one item, 2 at a time".
};

/// A path is listed up to here: a workflow that invokes another twice, which does the same, has more steps than memory.
inline constexpr std::size_t mostPathSteps = 1000;

/// Steps that wait for each other. A map counts one item, for its items do not wait for each other.
struct Path {
  Amount calls;
  Amount gangs; ///< Tensor functions on it; decides between paths of equally many calls.
  std::vector<PathStep> steps;
  bool cut = false; ///< More steps than are listed.

  /// What `next` has comes after.
  void append(const Path &next);
  /// It is gone as often, one time after the other; `times` as of Amount.
  template <typename Times> void repeat(Times times) {
    calls = calls.times(times);
    gangs = gangs.times(times);
  }
};

bool shorter(const Path &left, const Path &right);

/// What the declarations promise not to exceed.
struct Bound {
  Amount most;
  std::optional<std::uint32_t> openAt; ///< Of a call that stands under no budget; `most` means nothing then.
};

struct Cost {
  std::map<std::uint32_t, Times> calls; ///< By member.
  std::map<std::uint32_t, Times> gangs;
  Amount width;                         ///< Calls at once, as far as the plan's shape goes.
  std::map<std::uint32_t, Amount> busy; ///< The same for each binding.
  Path path;
  Bound tokens, moneyNano;
  Bound timeMs; ///< From the first step to the last; waits for people, and for what a binding's `limit` has no room
                ///< for, apart.
  Amount frames, frameBytes; ///< Live at once.
  bool succeeds = true;      ///< Some way through it gives a result.
  bool recursive = false;
  bool cutOff = false; ///< Recursion that is not followed to its end is part of it; has no bound then.

  /// It is done as often, one time after the other; calls and what they spend are scaled apart from this.
  template <typename Times> void repeat(Times times) {
    path.repeat(times);
    timeMs.most = timeMs.most.times(times);
  }
};

/// Bytes of a frame beside its head: registers, and for each step how many others it waits for.
std::uint64_t frameBytesOf(const plan::Block &block);
/// As `weft show` names it: "docs.read", "local" for a model.
std::string memberName(const plan::Plan &plan, std::uint32_t member);
/// "30s", "250ms", "24h".
std::string durationText(std::uint64_t ms);
/// "$0.15".
std::string moneyText(std::uint64_t nano);
/// ", at most 20,000 tokens and 60s".
std::string budgetText(const plan::Plan &plan, std::uint32_t budget);
/// "1,376".
std::string numberText(std::uint64_t value);

/// Of one activation of `block`, what it invokes included. Recursion is followed as deep as its `depth` allows, but for
/// what lies deeper than 256 activations, which has no bound here. O(plan) for each level of recursion. Workflows that
/// invoke each other do so in ever more orders: where these are more than some thousands, all are followed to the same
/// depth that fits, and have no bound below.
Cost costOf(const plan::Plan &plan, std::uint32_t block);

/// What it spends in every run that gives a result: each call of a model writes a token, at the model's price.
struct Least {
  Amount tokens, moneyNano;
};
Least leastOf(const plan::Plan &plan, const Cost &cost);

/// Budgets that stand on an activation as a whole.
void applyBudget(const plan::Plan &plan, std::uint32_t budget, Cost &cost);

} // namespace weft::report

//===- Cost.cpp - What one activation of a block amounts to ---------------===//

#include "compiler/report/Cost.h"

#include "compiler/report/Antichain.h"
#include "compiler/report/StepCost.h"

#include <algorithm>

namespace weft::report {

std::uint64_t frameBytesOf(const plan::Block &block) {
  return block.registers * sizeof(value::Value) + block.nodes.count() * sizeof(std::uint32_t);
}

namespace {

/// Deeper recursion is not followed: the figures below it would be about nothing that a reader can picture.
constexpr std::uint32_t deepest = 256;

/// Activations that are looked at: each is a block and how often each recursive block is open above it.
constexpr std::uint64_t mostFollowed = 4096;

/// How many activations may be open, of any of the recursive blocks, so that no more than `mostFollowed` are looked at.
std::uint32_t openThatFit(const plan::Plan &plan) {
  std::uint64_t recursive = 0, ways = 1; // `ways`: to have up to one less than `open` of them open
  for (const plan::Block &block : plan.blocks)
    recursive += block.depth > 0;
  std::uint32_t open = 1;
  while (open < deepest) {
    ways = ways * (recursive + open) / open;
    if (ways * recursive > mostFollowed)
      break;
    ++open;
  }
  return open;
}

/// The sum of what steps that may be under way together have.
Amount together(const plan::Plan &plan, const plan::Block &block, const std::vector<const Amount *> &ofSteps) {
  Amount amount;
  std::map<Factors, std::vector<std::uint64_t>> weights;
  for (std::size_t at = 0; at < ofSteps.size(); ++at) {
    if (ofSteps[at]->isOpen())
      amount += Amount::open();
    for (const auto &[factors, number] : ofSteps[at]->terms()) {
      auto &column = weights[factors];
      column.resize(ofSteps.size());
      column[at] = number;
    }
  }
  for (const auto &[factors, column] : weights)
    amount.add(factors, heaviestAntichain(plan, block, column));
  return amount;
}

} // namespace

Cost BlockCosts::of(std::uint32_t index) {
  auto known = costs.find({index, open});
  if (known != costs.end())
    return known->second;
  const plan::Block &block = plan.blocks[index];
  Cost cost;
  if (block.depth == 0) {
    cost = compute(block);
  } else if (std::uint32_t active = open[index]; active == std::min(block.depth, deepest)) {
    cost.succeeds = false; // One activation too many: the call of it fails.
  } else if (openCount == mostOpen || followed > mostFollowed) {
    cost.cutOff = true; // Nothing is known of it, so it does nothing for sure.
  } else {
    ++followed;
    ++openCount;
    open[index] = active + 1;
    cost = compute(block);
    --openCount;
    if (active)
      open[index] = active;
    else
      open.erase(index);
    if (block.depth > deepest || cost.cutOff)
      forgetBounds(cost);
  }
  cost.recursive |= block.depth > 0;
  return costs[{index, open}] = std::move(cost);
}

void BlockCosts::forgetBounds(Cost &cost) {
  for (auto &[member, times] : cost.calls)
    times.most += Amount::open();
  for (auto &[gang, times] : cost.gangs)
    times.most += Amount::open();
  for (auto &[binding, amount] : cost.busy)
    amount += Amount::open();
  for (Amount *amount : {&cost.width, &cost.path.calls, &cost.path.gangs, &cost.frames, &cost.frameBytes,
                         &cost.tokens.most, &cost.moneyNano.most, &cost.timeMs.most})
    *amount += Amount::open();
}

Cost BlockCosts::compute(const plan::Block &block) {
  auto nodes = plan.nodesOf(block);
  std::vector<Cost> steps;
  steps.reserve(nodes.size());
  Cost cost;
  for (const plan::Node &node : nodes) {
    steps.push_back(step(node));
    if (node.op() != plan::Op::once)
      continue;
    // The cell is worked out while others run that stand below it, asking or not.
    Cost &cell = steps.back();
    addTogether(cost, cell);
    cell.width = cell.frames = cell.frameBytes = {};
    cell.busy.clear();
  }
  for (const Cost &one : steps) {
    addCalls(cost, one);
    cost.succeeds &= one.succeeds;
    cost.recursive |= one.recursive;
    cost.cutOff |= one.cutOff;
  }
  auto together = [&](auto member) {
    std::vector<const Amount *> amounts;
    for (const Cost &one : steps)
      amounts.push_back(member(one));
    return report::together(plan, block, amounts);
  };
  Cost beside;
  beside.width = together([](const Cost &one) { return &one.width; });
  beside.frames = together([](const Cost &one) { return &one.frames; });
  beside.frames += 1;
  beside.frameBytes = together([](const Cost &one) { return &one.frameBytes; });
  beside.frameBytes += frameBytesOf(block);
  static const Amount nothing;
  for (const Cost &one : steps)
    for (const auto &[binding, amount] : one.busy)
      if (!beside.busy.contains(binding))
        beside.busy[binding] = together([&](const Cost &other) {
          auto found = other.busy.find(binding);
          return found == other.busy.end() ? &nothing : &found->second;
        });
  addTogether(cost, beside);
  cost.path = longest(block, steps);
  cost.timeMs = timeOf(block, steps);
  return cost;
}

/// A step begins when those that it waits for are done.
Bound BlockCosts::timeOf(const plan::Block &block, const std::vector<Cost> &steps) {
  auto nodes = plan.nodesOf(block);
  std::vector<Amount> begin(nodes.size());
  Bound time;
  for (std::size_t at = 0; at < nodes.size(); ++at) {
    const Bound &step = steps[at].timeMs;
    if (step.openAt && !time.openAt)
      time.openAt = step.openAt;
    Amount done = begin[at];
    done += step.most;
    time.most = upper(time.most, done);
    for (std::uint32_t user : plan.usersOf(nodes[at]))
      begin[user] = upper(begin[user], done);
  }
  return time;
}

/// The longest chain of steps that wait for each other. Nodes stand in an order in which they can run.
Path BlockCosts::longest(const plan::Block &block, const std::vector<Cost> &steps) {
  auto nodes = plan.nodesOf(block);
  constexpr std::size_t nobody = SIZE_MAX;
  struct Reached {
    Path path; ///< Its numbers; the steps are put together at the end.
    std::size_t from = SIZE_MAX;
  };
  std::vector<Reached> before(nodes.size());
  Reached end;
  for (std::size_t at = 0; at < nodes.size(); ++at) {
    Reached done{before[at].path, at};
    done.path.calls += steps[at].path.calls;
    done.path.gangs += steps[at].path.gangs;
    if (shorter(end.path, done.path))
      end = done;
    for (std::uint32_t user : plan.usersOf(nodes[at]))
      if (before[user].from == nobody || shorter(before[user].path, done.path))
        before[user] = done;
  }
  Path path;
  std::vector<std::size_t> chain;
  for (std::size_t at = end.from; at != nobody; at = before[at].from)
    chain.push_back(at);
  for (std::size_t at : std::vector(chain.rbegin(), chain.rend()))
    path.append(steps[at].path);
  return path;
}

void Path::append(const Path &next) {
  calls += next.calls;
  gangs += next.gangs;
  std::size_t room = mostPathSteps - std::min(mostPathSteps, steps.size());
  std::size_t taken = std::min(room, next.steps.size());
  cut |= next.cut || taken < next.steps.size();
  steps.insert(steps.end(), next.steps.begin(), next.steps.begin() + static_cast<std::ptrdiff_t>(taken));
}

bool shorter(const Path &left, const Path &right) {
  return shorter(left.calls, right.calls) || (!shorter(right.calls, left.calls) && shorter(left.gangs, right.gangs));
}

Cost costOf(const plan::Plan &plan, std::uint32_t block) {
  BlockCosts all(plan, UINT32_MAX);
  Cost cost = all.of(block);
  return all.tooMany() ? BlockCosts(plan, openThatFit(plan)).of(block) : cost;
}

bool BlockCosts::tooMany() const { return followed > mostFollowed; }

Least leastOf(const plan::Plan &plan, const Cost &cost) {
  constexpr std::int64_t tokensPerPrice = 1'000'000;
  Least least;
  for (const auto &[member, times] : cost.calls) {
    const plan::Binding &binding = plan.bindings[plan.members[member].binding];
    if (binding.kind != plan::fb::BindingKind::model)
      continue;
    least.tokens += times.least;
    if (binding.priceOutputNano > 0)
      least.moneyNano += times.least.times(static_cast<std::uint64_t>(binding.priceOutputNano / tokensPerPrice));
  }
  return least;
}

void applyBudget(const plan::Plan &plan, std::uint32_t index, Cost &cost) {
  if (index == plan::noIndex)
    return;
  const plan::Budget &budget = plan.budgets[index];
  auto limit = [](Bound &bound, std::int64_t most) {
    auto value = static_cast<std::uint64_t>(most);
    if (bound.openAt || !bound.most.exact() || bound.most.number() > value)
      bound = {value, std::nullopt};
  };
  if (budget.tokens >= 0 && (cost.tokens.openAt || !cost.tokens.most.zero()))
    limit(cost.tokens, budget.tokens);
  if (budget.costNano >= 0 && (cost.moneyNano.openAt || !cost.moneyNano.most.zero()))
    limit(cost.moneyNano, budget.costNano);
  if (budget.timeMs >= 0 && (cost.timeMs.openAt || !cost.timeMs.most.zero()))
    limit(cost.timeMs, budget.timeMs);
  // What may be spent on tokens at the dearest price is a bound on money too.
  if (cost.moneyNano.openAt && !cost.tokens.openAt && cost.tokens.most.exact()) {
    std::int64_t dearest = 0;
    for (const auto &[member, times] : cost.calls) {
      const plan::Binding &binding = plan.bindings[plan.members[member].binding];
      dearest = std::max({dearest, binding.priceInputNano, binding.priceOutputNano});
    }
    __int128 nano = (static_cast<__int128>(cost.tokens.most.number()) * dearest + 999'999) / 1'000'000;
    if (nano < mostCounted)
      cost.moneyNano = {static_cast<std::uint64_t>(nano), std::nullopt};
  }
}

std::string memberName(const plan::Plan &plan, std::uint32_t index) {
  const plan::Member &member = plan.members[index];
  const plan::Binding &binding = plan.bindings[member.binding];
  bool tool = binding.kind != plan::fb::BindingKind::model && binding.kind != plan::fb::BindingKind::human;
  return std::string(binding.name) + (tool ? "." + std::string(member.name) : "");
}

std::string durationText(std::uint64_t ms) {
  constexpr std::pair<std::uint64_t, const char *> units[] = {{3'600'000, "h"}, {60'000, "min"}, {1000, "s"}};
  for (auto [size, name] : units)
    if (ms >= size && ms % size == 0)
      return std::to_string(ms / size) + name;
  return std::to_string(ms) + "ms";
}

std::string moneyText(std::uint64_t nano) {
  std::string digits = std::to_string(nano % 1'000'000'000 + 1'000'000'000).substr(1);
  while (digits.size() > 2 && digits.back() == '0')
    digits.pop_back();
  return "$" + numberText(nano / 1'000'000'000) + "." + digits;
}

std::string budgetText(const plan::Plan &plan, std::uint32_t index) {
  const plan::Budget &budget = plan.budgets[index];
  auto number = [](std::int64_t value) { return static_cast<std::uint64_t>(value); };
  std::vector<std::string> parts;
  if (budget.costNano >= 0)
    parts.push_back(moneyText(number(budget.costNano)));
  if (budget.tokens >= 0)
    parts.push_back(numberText(number(budget.tokens)) + " tokens");
  if (budget.timeMs >= 0)
    parts.push_back(durationText(number(budget.timeMs)));
  if (budget.turns >= 0)
    parts.push_back(numberText(number(budget.turns)) + (budget.turns == 1 ? " turn" : " turns"));
  std::string text;
  for (std::size_t at = 0; at < parts.size(); ++at)
    text += (at == 0 ? ", at most " : at + 1 == parts.size() ? " and " : ", ") + parts[at];
  return text;
}

std::string numberText(std::uint64_t value) {
  if (value >= mostCounted)
    return "10^15 or more";
  std::string digits = std::to_string(value), text;
  for (std::size_t at = 0; at < digits.size(); ++at) {
    if (at && (digits.size() - at) % 3 == 0)
      text += ',';
    text += digits[at];
  }
  return text;
}

} // namespace weft::report

//===- RegionCost.cpp - Costs of steps that run bodies --------------------===//
//
// How often each kind runs its bodies, which of them are sure, and what of them
// may be under way together.
//
//===----------------------------------------------------------------------===//

#include "compiler/report/StepCost.h"
#include "runtime/plan/NodeFlags.h"

#include <algorithm>
#include <bit>

namespace weft::report {
namespace {

using plan::Node;

std::string rounds(std::optional<std::uint64_t> most) {
  return !most ? "as many rounds as its input says"
               : "up to " + numberText(*most) + (*most == 1 ? " round" : " rounds");
}

} // namespace

Cost BlockCosts::map(const Node &node) {
  Cost cost = of(plan.bodiesOf(node)[0]);
  const value::Value *list = constant(node, plan.operandsOf(node)[0]);
  std::optional<std::uint64_t> items;
  if (list && list->is(value::Tag::list))
    items = list->items().size();
  bool given = node.target() >= 0;
  auto window = given ? number(node, static_cast<std::uint32_t>(node.target())) : plan::defaultWindow;
  Amount times = items ? Amount(*items) : Amount(1).times(Factor{Factor::Kind::items, node.span()});
  scale(cost, {times, times});
  if (window)
    scaleTogether(cost, std::min(*window, items.value_or(*window)));
  else
    scaleTogether(cost, Factor{Factor::Kind::window, node.span()});
  // As many at a time as the window says; items of an unknown number are taken for a chain.
  if (items && window)
    cost.timeMs.most = cost.timeMs.most.times((*items + *window - 1) / std::max<std::uint64_t>(1, *window));
  else if (items)
    cost.timeMs.most = cost.timeMs.most.times(*items);
  else
    cost.timeMs.most = cost.timeMs.most.times(Factor{Factor::Kind::items, node.span()});
  head(node, cost,
       "map, one item" + (items ? " of " + numberText(*items) : "") + ", " +
           (window ? numberText(*window) : "as many as its input says") + " at a time" +
           (given ? "" : " as without `parallel`"));
  return cost;
}

Cost BlockCosts::fold(const Node &node) {
  Cost cost = of(plan.bodiesOf(node)[0]);
  const value::Value *list = constant(node, plan.operandsOf(node)[0]);
  bool known = list && list->is(value::Tag::list);
  Amount times = known ? Amount(list->items().size()) : Amount(1).times(Factor{Factor::Kind::items, node.span()});
  scale(cost, {times, times});
  bool tree = node.flags() & plan::foldsAsTree;
  if (known && tree)
    cost.path.repeat(std::uint64_t(std::bit_width(list->items().size())));
  else if (known)
    cost.path.repeat(std::uint64_t(list->items().size()));
  else
    cost.path.repeat(Factor{Factor::Kind::items, node.span()});
  if (tree)
    scaleTogether(cost, known ? std::min<std::uint64_t>((list->items().size() + 1) / 2, plan::defaultWindow)
                              : std::uint64_t(plan::defaultWindow));
  // A tree goes no slower than one after the other.
  if (known)
    cost.timeMs.most = cost.timeMs.most.times(list->items().size());
  else
    cost.timeMs.most = cost.timeMs.most.times(Factor{Factor::Kind::items, node.span()});
  std::string how = tree ? " as a tree" : " in turn";
  head(node, cost, "fold, " + (known ? numberText(list->items().size()) + " items" : "each item") + how);
  return cost;
}

Cost BlockCosts::loop(const Node &node) {
  auto bodies = plan.bodiesOf(node);
  auto most = number(node, plan.operandsOf(node)[0]);
  Cost cost = of(bodies[0]);
  Factor factor{Factor::Kind::rounds, node.span()};
  // A round at least, if any can be: it breaks, or more rounds follow.
  scale(cost, {most == 0 ? 0 : 1, most ? Amount(*most) : Amount(1).times(factor)});
  if (most)
    cost.repeat(*most);
  else
    cost.repeat(factor);
  head(node, cost, "loop, " + rounds(most));
  if (bodies.size() < 2)
    return cost;
  Cost ways[] = {cost, of(bodies[1])};
  bool mayRunNone = most.value_or(0) == 0;
  if (!mayRunNone)
    ways[1].succeeds = false; // Rounds come before it in any case: what they do at least is done.
  Cost both = either(ways, true);
  for (const Cost &way : ways)
    widest(both, way);
  follow(both, ways);
  return both;
}

Cost BlockCosts::vote(const Node &node) {
  Cost cost = of(plan.bodiesOf(node)[0]);
  auto wanted = number(node, plan.operandsOf(node)[0]), samples = number(node, plan.operandsOf(node)[1]);
  Factor factor{Factor::Kind::samples, node.span()};
  scale(cost, {wanted.value_or(0), samples ? Amount(*samples) : Amount(1).times(factor)});
  if (samples)
    scaleTogether(cost, *samples);
  else
    scaleTogether(cost, factor);
  head(node, cost, "vote, one sample" + (samples ? " of " + numberText(*samples) : ""));
  return cost;
}

/// All arms may have begun when one wins.
Cost BlockCosts::race(const Node &node) {
  std::vector<Cost> arms = bodiesOf(node);
  Cost cost = either(arms, true);
  for (const Cost &arm : arms) {
    cost.width += arm.width;
    cost.frames += arm.frames;
    cost.frameBytes += arm.frameBytes;
    for (const auto &[binding, amount] : arm.busy)
      cost.busy[binding] += amount;
  }
  cost.path = longestOf(arms);
  cost.timeMs = longestTime(arms);
  head(node, cost, "race, its longest arm");
  return cost;
}

Cost BlockCosts::branch(const Node &node) {
  std::vector<Cost> sides = bodiesOf(node);
  Cost cost = either(sides, false);
  for (const Cost &side : sides)
    widest(cost, side);
  cost.path = longestOf(sides);
  cost.timeMs = longestTime(sides);
  return cost;
}

/// A handler comes after its body, which may have failed anywhere.
Cost BlockCosts::attempt(const Node &node) {
  std::vector<Cost> parts = bodiesOf(node);
  Cost cost = either(parts, true);
  for (const Cost &part : parts)
    widest(cost, part);
  follow(cost, parts);
  return cost;
}

} // namespace weft::report

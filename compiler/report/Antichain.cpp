//===- Antichain.cpp - The most that can be under way at once -------------===//

#include "compiler/report/Antichain.h"

#include "compiler/report/Amount.h"

#include <algorithm>
#include <numeric>
#include <queue>

namespace weft::report {
namespace {

constexpr std::size_t mostExact = 512;
constexpr std::uint32_t noStep = 0xffffffff;

/// Maximal flow by shortest augmenting levels (Dinic).
class Flow {
public:
  explicit Flow(std::size_t nodes) : edges(nodes), level(nodes), next(nodes) {}

  void edge(std::uint32_t from, std::uint32_t to, std::uint64_t capacity) {
    edges[from].push_back({to, static_cast<std::uint32_t>(edges[to].size()), capacity});
    edges[to].push_back({from, static_cast<std::uint32_t>(edges[from].size()) - 1, 0});
  }

  std::uint64_t most(std::uint32_t source, std::uint32_t sink) {
    std::uint64_t total = 0;
    while (levels(source, sink)) {
      std::fill(next.begin(), next.end(), 0);
      while (std::uint64_t pushed = push(source, sink, UINT64_MAX))
        total += pushed;
    }
    return total;
  }

private:
  struct Edge {
    std::uint32_t to, back;
    std::uint64_t left;
  };

  bool levels(std::uint32_t source, std::uint32_t sink) {
    std::fill(level.begin(), level.end(), 0);
    level[source] = 1;
    std::queue<std::uint32_t> queue({source});
    for (; !queue.empty(); queue.pop())
      for (const Edge &edge : edges[queue.front()])
        if (edge.left && !level[edge.to]) {
          level[edge.to] = level[queue.front()] + 1;
          queue.push(edge.to);
        }
    return level[sink] != 0;
  }

  /// As deep as there are levels: at most twice the steps of the order.
  std::uint64_t push(std::uint32_t at, std::uint32_t sink, std::uint64_t most) {
    if (at == sink)
      return most;
    for (std::uint32_t &i = next[at]; i < edges[at].size(); ++i) {
      Edge &edge = edges[at][i];
      if (!edge.left || level[edge.to] != level[at] + 1)
        continue;
      if (std::uint64_t pushed = push(edge.to, sink, std::min(most, edge.left))) {
        edge.left -= pushed;
        edges[edge.to][edge.back].left += pushed;
        return pushed;
      }
    }
    return 0;
  }

  std::vector<std::vector<Edge>> edges;
  std::vector<std::uint32_t> level, next;
};

/// All weight, less what can be passed on from a step to a later one: what is left are the chains that cover every
/// step, and the heaviest antichain weighs as much as the lightest cover.
std::uint64_t exact(const plan::Plan &plan, std::span<const plan::Node> nodes, std::span<const std::uint64_t> weights,
                    const std::vector<std::uint32_t> &heavy) {
  std::size_t count = heavy.size(), words = (count + 63) / 64;
  std::vector<std::uint32_t> place(nodes.size(), noStep);
  for (std::uint32_t i = 0; i < count; ++i)
    place[heavy[i]] = i;
  // Which heavy steps come after each step; users stand behind the step that they wait for.
  std::vector<std::uint64_t> later(nodes.size() * words);
  for (std::size_t at = nodes.size(); at-- > 0;)
    for (std::uint32_t user : plan.usersOf(nodes[at])) {
      for (std::size_t word = 0; word < words; ++word)
        later[at * words + word] |= later[user * words + word];
      if (place[user] != noStep)
        later[at * words + place[user] / 64] |= 1ull << place[user] % 64;
    }
  std::uint32_t source = static_cast<std::uint32_t>(2 * count), sink = source + 1;
  Flow flow(2 * count + 2);
  std::uint64_t total = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    total += weights[heavy[i]];
    flow.edge(source, i, weights[heavy[i]]);
    flow.edge(static_cast<std::uint32_t>(count) + i, sink, weights[heavy[i]]);
    for (std::uint32_t j = 0; j < count; ++j)
      if (later[heavy[i] * words + j / 64] >> j % 64 & 1)
        flow.edge(i, static_cast<std::uint32_t>(count) + j, UINT64_MAX / 2);
  }
  return total - flow.most(source, sink);
}

/// Any cover by chains is an upper bound; this one hands each chain to the first user that has none.
std::uint64_t byChains(const plan::Plan &plan, std::span<const plan::Node> nodes,
                       std::span<const std::uint64_t> weights) {
  std::vector<std::uint32_t> chain(nodes.size(), noStep);
  std::vector<std::uint64_t> heaviest;
  for (std::size_t at = 0; at < nodes.size(); ++at) {
    if (weights[at] && chain[at] == noStep) {
      chain[at] = static_cast<std::uint32_t>(heaviest.size());
      heaviest.push_back(0);
    }
    if (chain[at] == noStep)
      continue;
    heaviest[chain[at]] = std::max(heaviest[chain[at]], weights[at]);
    for (std::uint32_t user : plan.usersOf(nodes[at]))
      if (chain[user] == noStep) {
        chain[user] = chain[at];
        break;
      }
  }
  return std::accumulate(heaviest.begin(), heaviest.end(), std::uint64_t(0),
                         [](std::uint64_t sum, std::uint64_t one) { return std::min(mostCounted, sum + one); });
}

} // namespace

std::uint64_t heaviestAntichain(const plan::Plan &plan, const plan::Block &block,
                                std::span<const std::uint64_t> weights) {
  auto nodes = plan.nodesOf(block);
  std::vector<std::uint32_t> heavy;
  for (std::uint32_t at = 0; at < nodes.size(); ++at)
    if (weights[at])
      heavy.push_back(at);
  if (heavy.size() <= 1)
    return heavy.empty() ? 0 : weights[heavy[0]];
  std::uint64_t most = heavy.size() <= mostExact ? exact(plan, nodes, weights, heavy) : byChains(plan, nodes, weights);
  return std::min(mostCounted, most);
}

} // namespace weft::report

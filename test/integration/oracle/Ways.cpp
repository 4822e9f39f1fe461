//===- Ways.cpp - Where in a plan the records of a run are ----------------===//

#include "test/integration/oracle/Ways.h"

#include "runtime/plan/NodeFlags.h"
#include "runtime/value/Encoding.h"

#include <algorithm>
#include <bit>

namespace weft::oracle {
namespace {

// A run of the tests is found among far fewer.
constexpr std::size_t maxFrames = 20'000'000;
// Of blocks without a depth of their own, which lie in no cycle.
constexpr std::uint32_t maxActivations = 40;

} // namespace

void Ways::addKeys(const value::Value &list) {
  if (!list.is(value::Tag::list))
    return;
  for (const value::Value &item : list.items()) {
    base::Hash128 key = base::hashOf(value::encoded(item));
    if (std::ranges::find(keys, key) == keys.end())
      keys.push_back(key);
    addKeys(item);
  }
}

std::vector<Ways::Inner> Ways::below(const plan::Node &node, std::size_t times) const {
  std::vector<Inner> out;
  auto bodies = plan.bodiesOf(node);
  auto repeat = [&](std::size_t count) {
    for (std::uint32_t iteration = 0; iteration < count; ++iteration)
      out.push_back({bodies[0], iteration});
  };
  switch (node.op()) {
  case plan::Op::map:
  case plan::Op::fold:
  case plan::Op::vote:
    repeat(times);
    break;
  case plan::Op::loop:
    repeat(times);
    if (bodies.size() > 1)
      out.push_back({bodies[1], 0});
    break;
  case plan::Op::invoke:
  case plan::Op::scope: {
    const plan::Policy *policy = node.policy() < 0 ? nullptr : &plan.policies[static_cast<std::size_t>(node.policy())];
    std::size_t attempts = policy ? policy->retry + std::size_t{1} : 1;
    repeat(std::min(times, policy && policy->hedgeMs > 0 ? 2 * attempts : attempts));
    break;
  }
  case plan::Op::race:
    for (std::uint32_t arm = 0; arm < bodies.size(); ++arm)
      out.push_back({bodies[arm], arm});
    break;
  case plan::Op::once:
    if (node.flags() & plan::byKey)
      for (base::Hash128 key : keys)
        out.push_back({bodies[0], 0, key});
    else
      repeat(1);
    break;
  default:
    for (std::uint32_t body : bodies)
      out.push_back({body, 0});
  }
  return out;
}

bool Ways::mayRecord(std::uint32_t block) {
  auto [known, fresh] = recording.emplace(block, false);
  if (!fresh)
    return known->second;
  bool any = false;
  for (const plan::Node &node : plan.nodesOf(plan.blocks[block])) {
    any |= node.op() != plan::Op::eval && node.op() != plan::Op::branch && node.op() != plan::Op::fail;
    for (std::uint32_t body : plan.bodiesOf(node))
      any |= mayRecord(body);
  }
  return recording[block] = any;
}

base::Result<> Ways::find(std::uint32_t block, base::Hash128 root, std::set<base::Hash128> paths) {
  missing = std::move(paths);
  cut = true;
  for (std::uint32_t bits = 4; cut && !missing.empty(); bits += 2) {
    cut = false;
    search(block, root, bits);
    if (frames > maxFrames)
      return base::error(base::Code::limit, "the plan has too many ways to look through");
  }
  return {};
}

/// Whether something is found below. A call takes one of the bits, and so does each binary digit of an iteration's
/// number.
bool Ways::search(std::uint32_t block, base::Hash128 path, std::uint32_t bits) {
  std::uint32_t bound = plan.blocks[block].depth > 0 ? plan.blocks[block].depth : maxActivations;
  if (!mayRecord(block) || missing.empty() || open[block] >= bound || ++frames > maxFrames)
    return false;
  ++open[block];
  std::size_t times = bits < 32 ? std::min(most, std::size_t{1} << bits) : most;
  bool any = false;
  for (const plan::Node &node : plan.nodesOf(plan.blocks[block])) {
    any |= missing.erase(pathOf(path, node, 0)) > 0;
    std::vector<Inner> inside = below(node, times);
    cut |= times < most && inside.size() >= times;
    for (const Inner &inner : inside) {
      base::Hash128 reached = pathOf(path, node, inner);
      any |= missing.erase(reached) > 0;
      auto taken = static_cast<std::uint32_t>(std::bit_width(inner.iteration)) + (node.op() == plan::Op::invoke);
      if (taken > bits)
        cut = true;
      else
        any |= search(inner.body, reached, bits - taken);
    }
  }
  --open[block];
  if (any)
    leading.insert(path);
  return any;
}

} // namespace weft::oracle

//===- CheckCode.cpp - Blocks can be run without a test at run time -------===//
//
// Per block: every range lies in its pool, every register has one writer that
// is done before any reader starts, `missing`, `users` and `after` tell the
// same story as the data, and no node waits for itself. What an op wants of
// its operands and bodies is one row of the table in README.md.
//
//===----------------------------------------------------------------------===//

#include "runtime/plan/CheckBlock.h"
#include "runtime/plan/CheckFailure.h"
#include "runtime/plan/PlanCheck.h"

#include <algorithm>

namespace weft::plan {
namespace {

base::Result<> checkRanges(const Plan &plan, std::size_t index) {
  const Block &block = plan.blocks[index];
  if (block.registers > value::maxRegisters)
    return broken(nameOf(plan, index) + ": " + number(block.registers) + " registers, the limit is " +
                  number(value::maxRegisters));
  if (!inside(block.params, plan.registers.size()) || !inside(block.result, plan.registers.size()) ||
      !inside(block.nodes, plan.nodes.size()))
    return broken(nameOf(plan, index) + ": a range lies outside its pool");
  std::size_t position = 0;
  for (const Node &node : plan.nodesOf(block)) {
    if (!inside(node.operands(), plan.registers.size()) || !inside(node.results(), plan.registers.size()) ||
        !inside(node.users(), plan.users.size()) || !inside(node.after(), plan.users.size()) ||
        !inside(node.body(), plan.bodies.size()) || !inside(node.eval(), plan.words.size()))
      return broken(nameOf(plan, index, position) + ": a range lies outside its pool");
    if (node.op() > Op::MAX || node.effect() > Effect::MAX)
      return broken(nameOf(plan, index, position) + ": unknown op or effect");
    for (std::uint32_t body : plan.bodiesOf(node))
      if (body >= plan.blocks.size())
        return broken(nameOf(plan, index, position) + ": body " + number(body) + " of " + number(plan.blocks.size()) +
                      " blocks");
    if (node.policy() >= 0 && static_cast<std::size_t>(node.policy()) >= plan.policies.size())
      return broken(nameOf(plan, index, position) + ": policy " + number(node.policy()) + " of " +
                    number(plan.policies.size()));
    ++position;
  }
  return {};
}

/// Nodes belong to one block each, and a step's name to one node.
base::Result<> checkStableIds(const Plan &plan) {
  std::vector<std::uint32_t> owner(plan.nodes.size(), noIndex);
  std::vector<std::pair<std::uint64_t, std::uint32_t>> ids;
  for (std::size_t index = 0; index < plan.blocks.size(); ++index) {
    const Range &nodes = plan.blocks[index].nodes;
    for (std::uint32_t node = nodes.first(); node < nodes.first() + nodes.count(); ++node) {
      if (owner[node] != noIndex)
        return broken(nameOf(plan, index) + " shares a node with " + nameOf(plan, owner[node]));
      owner[node] = static_cast<std::uint32_t>(index);
      ids.emplace_back(plan.nodes[node].stable_id(), node);
    }
  }
  std::sort(ids.begin(), ids.end());
  for (std::size_t i = 1; i < ids.size(); ++i)
    if (ids[i].first == ids[i - 1].first)
      return broken(nameOf(plan, owner[ids[i].second]) + " and " + nameOf(plan, owner[ids[i - 1].second]) +
                    " have steps of one stable id, " + number(ids[i].first));
  return {};
}

} // namespace

base::Result<> checkCode(const Plan &plan) {
  for (std::size_t i = 0; i < plan.blocks.size(); ++i)
    if (auto checked = checkRanges(plan, i); !checked)
      return checked;
  if (auto unique = checkStableIds(plan); !unique)
    return unique;
  value::Program program = plan.program();
  if (auto checked = value::checkProgram(program); !checked)
    return checked;
  for (std::size_t i = 0; i < plan.blocks.size(); ++i) {
    if (auto checked = checkOps(plan, i); !checked)
      return checked;
    if (auto checked = checkDataflow(plan, i, program); !checked)
      return checked;
  }
  return {};
}

} // namespace weft::plan

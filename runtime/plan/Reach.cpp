//===- Reach.cpp - What a run of an entry may call ------------------------===//

#include "runtime/plan/Reach.h"

#include "runtime/plan/Tools.h"

namespace weft::plan {
namespace {

class Walk {
public:
  explicit Walk(const Plan &plan) : plan(plan), blocks(plan.blocks.size()), members(plan.members.size()) {}

  std::vector<Reached> from(const Entry &entry) {
    budget(entry.budget);
    block(entry.block);
    while (!open.empty()) {
      std::uint32_t next = open.back();
      open.pop_back();
      for (const Node &node : plan.nodesOf(plan.blocks[next]))
        visit(node);
    }
    return std::move(found);
  }

private:
  void visit(const Node &node) {
    if (node.op() == Op::call)
      member(static_cast<std::uint32_t>(node.target()), &node);
    if (node.policy() >= 0)
      budget(plan.policies[node.policy()].budget);
    for (std::uint32_t body : plan.bodiesOf(node))
      block(body);
  }

  void block(std::uint32_t index) {
    if (!blocks[index])
      open.push_back(index);
    blocks[index] = true;
  }

  void budget(std::uint32_t index) {
    if (index != noIndex && plan.budgets[index].onExceed != fb::OnExceed::stop)
      member(plan.budgets[index].fallback, nullptr);
  }

  void member(std::uint32_t index, const Node *caller) {
    if (members[index])
      return;
    members[index] = true;
    found.push_back({index, caller});
    for (std::uint32_t tool : toolsOf(plan, index))
      member(tool, nullptr); // a tool has no tools
  }

  const Plan &plan;
  std::vector<bool> blocks, members;
  std::vector<std::uint32_t> open;
  std::vector<Reached> found;
};

} // namespace

std::vector<Reached> reachedBy(const Plan &plan, const Entry &entry) { return Walk(plan).from(entry); }

} // namespace weft::plan

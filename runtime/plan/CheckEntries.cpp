//===- CheckEntries.cpp - What can be started from outside ----------------===//

#include "runtime/plan/CheckFailure.h"
#include "runtime/plan/PlanCheck.h"

namespace weft::plan {
namespace {

base::Result<> checkMock(const Plan &plan, const Mock &mock, const std::string &entry) {
  // A block may have a member that is called in its place; without one, the function answers at once.
  bool one = mock.block != noIndex ? mock.binding == noIndex : (mock.member != noIndex) != (mock.binding != noIndex);
  if (!one)
    return broken(entry + ": a mock names something else than a member, a binding, or a block and a member");
  if ((mock.member != noIndex && mock.member >= plan.members.size()) ||
      (mock.block != noIndex && mock.block >= plan.blocks.size()) ||
      (mock.binding != noIndex && mock.binding >= plan.bindings.size()))
    return broken(entry + ": a mock names something outside the plan");
  bool isCountedOnly = mock.block != noIndex && mock.member != noIndex && mock.function == noIndex;
  if (!isCountedOnly && mock.function >= plan.functions.size())
    return broken(entry + ": a mock answers with function " + number(mock.function) + ", the plan has " +
                  number(plan.functions.size()));
  if (mock.binding != noIndex)
    return {};
  std::size_t wanted =
      mock.member != noIndex ? plan.members[mock.member].params.size() : plan.blocks[mock.block].params.count();
  if (mock.block != noIndex && plan.blocks[mock.block].params.count() != wanted)
    return broken(entry + ": a mock's member takes " + number(wanted) + " arguments, the block that it stands for " +
                  number(plan.blocks[mock.block].params.count()));
  if (isCountedOnly)
    return {};
  const value::Function &function = plan.functions[mock.function];
  // One argument more: whose turn it is, which is known of members.
  bool fits = function.params == wanted || (function.params == wanted + 1 && mock.member != noIndex);
  if (!fits || function.captures != 0)
    return broken(entry + ": a mock's function takes " + number(function.params) +
                  " arguments, what it stands for takes " + number(wanted));
  return {};
}

base::Result<> checkEntry(const Plan &plan, const Entry &entry) {
  std::string name = "entry '" + std::string(entry.name) + "'";
  if (entry.name.size() > maxEntryNameBytes)
    return broken("entry '" + std::string(entry.name.substr(0, 64)) + "...': its name has " +
                  number(entry.name.size()) + " bytes, at most " + number(maxEntryNameBytes) + " are recorded");
  if (entry.kind > fb::EntryKind::MAX)
    return broken(name + ": unknown kind " + number(static_cast<unsigned>(entry.kind)));
  if (entry.effect > Effect::MAX)
    return broken(name + ": unknown effect " + number(static_cast<unsigned>(entry.effect)));
  if (entry.block >= plan.blocks.size())
    return broken(name + ": block " + number(entry.block) + " of " + number(plan.blocks.size()));
  const Block &block = plan.blocks[entry.block];
  if (block.params.count() != entry.params.size())
    return broken(name + " has " + number(entry.params.size()) + " parameters, its block takes " +
                  number(block.params.count()));
  if (block.result.count() != 1)
    return broken(name + ": its block gives " + number(block.result.count()) + " results, wanted one");
  for (const Param &param : entry.params) {
    if (param.type >= plan.types.size())
      return broken(name + ", parameter '" + std::string(param.name) + "': type " + number(param.type));
    if (param.defaultValue != noIndex && param.defaultValue >= plan.consts.size())
      return broken(name + ", parameter '" + std::string(param.name) + "': const " + number(param.defaultValue));
  }
  if (entry.result >= plan.types.size() || (entry.emits != noIndex && entry.emits >= plan.types.size()))
    return broken(name + ": result or emitted type outside the plan");
  if (entry.budget != noIndex && entry.budget >= plan.budgets.size())
    return broken(name + ": budget " + number(entry.budget));
  for (const Mock &mock : entry.mocks)
    if (auto checked = checkMock(plan, mock, name); !checked)
      return checked;
  return {};
}

} // namespace

base::Result<> checkEntries(const Plan &plan) {
  for (std::size_t i = 0; i < plan.entries.size(); ++i) {
    if (i > 0 && !(plan.entries[i - 1].name < plan.entries[i].name))
      return broken("entries are not in order: '" + std::string(plan.entries[i - 1].name) + "' stands before '" +
                    std::string(plan.entries[i].name) + "'");
    if (auto checked = checkEntry(plan, plan.entries[i]); !checked)
      return checked;
  }
  return {};
}

} // namespace weft::plan

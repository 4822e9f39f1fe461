//===- Tools.cpp - Members that a model may have called first -------------===//

#include "runtime/plan/Tools.h"

namespace weft::plan {

std::vector<std::uint32_t> toolsOf(const Plan &plan, std::uint32_t index) {
  const Member &member = plan.members[index];
  const Binding &binding = plan.bindings[member.binding];
  std::vector<std::uint32_t> tools;
  if (binding.kind != fb::BindingKind::model)
    return tools;
  for (const Setting &setting : binding.settings)
    if (setting.name.starts_with(toolsSetting) && setting.name.substr(toolsSetting.size()) == member.name)
      for (const value::Value &number : plan.consts[setting.value].items())
        tools.push_back(static_cast<std::uint32_t>(number.asInt()));
  return tools;
}

std::string wrongTools(const Plan &plan, const Binding &binding) {
  for (const Setting &setting : binding.settings) {
    if (!setting.name.starts_with(toolsSetting))
      continue;
    std::string name(setting.name);
    if (binding.kind != fb::BindingKind::model)
      return "'" + name + "' on something that is no model";
    if (setting.value == noIndex || !plan.consts[setting.value].is(value::Tag::list))
      return "'" + name + "' is no list";
    for (const value::Value &number : plan.consts[setting.value].items()) {
      std::int64_t tool = number.is(value::Tag::integer) ? number.asInt() : -1;
      if (tool < 0 || tool >= static_cast<std::int64_t>(plan.members.size()))
        return "'" + name + "' names no member of the plan";
      const Member &called = plan.members[static_cast<std::size_t>(tool)];
      fb::BindingKind kind =
          called.binding < plan.bindings.size() ? plan.bindings[called.binding].kind : fb::BindingKind::model;
      if (kind == fb::BindingKind::model || kind == fb::BindingKind::human || kind == fb::BindingKind::store)
        return "'" + name + "' names '" + std::string(called.name) + "', which is no member of a tool";
    }
  }
  return "";
}

} // namespace weft::plan

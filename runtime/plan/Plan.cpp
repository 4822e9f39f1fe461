//===- Plan.cpp - Look-ups in a plan --------------------------------------===//

#include "runtime/plan/Plan.h"

#include <algorithm>

namespace weft::plan {

const Setting *Binding::setting(std::string_view wanted) const {
  for (const Setting &one : settings)
    if (one.name == wanted)
      return &one;
  return nullptr;
}

std::uint32_t Mesh::slots() const {
  std::uint32_t count = 1;
  for (std::uint32_t size : sizes)
    count *= size;
  return count;
}

const Entry *Plan::entry(std::string_view wanted) const {
  auto found = std::lower_bound(entries.begin(), entries.end(), wanted,
                                [](const Entry &entry, std::string_view name) { return entry.name < name; });
  return found != entries.end() && found->name == wanted ? &*found : nullptr;
}

SourceSpan Plan::at(std::uint32_t span) const {
  if (span >= spans.size() || spans[span].file() >= files.size())
    return {"", 0, 0};
  return {files[spans[span].file()], spans[span].line(), spans[span].column()};
}

SourceSpan Plan::atWord(const std::uint32_t *word) const {
  if (!word || word < words.data() || word >= words.data() + words.size())
    return {"", 0, 0};
  auto index = static_cast<std::uint32_t>(word - words.data());
  auto behind = std::upper_bound(places.begin(), places.end(), index,
                                 [](std::uint32_t at, const fb::WordPlace &place) { return at < place.word(); });
  // Index 0 is no place.
  return behind == places.begin() || std::prev(behind)->span() == 0 ? SourceSpan{"", 0, 0}
                                                                    : at(std::prev(behind)->span());
}

std::string nameOfStep(const Plan &plan, const Node &node) {
  if (node.op() == Op::call) {
    const Member &member = plan.members[node.target()];
    const Binding &binding = plan.bindings[member.binding];
    bool tool = binding.kind != fb::BindingKind::model && binding.kind != fb::BindingKind::human;
    return std::string(binding.name) + (tool && !member.name.empty() ? "." + std::string(member.name) : "");
  }
  if (node.op() == Op::gang)
    return std::string(plan.gangs[node.target()].name);
  if (node.op() == Op::invoke)
    return std::string(plan.blocks[plan.bodiesOf(node)[0]].name);
  return node.op() == Op::try_ ? "try" : node.op() == Op::map ? "for" : fb::EnumNameOp(node.op());
}

const char *nameOfRound(Op op) {
  switch (op) {
  case Op::map:
  case Op::fold:
    return "item";
  case Op::loop:
    return "round";
  case Op::race:
    return "alternative";
  case Op::vote:
    return "sample";
  default:
    return nullptr;
  }
}

} // namespace weft::plan

//===- PlanPrinter.cpp - A plan for people --------------------------------===//

#include "runtime/plan/PlanPrinter.h"

#include "runtime/plan/NodeFlags.h"
#include "runtime/plan/Tools.h"
#include "runtime/value/Numbers.h"
#include "runtime/value/WordsPrinter.h"

namespace weft::plan {
namespace {

std::string n(std::uint64_t value) { return std::to_string(value); }

std::string_view opName(Op op) {
  std::string_view name = fb::EnumNameOp(op);
  return op == Op::try_ ? name.substr(0, 3) : name;
}

std::string_view effectName(Effect effect) {
  std::string_view name = fb::EnumNameEffect(effect);
  return effect == Effect::pure_ ? name.substr(0, 4) : name;
}

std::string duration(std::uint64_t ms) { return ms % 1000 == 0 ? n(ms / 1000) + "s" : n(ms) + "ms"; }

std::string money(std::int64_t nano) {
  std::string digits = n(static_cast<std::uint64_t>(nano % 1'000'000'000) + 1'000'000'000).substr(1);
  while (digits.size() > 2 && digits.back() == '0')
    digits.pop_back();
  return "$" + n(static_cast<std::uint64_t>(nano / 1'000'000'000)) + "." + digits;
}

/// The words of a text indented below the line that they belong to.
std::string indented(const std::string &text, const char *by) {
  std::string out;
  bool fresh = true;
  for (char c : text) {
    if (fresh)
      out += by;
    out += c;
    fresh = c == '\n';
  }
  return out;
}

class Printer {
public:
  Printer(const Plan &plan, const PrintOptions &options) : plan(plan), options(options) {}

  std::string print() {
    out += "plan " + plan.digest.hex().substr(0, 16) + ", format " + n(1) + ", " +
           n(plan.file ? plan.file->size() : 0) + " bytes, by " +
           std::string(plan.compiler.empty() ? "unknown" : plan.compiler) + "\n";
    for (const Entry &entry : plan.entries)
      printEntry(entry);
    if (!plan.bindings.empty())
      out += "\n";
    for (std::size_t at = 0; at < plan.bindings.size(); ++at)
      printBinding(at);
    for (std::size_t at = 0; at < plan.blocks.size(); ++at)
      printBlock(at);
    if (options.words)
      for (const value::Function &function : plan.functions)
        out += "\nfunction " + std::string(function.name) + "/" + n(function.params) + "\n" +
               indented(value::printWords(function.words, plan.program()), "    ");
    for (const Gang &gang : plan.gangs)
      printGang(gang);
    return std::move(out);
  }

private:
  template <typename Fields, typename TypeOf> std::string list(const Fields &fields, TypeOf typeOf) {
    std::string text;
    for (const auto &field : fields)
      text += (text.empty() ? "" : ", ") + std::string(field.name) + ": " + plan.types.text(typeOf(field));
    return text;
  }

  void printEntry(const Entry &entry) {
    out += "\n" + std::string(entry.kind == fb::EntryKind::test ? "test \"" : "workflow ") + std::string(entry.name) +
           (entry.kind == fb::EntryKind::test ? "\"" : "");
    if (entry.kind != fb::EntryKind::test)
      out += "(" + list(entry.params, [](const Param &param) { return param.type; }) + ") -> " +
             plan.types.text(entry.result);
    out += ": " + blockName(entry.block) + ", " + std::string(effectName(entry.effect));
    if (entry.budget != noIndex)
      out += ", budget " + budgetText(entry.budget);
    out += at(entry.span) + "\n";
  }

  void printBinding(std::size_t index) {
    const Binding &binding = plan.bindings[index];
    out += std::string(fb::EnumNameBindingKind(binding.kind)) + " " + std::string(binding.name);
    if (!binding.provider.empty())
      out += " = " + std::string(binding.provider);
    for (const Setting &setting : binding.settings)
      if (!setting.name.starts_with(toolsSetting)) // told with the member
        out += ", " + std::string(setting.name) + ": " +
               (setting.value != noIndex ? value::shownValue(plan.consts[setting.value])
                : !setting.env.empty()   ? "env " + std::string(setting.env)
                                         : "secret " + std::string(setting.secret));
    if (binding.concurrency)
      out += ", at most " + n(binding.concurrency) + " at a time";
    if (binding.batch > 1)
      out += ", " + n(binding.batch) + " in one request";
    out += "\n";
    for (const Member &member : plan.members)
      if (member.binding == index)
        out += "  " + std::string(member.name) + "(" +
               list(member.params, [](const value::Field &field) { return field.type; }) + ") -> " +
               plan.types.text(member.result) + ", " + std::string(effectName(member.effect)) +
               (member.paid ? ", paid" : "") + toolsText(member) + "\n";
  }

  std::string toolsText(const Member &member) const {
    std::string text;
    for (std::uint32_t tool : toolsOf(plan, static_cast<std::uint32_t>(&member - plan.members.data())))
      text += (text.empty() ? ", with " : ", ") + std::string(plan.bindings[plan.members[tool].binding].name) + "." +
              std::string(plan.members[tool].name);
    return text;
  }

  std::string blockName(std::uint32_t index) {
    std::string_view name = plan.blocks[index].name;
    return "#" + n(index) + (name.empty() ? "" : " " + std::string(name));
  }

  std::string at(std::uint32_t span) {
    SourceSpan place = plan.at(span);
    return place.line == 0 ? "" : "  (" + std::string(place.file) + ":" + n(place.line) + ":" + n(place.column) + ")";
  }

  static std::string registers(std::span<const std::uint32_t> numbers) {
    std::string text;
    for (std::uint32_t number : numbers)
      text += (text.empty() ? "r" : ", r") + n(number);
    return text;
  }

  void printBlock(std::size_t index) {
    const Block &block = plan.blocks[index];
    out += "\nblock " + blockName(static_cast<std::uint32_t>(index)) + " (" + registers(plan.paramsOf(block)) +
           ") -> (" + registers(plan.resultOf(block)) + "), " + n(block.registers) + " registers";
    if (block.depth)
      out += ", depth " + n(block.depth);
    out += "\n";
    auto nodes = plan.nodesOf(block);
    for (std::size_t position = 0; position < nodes.size(); ++position)
      printNode(nodes, position);
  }

  void printNode(std::span<const Node> nodes, std::size_t position) {
    const Node &node = nodes[position];
    std::string number = n(position);
    out += std::string(4 - std::min<std::size_t>(4, number.size()), ' ') + number + "  ";
    if (node.results().count())
      out += registers(plan.resultsOf(node)) + " = ";
    out += std::string(opName(node.op())) + target(node);
    if (node.operands().count())
      out += " (" + registers(plan.operandsOf(node)) + ")";
    for (std::uint32_t body : plan.bodiesOf(node))
      out += " " + blockName(body);
    if (node.effect() != Effect::pure_)
      out += ", " + std::string(effectName(node.effect()));
    if (node.op() == Op::map && node.target() >= 0)
      out += ", window r" + n(static_cast<std::uint32_t>(node.target()));
    if (node.policy() >= 0)
      out += policyText(plan.policies[node.policy()]);
    if (node.op() == Op::call && node.flags() & goesWithOthers)
      out += ", with others";
    if (const Group *group = plan.groupOf(node))
      out += ", prefix " + n(node.group()) + " of " + n(group->prefixBytes) + " bytes";
    std::string waits = waitsOf(nodes, position);
    if (!waits.empty())
      out += ", after " + waits;
    out += at(node.span()) + "\n";
    if (options.words && node.eval().count())
      out += indented(value::printWords(plan.wordsOf(node), plan.program()), "            ");
  }

  std::string waitsOf(std::span<const Node> nodes, std::size_t position) {
    std::string text;
    for (std::size_t other = 0; other < nodes.size(); ++other)
      for (std::uint32_t user : plan.usersOf(nodes[other]))
        if (user == position)
          text += (text.empty() ? "" : ", ") + n(other);
    return text;
  }

  std::string target(const Node &node) {
    switch (node.op()) {
    case Op::call: {
      const Member &member = plan.members[node.target()];
      const Binding &binding = plan.bindings[member.binding];
      bool tool = binding.kind != fb::BindingKind::model && binding.kind != fb::BindingKind::human;
      return " " + std::string(binding.name) + (tool ? "." + std::string(member.name) : "");
    }
    case Op::gang:
      return " " + std::string(plan.gangs[node.target()].name) + " on " +
             std::string(plan.meshes[plan.gangs[node.target()].mesh].name);
    case Op::fail:
      return node.flags() & raisesAgain
                 ? " again"
                 : " " + std::string(fb::EnumNameFailKind(static_cast<fb::FailKind>(node.target())));
    case Op::fold:
      return node.flags() & foldsAsTree ? " tree" : "";
    case Op::system: {
      constexpr const char *names[] = {" now", " random", " uuid", " env"};
      return names[node.target() & 3];
    }
    default:
      return "";
    }
  }

  std::string policyText(const Policy &policy) {
    std::string text;
    if (policy.retry)
      text += ", retry " + n(policy.retry);
    if (policy.timeoutMs)
      text += ", timeout " + duration(policy.timeoutMs);
    if (policy.hedgeMs)
      text += ", hedge " + duration(policy.hedgeMs);
    if (policy.cache == fb::Cache::run)
      text += ", cached in the run";
    if (policy.cache == fb::Cache::duration)
      text += ", cached " + duration(policy.cacheMs);
    if (policy.budget != noIndex)
      text += ", budget " + budgetText(policy.budget);
    return text;
  }

  std::string budgetText(std::uint32_t index) {
    const Budget &budget = plan.budgets[index];
    std::string text;
    auto add = [&](const std::string &part) { text += (text.empty() ? "" : " ") + part; };
    if (budget.costNano >= 0)
      add(money(budget.costNano));
    if (budget.tokens >= 0)
      add(n(static_cast<std::uint64_t>(budget.tokens)) + " tokens");
    if (budget.timeMs >= 0)
      add(duration(static_cast<std::uint64_t>(budget.timeMs)));
    if (budget.turns >= 0)
      add(n(static_cast<std::uint64_t>(budget.turns)) + " turns");
    if (budget.onExceed != fb::OnExceed::stop)
      text += std::string(budget.onExceed == fb::OnExceed::use ? ", then " : ", then ask ") +
              std::string(plan.bindings[plan.members[budget.fallback].binding].name);
    return text;
  }

  void printGang(const Gang &gang) {
    const Mesh &mesh = plan.meshes[gang.mesh];
    out += "\ngang " + std::string(gang.name) + " on " + std::string(mesh.name) + " {";
    for (std::size_t axis = 0; axis < mesh.axes.size(); ++axis)
      out += (axis ? ", " : " ") + std::string(mesh.axes[axis]) + ": " + n(mesh.sizes[axis]) +
             (mesh.elastic[axis] ? " elastic" : "");
    out += " }\n";
    if (gang.steps != 1)
      out += "  " + n(gang.steps) + " steps" +
             (gang.checkpointEvery ? ", a checkpoint after every " + n(gang.checkpointEvery) : "") +
             (gang.checkpointKeep > 1 ? ", the newest " + n(gang.checkpointKeep) + " stay" : "") +
             (gang.checkpointTo.empty() ? "" : ", whole in " + std::string(gang.checkpointTo)) + "\n";
    printTraining(gang);
    for (const State &state : gang.states)
      out += "  state " + std::string(state.name) + ": " + plan.types.text(state.type) + ", begins as " +
             (state.init == noIndex ? "zeros" : "operand " + n(state.init)) + "\n";
    for (const Role &role : gang.roles) {
      std::uint64_t bytes = 0;
      for (std::uint64_t arena : role.arenas)
        bytes += arena;
      out += "  slot";
      for (std::uint32_t slot : role.slots)
        out += " " + n(slot);
      out += ": " + n(bytes) + " bytes in " + n(role.buffers.size()) + " buffers\n";
      for (const Port &port : role.inputs)
        out += "    b" + n(port.buffer) + " = operand " + n(port.value) + box(port) + "\n";
      for (const Port &port : role.states)
        out += "    b" + n(port.buffer) + " = " + std::string(gang.states[port.value].name) + box(port) + "\n";
      for (const Port &port : role.feeds)
        out += "    b" + n(port.buffer) + " = feed " + n(port.value) + box(port) + "\n";
      if (role.step != noIndex)
        out += "    b" + n(role.step) + " = the step's number\n";
      for (const fb::Actor &actor : role.actors)
        out += "    " + actorText(role, actor, mesh) + "\n";
      for (std::size_t at = 0; at < role.states.size(); ++at)
        if (role.kept[at] != role.states[at].buffer)
          out += "    " + std::string(gang.states[role.states[at].value].name) + " keeps b" + n(role.kept[at]) + "\n";
      for (const Port &port : role.reports)
        out += "    " + std::string(gang.reports[port.value].name) + " = b" + n(port.buffer) + "\n";
      for (const Port &port : role.outputs)
        out += "    result " + n(port.value) + box(port) + " = b" + n(port.buffer) + "\n";
    }
  }

  void printTraining(const Gang &gang) {
    for (std::size_t at = 0; at < gang.sources.size(); ++at) {
      const TextSource &source = gang.sources[at];
      out += "  source " + n(at) + ": text " + std::string(source.files) + ", " + n(source.batch) + " windows of " +
             n(source.context) + " bytes, seed " + n(source.seed) +
             (source.heldOut > 0 ? ", holds out " + value::floatText(source.heldOut) : "") + "\n";
    }
    for (std::size_t at = 0; at < gang.feeds.size(); ++at)
      out += "  feed " + n(at) + ": " + (gang.feeds[at].part == fb::FeedPart::x ? "x" : "y") + " of source " +
             n(gang.feeds[at].source) + ", " + plan.types.text(gang.feeds[at].type) + "\n";
    for (const Report &report : gang.reports)
      out += "  reports " + std::string(report.name) + "\n";
    for (const FileOperand &file : gang.files)
      out +=
          "  operand " + n(file.operand) + " is " + std::string(file.tensor) + " of " + std::string(file.file) + "\n";
    if (gang.evaluation)
      out += "  evaluated by " + std::string(plan.gangs[gang.evaluation->gang].name) +
             (gang.evaluation->batches ? ", at most " + n(gang.evaluation->batches) + " batches" : "") + "\n";
  }

  static std::string box(const Port &port) {
    std::string text = "[";
    for (std::size_t dim = 0; dim < port.whole.size(); ++dim) {
      text += dim ? ", " : "";
      text += port.sizes[dim] == port.whole[dim]
                  ? n(port.whole[dim])
                  : n(port.offsets[dim]) + ".." + n(port.offsets[dim] + port.sizes[dim]) + " of " + n(port.whole[dim]);
    }
    return text + "]";
  }

  /// Items are told where there is more than one: how far the kernel can be spread over threads.
  static std::string kernelText(const Kernel &kernel) {
    std::string text = "kernel " + std::string(kernel.symbol);
    if (kernel.phases == std::vector<std::uint64_t>{1})
      return text;
    for (std::size_t at = 0; at < kernel.phases.size(); ++at)
      text += (at ? "+" : " ") + n(kernel.phases[at]);
    return text + " items";
  }

  std::string actorText(const Role &role, const fb::Actor &actor, const Mesh &mesh) {
    auto buffers = [&](const Range &range) {
      std::string text;
      for (std::uint32_t at = 0; at < range.count(); ++at)
        text += (at ? ", b" : "b") + n(role.indices[range.first() + at]);
      return text;
    };
    std::string text = buffers(actor.outputs()) + " = ";
    if (actor.kind() == fb::ActorKind::kernel)
      return text + kernelText(plan.kernels[actor.kernel()]) + " (" + buffers(actor.inputs()) + ")";
    text += std::string(fb::EnumNameCollective(actor.collective())) + " " + fb::EnumNameReduce(actor.reduce()) + " (" +
            buffers(actor.inputs()) + ") over";
    for (std::size_t axis = 0; axis < mesh.axes.size(); ++axis)
      if (actor.axes_mask() >> axis & 1)
        text += " " + std::string(mesh.axes[axis]);
    return text;
  }

  const Plan &plan;
  const PrintOptions &options;
  std::string out;
};

} // namespace

std::string printPlan(const Plan &plan, const PrintOptions &options) { return Printer(plan, options).print(); }

} // namespace weft::plan

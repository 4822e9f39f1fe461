//===- ReportText.cpp - The report for people -----------------------------===//

#include "compiler/report/Cost.h"
#include "compiler/report/GangCost.h"
#include "compiler/report/Report.h"
#include "compiler/report/Width.h"

#include <algorithm>
#include <cstring>
#include <set>

namespace weft::report {
namespace {

/// Names of sections end here, and lines that can be broken.
constexpr std::size_t margin = 17, columns = 100;
/// Steps of a path that are printed at most.
constexpr std::size_t mostSteps = 60;

class Text {
public:
  explicit Text(const plan::Plan &plan) : plan(plan) {}

  std::string run() {
    for (const plan::Entry &entry : plan.entries)
      if (entry.kind == plan::fb::EntryKind::workflow)
        workflow(entry);
    if (out.empty())
      return "nothing can be started: the program has no workflow\n";
    out.insert(0, "calls are least..most: in every run that gives a result, and with all retries, rounds and arms\n\n");
    for (const plan::Gang &gang : plan.gangs)
      gangSection(gang);
    return out;
  }

private:
  void workflow(const plan::Entry &entry) {
    Cost cost = costOf(plan, entry.block);
    applyBudget(plan, entry.budget, cost);
    home = plan.at(entry.span).file;
    if (!out.empty())
      out += "\n";
    plan::SourceSpan at = plan.at(entry.span);
    out += "workflow " + std::string(entry.name) + "  (" + std::string(at.file) + ":" + std::to_string(at.line) + ":" +
           std::to_string(at.column) + ")\n";
    calls(cost);
    if (!cost.calls.empty()) {
      width(cost);
      path(cost);
    }
    spending(entry, cost);
    memory(cost);
    gangs(cost);
    if (cost.cutOff)
      line("recursion", "workflows invoke each other in too many orders to count them all: no bound is known");
    else if (cost.recursive)
      line("recursion", "counted as deep as `depth` allows");
    if (!cost.succeeds)
      line("note", "no way through this workflow gives a result");
  }

  void line(const std::string &name, const std::string &text) { out += padded("  " + name, margin) + text + "\n"; }
  static std::string padded(std::string text, std::size_t columns) {
    text.resize(std::max(columns, text.size() + 1), ' ');
    return text;
  }

  std::string place(std::uint32_t span) {
    plan::SourceSpan at = plan.at(span);
    std::string text = at.file == home ? "" : std::string(at.file) + ":";
    return text + std::to_string(at.line) + ":" + std::to_string(at.column);
  }

  /// "1 + 0..3 per item of 42:15".
  std::string range(const Times &times) {
    std::set<Factors> all;
    for (const Amount *amount : {&times.least, &times.most})
      for (const auto &[factors, number] : amount->terms())
        all.insert(factors);
    std::string text;
    for (const Factors &factors : all) {
      std::uint64_t least = times.least.of(factors), most = times.most.of(factors);
      text += (text.empty() ? "" : " + ") +
              term((least == most ? "" : numberText(least) + "..") + numberText(most), factors);
    }
    if (times.most.isOpen())
      return numberText(times.least.number()) + " or more, without a bound";
    return text.empty() ? "0" : text;
  }
  std::string amount(const Amount &amount) { return range({amount, amount}); }
  /// "at most 3 calls"; "512 frames or more".
  std::string atMost(const Amount &most, const std::string &one) {
    std::string many = one + (most == Amount(1) ? "" : "s");
    return most.isOpen() ? numberText(most.number()) + " " + many + " or more" : "at most " + amount(most) + " " + many;
  }

  /// "3 per item of 42:15", "`parallel` of 42:15", "3".
  std::string term(std::string number, const Factors &factors) {
    static constexpr const char *words[] = {" per item of ", " per round of ", " per sample of "};
    for (const Factor &factor : factors)
      if (factor.kind == Factor::Kind::window)
        number = (number == "1" ? "" : number + " times ") + "`parallel` of " + place(factor.span);
      else
        number += words[static_cast<int>(factor.kind)] + place(factor.span);
    return number;
  }

  void calls(const Cost &cost) {
    if (cost.calls.empty())
      return line("calls", "none");
    out += "  calls\n";
    std::size_t names = 0, counts = 0;
    for (const auto &[member, times] : cost.calls) {
      names = std::max(names, memberName(plan, member).size());
      if (range(times).size() < 48)
        counts = std::max(counts, range(times).size());
    }
    for (const auto &[member, times] : cost.calls)
      out += padded("    " + memberName(plan, member), names + 6) + padded(range(times), counts + 2) +
             about(plan.members[member]) + "\n";
  }

  /// Where nobody wrote a price down, whose it is.
  std::string listed(const plan::Binding &binding) const {
    const plan::Setting *price = binding.setting("price");
    bool known = price && price->value != plan::noIndex && plan.consts[price->value].is(value::Tag::string);
    return known ? " (" + std::string(plan.consts[price->value].asText()) + ")" : "";
  }

  std::string about(const plan::Member &member) {
    const plan::Binding &binding = plan.bindings[member.binding];
    std::string text(plan::fb::EnumNameEffect(member.effect));
    std::replace(text.begin(), text.end(), '_', ' ');
    while (text.ends_with(' '))
      text.pop_back();
    if (binding.kind == plan::fb::BindingKind::human)
      text += ", a person";
    text += member.paid ? ", paid" : "";
    if (binding.priceInputNano > 0 || binding.priceOutputNano > 0)
      text += ": " + moneyText(static_cast<std::uint64_t>(std::max<std::int64_t>(0, binding.priceInputNano))) +
              " in, " + moneyText(static_cast<std::uint64_t>(std::max<std::int64_t>(0, binding.priceOutputNano))) +
              " out per Mtok" + listed(binding);
    if (binding.ratePerMin)
      text += ", at most " + numberText(binding.ratePerMin) + " per min";
    return text;
  }

  void width(const Cost &cost) {
    Width width = widthOf(plan, cost);
    std::string text = atMost(width.total, "call") + " at once";
    std::size_t column = margin + text.size();
    bool first = true;
    for (const BindingWidth &one : width.bindings) {
      std::string part = " " + std::string(plan.bindings[one.binding].name) + " " + amount(one.most) +
                         (one.limited ? " by its `limit`" : "");
      text += first ? ":" : ",";
      first = false;
      if (column + part.size() + 2 > columns) {
        text += "\n" + std::string(margin - 1, ' ');
        column = margin;
      }
      text += part;
      column += part.size() + 1;
    }
    line("width", text);
  }

  void path(const Cost &cost) {
    line("critical path", atMost(cost.path.calls, "call") + " in a row" +
                              (cost.path.gangs.zero() ? "" : ", and " + atMost(cost.path.gangs, "tensor function")));
    std::size_t places = 0, steps = std::min(mostSteps, cost.path.steps.size());
    for (std::size_t at = 0; at < steps; ++at)
      places = std::max(places, place(cost.path.steps[at].span).size());
    for (std::size_t at = 0; at < steps; ++at) {
      const PathStep &step = cost.path.steps[at];
      out += "    " + padded(place(step.span), places + 2) + std::string(2ul * std::min(step.depth, 12u), ' ') +
             step.what + "\n";
    }
    if (cost.path.cut || steps < cost.path.steps.size())
      out += "    and more steps; --report=json lists up to " + numberText(mostPathSteps) + "\n";
  }

  void spending(const plan::Entry &entry, const Cost &cost) {
    bool models = false, priced = false;
    for (const auto &[index, times] : cost.calls) {
      const plan::Binding &binding = plan.bindings[plan.members[index].binding];
      models |= binding.kind == plan::fb::BindingKind::model;
      priced |= binding.priceInputNano > 0 || binding.priceOutputNano > 0;
    }
    Least least = leastOf(plan, cost);
    if (models)
      line("tokens", bound(least.tokens, cost.tokens, [&](const Amount &most) { return amount(most); }));
    if (models && !priced)
      line("money", "none: no model here has a price");
    if (priced)
      line("money", bound(least.moneyNano, cost.moneyNano, [&](const Amount &most) { return money(most); }));
    if (entry.budget != plan::noIndex && plan.budgets[entry.budget].timeMs >= 0)
      line("time", "at most " + durationText(static_cast<std::uint64_t>(plan.budgets[entry.budget].timeMs)) +
                       ", waiting for people apart");
    else if (!cost.calls.empty() || !cost.gangs.empty())
      line("time", time(cost.timeMs));
  }

  template <typename Show> std::string bound(const Amount &least, const Bound &bound, Show show) {
    std::string from = least.zero() ? "" : "at least " + show(least) + ", ";
    if (bound.openAt)
      return from + "no bound: the call at " + place(*bound.openAt) + " stands under no budget of it";
    return from + (bound.most.isOpen() ? "no bound" : "at most " + show(bound.most) + ", by the budgets");
  }

  /// Of one workflow that no budget bounds as a whole.
  std::string time(const Bound &bound) {
    if (bound.openAt)
      return "no bound: the step at " + place(*bound.openAt) + " has no timeout and stands under no budget of it";
    if (bound.most.isOpen())
      return "no bound";
    std::string text;
    for (const auto &[factors, ms] : bound.most.terms())
      text += (text.empty() ? "" : " + ") + term(durationText(ms), factors);
    return "at most " + (text.empty() ? "0ms" : text) +
           ", by timeouts and budgets, waits for people and for limits apart";
  }

  std::string money(const Amount &most) {
    std::string text;
    for (const auto &[factors, nano] : most.terms())
      text += (text.empty() ? "" : " + ") + term(moneyText(nano), factors);
    return text.empty() ? "$0.00" : text;
  }

  void memory(const Cost &cost) {
    line("memory", atMost(cost.frames, "frame") + " at once");
    line("", atMost(cost.frameBytes, "byte") + " of registers and counters, texts and lists apart");
  }

  void gangs(const Cost &cost) {
    const char *name = "gangs";
    for (const auto &[index, times] : cost.gangs) {
      line(name, std::string(plan.gangs[index].name) + " " + range(times));
      name = "";
    }
  }

  void gangSection(const plan::Gang &gang) {
    GangCost cost = costOf(plan, gang);
    out += "\ngang " + gangTitle(plan, gang) + "\n";
    if (gang.steps > 1)
      line("steps", numberText(gang.steps) +
                        (gang.checkpointEvery ? ", a checkpoint every " + numberText(gang.checkpointEvery) : "") +
                        "; collectives are of one step");
    for (const SlotCost &slot : cost.slots) {
      std::string slots = slot.slots.size() == 1 ? "slot" : "slots";
      for (std::uint32_t number : slot.slots)
        slots += " " + std::to_string(number);
      std::string text = numberText(slot.arenaBytes) + " bytes at the peak of " + numberText(slot.buffers) + " buffers";
      if (slot.stateBytes)
        text += ", " + numberText(slot.stateBytes) + " of them state";
      if (slot.workspaceBytes)
        text += ", and " + numberText(slot.workspaceBytes) + " bytes workspace";
      line(slots, text + "; " + numberText(slot.kernels) + (slot.kernels == 1 ? " kernel" : " kernels"));
      member(slot);
    }
    for (const CollectiveCost &one : cost.collectives)
      line(one.kind, "over " + (one.axes.empty() ? "no axis" : one.axes) + ": m = " + numberText(one.bytes) +
                         " bytes, n = " + numberText(one.slots) + " slots, each sends " + one.formula +
                         (one.formula == "m" ? "" : " = " + numberText(one.sentBytes) + " bytes"));
    if (cost.collectives.empty())
      line("collectives", "none");
  }

  /// What its process takes, and what beside buffers and workspace that is.
  void member(const SlotCost &slot) {
    std::string threads = slot.threadBytes ? ", and " + numberText(slot.threadBytes) + " for each thread" : "";
    line("", "its process: " + numberText(slot.memberBytes(0)) + " bytes" + threads + "; of them");
    auto part = [&](std::uint64_t bytes, const char *what) {
      if (bytes)
        line("", "  " + numberText(bytes) + " " + what);
    };
    part(slot.codeBytes, "code of kernels");
    part(slot.checkpointBytes, "a copy of the state for checkpoints");
    part(slot.evaluationBytes, "evaluation");
    part(slot.frameBytes, "operands and results on their way");
  }

  const plan::Plan &plan;
  std::string_view home; ///< The file whose places need no name.
  std::string out;
};

} // namespace

std::string printReport(const plan::Plan &plan) { return Text(plan).run(); }

} // namespace weft::report

//===- Report.cpp - What a plan will do, before it does anything ----------===//

#include "compiler/driver/Report.h"

#include <algorithm>
#include <map>
#include <set>

namespace weft::driver {
namespace {

using plan::Node;
using plan::Op;

/// Counts beyond this are said to be more: a loop in a loop in a loop is not worth exact figures.
constexpr std::uint64_t many = 1000000000;

std::uint64_t add(std::uint64_t a, std::uint64_t b) { return std::min(many, a + b); }
std::uint64_t multiply(std::uint64_t a, std::uint64_t b) { return a != 0 && b > many / a ? many : a * b; }

std::string count(std::uint64_t value) { return value >= many ? "very many" : std::to_string(value); }
std::string calls(std::uint64_t value) { return count(value) + (value == 1 ? " call" : " calls"); }

/// How often something happens: `times` for each choice of an item of these maps.
using Places = std::vector<std::string>;
using Calls = std::map<std::pair<std::uint32_t, Places>, std::uint64_t>;

/// What one activation of a block amounts to.
struct Cost {
  Calls calls;
  std::uint64_t width = 0;  ///< Calls at once.
  std::uint64_t path = 0;   ///< Calls in a row; a map counts one item.
  std::uint64_t frames = 1; ///< Live at once, its own included.
  std::uint64_t frameBytes = 0;
  std::set<std::uint32_t> gangs;
  bool recursive = false;
  bool unbounded = false; ///< A map without a window: the runtime's limit holds.
};

class Report {
public:
  explicit Report(const plan::Plan &plan) : plan(plan) {}

  std::string run() {
    std::string text;
    for (const plan::Entry &entry : plan.entries)
      if (entry.kind == plan::fb::EntryKind::workflow)
        text += (text.empty() ? "" : "\n") + paragraph(entry);
    return text.empty() ? "nothing can be started: the program has no workflow\n" : text;
  }

private:
  std::string place(std::uint32_t span) {
    plan::SourceSpan at = plan.at(span);
    return std::string(at.file) + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
  }

  std::string paragraph(const plan::Entry &entry) {
    Cost cost = block(entry.block);
    std::string text = "workflow " + std::string(entry.name) + "  (" + place(entry.span) + ")\n";
    text += "  calls          " + callsOf(cost) + "\n";
    if (!cost.calls.empty()) {
      text += "  width          " + calls(cost.width) + " at once" +
              (cost.unbounded ? ", times what the runtime lets a map without `parallel` run" : "") + "\n";
      text += "  critical path  " + calls(cost.path) + " one after the other, at most, taking one item of each map\n";
    }
    text += "  memory         " + count(cost.frames) + (cost.frames == 1 ? " frame" : " frames") + " at once, " +
            count(cost.frameBytes) + " bytes" + gangsOf(cost) + "\n";
    if (cost.recursive)
      text += "  recursion      counted once; `depth` bounds it\n";
    return text;
  }

  std::string callsOf(const Cost &cost) {
    std::string text;
    for (auto &[what, times] : cost.calls) {
      const plan::Member &member = plan.members[what.first];
      text += (text.empty() ? "" : ", ") + std::string(plan.bindings[member.binding].name) + "." +
              std::string(member.name) + " " + count(times);
      for (const std::string &map : what.second)
        text += " per item of " + map;
    }
    return text.empty() ? "none" : text;
  }

  std::string gangsOf(const Cost &cost) {
    std::string text;
    for (std::uint32_t index : cost.gangs) {
      const plan::Gang &gang = plan.gangs[index];
      std::uint64_t most = 0;
      std::size_t slots = 0;
      for (const plan::Role &role : gang.roles) {
        slots += role.slots.size();
        for (std::uint64_t arena : role.arenas)
          most = std::max(most, arena);
      }
      text += "; " + std::string(gang.name) + " " + std::to_string(most) + " bytes on each of " +
              std::to_string(slots) + (slots == 1 ? " slot" : " slots");
    }
    return text;
  }

  /// The constant that the node's words move into `reg`, if it is one.
  std::optional<std::uint64_t> known(const Node &node, std::uint32_t reg) {
    auto words = plan.wordsOf(node);
    constexpr std::uint32_t move = 2;
    for (std::size_t at = 0; at + 1 < words.size(); ++at)
      if (words[at] == (move | 1u << 8 | reg << 16) && words[at + 1] >> 31) {
        const value::Value &value = plan.consts[words[at + 1] & 0x7fffffff];
        if (value.is(value::Tag::integer) && value.asInt() >= 0)
          return static_cast<std::uint64_t>(value.asInt());
      }
    return std::nullopt;
  }

  Cost block(std::uint32_t index) {
    Cost cost;
    if (!open.insert(index).second) {
      cost.recursive = true;
      return cost;
    }
    const plan::Block &block = plan.blocks[index];
    auto nodes = plan.nodesOf(block);
    std::vector<std::uint64_t> done(nodes.size()), level(nodes.size());
    std::map<std::uint64_t, std::uint64_t> widths, frames, bytes;
    // Nodes stand in an order in which they can run.
    for (std::size_t at = 0; at < nodes.size(); ++at) {
      Cost one = node(nodes[at]);
      std::uint64_t finished = add(done[at], one.path);
      cost.path = std::max(cost.path, finished);
      for (std::uint32_t user : plan.usersOf(nodes[at])) {
        done[user] = std::max(done[user], finished);
        level[user] = std::max(level[user], level[at] + 1);
      }
      widths[level[at]] = add(widths[level[at]], one.width);
      frames[level[at]] = add(frames[level[at]], one.frames);
      bytes[level[at]] = add(bytes[level[at]], one.frameBytes);
      for (auto &[what, times] : one.calls)
        cost.calls[what] = add(cost.calls[what], times);
      cost.gangs.insert(one.gangs.begin(), one.gangs.end());
      cost.recursive |= one.recursive;
      cost.unbounded |= one.unbounded;
    }
    auto most = [](const std::map<std::uint64_t, std::uint64_t> &levels) {
      std::uint64_t value = 0;
      for (auto [number, sum] : levels)
        value = std::max(value, sum);
      return value;
    };
    cost.width = most(widths);
    cost.frames = add(1, most(frames));
    cost.frameBytes = add(block.registers * sizeof(value::Value), most(bytes));
    open.erase(index);
    return cost;
  }

  /// Of a step; its own frame is none.
  Cost node(const Node &node) {
    Cost cost;
    cost.frames = 0;
    if (node.op() == Op::call) {
      cost.calls[{static_cast<std::uint32_t>(node.target()), {}}] = 1;
      cost.width = cost.path = 1;
    }
    if (node.op() == Op::gang)
      cost.gangs.insert(static_cast<std::uint32_t>(node.target()));
    std::uint64_t times = 1, together = 1;
    Places items;
    auto operands = plan.operandsOf(node);
    if (node.op() == Op::loop)
      times = known(node, operands[0]).value_or(many);
    if (node.op() == Op::vote)
      times = together = known(node, operands[1]).value_or(1);
    if (node.op() == Op::map || node.op() == Op::fold)
      items.push_back(place(node.span()));
    if (node.op() == Op::map) {
      auto window = node.target() >= 0 ? known(node, static_cast<std::uint32_t>(node.target())) : std::nullopt;
      cost.unbounded = !window;
      together = window.value_or(1);
    }
    bool isLoop = node.op() == Op::loop;
    bool all = node.op() == Op::race;
    for (std::uint32_t index : plan.bodiesOf(node)) {
      Cost body = block(index);
      for (auto &[what, inner] : body.calls) {
        Places places = items;
        places.insert(places.end(), what.second.begin(), what.second.end());
        std::uint64_t &known = cost.calls[{what.first, places}];
        std::uint64_t here = multiply(inner, times);
        // Of alternatives only one runs; of a race, and of a try with its handler, all may.
        known = node.op() == Op::branch ? std::max(known, here) : add(known, here);
      }
      auto combine = [&](std::uint64_t &into, std::uint64_t value) {
        value = multiply(value, together);
        into = all ? add(into, value) : std::max(into, value);
      };
      combine(cost.width, body.width);
      combine(cost.frames, body.frames);
      combine(cost.frameBytes, body.frameBytes);
      std::uint64_t path = multiply(body.path, isLoop ? times : 1);
      // A handler comes after its body, and the `else` of a loop after the rounds.
      bool follows = node.op() == Op::try_ || node.op() == Op::loop;
      cost.path = follows ? add(cost.path, path) : std::max(cost.path, path);
      cost.gangs.insert(body.gangs.begin(), body.gangs.end());
      cost.recursive |= body.recursive;
      cost.unbounded |= body.unbounded;
      times = isLoop ? 1 : times; // What follows a loop's body is its `else`.
      isLoop = false;
    }
    return cost;
  }

  const plan::Plan &plan;
  std::set<std::uint32_t> open;
};

} // namespace

std::string printReport(const plan::Plan &plan) { return Report(plan).run(); }

} // namespace weft::driver

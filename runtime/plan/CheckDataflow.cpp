//===- CheckDataflow.cpp - Every register is written before it is read ----===//
//
// A node may read parameters of its block, own results of nodes that it waits
// for, and what its own words wrote. From the reads follows whom it must wait
// for; the plan's `users` and `missing` must say exactly that.
//
//===----------------------------------------------------------------------===//

#include "runtime/plan/CheckBlock.h"
#include "runtime/plan/CheckFailure.h"
#include "runtime/plan/WordsUse.h"

#include <algorithm>

namespace weft::plan {
namespace {

/// Writers are node positions; these two stand for no node.
constexpr std::uint32_t nobody = 0xffffffff;
constexpr std::uint32_t caller = 0xfffffffe;

class Dataflow {
public:
  Dataflow(const Plan &plan, std::size_t index, const value::Program &program)
      : plan(plan), index(index), block(plan.blocks[index]), nodes(plan.nodesOf(block)), program(program),
        writer(block.registers, nobody), waits(nodes.size()) {}

  base::Result<> run() {
    if (auto ok = writers(); !ok)
      return ok;
    for (std::uint32_t node = 0; node < nodes.size(); ++node)
      if (auto ok = reads(node); !ok)
        return ok;
    for (std::uint32_t reg : plan.resultOf(block))
      if (reg >= block.registers || writer[reg] == nobody)
        return broken(nameOf(plan, index) + ": result register " + number(reg) + " is never written");
    if (auto ok = edges(); !ok)
      return ok;
    return acyclic();
  }

private:
  base::Result<> writers() {
    for (std::uint32_t reg : plan.paramsOf(block)) {
      if (reg >= block.registers || writer[reg] != nobody)
        return broken(nameOf(plan, index) + ": parameter register " + number(reg) + " is out of range or stands twice");
      writer[reg] = caller;
    }
    for (std::uint32_t node = 0; node < nodes.size(); ++node)
      for (std::uint32_t reg : plan.resultsOf(nodes[node])) {
        if (writer[reg] != nobody)
          return broken(nameOf(plan, index, node) + ": register " + number(reg) + " is written twice");
        writer[reg] = node;
      }
    return {};
  }

  /// Notes whom `node` waits for because it reads `reg`.
  base::Result<> read(std::uint32_t node, std::uint32_t reg, const std::vector<bool> &written) {
    if (written[reg])
      return {};
    if (writer[reg] == caller)
      return {};
    if (writer[reg] == nobody)
      return broken(nameOf(plan, index, node) + ": register " + number(reg) + " is read and never written");
    if (writer[reg] == node)
      return broken(nameOf(plan, index, node) + ": register " + number(reg) + " is read before the node writes it");
    waits[node].push_back(writer[reg]);
    return {};
  }

  base::Result<> reads(std::uint32_t position) {
    const Node &node = nodes[position];
    std::string name = nameOf(plan, index, position);
    if (auto ok = value::checkWords(plan.wordsOf(node), block.registers, program, false); !ok)
      return std::move(ok).error().in(name);
    WordsUse use = usesOf(plan.wordsOf(node));
    std::vector<bool> written(block.registers, false);
    std::uint32_t own = ownResults(plan, node);
    auto results = plan.resultsOf(node);
    for (std::uint32_t reg : use.writes) {
      if (writer[reg] != nobody && writer[reg] != position)
        return broken(name + ": its words write register " + number(reg) + ", which is not its own");
      if (std::find(results.begin(), results.begin() + own, reg) != results.begin() + own)
        return broken(name + ": its words write register " + number(reg) + ", which the op writes");
      written[reg] = true;
    }
    for (std::size_t at = own; at < results.size(); ++at)
      if (!written[results[at]])
        return broken(name + ": result register " + number(results[at]) + " is never written");
    for (std::uint32_t reg : use.readsFirst)
      if (auto ok = read(position, reg, std::vector<bool>(block.registers, false)); !ok)
        return ok;
    for (std::uint32_t reg : plan.operandsOf(node))
      if (auto ok = read(position, reg, written); !ok)
        return ok;
    if (node.op() == Op::map && node.target() != -1) {
      if (node.target() < 0 || static_cast<std::uint32_t>(node.target()) >= block.registers)
        return broken(name + ": window register " + std::to_string(node.target()) + " of " + number(block.registers));
      if (auto ok = read(position, static_cast<std::uint32_t>(node.target()), written); !ok)
        return ok;
    }
    for (std::uint32_t other : plan.afterOf(node)) {
      if (other >= nodes.size())
        return broken(name + ": waits for node " + number(other) + " of " + number(nodes.size()));
      waits[position].push_back(other);
    }
    return {};
  }

  base::Result<> edges() {
    std::vector<std::vector<std::uint32_t>> users(nodes.size());
    for (std::uint32_t node = 0; node < nodes.size(); ++node) {
      auto &producers = waits[node];
      std::sort(producers.begin(), producers.end());
      producers.erase(std::unique(producers.begin(), producers.end()), producers.end());
      if (nodes[node].missing() != producers.size())
        return broken(nameOf(plan, index, node) + ": waits for " + number(producers.size()) +
                      " nodes, `missing` says " + number(nodes[node].missing()));
      for (std::uint32_t producer : producers)
        users[producer].push_back(node);
    }
    for (std::uint32_t node = 0; node < nodes.size(); ++node) {
      auto written = plan.usersOf(nodes[node]);
      std::vector<std::uint32_t> sorted(written.begin(), written.end());
      std::sort(sorted.begin(), sorted.end());
      if (sorted != users[node])
        return broken(nameOf(plan, index, node) + ": `users` does not list the " + number(users[node].size()) +
                      " nodes that wait for it, once each");
    }
    return {};
  }

  base::Result<> acyclic() {
    std::vector<std::uint32_t> missing(nodes.size()), ready;
    for (std::uint32_t node = 0; node < nodes.size(); ++node)
      if ((missing[node] = nodes[node].missing()) == 0)
        ready.push_back(node);
    std::size_t done = 0;
    while (!ready.empty()) {
      std::uint32_t node = ready.back();
      ready.pop_back();
      ++done;
      for (std::uint32_t user : plan.usersOf(nodes[node]))
        if (--missing[user] == 0)
          ready.push_back(user);
    }
    if (done == nodes.size())
      return {};
    auto stuck = std::find_if(missing.begin(), missing.end(), [](std::uint32_t count) { return count > 0; });
    return broken(nameOf(plan, index, stuck - missing.begin()) + " waits for itself");
  }

  const Plan &plan;
  std::size_t index;
  const Block &block;
  std::span<const Node> nodes;
  const value::Program &program;
  std::vector<std::uint32_t> writer;
  std::vector<std::vector<std::uint32_t>> waits;
};

} // namespace

base::Result<> checkDataflow(const Plan &plan, std::size_t block, const value::Program &program) {
  return Dataflow(plan, block, program).run();
}

} // namespace weft::plan

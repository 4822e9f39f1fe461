//===- CheckCells.cpp - What is asked is a cell ---------------------------===//
//
// A cell is named by a number in a register, and whoever asks it trusts the
// number. So it must come from a `once`, through captures and nothing else, and
// be asked with a key where it has keys.
// Then nothing waits for itself either: a body is given the cells that were made
// before its own.
//
//===----------------------------------------------------------------------===//

#include "runtime/plan/CheckBlock.h"
#include "runtime/plan/CheckFailure.h"
#include "runtime/plan/NodeFlags.h"
#include "runtime/plan/PlanCheck.h"

#include <vector>

namespace weft::plan {
namespace {

class Cells {
public:
  explicit Cells(const Plan &plan) : plan(plan), cells(plan.blocks.size()), open(plan.blocks.size()) {}

  base::Result<> run() {
    for (std::uint32_t block = 0; block < plan.blocks.size(); ++block) {
      cells[block].assign(plan.blocks[block].registers, Kind::value);
      for (const Node &node : plan.nodesOf(plan.blocks[block]))
        for (std::uint32_t body : plan.bodiesOf(node))
          ++open[body];
    }
    given.resize(plan.blocks.size());
    std::vector<std::uint32_t> ready;
    for (std::uint32_t block = 0; block < plan.blocks.size(); ++block) {
      // Whoever starts a run, a mock or an invoke gives values.
      given[block].assign(plan.blocks[block].params.count(), open[block] > 0 ? Kind::notKnown : Kind::value);
      if (open[block] == 0)
        ready.push_back(block);
    }
    for (const Entry &entry : plan.entries)
      given[entry.block].assign(given[entry.block].size(), Kind::value);
    // Callers first: structure is a tree, and an edge of `invoke` hands on no cell, so cycles through it do not count.
    for (const Block &block : plan.blocks)
      for (const Node &node : plan.nodesOf(block))
        if (node.op() == Op::invoke) {
          std::uint32_t body = plan.bodiesOf(node)[0];
          given[body].assign(given[body].size(), Kind::value);
          if (--open[body] == 0)
            ready.push_back(body);
        }
    while (!ready.empty()) {
      std::uint32_t block = ready.back();
      ready.pop_back();
      if (auto checked = visit(block, ready); !checked)
        return checked;
    }
    return {};
  }

private:
  /// What a register holds. Parameters that some give a cell for and others do not hold values.
  enum class Kind : std::uint8_t { notKnown, value, cell, cellByKey };

  static Kind made(const Node &node) { return node.flags() & byKey ? Kind::cellByKey : Kind::cell; }

  base::Result<> visit(std::uint32_t index, std::vector<std::uint32_t> &ready) {
    const Block &block = plan.blocks[index];
    std::vector<Kind> &kinds = cells[index];
    auto params = plan.paramsOf(block);
    for (std::size_t at = 0; at < params.size(); ++at)
      kinds[params[at]] = given[index][at];
    auto nodes = plan.nodesOf(block);
    for (const Node &node : nodes)
      if (node.op() == Op::once)
        kinds[plan.resultsOf(node)[0]] = made(node);
    for (std::size_t at = 0; at < nodes.size(); ++at) {
      const Node &node = nodes[at];
      auto operands = plan.operandsOf(node);
      if (node.op() == Op::get && kinds[operands[0]] != made(node))
        return broken(nameOf(plan, index, at) + ": asks register " + number(operands[0]) + ", which is no cell" +
                      (node.flags() & byKey ? " with keys" : " without keys"));
      for (std::uint32_t body : plan.bodiesOf(node)) {
        if (node.op() == Op::invoke)
          continue;
        if (node.op() == Op::once && writes(body))
          return broken(nameOf(plan, index, at) + ": the body of a cell writes");
        // Captures stand last among the operands and among the parameters; what stands before them is made anew.
        std::size_t captures = operands.size() - fixedOperands(node.op());
        std::vector<Kind> &into = given[body];
        for (std::size_t back = 0; back < into.size(); ++back) {
          std::size_t param = into.size() - 1 - back;
          Kind gives = back < captures ? kinds[operands[operands.size() - 1 - back]] : Kind::value;
          into[param] = into[param] == Kind::notKnown || into[param] == gives ? gives : Kind::value;
        }
        if (--open[body] == 0)
          ready.push_back(body);
      }
    }
    return {};
  }

  bool writes(std::uint32_t body) const {
    for (const Node &node : plan.nodesOf(plan.blocks[body]))
      if (node.effect() >= Effect::write_idempotent)
        return true;
    return false;
  }

  const Plan &plan;
  std::vector<std::vector<Kind>> cells; ///< By block and register.
  std::vector<std::vector<Kind>> given; ///< By block and parameter: what all that run the block give.
  std::vector<std::uint32_t> open;      ///< Nodes that run the block and were not looked at.
};

} // namespace

base::Result<> checkCells(const Plan &plan) { return Cells(plan).run(); }

} // namespace weft::plan

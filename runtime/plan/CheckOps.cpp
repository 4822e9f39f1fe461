//===- CheckOps.cpp - The table of README.md, as a check ------------------===//

#include "runtime/plan/CheckBlock.h"
#include "runtime/plan/CheckFailure.h"
#include "runtime/plan/NodeFlags.h"

namespace weft::plan {
namespace {

/// What one op wants. `fixed` operands come before the captures; each body takes `bodyFixed` parameters before them.
struct Shape {
  std::uint32_t fixed;
  bool captures;
  std::uint32_t minBodies, maxBodies;
  std::uint32_t bodyFixed;
  std::uint32_t bodyResults;
};

constexpr std::uint32_t many = 0xffff;

Shape shapeOf(Op op) {
  switch (op) {
  case Op::eval:
    return {0, false, 0, 0, 0, 0};
  case Op::map:
    return {1, true, 1, 1, 1, 1};
  case Op::fold:
    return {2, true, 1, 1, 2, 1};
  case Op::loop:
    return {2, true, 1, 2, 1, 2};
  case Op::branch:
    return {1, true, 1, many, 0, 1};
  case Op::race:
    return {0, true, 1, maxAlternatives, 0, 1};
  case Op::vote:
    return {2, true, 1, 1, 0, 1};
  case Op::try_:
    return {0, true, 2, 2, 0, 1};
  case Op::scope:
  case Op::atomic:
    return {0, true, 1, 1, 0, 1};
  case Op::emit:
  case Op::fail:
  case Op::get:
    return {1, false, 0, 0, 0, 0};
  case Op::once:
    return {0, true, 1, 1, 0, 1};
  case Op::call:
  case Op::invoke:
  case Op::gang:
  case Op::system:
    break; // told by their target
  }
  WEFT_UNREACHABLE();
}

/// system: now, random and uuid take nothing, env takes a name.
constexpr std::int32_t systemCount = 4;
constexpr std::int32_t systemEnv = 3;

class NodeCheck {
public:
  NodeCheck(const Plan &plan, std::size_t block, std::size_t position)
      : plan(plan), name(nameOf(plan, block, position)), registers(plan.blocks[block].registers),
        node(plan.nodesOf(plan.blocks[block])[position]) {}

  base::Result<> run() {
    for (std::uint32_t reg : plan.operandsOf(node))
      if (reg >= registers)
        return broken(name + ": operand register " + number(reg) + " of " + number(registers));
    for (std::uint32_t reg : plan.resultsOf(node))
      if (reg >= registers)
        return broken(name + ": result register " + number(reg) + " of " + number(registers));
    if (node.group() > (node.op() == Op::call ? plan.groups.size() : 0))
      return broken(name + ": group " + number(node.group()) + " of " + number(plan.groups.size()));
    if (auto shaped = shape(); !shaped)
      return shaped;
    if (node.results().count() < ownResults(plan, node))
      return broken(name + ": " + number(node.results().count()) + " result registers, " + fb::EnumNameOp(node.op()) +
                    " writes " + number(ownResults(plan, node)));
    return {};
  }

private:
  base::Result<> operands(std::size_t wanted, const std::string &of) {
    if (node.operands().count() == wanted)
      return {};
    return broken(name + ": " + number(node.operands().count()) + " operands, " + of + " takes " + number(wanted));
  }

  base::Result<> target(std::size_t count, const char *what) {
    if (node.target() >= 0 && static_cast<std::size_t>(node.target()) < count)
      return {};
    return broken(name + ": " + what + " " + std::to_string(node.target()) + " of " + number(count));
  }

  base::Result<> bodies(std::uint32_t least, std::uint32_t most) {
    if (node.body().count() >= least && node.body().count() <= most)
      return {};
    return broken(name + ": " + number(node.body().count()) + " bodies, " + fb::EnumNameOp(node.op()) + " takes " +
                  number(least) +
                  (most == least  ? ""
                   : most == many ? " or more"
                                  : " to " + number(most)));
  }

  base::Result<> body(std::size_t at, std::size_t params, std::size_t results) {
    std::uint32_t index = plan.bodiesOf(node)[at];
    const Block &callee = plan.blocks[index];
    if (callee.params.count() != params)
      return broken(name + ": body " + number(at) + ", " + nameOf(plan, index) + ", takes " +
                    number(callee.params.count()) + " parameters, it is given " + number(params));
    if (callee.result.count() != results)
      return broken(name + ": body " + number(at) + ", " + nameOf(plan, index) + ", gives " +
                    number(callee.result.count()) + " results, wanted " + number(results));
    return {};
  }

  base::Result<> shape() {
    switch (node.op()) {
    case Op::call:
      if (auto ok = target(plan.members.size(), "member"); !ok)
        return ok;
      if (auto ok = bodies(0, 0); !ok)
        return ok;
      return operands(plan.members[node.target()].params.size(),
                      "'" + std::string(plan.members[node.target()].name) + "'");
    case Op::invoke:
      if (auto ok = bodies(1, 1); !ok)
        return ok;
      return body(0, node.operands().count(), 1);
    case Op::gang:
      if (auto ok = target(plan.gangs.size(), "gang"); !ok)
        return ok;
      if (auto ok = bodies(0, 0); !ok)
        return ok;
      return operands(plan.gangs[node.target()].given(), "gang " + number(node.target()));
    case Op::system:
      if (auto ok = target(systemCount, "system function"); !ok)
        return ok;
      if (auto ok = bodies(0, 0); !ok)
        return ok;
      return operands(node.target() == systemEnv ? 1 : 0, "the system function");
    default:
      return table();
    }
  }

  base::Result<> table() {
    Shape want = shapeOf(node.op());
    if (auto ok = bodies(want.minBodies, want.maxBodies); !ok)
      return ok;
    std::uint32_t count = node.operands().count();
    want.fixed += node.op() == Op::get && (node.flags() & byKey);
    want.bodyFixed += node.op() == Op::once && (node.flags() & byKey);
    if (count < want.fixed || (!want.captures && count != want.fixed))
      return operands(want.fixed, fb::EnumNameOp(node.op()));
    std::uint32_t captures = count - want.fixed;
    for (std::uint32_t at = 0; at < node.body().count(); ++at) {
      // The second body of a loop (else) carries nothing; the second of a try (the handler) is given the error.
      std::uint32_t before = node.op() == Op::loop && at == 1   ? 0
                             : node.op() == Op::try_ && at == 1 ? 1
                                                                : want.bodyFixed;
      std::uint32_t results = node.op() == Op::loop && at == 1 ? 1 : want.bodyResults;
      if (auto ok = body(at, before + captures, results); !ok)
        return ok;
    }
    if (node.op() == Op::fail)
      return target(static_cast<std::size_t>(fb::FailKind::MAX) + 1, "kind of failure");
    return {};
  }

  const Plan &plan;
  std::string name;
  std::uint32_t registers;
  const Node &node;
};

} // namespace

std::uint32_t ownResults(const Plan &plan, const Node &node) {
  switch (node.op()) {
  case Op::eval:
  case Op::emit:
  case Op::fail:
    return 0;
  case Op::gang:
    return static_cast<std::uint32_t>(plan.gangs[node.target()].results.size());
  default:
    return 1;
  }
}

std::uint32_t fixedOperands(Op op) {
  bool byTarget = op == Op::call || op == Op::invoke || op == Op::gang || op == Op::system;
  return byTarget || !shapeOf(op).captures ? 0 : shapeOf(op).fixed;
}

base::Result<> checkOps(const Plan &plan, std::size_t block) {
  for (std::size_t position = 0; position < plan.blocks[block].nodes.count(); ++position)
    if (auto checked = NodeCheck(plan, block, position).run(); !checked)
      return checked;
  return {};
}

} // namespace weft::plan

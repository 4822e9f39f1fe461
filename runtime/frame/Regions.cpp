//===- Regions.cpp - The ops that run blocks, as they start ---------------===//
//
// How each starts its bodies; what follows when a body ends stands in
// RegionEnds.cpp, race and vote in Choices.cpp.
//
//===----------------------------------------------------------------------===//

#include "runtime/frame/Append.h"
#include "runtime/plan/NodeFlags.h"

#include <algorithm>

namespace weft::frame {
const plan::Policy *Core::policyOf(const Frame &frame, std::uint32_t node) const {
  std::int32_t policy = nodeOf(frame, node).policy();
  return policy < 0 ? nullptr : &planOf(frame).policies[policy];
}

void Core::startRegion(Frame &frame, std::uint32_t index) {
  RegionStep &step = *slab.make<RegionStep>(&frame, index);
  frame.steps.add(&step);
  const plan::Node &node = nodeOf(frame, index);
  std::span<const std::uint32_t> operands = planOf(frame).operandsOf(node);
  Value *registers = frame.registers();
  switch (node.op()) {
  case plan::Op::invoke:
  case plan::Op::scope:
    return startInvoke(step);
  case plan::Op::map:
    return startMap(step);
  case plan::Op::fold:
    step.input = registers[operands[0]];
    if (!step.input.is(value::Tag::list))
      return raise(frame, failedHere(frame, FailKind::failed, "reduce asks for a list"), step.node);
    step.total = static_cast<std::uint32_t>(step.input.items().size());
    return node.flags() & plan::foldsAsTree ? startTree(step, Value(registers[operands[1]]))
                                            : startFold(step, Value(registers[operands[1]]));
  case plan::Op::loop: {
    const Value &most = registers[operands[0]];
    if (!most.is(value::Tag::integer) || most.asInt() < 0 || most.asInt() > INT32_MAX)
      return raise(frame, failedHere(frame, FailKind::failed, "the bound of a loop is a number from 0 to 2147483647"),
                   step.node);
    step.total = static_cast<std::uint32_t>(most.asInt());
    return startRound(step, Value(registers[operands[1]]));
  }
  case plan::Op::branch:
    return startBranch(step);
  case plan::Op::race:
    return startRace(step);
  case plan::Op::vote:
    return startVote(step);
  case plan::Op::try_:
    return startTry(step);
  default:
    WEFT_UNREACHABLE(); // refused by `supports`, or no region
  }
}

Frame *Core::startBody(RegionStep &step, std::uint32_t body, std::uint32_t index, Role role, Scope *scope,
                       std::initializer_list<const Value *> leading, std::uint32_t skip) {
  Frame &frame = *step.frame;
  const plan::Plan &plan = planOf(frame);
  const plan::Node &node = nodeOf(frame, step.node);
  Frame *child =
      makeFrame(*frame.run, plan.bodiesOf(node)[body], &step, scope, pathOf(frame, node, index), index, role, &frame);
  if (!child)
    return nullptr;
  const std::uint32_t *param = plan.paramsOf(*child->block).data();
  for (const Value *value : leading)
    child->registers()[*param++] = *value;
  for (std::uint32_t operand : plan.operandsOf(node).subspan(skip))
    child->registers()[*param++] = frame.registers()[operand];
  launch(*child);
  return child;
}

const plan::Mock *Core::mockOf(const Run &run, std::uint32_t block) const {
  for (const plan::Mock &mock : run.entry->mocks)
    if (mock.block == block)
      return &mock;
  return nullptr;
}

/// The block is not run: the mock's member is called in its place, with its arguments and under its policy. In plans
/// that know of no such members the function answers here, and like all pure work is not recorded.
void Core::answerMocked(RegionStep &step, const plan::Mock &mock) {
  Frame &frame = *step.frame;
  std::uint32_t index = step.node;
  if (mock.member == plan::noIndex) {
    std::vector<Value> args;
    for (std::uint32_t operand : planOf(frame).operandsOf(nodeOf(frame, index)))
      args.push_back(frame.registers()[operand]);
    Value result;
    std::uint64_t fuel = frame.run->plan->fuel;
    if (auto failure = frame.run->plan->evaluator.call(mock.function, args, result, fuel))
      return raise(frame, {std::move(*failure), stepName(frame, index), {}}, index);
    return completeStep(step, std::move(result));
  }
  destroyRegion(step);
  startCall(frame, index);
}

void Core::tellEntered(const RegionStep &step, const plan::Mock &counted) {
  Frame &frame = *step.frame;
  const plan::Node &node = nodeOf(frame, step.node);
  Action &action = act(ActionKind::entered, *frame.run);
  action.key = keyOf(frame, node, pathOf(frame, node, step.next), 0);
  action.member = counted.member;
  std::span<const std::uint32_t> operands = planOf(frame).operandsOf(node);
  action.values = {static_cast<std::uint32_t>(out->values.size()), static_cast<std::uint32_t>(operands.size())};
  for (std::uint32_t operand : operands)
    out->values.push_back(frame.registers()[operand]);
}

void Core::startInvoke(RegionStep &step) {
  Frame &frame = *step.frame;
  const plan::Node &node = nodeOf(frame, step.node);
  std::uint32_t body = planOf(frame).bodiesOf(node)[0];
  if (const plan::Mock *mock = node.op() == plan::Op::invoke ? mockOf(*frame.run, body) : nullptr) {
    if (mock->function != plan::noIndex)
      return answerMocked(step, *mock);
    tellEntered(step, *mock);
  }
  const plan::Block &callee = planOf(frame).blocks[body];
  if (node.op() == plan::Op::invoke && callee.depth > 0) {
    std::uint32_t activations = 1;
    for (Frame *at = &frame; at; at = at->owner ? at->owner->frame : nullptr)
      activations += at->block == &callee;
    if (activations > callee.depth)
      return raise(frame,
                   failedHere(frame, FailKind::failed,
                              "'" + std::string(callee.name) + "' is called more than " +
                                  counted(callee.depth, "time") + " below itself, its depth"),
                   step.node);
  }
  const plan::Policy *policy = policyOf(frame, step.node);
  if (refusesBudget(frame, policy))
    return;
  if (hedges(policy))
    return startHedged(step);
  Scope *scope = frame.scope;
  if (givesEmitted(node)) {
    scope = openScope(*frame.run, frame.scope, &step, pathOf(frame, node, 0), 0, plan::noIndex, 0);
    scope->speculative = true; // what is emitted stays in it
    if (knownFailure(*scope))
      return;
  } else if (opensScope(policy)) {
    scope = openScope(*frame.run, frame.scope, &step, pathOf(frame, node, step.next), step.next, policy->budget,
                      policy->timeoutMs);
    if (knownFailure(*scope))
      return;
  }
  Frame *child = startBody(step, 0, step.next, Role::body, scope, {}, 0);
  if (child && scope != frame.scope)
    scope->frame = child;
}

void Core::startMap(RegionStep &step) {
  Frame &frame = *step.frame;
  const plan::Node &node = nodeOf(frame, step.node);
  const Value &list = frame.registers()[planOf(frame).operandsOf(node)[0]];
  if (!list.is(value::Tag::list))
    return raise(frame, failedHere(frame, FailKind::failed, "for asks for a list"), step.node);
  step.window = plan::defaultWindow;
  if (node.target() >= 0) {
    const Value &window = frame.registers()[node.target()];
    if (!window.is(value::Tag::integer) || window.asInt() < 1)
      return raise(frame, failedHere(frame, FailKind::failed, "parallel asks for a number of at least 1"), step.node);
    step.window = static_cast<std::uint32_t>(std::min<std::int64_t>(window.asInt(), INT32_MAX));
  }
  if (sabotage.ignoreWindow)
    step.window = INT32_MAX;
  step.input = list;
  step.total = static_cast<std::uint32_t>(list.items().size());
  step.results.emplace(step.total);
  for (std::uint32_t i = 0; i < step.total; ++i)
    step.results->add(Value());
  if (step.total == 0)
    return completeStep(step, std::move(*step.results).list());
  feedMap(step);
}

void Core::feedMap(RegionStep &step) {
  while (step.live < step.window && step.next < step.total) {
    const Value item = step.input.items()[step.next];
    if (!startBody(step, 0, step.next, Role::body, step.frame->scope, {&item}, 1))
      return;
    ++step.next;
    ++step.live;
  }
}

void Core::startFold(RegionStep &step, Value &&accumulator) {
  if (step.next == step.total)
    return completeStep(step, std::move(accumulator));
  const Value item = step.input.items()[step.next];
  startBody(step, 0, step.next, Role::body, step.frame->scope, {&accumulator, &item}, 2);
}

void Core::startRound(RegionStep &step, Value &&carried) {
  if (step.next < step.total) {
    startBody(step, 0, step.next, Role::body, step.frame->scope, {&carried}, 2);
    return;
  }
  const plan::Node &node = nodeOf(*step.frame, step.node);
  if (node.body().count() < 2)
    return raise(*step.frame,
                 failedHere(*step.frame, FailKind::failed, "the loop ran out after " + counted(step.total, "round")),
                 step.node);
  startBody(step, 1, 0, Role::otherwise, step.frame->scope, {}, 2);
}

void Core::startBranch(RegionStep &step) {
  Frame &frame = *step.frame;
  const plan::Node &node = nodeOf(frame, step.node);
  const Value &selector = frame.registers()[planOf(frame).operandsOf(node)[0]];
  if (!selector.is(value::Tag::integer) || selector.asInt() < 0 || selector.asInt() >= node.body().count())
    return raise(frame,
                 failedHere(frame, FailKind::failed,
                            "no alternative of " + std::to_string(node.body().count()) + " is selected"),
                 step.node);
  startBody(step, static_cast<std::uint32_t>(selector.asInt()), 0, Role::body, frame.scope, {}, 1);
}

void Core::startTry(RegionStep &step) {
  Frame &frame = *step.frame;
  Scope *scope =
      openScope(*frame.run, frame.scope, &step, pathOf(frame, nodeOf(frame, step.node), 0), 0, plan::noIndex, 0);
  if (knownFailure(*scope))
    return;
  scope->frame = startBody(step, 0, 0, Role::body, scope, {}, 0);
}

void Core::startHandler(RegionStep &step) {
  const Failed &failed = *step.last;
  Value error = Value::record({Value::variant(static_cast<std::uint32_t>(failed.failure.kind)),
                               Value::text(failed.failure.why), Value::text(failed.step)});
  startBody(step, 1, 0, Role::handler, step.frame->scope, {&error}, 0);
}

} // namespace weft::frame

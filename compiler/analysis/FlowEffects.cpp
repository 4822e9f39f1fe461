//===- FlowEffects.cpp - What a step touches, bodies and callees included -===//

#include "compiler/analysis/FlowEffects.h"

#include "dialects/expr/Expr.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace weft::analysis {
namespace {

using flow::Effect;

void touchBinding(Touch &touch, StringAttr binding, Effect effect) {
  touch.effect = flow::join(touch.effect, effect);
  if (effect < Effect::read)
    return;
  auto [entry, added] = touch.bindings.insert({binding, effect});
  if (!added)
    entry->second = flow::join(entry->second, effect);
}

} // namespace

void Touch::add(const Touch &other) {
  effect = flow::join(effect, other.effect);
  for (auto &[binding, done] : other.bindings)
    touchBinding(*this, binding, done);
  chance |= other.chance;
  emits |= other.emits;
  fails |= other.fails;
}

const Touch &FlowEffects::of(Operation *op) {
  auto found = known.find(op);
  if (found != known.end())
    return found->second;
  llvm::SmallPtrSet<Operation *, 8> open;
  Touch touch = compute(op, open);
  return known[op] = std::move(touch);
}

const Touch &FlowEffects::ofWorkflow(flow::WorkflowOp workflow) {
  auto found = known.find(workflow);
  if (found != known.end())
    return found->second;
  llvm::SmallPtrSet<Operation *, 8> open;
  open.insert(workflow);
  Touch touch = computeBody(workflow, open);
  return known[workflow] = std::move(touch);
}

Touch FlowEffects::computeBody(Operation *op, llvm::SmallPtrSetImpl<Operation *> &open) {
  Touch touch;
  for (Region &region : op->getRegions())
    for (Operation &inner : region.getOps())
      touch.add(compute(&inner, open));
  return touch;
}

/// `open` holds the workflows being looked into: a cycle adds nothing that its first round has not.
Touch FlowEffects::compute(Operation *op, llvm::SmallPtrSetImpl<Operation *> &open) {
  Touch touch = computeBody(op, open);
  llvm::TypeSwitch<Operation *>(op)
      .Case([&](flow::CallOp call) {
        touchBinding(touch, call.getCallee().getRootReference(), call.getEffect());
        touch.chance |= call.getChance();
      })
      .Case([&](flow::InvokeOp invoke) {
        touch.chance |= invoke.getChance();
        auto callee = symbols.lookup<flow::WorkflowOp>(invoke.getCallee());
        if (!callee || !open.insert(callee).second)
          return;
        touch.add(computeBody(callee, open));
        touch.fails = false; // A failure inside ends the callee; whether it ends the caller too is the step's outcome.
      })
      .Case([&](flow::GangOp) { touch.effect = flow::join(touch.effect, Effect::compute); })
      .Case([&](flow::SystemOp system) {
        touch.effect = flow::join(touch.effect, Effect::read);
        touch.chance |= system.getKind() != flow::SystemKind::env;
      })
      .Case([&](flow::EmitOp) { touch.emits = true; })
      .Case<flow::RaceOp, flow::VoteOp>([&](Operation *) { touch.chance = true; })
      .Case<flow::FailOp, expr::FailOp>([&](Operation *) { touch.fails = true; });
  return touch;
}

} // namespace weft::analysis

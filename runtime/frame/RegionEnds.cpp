//===- RegionEnds.cpp - When a body or a scope of a region ends -----------===//
//
// The next item, round or attempt, or the end of the step. A scope that failed
// comes here after its writes are in.
//
//===----------------------------------------------------------------------===//

#include "runtime/frame/Append.h"

namespace weft::frame {

void Core::bodyDone(RegionStep &step, Frame &child) {
  const plan::Plan &plan = planOf(child);
  std::span<const std::uint32_t> results = plan.resultOf(*child.block);
  Value value = results.empty() ? Value() : std::move(child.registers()[results[0]]);
  Scope *own = child.scope != step.frame->scope ? child.scope : nullptr;
  if (own && own->failing)
    return; // its end is queued
  switch (nodeOf(*step.frame, step.node).op()) {
  case plan::Op::map: {
    (*step.results)[child.index] = std::move(value);
    releaseFrame(child);
    --step.live;
    ++step.done;
    if (observe::Event *seen = note(*step.frame->run, observe::EventKind::mapProgress)) {
      const plan::Node &node = nodeOf(*step.frame, step.node);
      seen->a = step.done, seen->b = step.total;
      seen->path = pathOf(*step.frame, node, 0);
      seen->stableId = node.stable_id();
      seen->span = node.span();
    }
    if (step.done == step.total)
      return completeStep(step, std::move(*step.results).list());
    return feedMap(step);
  }
  case plan::Op::fold:
    if (step.tree)
      return combined(step, child, std::move(value));
    releaseFrame(child);
    ++step.next;
    snapshot(step, value);
    return startFold(step, std::move(value));
  case plan::Op::loop: {
    if (child.role == Role::otherwise) {
      releaseFrame(child);
      return completeStep(step, std::move(value));
    }
    bool stop = value.is(value::Tag::boolean) && value.asBool();
    Value carried = child.registers()[results[1]];
    releaseFrame(child);
    ++step.next;
    if (stop)
      return completeStep(step, std::move(carried));
    snapshot(step, carried);
    return startRound(step, std::move(carried));
  }
  case plan::Op::race:
    return raceDone(step, child, std::move(value));
  case plan::Op::vote:
    return voteDone(step, child, std::move(value));
  case plan::Op::once: {
    auto &cell = static_cast<OnceStep &>(step);
    releaseFrame(child);
    closeScope(*own, true);
    cell.won = std::move(value);
    return cellKnown(cell);
  }
  default: // invoke, scope, branch, try_
    if (own && hedges(policyOf(*step.frame, step.node)))
      return activationDone(step, child, std::move(value));
    releaseFrame(child);
    if (own && givesEmitted(nodeOf(*step.frame, step.node))) {
      value::ArrayBuilder emitted(own->held.size());
      for (HeldEmit &held : own->held)
        emitted.add(std::move(held.value));
      own->held.clear();
      value = std::move(emitted).list();
    }
    if (own)
      closeScope(*own, true);
    return completeStep(step, std::move(value));
  }
}

void Core::scopeEnded(Scope &scope) {
  --scope.queued;
  if (scope.dead) {
    if (scope.queued == 0)
      destroyScope(scope);
    return;
  }
  Run &run = *scope.run;
  if (!scope.owner) {
    if (scope.undoing)
      return undoFailed(scope);
    if (scope.drainTo) {
      Scope &drain = *scope.drainTo;
      destroyScope(scope);
      return writeAwaited(drain);
    }
    if (run.stopping && !scope.failing)
      return finishStop(run);
    Failed failed = std::move(*scope.failed); // the scope ends before its failure is told
    return runFailed(run, std::move(failed));
  }
  RegionStep &step = *scope.owner;
  if (scope.draining) {
    if (!isTriedAgain(nodeOf(*step.frame, step.node)))
      scope.written.clear(); // `undoing` has them
    closeScope(scope, false);
    if (--step.draining == 0)
      endChoice(step);
    return;
  }
  scope.failed->chain.assign(1, scope.path); // its decision has what failed inside
  switch (nodeOf(*step.frame, step.node).op()) {
  case plan::Op::try_:
    step.last = std::move(scope.failed);
    closeScope(scope, false);
    return startHandler(step);
  case plan::Op::once:
    step.last = std::move(scope.failed);
    closeScope(scope, false);
    return cellKnown(static_cast<OnceStep &>(step));
  case plan::Op::race:
  case plan::Op::vote:
    return sampleFailed(step, scope);
  default: {
    Failed failed = std::move(*scope.failed);
    std::uint64_t order = scope.order;
    closeScope(scope, false);
    if (hedges(policyOf(*step.frame, step.node)))
      return activationFailed(step, std::move(failed), order);
    return retryRegion(step, std::move(failed), order);
  }
  }
}

void Core::retryRegion(RegionStep &step, Failed &&failed, std::uint64_t order) {
  Frame &frame = *step.frame;
  const plan::Node &node = nodeOf(frame, step.node);
  const plan::Policy *policy = policyOf(frame, step.node);
  if (!policy)
    return raise(frame, std::move(failed));
  bool plainWrite = node.effect() >= plan::Effect::write_undo;
  std::uint32_t mask = policy->retryOnSet ? policy->retryOn
                       : plainWrite
                           ? 1u << static_cast<int>(FailKind::rateLimit)
                           : 1u << static_cast<int>(FailKind::transport) | 1u << static_cast<int>(FailKind::rateLimit);
  if (step.next >= policy->retry || !(mask >> static_cast<int>(failed.failure.kind) & 1))
    return raise(frame, std::move(failed));
  Hash128 path = pathOf(frame, node, activationOf(step));
  ++step.next;
  // What the journal holds behind the failure may be of this attempt: it was waited for then, and a question in it is
  // to be answered now.
  if (frame.run->replay && frame.run->replay->goesOnAfter(order))
    return startInvoke(step);
  std::int64_t delayNs = backoffNs(*frame.run, path, *policy, step.next);
  pend(*frame.run);
  step.timer = setTimer(TimerKind::region, &step, 0, delayNs);
}

void Core::completeStep(RegionStep &step, Value &&value) {
  Frame &frame = *step.frame;
  std::uint32_t index = step.node;
  // Maps and votes make lists of values that no words have seen.
  if (std::string why = value::beyondLimits(value); !why.empty())
    return raise(frame, failedHere(frame, FailKind::failed, std::move(why)), step.node);
  setResult(frame, nodeOf(frame, index), std::move(value));
  destroyRegion(step);
  completeNode(frame, index);
}

void Core::destroyRegion(RegionStep &step) {
  WEFT_ASSERT(!step.children.first && !step.scopes.first);
  step.frame->steps.remove(&step);
  if (nodeOf(*step.frame, step.node).op() != plan::Op::once)
    return slab.destroy(&step);
  auto &cell = static_cast<OnceStep &>(step);
  while (cell.firstAsker)
    leaveCell(*cell.firstAsker);
  Run &run = *cell.frame->run;
  if (!cell.table) {
    run.cells[cell.number] = nullptr;
    run.freeCells.push_back(cell.number);
  }
  slab.destroy(&cell);
}

} // namespace weft::frame

//===- Hedges.cpp - A second activation beside the first ------------------===//
//
// A workflow or a form under `hedge` that takes too long is begun once more.
// The first to end well gives the result, and the other is cancelled: its writes
// in flight are awaited, and none is taken back, for both make the same writes
// under the same keys. That a second one began is recorded, and which one won:
// a resumed run builds both, or the winner alone. What they emit is held back
// until one has won, as in a race.
//
//===----------------------------------------------------------------------===//

#include "runtime/frame/Append.h"

namespace weft::frame {

std::uint32_t Core::activationOf(const RegionStep &step) const {
  return hedges(policyOf(*step.frame, step.node)) ? 2 * step.next : step.next;
}

void Core::startHedged(RegionStep &step) {
  Frame &frame = *step.frame;
  Run &run = *frame.run;
  std::uint32_t first = activationOf(step);
  Hash128 path = pathOf(frame, nodeOf(frame, step.node), first);
  step.live = 1;
  step.hedged = step.decided = false;
  std::uint64_t order;
  if (run.replay)
    if (auto *won = run.replay->decision(path, DecisionBody::What::raceWon, order); won && won->chosen[0] < 2) {
      step.hedged = step.decided = true;
      startActivation(step, first + won->chosen[0]);
      return;
    }
  if (!startActivation(step, first))
    return;
  if (run.replay && run.replay->decision(path, DecisionBody::What::hedged, order)) {
    step.hedged = true;
    ++step.live;
    startActivation(step, first + 1);
    return;
  }
  pend(run);
  step.hedgeTimer = setTimer(TimerKind::regionHedge, &step, 0,
                             static_cast<std::int64_t>(policyOf(frame, step.node)->hedgeMs) * 1'000'000);
}

bool Core::startActivation(RegionStep &step, std::uint32_t index) {
  Frame &frame = *step.frame;
  const plan::Policy &policy = *policyOf(frame, step.node);
  Scope *scope = openScope(*frame.run, frame.scope, &step, pathOf(frame, nodeOf(frame, step.node), index), index,
                           policy.budget, policy.timeoutMs);
  scope->speculative = true;
  if (knownFailure(*scope))
    return true;
  scope->frame = startBody(step, 0, index, Role::body, scope, {}, 0);
  return scope->frame != nullptr;
}

void Core::startSecond(RegionStep &step) {
  for (const Scope *scope = step.scopes.first; scope; scope = scope->next)
    if (scope->failing)
      return; // it waits for its writes: the attempt is over
  Frame &frame = *step.frame;
  const plan::Node &node = nodeOf(frame, step.node);
  std::uint32_t first = activationOf(step);
  step.hedged = true;
  ++step.live;
  decision.what = DecisionBody::What::hedged;
  if (!sabotage.noDecisions)
    appendDecision(*frame.run, {pathOf(frame, node, first), node.stable_id(), first, 0}, decision);
  startActivation(step, first + 1);
}

void Core::dropHedge(RegionStep &step) {
  if (step.hedgeTimer == 0)
    return;
  clearTimer(step.hedgeTimer);
  unpend(*step.frame->run);
}

void Core::activationDone(RegionStep &step, Frame &child, Value &&value) {
  Frame &frame = *step.frame;
  Scope &scope = *child.scope;
  dropHedge(step);
  if (step.hedged && !step.decided && !sabotage.noDecisions) {
    const plan::Node &node = nodeOf(frame, step.node);
    std::uint32_t first = activationOf(step);
    decision.what = DecisionBody::What::raceWon;
    decision.chosen.assign(1, child.index - first);
    appendDecision(*frame.run, {pathOf(frame, node, first), node.stable_id(), first, 0}, decision);
  }
  step.decided = true;
  releaseFrame(child);
  closeScope(scope, true);
  step.won = std::move(value);
  // In an arm of a race: what was written has to be known should that lose.
  for (Scope *other = step.scopes.first; other; other = other->next)
    if (!other->failing && other->frame && frame.run->plan->undoes && isSpeculative(other->parent))
      collectWritten(*other);
  endLosers(step, true);
}

/// One of an attempt's activations has failed. With the last of them the attempt has.
void Core::activationFailed(RegionStep &step, Failed &&failed, std::uint64_t order) {
  addFailure(step, std::make_unique<Failed>(std::move(failed)), order);
  if (--step.live > 0)
    return;
  dropHedge(step);
  Failed last = std::move(*step.last);
  step.last.reset();
  retryRegion(step, std::move(last), step.lastOrder);
}

} // namespace weft::frame

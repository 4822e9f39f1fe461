//===- EqualCalls.cpp - One call for all that ask the same ----------------===//
//
// Under `cache: run` the first of equal reads is made and the others wait for
// its answer, which each records as its own: a resumed run may come to them in
// another order. An agent under it is asked once for equal arguments, because its
// model is: round by round, since one that repeats itself is to be asked again.
//
//===----------------------------------------------------------------------===//

#include "runtime/frame/Append.h"

namespace weft::frame {

bool Core::isCached(const plan::Policy *policy) { return policy && policy->cache == plan::fb::Cache::run; }

bool Core::isCached(const CallStep &step) const {
  return (step.frame->cached || isCached(policyOf(*step.frame, step.node))) && memberOf(step) && !isWrite(step);
}

/// Of a step that has joined: what is around it may be gone when it leaves.
base::Hash128 Core::equalKeyOf(const CallStep &step) const {
  base::Hash128 key = base::mix(step.args, memberOf(step)->stableId);
  return step.round > 0 ? base::mix(key, step.round) : key;
}

/// True when an equal call of this run has the answer, or will have it.
bool Core::joinEqual(CallStep &step) {
  if (!isCached(step))
    return false;
  const Step *owner = step.frame->owner;
  if (step.frame->cached && owner && nodeOf(*owner->frame, owner->node).op() == plan::Op::loop)
    step.round = step.frame->index;
  Run &run = *step.frame->run;
  EqualCalls &equal = run.equal[equalKeyOf(step)];
  if (equal.known) {
    Value answer = equal.answer;
    // Recorded as its own: a resumed run may come here first.
    appendOutcome(run, keyOf(*step.frame, nodeOf(*step.frame, step.node), step.path, 0), &answer, nullptr, {}, 0, 0,
                  nullptr);
    callSucceeded(step, std::move(answer));
    return true;
  }
  if (equal.leader) {
    step.waits = CallStep::Waits::equalCall;
    step.nextEqual = equal.waiting;
    equal.waiting = &step;
    pend(run);
    return true;
  }
  equal.leader = &step;
  step.leadsEqual = true;
  return false;
}

void Core::shareAnswer(CallStep &step, const Value &answer) {
  if (!isCached(step))
    return;
  Run &run = *step.frame->run;
  EqualCalls &equal = run.equal[equalKeyOf(step)];
  if (equal.known)
    return;
  equal.known = true;
  equal.answer = answer;
  equal.leader = nullptr;
  step.leadsEqual = false;
  CallStep *waiting = std::exchange(equal.waiting, nullptr);
  while (waiting) {
    CallStep &next = *waiting;
    waiting = next.nextEqual;
    next.nextEqual = nullptr;
    next.waits = CallStep::Waits::nothing;
    unpend(run);
    appendOutcome(run, keyOf(*next.frame, nodeOf(*next.frame, next.node), next.path, 0), &answer, nullptr, {}, 0, 0,
                  nullptr);
    callSucceeded(next, Value(answer));
  }
}

/// The call that others wait for gives no answer: the first that waits makes its own.
void Core::equalFailed(CallStep &step) {
  Run &run = *step.frame->run;
  step.leadsEqual = false;
  EqualCalls &equal = run.equal[equalKeyOf(step)];
  equal.leader = nullptr;
  if (!equal.waiting)
    return;
  CallStep **last = &equal.waiting;
  while ((*last)->nextEqual)
    last = &(*last)->nextEqual;
  CallStep &next = **last;
  *last = nullptr;
  next.waits = CallStep::Waits::nothing;
  next.leadsEqual = true;
  equal.leader = &next;
  unpend(run);
  retryLater(next, 0);
}

} // namespace weft::frame

//===- EqualCalls.cpp - One call for all that ask the same ----------------===//
//
// Under `cache: run` the first of equal reads is made and the others wait for
// its answer, which each records as its own: a resumed run may come to them in
// another order.
//
//===----------------------------------------------------------------------===//

#include "runtime/frame/Append.h"

namespace weft::frame {

/// True when an equal call of this run has the answer, or will have it.
bool Core::joinEqual(CallStep &step) {
  const plan::Policy *policy = policyOf(*step.frame, step.node);
  const plan::Member *member = memberOf(step);
  if (!policy || policy->cache != plan::fb::Cache::run || !member || isWrite(step))
    return false;
  Run &run = *step.frame->run;
  EqualCalls &equal = run.equal[base::mix(step.args, member->stableId)];
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
  const plan::Policy *policy = policyOf(*step.frame, step.node);
  const plan::Member *member = memberOf(step);
  if (!policy || policy->cache != plan::fb::Cache::run || !member || isWrite(step))
    return;
  Run &run = *step.frame->run;
  EqualCalls &equal = run.equal[base::mix(step.args, member->stableId)];
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
  const plan::Member *member = memberOf(step);
  step.leadsEqual = false;
  EqualCalls &equal = run.equal[base::mix(step.args, member->stableId)];
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

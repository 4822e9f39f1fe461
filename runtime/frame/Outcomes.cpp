//===- Outcomes.cpp - What becomes of an attempt that left ----------------===//
//
// An outcome, a timeout, or nobody wants it any more. Such an attempt stays in
// the table until its outcome is in, because what it cost is charged all the
// same; a write in flight keeps the failing scope open until then.
//
//===----------------------------------------------------------------------===//

#include "runtime/frame/Append.h"

#include "runtime/value/Encoding.h"

namespace weft::frame {
namespace {

/// A scope that fails waits this long for a write without a timeout of its own.
constexpr std::int64_t writeWaitNs = 60'000'000'000;

} // namespace

void Core::orphan(AttemptId id, Scope *drain) {
  Attempt &attempt = *find(id);
  Run &run = *attempt.run;
  attempt.step = nullptr;
  if (!attempt.sent) {
    // It never left: whoever reads the journal must not take it for one in flight.
    if (attempt.intent)
      appendOutcome(run, attempt.key, nullptr, nullptr, {}, 0, 0, nullptr);
    busyEnd(attempt.account);
    unpend(run);
    returnPermit(attempt);
    unreserve(attempt, {});
    return freeAttempt(id);
  }
  if (attempt.write && drain && !sabotage.forgetWritesInFlight) {
    attempt.drain = drain;
    ++drain->awaiting;
    if (attempt.timer == 0)
      attempt.timer = setTimer(TimerKind::attempt, nullptr, id, writeWaitNs);
    return;
  }
  letGo(id);
}

/// Nobody waits any more; its cost is still to come.
void Core::letGo(AttemptId id) {
  Attempt &attempt = *find(id);
  attempt.step = nullptr;
  attempt.drain = nullptr;
  clearTimer(attempt.timer);
  gate({0, attempt.gang ? ActionKind::cancelGang : ActionKind::cancelCall, attempt.run, id, 0, {}, {}});
  busyEnd(attempt.account);
  unpend(*attempt.run);
}

void Core::handle(CallOutcome &&event) {
  Attempt *attempt = find(event.id);
  if (!attempt || !attempt->sent)
    return;
  Amounts used{event.costNano, event.tokensIn + event.tokensOut, attempt->model ? 1 : 0};
  attemptEnded(event.id, std::move(event.value), std::move(event.failure), used, event.tokensIn, event.tokensOut);
}

void Core::handle(CallOutcomes &&event) {
  for (CallOutcome &one : event.all)
    handle(std::move(one));
}

void Core::handle(GangOutcome &&event) {
  Attempt *attempt = find(event.id);
  if (!attempt || !attempt->sent)
    return;
  std::optional<Value> value;
  if (event.results)
    value = Value::list(*event.results);
  attemptEnded(event.id, std::move(value), std::move(event.failure), {}, 0, 0);
}

void Core::handle(GangReport &&event) {
  Attempt *attempt = find(event.id);
  if (!attempt || !attempt->step)
    return;
  append(*attempt->run, event.kind, attempt->key, [&](BodyWriter &writer) { writer.raw(event.body); });
  GangReports &reports = attempt->run->gangs[attempt->key.path];
  (event.kind == journal::RecordKind::checkpoint ? reports.checkpoint : reports.view) = std::move(event.body);
  gate({0, ActionKind::gangDurable, attempt->run, event.id, 0, {}, {}});
}

void Core::attemptEnded(AttemptId id, std::optional<Value> &&value, base::Failure &&failure, const Amounts &used,
                        std::int64_t tokensIn, std::int64_t tokensOut) {
  Attempt &attempt = *find(id);
  Run &run = *attempt.run;
  touch(run);
  clearTimer(attempt.timer);
  returnPermit(attempt);
  unreserve(attempt, used);
  if (value && value::encodedBytes(*value) > run.plan->maxValueBytes) {
    value.reset();
    failure = {FailKind::failed, "limit value_bytes of " + std::to_string(run.plan->maxValueBytes) + " reached"};
  }
  if (!value)
    shorten(failure.why);
  if (observe::Event *seen = note(run, attempt.gang ? observe::EventKind::gangEnded : observe::EventKind::stepEnded)) {
    seen->path = attempt.key.path, seen->stableId = attempt.key.stableId, seen->span = attempt.span;
    seen->index = attempt.member, seen->iteration = attempt.key.iteration;
    seen->attempt = static_cast<std::uint16_t>(attempt.key.attempt);
    seen->status = value ? 0 : static_cast<std::uint8_t>(1 + static_cast<int>(failure.kind));
    seen->a = tokensIn, seen->b = tokensOut, seen->c = used.costNano;
    seen->durationNs = now.steadyNs - attempt.sentAtNs;
  }
  if (!attempt.step) {
    Scope *drain = attempt.drain;
    if (drain) {
      writtenEnded(attempt, value ? &*value : nullptr, failure.kind);
      appendOutcome(run, attempt.key, value ? &*value : nullptr, &failure, used, tokensIn, tokensOut, attempt.account);
      busyEnd(attempt.account);
      unpend(run);
    } else if (!used.zero()) {
      appendOutcome(run, attempt.key, nullptr, nullptr, used, tokensIn, tokensOut, attempt.account);
    }
    freeAttempt(id);
    if (drain)
      writeAwaited(*drain);
    return;
  }
  CallStep &step = *attempt.step;
  if (value || !sabotage.attemptsForgotten)
    appendOutcome(run, attempt.key, value ? &*value : nullptr, &failure, used, tokensIn, tokensOut, attempt.account);
  if (value && attempt.gang) {
    run.gangs.erase(attempt.key.path);
    if (run.plan->plan->gangs[attempt.member].checkpointEvery > 0)
      gate({0, ActionKind::gangDurable, &run, id, 0, {}, {}}); // its checkpoints are needed no longer
  }
  busyEnd(attempt.account);
  unpend(run);
  freeAttempt(id);
  clearTimer(step.hedgeTimer);
  AttemptId other = step.flights[0] == id ? step.flights[1] : step.flights[0];
  step.flights[0] = other;
  step.flights[1] = 0;
  if (value) {
    if (other != 0)
      orphan(other, nullptr);
    step.flights[0] = 0;
    noteWritten(step, *value, 0);
    return callSucceeded(step, std::move(*value));
  }
  if (other != 0) {
    ++step.failures;
    step.unsure |= mayHaveWritten(failure.kind);
    return; // the other one may still succeed
  }
  callFailed(step, std::move(failure), true);
}

void Core::attemptTimedOut(AttemptId id) {
  Attempt *found = find(id);
  if (!found)
    return;
  Attempt &attempt = *found;
  attempt.timer = 0;
  touch(*attempt.run);
  DecisionBody timedOut;
  timedOut.what = DecisionBody::What::timedOut;
  appendDecision(*attempt.run, attempt.key, timedOut);
  CallStep *step = attempt.step;
  Scope *drain = attempt.drain;
  if (drain)
    writtenEnded(attempt, nullptr, FailKind::timeout);
  letGo(id);
  if (drain)
    return writeAwaited(*drain);
  if (!step)
    return;
  AttemptId other = step->flights[0] == id ? step->flights[1] : step->flights[0];
  step->flights[0] = other;
  step->flights[1] = 0;
  clearTimer(step->hedgeTimer);
  if (other != 0) {
    ++step->failures;
    step->unsure = true;
    return;
  }
  const plan::Policy *policy = policyOf(*step->frame, step->node);
  callFailed(*step, {FailKind::timeout, "no answer within " + std::to_string(policy->timeoutMs) + " ms"}, true);
}

void Core::startHedge(CallStep &step) {
  if (step.hedged || step.flights[0] == 0 || step.flights[1] != 0)
    return;
  step.hedged = true;
  ++step.attempt;
  tryCall(step, true);
}

void Core::timeSpent(CallStep &step, base::Failure &&failure) {
  bool asking = step.waits == CallStep::Waits::person || step.waits == CallStep::Waits::raise;
  if (asking)
    return;
  dropWaits(step);
  for (AttemptId &id : step.flights)
    if (id != 0) {
      step.unsure |= find(id)->sent;
      orphan(id, nullptr), id = 0;
    }
  ++step.attempt;
  Frame &frame = *step.frame;
  appendOutcome(*frame.run, keyOf(frame, nodeOf(frame, step.node), step.path, step.attempt), nullptr, &failure, {}, 0,
                0, nullptr);
  callFailed(step, std::move(failure), false);
}

} // namespace weft::frame

//===- Attempts.cpp - One attempt, from reservation to outcome ------------===//
//
// In order: reserve the worst case, take a permit, append the intent, wait in
// the gate, leave. An attempt that nobody wants any more stays in the table
// until its outcome is in, because what it cost is charged all the same.
//
//===----------------------------------------------------------------------===//

#include "runtime/frame/Append.h"

#include "runtime/value/Encoding.h"

namespace weft::frame {
namespace {

/// A scope that fails waits this long for a write without a timeout of its own.
constexpr std::int64_t writeWaitNs = 60'000'000'000;

} // namespace

Attempt &Core::newAttempt(CallStep &step, AttemptId &id) {
  std::uint32_t place;
  if (freeAttempts.empty()) {
    place = static_cast<std::uint32_t>(attempts.size());
    attempts.emplace_back();
  } else {
    place = freeAttempts.back();
    freeAttempts.pop_back();
  }
  Attempt &attempt = attempts[place];
  std::uint32_t generation = attempt.generation + 1;
  attempt = {};
  attempt.generation = generation;
  attempt.live = true;
  id = static_cast<AttemptId>(generation) << 32 | place;

  Frame &frame = *step.frame;
  const plan::Node &node = nodeOf(frame, step.node);
  attempt.step = &step;
  attempt.run = frame.run;
  attempt.key = keyOf(frame, node, step.path, step.attempt);
  attempt.member = static_cast<std::uint32_t>(node.target());
  attempt.span = node.span();
  attempt.gang = node.op() == plan::Op::gang;
  attempt.write = isWrite(step);
  if (const plan::Member *member = memberOf(step))
    attempt.model = planOf(frame).bindings[member->binding].kind == plan::fb::BindingKind::model;
  ++frame.run->attempts;
  return attempt;
}

Attempt *Core::find(AttemptId id) {
  auto place = static_cast<std::uint32_t>(id);
  if (place >= attempts.size() || !attempts[place].live || attempts[place].generation != id >> 32)
    return nullptr;
  return &attempts[place];
}

void Core::freeAttempt(AttemptId id) {
  Attempt &attempt = *find(id);
  attempt.live = false;
  if (attempt.account)
    releaseAccount(attempt.account);
  attempt.account = nullptr;
  --attempt.run->attempts;
  touch(*attempt.run);
  freeAttempts.push_back(static_cast<std::uint32_t>(id));
}

void Core::tryCall(CallStep &step, bool hedge) {
  Frame &frame = *step.frame;
  Run &run = *frame.run;
  const plan::Member *member = memberOf(step);
  if (member && planOf(frame).bindings[member->binding].kind == plan::fb::BindingKind::human)
    return ask(step, now.wallNs, false);
  const char *limit = nullptr;
  std::uint64_t most = 0;
  if (++run.steps > run.plan->maxSteps)
    limit = "steps", most = run.plan->maxSteps;
  else if (run.journalBytes > run.plan->maxJournalBytes)
    limit = "journal_bytes", most = run.plan->maxJournalBytes;
  if (limit)
    return callFailed(
        step, {FailKind::failed, "limit " + std::string(limit) + " of " + std::to_string(most) + " reached"}, false);
  AttemptId id;
  Attempt &attempt = newAttempt(step, id);
  base::Failure failure;
  switch (reserve(step, attempt, failure)) {
  case Reserved::yes:
    break;
  case Reserved::later:
    freeAttempt(id);
    if (hedge) {
      for (Account *account = accountOf(step); account; account = account->parent)
        std::erase(account->waiting, &step);
      return;
    }
    step.waits = CallStep::Waits::budget;
    pend(run);
    if (observe::Event *seen = note(run, observe::EventKind::budgetWait))
      seen->path = step.path, seen->index = static_cast<std::uint32_t>(nodeOf(frame, step.node).target());
    return;
  case Reserved::never: {
    journal::StepKey key = attempt.key;
    freeAttempt(id);
    if (hedge)
      return;
    appendOutcome(run, key, nullptr, &failure, {}, 0, 0, nullptr);
    return callFailed(step, std::move(failure), false);
  }
  }
  step.flights[hedge] = id;
  if (!member) {
    sendAttempt(step, id);
    return;
  }
  Permit &permit = run.plan->permits[member->binding];
  std::int64_t nextAtNs = 0;
  if ((!permit.hasWaiting() || permit.unbounded) && permit.take(now.steadyNs, nextAtNs, attempt.ratePlace)) {
    attempt.hasPermit = true;
    return sendAttempt(step, id);
  }
  if (hedge) {
    unreserve(attempt, {});
    step.flights[1] = 0;
    return freeAttempt(id);
  }
  step.waits = CallStep::Waits::permit;
  pend(run);
  permit.wait(&run, &step);
  if (nextAtNs > 0 && permit.timer == 0)
    permit.timer = setTimer(TimerKind::permit, run.plan, member->binding, nextAtNs - now.steadyNs);
}

void Core::appendIntent(CallStep &step, Attempt &attempt, std::string_view question) {
  append(*attempt.run, journal::RecordKind::intent, attempt.key, [&](BodyWriter &writer) {
    writer.number(attempt.member);
    writer.hash(step.args);
    writer.signedNumber(now.wallNs);
    writer.text(question);
  });
  attempt.intent = true;
}

void Core::sendAttempt(CallStep &step, AttemptId id) {
  Attempt &attempt = *find(id);
  pend(*attempt.run);
  busyBegin(attempt.account);
  const plan::Member *member = memberOf(step);
  bool wanted = member && (attempt.write || member->paid) && !sabotage.noIntents;
  if (wanted && step.intentKept && attempt.key.attempt == step.attempt)
    attempt.intent = true; // stands in the journal from before
  else if (wanted && !sabotage.intentAlone)
    appendIntent(step, attempt, {});
  gate({0, ActionKind::call, attempt.run, id, 0, {}, {}});
}

void Core::leaveGate(AttemptId id, std::uint64_t behind) {
  Attempt *found = find(id);
  if (!found || !found->step)
    return; // cancelled while it waited
  Attempt &attempt = *found;
  CallStep &step = *attempt.step;
  Frame &frame = *step.frame;
  Run &run = *attempt.run;
  const plan::Member *member = memberOf(step);
  if (sabotage.intentAlone && member && (attempt.write || member->paid) && !attempt.intent) {
    appendIntent(step, attempt, {});
    return gate({0, ActionKind::call, &run, id, 0, {}, {}});
  }
  attempt.sent = true;
  attempt.sentAtNs = now.steadyNs;
  if (attempt.hasPermit)
    departed(attempt);
  const plan::Policy *policy = policyOf(frame, step.node);
  if (policy && policy->timeoutMs > 0)
    attempt.timer = setTimer(TimerKind::attempt, nullptr, id, static_cast<std::int64_t>(policy->timeoutMs) * 1'000'000);
  if (policy && policy->hedgeMs > 0 && !step.hedged && !attempt.gang)
    step.hedgeTimer = setTimer(TimerKind::hedge, &step, 0, static_cast<std::int64_t>(policy->hedgeMs) * 1'000'000);
  ++counters.calls;

  Action &action = act(attempt.gang ? ActionKind::startGang : ActionKind::call, run);
  action.id = id;
  action.sequence = behind;
  action.key = attempt.key;
  action.onceKey =
      sabotage.attemptInIdempotencyKey ? base::mix(attempt.key.path, attempt.key.attempt) : attempt.key.path;
  action.member = attempt.member;
  action.attempt = attempt.key.attempt;
  action.maxTokensOut = attempt.maxTokensOut;
  if (member)
    action.resultType = member->result;
  if (policy && policy->timeoutMs > 0)
    action.atNs = now.steadyNs + static_cast<std::int64_t>(policy->timeoutMs) * 1'000'000;
  action.values.first = static_cast<std::uint32_t>(out->values.size());
  for (std::uint32_t operand : argumentsOf(step))
    out->values.push_back(frame.registers()[operand]);
  action.values.count = static_cast<std::uint32_t>(out->values.size()) - action.values.first;
  if (attempt.gang && run.replay)
    action.bytes = pool(base::textOf(run.replay->gangReport(step.path)));
  if (observe::Event *seen = note(run, attempt.gang ? observe::EventKind::gangStarted : observe::EventKind::stepSent)) {
    seen->path = step.path, seen->stableId = attempt.key.stableId, seen->span = attempt.span;
    seen->index = attempt.member, seen->iteration = attempt.key.iteration;
    seen->attempt = static_cast<std::uint16_t>(attempt.key.attempt);
  }
}

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
    return callSucceeded(step, std::move(*value));
  }
  if (other != 0) {
    ++step.failures;
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
  bool asking = step.waits == CallStep::Waits::person;
  if (asking)
    return;
  dropWaits(step);
  for (AttemptId &id : step.flights)
    if (id != 0)
      orphan(id, nullptr), id = 0;
  ++step.attempt;
  Frame &frame = *step.frame;
  appendOutcome(*frame.run, keyOf(frame, nodeOf(frame, step.node), step.path, step.attempt), nullptr, &failure, {}, 0,
                0, nullptr);
  callFailed(step, std::move(failure), false);
}

} // namespace weft::frame

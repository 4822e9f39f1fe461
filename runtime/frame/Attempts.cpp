//===- Attempts.cpp - One attempt, until it leaves ------------------------===//
//
// In order: reserve the worst case, take a permit, append the intent, wait in
// the gate, leave. What becomes of it stands in Outcomes.cpp.
//
//===----------------------------------------------------------------------===//

#include "runtime/frame/Append.h"

#include <algorithm>

namespace weft::frame {

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
  attempt.member = askedBy(step);
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
  const plan::Member *member = memberOf(step);
  if (member && planOf(*step.frame).bindings[member->binding].kind == plan::fb::BindingKind::human)
    return ask(step, now.wallNs, false);
  while (tryOnce(step, hedge)) {
  }
}

bool Core::tryOnce(CallStep &step, bool hedge) {
  Frame &frame = *step.frame;
  Run &run = *frame.run;
  const char *limit = nullptr;
  std::uint64_t most = 0;
  if (++run.steps > run.plan->maxSteps)
    limit = "steps", most = run.plan->maxSteps;
  else if (run.journalBytes > run.plan->maxJournalBytes)
    limit = "journal_bytes", most = run.plan->maxJournalBytes;
  if (limit) {
    callFailed(step, {FailKind::failed, "limit " + std::string(limit) + " of " + std::to_string(most) + " reached"},
               false);
    return false;
  }
  AttemptId id;
  Attempt &attempt = newAttempt(step, id);
  base::Failure failure;
  Account *tight = nullptr;
  switch (reserve(step, attempt, failure, tight)) {
  case Reserved::yes:
    break;
  case Reserved::later:
    freeAttempt(id);
    if (hedge) {
      for (Account *account = accountOf(step); account; account = account->parent)
        std::erase(account->waiting, &step);
      return false;
    }
    step.waits = CallStep::Waits::budget;
    pend(run);
    if (observe::Event *seen = note(run, observe::EventKind::budgetWait))
      seen->path = step.path, seen->index = targetOf(frame, step.node);
    return false;
  case Reserved::never: {
    journal::StepKey key = attempt.key;
    freeAttempt(id);
    if (hedge)
      return false;
    Exceeded then = exceed(step, *tight, failure);
    if (then == Exceeded::stop) {
      appendOutcome(run, key, nullptr, &failure, {}, 0, 0, nullptr);
      callFailed(step, std::move(failure), false);
    }
    return then == Exceeded::again;
  }
  }
  step.flights[hedge] = id;
  if (attempt.gang) {
    sendAttempt(step, id);
    return false;
  }
  std::uint32_t binding = run.plan->plan->members[attempt.member].binding;
  if (!hedge && goesWithOthers(step)) {
    // What becomes ready with it may go with it: it leaves when nothing more does.
    waitForPermit(step);
    std::pair place(run.plan, binding);
    if (std::find(gathering.begin(), gathering.end(), place) == gathering.end())
      gathering.push_back(place);
    return false;
  }
  Permit &permit = run.plan->permits[binding];
  std::int64_t nextAtNs = 0;
  if ((!permit.hasWaiting() || permit.unbounded) && permit.take(now.steadyNs, nextAtNs, attempt.ratePlace)) {
    attempt.hasPermit = true;
    permit.went(nodeOf(frame, step.node).group());
    sendAttempt(step, id);
    return false;
  }
  if (hedge) {
    unreserve(attempt, {});
    step.flights[1] = 0;
    freeAttempt(id);
    return false;
  }
  waitForPermit(step);
  if (nextAtNs > 0 && permit.timer == 0)
    permit.timer = setTimer(TimerKind::permit, run.plan, binding, nextAtNs - now.steadyNs);
  return false;
}

/// Before a write or a paid call leaves, and where it may matter later who was asked.
bool Core::needsIntent(const Attempt &attempt) const {
  return !attempt.gang && (attempt.write || attempt.choice || attempt.run->plan->plan->members[attempt.member].paid);
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
  prepareAttempt(step, id);
  gate({0, ActionKind::call, find(id)->run, id, 0, {}, {}});
}

void Core::prepareAttempt(CallStep &step, AttemptId id) {
  Attempt &attempt = *find(id);
  pend(*attempt.run);
  busyBegin(attempt.account);
  bool wanted = needsIntent(attempt) && !sabotage.noIntents;
  if (wanted && step.intentKept && attempt.key.attempt == step.attempt)
    attempt.intent = true; // stands in the journal from before
  else if (wanted && !sabotage.intentAlone)
    appendIntent(step, attempt, {});
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
  if (sabotage.intentAlone && needsIntent(attempt) && !attempt.intent) {
    appendIntent(step, attempt, {});
    return gate({0, ActionKind::call, &run, id, 0, {}, {}});
  }
  attempt.sent = true;
  run.fresh = true;
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
  action.onceKey = onceKeyOf(step);
  if (sabotage.activationInIdempotencyKey)
    action.onceKey = attempt.key.path;
  if (sabotage.attemptInIdempotencyKey)
    action.onceKey = base::mix(action.onceKey, attempt.key.attempt);
  action.member = attempt.member;
  action.attempt = attempt.key.attempt;
  action.maxTokensOut = attempt.maxTokensOut;
  action.batch = attempt.batch == 0 ? 0 : batches[attempt.batch - 1].number;
  action.group = nodeOf(frame, step.node).group();
  if (member)
    action.resultType = member->result;
  if (policy && policy->timeoutMs > 0)
    action.atNs = now.steadyNs + static_cast<std::int64_t>(policy->timeoutMs) * 1'000'000;
  action.values.first = static_cast<std::uint32_t>(out->values.size());
  for (std::uint32_t operand : argumentsOf(step))
    out->values.push_back(frame.registers()[operand]);
  action.values.count = static_cast<std::uint32_t>(out->values.size()) - action.values.first;
  if (attempt.gang) {
    auto live = run.gangs.find(step.path);
    static const GangReports none;
    const GangReports &now = live == run.gangs.end() ? none : live->second;
    const GangReports &before = run.replay ? run.replay->gangReports(step.path) : none;
    action.bytes = pool(base::textOf(now.view.empty() ? before.view : now.view));
    action.checkpoint = pool(base::textOf(now.checkpoint.empty() ? before.checkpoint : now.checkpoint));
  }
  if (observe::Event *seen = note(run, attempt.gang ? observe::EventKind::gangStarted : observe::EventKind::stepSent)) {
    seen->path = step.path, seen->stableId = attempt.key.stableId, seen->span = attempt.span;
    seen->index = attempt.member, seen->iteration = attempt.key.iteration;
    seen->attempt = static_cast<std::uint16_t>(attempt.key.attempt);
  }
}

} // namespace weft::frame

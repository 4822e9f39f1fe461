//===- Calls.cpp - One call, over all its attempts ------------------------===//
//
// A call that the journal knows completes from it. Otherwise attempts follow
// each other as its policy says, and the call ends with the first success or
// with the failure that may not be tried again. What is in flight at a crash
// is sent once more when that does no harm; a plain write is not, and ends as
// `unknown_outcome`.
//
//===----------------------------------------------------------------------===//

#include "runtime/frame/Append.h"

#include "runtime/base/Random.h"
#include "runtime/value/Encoding.h"

#include <algorithm>

namespace weft::frame {
namespace {

/// Doubling stops here; nobody waits longer for one attempt.
constexpr std::uint64_t maxBackoffMs = 10 * 60 * 1000;
constexpr double jitterPart = 0.2;

} // namespace

std::uint32_t Core::targetOf(const Frame &frame, std::uint32_t index) const {
  const plan::Node &node = nodeOf(frame, index);
  if (node.op() == plan::Op::invoke) // of a test that mocks the block
    return mockOf(*frame.run, planOf(frame).bodiesOf(node)[0])->member;
  return static_cast<std::uint32_t>(node.target());
}

const plan::Member *Core::memberOf(const CallStep &step) const {
  const plan::Node &node = nodeOf(*step.frame, step.node);
  return node.op() == plan::Op::gang ? nullptr : &planOf(*step.frame).members[targetOf(*step.frame, step.node)];
}

bool Core::isWrite(const CallStep &step) const {
  const plan::Member *member = memberOf(step);
  return member && member->effect >= plan::Effect::write_idempotent;
}

std::span<const std::uint32_t> Core::argumentsOf(const CallStep &step) const {
  return planOf(*step.frame).operandsOf(nodeOf(*step.frame, step.node));
}

void Core::startCall(Frame &frame, std::uint32_t index) {
  const plan::Policy *policy = policyOf(frame, index);
  if (refusesBudget(frame, policy))
    return;
  CallStep &step = *slab.make<CallStep>(&frame, index);
  frame.steps.add(&step);
  const plan::Node &node = nodeOf(frame, index);
  step.path = stepPath(frame, node);
  scratch.clear();
  for (std::uint32_t operand : planOf(frame).operandsOf(node))
    value::encode(frame.registers()[operand], scratch);
  step.args = base::hashOf(scratch);
  if (policy && policy->budget != plan::noIndex) {
    step.own = openAccount(*frame.run, accountOf(frame.scope), policy->budget, step.path);
    step.own->call = &step;
  }
  const plan::Member *member = memberOf(step);
  if (observe::Event *seen = note(*frame.run, observe::EventKind::stepReady)) {
    seen->path = step.path, seen->stableId = node.stable_id(), seen->span = node.span();
    seen->index = targetOf(frame, index), seen->iteration = frame.index;
  }
  if (member && planOf(frame).bindings[member->binding].kind == plan::fb::BindingKind::human)
    return startAsk(step);
  if (frame.run->replay && replayCall(step))
    return;
  if (joinEqual(step))
    return;
  tryCall(step, false);
}

/// True when the journal says all that there is to say.
bool Core::replayCall(CallStep &step) {
  Run &run = *step.frame->run;
  std::span<const PastAttempt> past = run.replay->attempts(step.path);
  if (past.empty())
    return false;
  auto noted = [&] {
    ++counters.replayed;
    if (observe::Event *seen = note(run, observe::EventKind::stepReplayed)) {
      const plan::Node &node = nodeOf(*step.frame, step.node);
      seen->path = step.path, seen->index = targetOf(*step.frame, step.node), seen->span = node.span();
    }
  };
  for (const PastAttempt &one : past) {
    if (one.intent && one.intent->args != step.args) {
      callFailed(step, {FailKind::failed, "the journal holds this step with other arguments: the run does not repeat"},
                 false);
      return true;
    }
    if (!one.outcome || one.outcome->status != OutcomeBody::Status::ok)
      continue;
    auto value = load(one.outcome->value, one.blob);
    noted();
    if (value) {
      noteWritten(step, *value, one.order);
      callSucceeded(step, std::move(*value));
    } else
      callFailed(step, {FailKind::failed, value.error().message}, false);
    return true;
  }
  const PastAttempt *failed = nullptr, *inFlight = nullptr;
  for (const PastAttempt &one : past) {
    step.attempt = one.attempt;
    if (one.outcome || one.timedOut) {
      failed = &one;
      ++step.failures;
      step.unsure |= one.timedOut || mayHaveWritten(one.outcome->failure.kind);
    } else if (one.late) {
      ++step.attempt; // given up before it counted
    } else {
      inFlight = &one;
    }
  }
  if (inFlight && (!failed || inFlight->attempt > failed->attempt)) {
    const plan::Member *member = memberOf(step);
    bool plainWrite = member && member->effect >= plan::Effect::write_undo;
    if (plainWrite && !sabotage.repeatWrites && undoBeforeRepeating(step, inFlight->attempt))
      return true;
    if (plainWrite && !sabotage.repeatWrites) {
      base::Failure failure{FailKind::unknownOutcome,
                            "the run was killed while this write was in flight; whether it took effect is not known"};
      appendOutcome(run, keyOf(*step.frame, nodeOf(*step.frame, step.node), step.path, inFlight->attempt), nullptr,
                    &failure, {}, 0, 0, accountOf(step));
      callFailed(step, std::move(failure), false);
      return true;
    }
    // Once more, under the same key; its intent stands in the journal already.
    step.attempt = inFlight->attempt;
    step.intentKept = true;
    step.keptMember = inFlight->intent ? inFlight->intent->member : plan::noIndex;
    return false;
  }
  if (!failed)
    return false;
  noted();
  base::Failure failure = failed->timedOut && !failed->outcome
                              ? base::Failure{FailKind::timeout, "no answer within its timeout"}
                              : failed->outcome->failure;
  --step.failures; // counted again below
  callFailed(step, std::move(failure), true);
  return true;
}

void Core::retryLater(CallStep &step, std::int64_t delayNs) {
  step.waits = CallStep::Waits::backoff;
  pend(*step.frame->run);
  busyBegin(accountOf(step));
  step.timer = setTimer(TimerKind::backoff, &step, 0, delayNs);
}

void Core::callSucceeded(CallStep &step, Value &&answer) {
  shareAnswer(step, answer);
  Frame &frame = *step.frame;
  std::uint32_t index = step.node;
  const plan::Node &node = nodeOf(frame, index);
  std::span<const std::uint32_t> results = planOf(frame).resultsOf(node);
  if (node.op() == plan::Op::gang) {
    std::span<const Value> values = answer.is(value::Tag::list) ? answer.items() : std::span<const Value>();
    std::size_t count = planOf(frame).gangs[node.target()].results.size();
    if (values.size() != count) {
      callFailed(step,
                 {FailKind::failed,
                  "the gang gave " + std::to_string(values.size()) + " results, wanted " + std::to_string(count)},
                 false);
      return;
    }
    for (std::size_t i = 0; i < count; ++i)
      frame.registers()[results[i]] = values[i];
  } else if (!results.empty()) {
    frame.registers()[results[0]] = std::move(answer);
  }
  dropWaits(step);
  destroyCall(step);
  completeNode(frame, index);
}

bool Core::retries(const CallStep &step, FailKind kind) const {
  const plan::Policy *policy = policyOf(*step.frame, step.node);
  if (!policy || step.failures > policy->retry)
    return false;
  const plan::Member *member = memberOf(step);
  bool plainWrite = member && member->effect >= plan::Effect::write_undo;
  std::uint32_t mask = policy->retryOnSet ? policy->retryOn : 1u << static_cast<int>(FailKind::rateLimit);
  if (!policy->retryOnSet && !plainWrite)
    mask |= 1u << static_cast<int>(FailKind::transport);
  return mask >> static_cast<int>(kind) & 1;
}

std::int64_t Core::backoffNs(const Run &run, Hash128 path, const plan::Policy &policy, std::uint32_t failures) {
  std::uint64_t delayMs = policy.backoffMs;
  for (std::uint32_t i = 1; i < failures && delayMs < maxBackoffMs; ++i)
    delayMs *= 2;
  std::uint64_t delayNs = std::min(delayMs, maxBackoffMs) * 1'000'000;
  if (!options.jitter)
    return static_cast<std::int64_t>(delayNs);
  Hash128 place = base::mix(path, failures);
  if (sabotage.unseededJitter)
    place = base::mix({}, ++jitterDraws);
  base::Random random(run.seed ^ place.high, place.low);
  return static_cast<std::int64_t>(random.jittered(delayNs, jitterPart));
}

void Core::callFailed(CallStep &step, base::Failure &&failure, bool mayRetry) {
  Frame &frame = *step.frame;
  ++step.failures;
  step.unsure |= mayRetry && mayHaveWritten(failure.kind);
  if (mayRetry && retries(step, failure.kind)) {
    std::int64_t delayNs = backoffNs(*frame.run, step.path, *policyOf(frame, step.node), step.failures);
    if (observe::Event *seen = note(*frame.run, observe::EventKind::retry)) {
      const plan::Node &node = nodeOf(frame, step.node);
      seen->path = step.path, seen->index = targetOf(frame, step.node), seen->span = node.span();
      seen->status = static_cast<std::uint8_t>(1 + static_cast<int>(failure.kind));
      seen->durationNs = delayNs;
      seen->attempt = static_cast<std::uint16_t>(step.attempt);
    }
    ++step.attempt;
    step.intentKept = false;
    step.hedged = false;
    return retryLater(step, delayNs);
  }
  if (step.leadsEqual)
    equalFailed(step);
  std::vector<Hash128> chain{step.path};
  if (step.question != Hash128{})
    chain.push_back(step.question);
  raise(frame, {std::move(failure), stepName(frame, step.node), std::move(chain)}, step.node);
}

/// Takes a call out of whatever it waits in; attempts in flight are the caller's.
void Core::dropWaits(CallStep &step) {
  Run &run = *step.frame->run;
  clearTimer(step.hedgeTimer);
  if (step.leadsEqual)
    equalFailed(step);
  switch (step.waits) {
  case CallStep::Waits::nothing:
  case CallStep::Waits::person:
    return;
  case CallStep::Waits::undo:
    for (Undoing *one = run.undoings.first; one; one = one->next)
      if (one->call == &step)
        one->call = nullptr;
    step.waits = CallStep::Waits::nothing;
    return;
  case CallStep::Waits::backoff:
    clearTimer(step.timer);
    busyEnd(accountOf(step));
    break;
  case CallStep::Waits::budget:
    for (Account *account = accountOf(step); account; account = account->parent)
      std::erase(account->waiting, &step);
    break;
  case CallStep::Waits::raise:
    for (Account *account = accountOf(step); account; account = account->parent)
      std::erase(account->deferred, &step);
    step.waits = CallStep::Waits::nothing;
    return;
  case CallStep::Waits::permit: {
    Attempt &attempt = *find(step.flights[0]);
    run.plan->permits[run.plan->plan->members[attempt.member].binding].drop(&run, &step);
    unreserve(attempt, {});
    freeAttempt(step.flights[0]);
    step.flights[0] = 0;
    break;
  }
  case CallStep::Waits::equalCall: {
    CallStep **link = &run.equal[equalKeyOf(step)].waiting;
    while (*link != &step)
      link = &(*link)->nextEqual;
    *link = step.nextEqual;
    break;
  }
  }
  step.waits = CallStep::Waits::nothing;
  unpend(run);
}

void Core::destroyCall(CallStep &step) {
  if (step.own) {
    step.own->call = nullptr;
    releaseAccount(step.own);
  }
  step.frame->steps.remove(&step);
  slab.destroy(&step);
}

} // namespace weft::frame

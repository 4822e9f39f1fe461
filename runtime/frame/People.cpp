//===- People.cpp - Questions and answers ---------------------------------===//
//
// A question is an intent; the answer is a signal. Between the two nothing of
// the run need be in memory. A deadline counts from the question, by the clock
// on the wall, however often the run was written out since.
//
//===----------------------------------------------------------------------===//

#include "runtime/frame/Append.h"

#include "runtime/base/Limits.h"
#include "runtime/value/Json.h"
#include "runtime/value/Utf8.h"

namespace weft::frame {
namespace {

/// What of a question stands in the journal for `weft runs`; the run itself makes it again from its inputs.
constexpr std::size_t maxQuestionBytes = base::maxInlineBytes;

} // namespace

std::string_view Core::questionText(const Value &prompt) {
  return prompt.is(value::Tag::string) ? value::cutTo(prompt.asText(), maxQuestionBytes) : std::string_view();
}

void Core::startAsk(CallStep &step) {
  Run &run = *step.frame->run;
  if (run.replay) {
    base::ConstBytes blob;
    if (const SignalBody *answer = run.replay->answer(step.path, blob)) {
      ++counters.replayed;
      auto value = load(answer->value, blob);
      if (value)
        return callSucceeded(step, std::move(*value));
      return callFailed(step, {FailKind::failed, value.error().message}, false);
    }
    const PastAttempt *last = nullptr;
    for (const PastAttempt &past : run.replay->attempts(step.path)) {
      last = &past;
      step.attempt = past.attempt;
      step.failures += past.timedOut;
    }
    if (last && last->timedOut) {
      --step.failures;
      return callFailed(step, {FailKind::timeout, "nobody answered in time"}, true);
    }
    if (last && last->intent)
      return ask(step, last->intent->wallNs, true);
  }
  ask(step, now.wallNs, false);
}

void Core::ask(CallStep &step, std::int64_t askedWallNs, bool recorded) {
  Frame &frame = *step.frame;
  Run &run = *frame.run;
  const plan::Node &node = nodeOf(frame, step.node);
  journal::StepKey key = keyOf(frame, node, step.path, step.attempt);
  const Value &prompt = frame.registers()[argumentsOf(step)[0]];
  const plan::Policy *policy = policyOf(frame, step.node);
  std::int64_t timeoutNs = policy ? static_cast<std::int64_t>(policy->timeoutMs) * 1'000'000 : 0;
  if (recorded && timeoutNs > 0 && askedWallNs + timeoutNs <= now.wallNs)
    return personTimedOut(step); // while the run was out of memory
  if (recorded)
    countScopesFrom(*frame.scope, askedWallNs);
  linkAsked(step);
  if (timeoutNs > 0) {
    step.deadlineNs = askedWallNs + timeoutNs;
    step.timer = setTimer(TimerKind::person, &step, 0, step.deadlineNs - now.wallNs);
  }
  std::string_view question = questionText(prompt);
  if (!recorded)
    append(run, journal::RecordKind::intent, key, [&](BodyWriter &writer) {
      writer.number(static_cast<std::uint32_t>(node.target()));
      writer.hash(step.args);
      writer.signedNumber(now.wallNs);
      writer.text(question);
    });
  if (observe::Event *seen = note(run, observe::EventKind::asked))
    seen->path = step.path, seen->index = static_cast<std::uint32_t>(node.target()), seen->span = node.span();
  gate({0, ActionKind::ask, &run, static_cast<std::uint64_t>(node.target()), step.deadlineNs, key,
        prompt.is(value::Tag::string) ? prompt : Value::text("")});
}

/// The scopes around a question began with it at the latest, long before they were opened again here.
void Core::countScopesFrom(Scope &inner, std::int64_t askedWallNs) {
  for (Scope *scope = &inner; scope; scope = scope->parent) {
    if (scope->timer == 0 || scope->deadlineWallNs <= askedWallNs + scope->timeoutNs)
      continue;
    scope->deadlineWallNs = askedWallNs + scope->timeoutNs;
    clearTimer(scope->timer);
    scope->timer = setTimer(TimerKind::scope, scope, 0, scope->deadlineWallNs - now.wallNs);
  }
}

std::int64_t Core::deadlineOf(const CallStep &asked) {
  std::int64_t firstNs = asked.deadlineNs;
  for (const Scope *scope = asked.frame->scope; scope; scope = scope->parent)
    if (scope->timer != 0 && (firstNs == 0 || scope->deadlineWallNs < firstNs))
      firstNs = scope->deadlineWallNs;
  return firstNs;
}

void Core::linkAsked(CallStep &step) {
  Run &run = *step.frame->run;
  step.waits = CallStep::Waits::person;
  step.nextAsked = run.asked;
  step.previousAsked = nullptr;
  if (run.asked)
    run.asked->previousAsked = &step;
  run.asked = &step;
  ++run.asking;
  touch(run);
}

void Core::endAsk(CallStep &step) {
  Run &run = *step.frame->run;
  (step.previousAsked ? step.previousAsked->nextAsked : run.asked) = step.nextAsked;
  if (step.nextAsked)
    step.nextAsked->previousAsked = step.previousAsked;
  clearTimer(step.timer);
  step.waits = CallStep::Waits::nothing;
  step.deadlineNs = 0;
  --run.asking;
  touch(run);
}

void Core::handle(Answer &&event) {
  auto refuseAnswer = [&](std::string_view why) {
    Action &action = out->list.emplace_back();
    action.kind = ActionKind::answerRefused;
    action.run = event.run;
    action.key.path = event.step;
    action.bytes = pool(why);
  };
  auto found = runs.find(event.run);
  CallStep *step = found == runs.end() ? nullptr : found->second->asked;
  while (step && (step->exceeds ? step->question : step->path) != event.step)
    step = step->nextAsked;
  if (!step)
    return refuseAnswer("no question waits under " + event.step.hex());
  Run &run = *found->second;
  run.parkedTold = false; // Where questions stay open, that is said again, after the answer is durable.
  touch(run);
  if (std::int64_t deadlineNs = deadlineOf(*step); deadlineNs > 0 && deadlineNs <= now.wallNs)
    return refuseAnswer("its time is up");
  if (std::string why = value::beyondLimits(event.value); !why.empty())
    return refuseAnswer(why);
  const plan::Plan &plan = *run.plan->plan;
  const plan::Member &member = step->exceeds ? plan.members[step->exceeds->budget->fallback] : *memberOf(*step);
  if (!sabotage.answersUnchecked) {
    std::string json;
    if (auto shaped = value::toJson(event.value, member.result, plan.types, json); !shaped)
      return refuseAnswer("the answer is no " + plan.types.text(member.result) + ": " + shaped.error().message);
    std::uint64_t fuel = run.plan->fuel;
    if (auto failure = run.plan->evaluator.check(member.result, event.value, fuel))
      return refuseAnswer("the answer is no " + plan.types.text(member.result) + ": " + failure->why);
  }
  journal::StepKey key = keyOf(*step->frame, nodeOf(*step->frame, step->node), event.step, step->attempt);
  if (step->exceeds)
    key.attempt = 0;
  append(run, journal::RecordKind::signal, key, [&](BodyWriter &writer) {
    writer.byte(static_cast<std::uint8_t>(SignalBody::What::answer));
    writeValue(writer, event.value);
  });
  endAsk(*step);
  if (step->exceeds)
    return answeredForMore(*step, event.value.asBool());
  callSucceeded(*step, std::move(event.value));
}

void Core::personTimedOut(CallStep &step) {
  step.timer = 0;
  Frame &frame = *step.frame;
  DecisionBody timedOut;
  timedOut.what = DecisionBody::What::timedOut;
  appendDecision(*frame.run, keyOf(frame, nodeOf(frame, step.node), step.path, step.attempt), timedOut);
  if (step.waits == CallStep::Waits::person)
    endAsk(step);
  callFailed(step, {FailKind::timeout, "nobody answered in time"}, true);
}

} // namespace weft::frame

//===- Permits.cpp - When calls may leave ---------------------------------===//
//
// Each binding takes so many calls at once and so many a minute. Calls that may go
// in one request are one of them, and leave together.
//
//===----------------------------------------------------------------------===//

#include "runtime/frame/Append.h"

#include "runtime/plan/NodeFlags.h"

#include <utility>

namespace weft::frame {

void Core::returnPermit(Attempt &attempt) {
  if (!attempt.hasPermit)
    return;
  attempt.hasPermit = false;
  if (attempt.batch != 0) {
    Batch &batch = batches[attempt.batch - 1];
    if (--batch.open > 0)
      return; // the others still hold it
    freeBatches.push_back(attempt.batch);
    if (!batch.departed)
      departed(attempt);
  } else if (!attempt.sent)
    departed(attempt); // it will not leave: its place in the minute counts from now
  PlanContext &context = *attempt.run->plan;
  std::uint32_t binding = context.plan->members[attempt.member].binding;
  context.permits[binding].giveBack();
  if (context.permits[binding].hasWaiting())
    ready.push({&context, binding, ReadyKind::permit});
}

void Core::departed(Attempt &attempt) {
  if (attempt.batch != 0 && std::exchange(batches[attempt.batch - 1].departed, true))
    return; // one request, one place in the minute
  PlanContext &context = *attempt.run->plan;
  std::uint32_t binding = context.plan->members[attempt.member].binding;
  Permit &permit = context.permits[binding];
  permit.left(attempt.ratePlace, now.steadyNs);
  if (permit.ratePerMin > 0 && permit.hasWaiting())
    ready.push({&context, binding, ReadyKind::permit});
}

void Core::pumpPermit(PlanContext &context, std::uint32_t binding) {
  Permit &permit = context.permits[binding];
  while (permit.hasWaiting()) {
    std::int64_t nextAtNs = 0;
    std::uint32_t place = 0;
    if (!permit.take(now.steadyNs, nextAtNs, place)) {
      if (nextAtNs > 0 && permit.timer == 0)
        permit.timer = setTimer(TimerKind::permit, &context, binding, nextAtNs - now.steadyNs);
      return;
    }
    CallStep &step = *permit.takeNext();
    Attempt &attempt = *find(step.flights[0]);
    bool stays = attempt.member == askedBy(step);
    if (stays && goesWithOthers(step)) {
      sendTogether(step, place);
      continue;
    }
    step.waits = CallStep::Waits::nothing;
    unpend(*step.frame->run);
    attempt.hasPermit = true;
    attempt.ratePlace = place;
    if (stays) {
      sendAttempt(step, step.flights[0]);
      continue;
    }
    // A budget was exceeded while it waited: another is to be asked.
    returnPermit(attempt);
    unreserve(attempt, {});
    freeAttempt(step.flights[0]);
    step.flights[0] = 0;
    tryCall(step, false);
  }
}

void Core::waitForPermit(CallStep &step) {
  Frame &frame = *step.frame;
  step.waits = CallStep::Waits::permit;
  pend(*frame.run);
  std::uint32_t group = nodeOf(frame, step.node).group();
  frame.run->plan->permits[planOf(frame).members[askedNow(step)].binding].wait(frame.run, &step, group,
                                                                               group == 0 ? 0 : iterationOf(frame));
}

/// Of the nearest map around.
std::uint32_t Core::iterationOf(const Frame &frame) const {
  const Frame *at = &frame;
  while (at->owner && nodeOf(*at->owner->frame, at->owner->node).op() != plan::Op::map)
    at = at->owner->frame;
  return at->index;
}

std::uint32_t Core::askedNow(const CallStep &step) { return find(step.flights[0])->member; }

bool Core::goesWithOthers(const CallStep &step) {
  const plan::Plan &plan = planOf(*step.frame);
  return (nodeOf(*step.frame, step.node).flags() & plan::goesWithOthers) != 0 &&
         plan.bindings[plan.members[askedNow(step)].binding].batch > 1;
}

/// One permit is taken: the calls that wait and may go with `first` leave under it. Each keeps its own intent, and they
/// stand in the gate behind the last one's, so that they leave it together.
void Core::sendTogether(CallStep &first, std::uint32_t ratePlace) {
  Run &run = *first.frame->run;
  const plan::Node &node = nodeOf(*first.frame, first.node);
  std::uint32_t member = askedNow(first);
  std::uint32_t binding = run.plan->plan->members[member].binding;
  Permit &permit = run.plan->permits[binding];
  auto fits = [&](const CallStep *other) {
    return askedNow(*other) == member && askedBy(*other) == member && goesWithOthers(*other) &&
           nodeOf(*other->frame, other->node).policy() == node.policy();
  };
  std::vector<CallStep *> steps{&first};
  while (steps.size() < run.plan->plan->bindings[binding].batch)
    if (CallStep *other = permit.nextLike(&run, node.group(), fits))
      steps.push_back(other);
    else
      break;
  std::uint32_t place = 0;
  if (steps.size() > 1) {
    if (freeBatches.empty()) {
      batches.emplace_back();
      place = static_cast<std::uint32_t>(batches.size());
    } else {
      place = freeBatches.back();
      freeBatches.pop_back();
    }
    batches[place - 1] = {++batchNumber, static_cast<std::uint32_t>(steps.size()), false};
  }
  for (CallStep *step : steps) {
    step->waits = CallStep::Waits::nothing;
    unpend(run);
    Attempt &attempt = *find(step->flights[0]);
    attempt.hasPermit = true;
    attempt.ratePlace = ratePlace;
    attempt.batch = place;
    prepareAttempt(*step, step->flights[0]);
  }
  for (CallStep *step : steps)
    gate({0, ActionKind::call, &run, step->flights[0], 0, {}, {}});
}

} // namespace weft::frame

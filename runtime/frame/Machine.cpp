//===- Machine.cpp - Events in, actions out -------------------------------===//

#include "runtime/frame/Machine.h"

#include "runtime/frame/Core.h"

#include <unordered_set>

namespace weft::frame {

Machine::Machine(MachineOptions options, Sabotage sabotage) : core(std::make_unique<Core>(options, sabotage)) {}
Machine::~Machine() = default;

void Machine::step(Event &&event, Moment now, Actions &actions) { core->step(std::move(event), now, actions); }
const MachineCounters &Machine::counters() const { return core->counters; }

base::Result<void> Machine::supports(const plan::Plan &plan) {
  auto refuse = [](std::string what) {
    return base::error(base::Code::unsupported, "the plan uses " + std::move(what));
  };
  for (const plan::Node &node : plan.nodes) {
    if (node.op() == plan::Op::atomic)
      return refuse("`atomic`, which this build does not carry");
    const plan::Policy *policy = node.policy() < 0 ? nullptr : &plan.policies[node.policy()];
    if (!policy)
      continue;
    if (policy->cache == plan::fb::Cache::duration)
      return refuse("`cache` across runs, which this build does not carry; `cache: run` is carried");
    bool carries = node.op() == plan::Op::call || node.op() == plan::Op::invoke || node.op() == plan::Op::scope;
    if (!carries && policy->cache == plan::fb::Cache::run)
      return refuse("`cache` on something that is not a call or made of calls, which this build does not carry");
    if (node.op() != plan::Op::call && !isTriedAgain(node) && policy->hedgeMs > 0)
      return refuse("`hedge` on tensors, which this build does not carry");
  }
  return {};
}

/// Whatever state the runs are in: frames first, then what their calls in flight still held.
Core::~Core() {
  tornDown = true;
  Actions last;
  out = &last;
  std::unordered_set<Scope *> counters; // abandoned scopes that wait for writes; nothing else knows them
  for (const Attempt &attempt : attempts)
    for (Scope *scope = attempt.live ? attempt.drain : nullptr; scope && scope->drainTo; scope = scope->drainTo)
      counters.insert(scope);
  for (auto &entry : runs) {
    Scope *root = entry.second->root;
    dropUndoings(*entry.second, nullptr);
    if (root && root->frame)
      cancelFrames(root->frame, nullptr);
    if (root)
      destroyScope(*root);
    leaving.push_back(entry.second);
  }
  for (Scope *scope : counters)
    destroyScope(*scope);
  for (const Attempt &attempt : attempts)
    if (attempt.live)
      releaseAccount(attempt.account);
  for (Run *run : leaving)
    slab.destroy(run);
}

void Core::step(Event &&event, Moment moment, Actions &actions) {
  actions.clear();
  out = &actions;
  now = moment;
  std::visit([this](auto &&one) { handle(std::move(one)); }, std::move(event));
  drain();
  settle();
  counters.bytesLive = slab.liveBytes();
}

void Core::drain() {
  for (;;) {
    bool first = !urgent.empty();
    if (!first && ready.empty()) {
      if (gathering.empty())
        return;
      auto [context, binding] = gathering.back();
      gathering.pop_back();
      pumpPermit(*context, binding);
      continue;
    }
    Ready item = first ? urgent.pop() : ready.pop();
    switch (item.kind) {
    case ReadyKind::node:
    case ReadyKind::frameDone: {
      Frame &frame = *static_cast<Frame *>(item.target);
      --frame.queued;
      if (frame.dead) {
        if (frame.queued == 0)
          releaseFrame(frame);
      } else if (item.kind == ReadyKind::frameDone) {
        frameDone(frame);
      } else {
        runNode(frame, item.detail);
      }
      break;
    }
    case ReadyKind::scopeFails:
      failScope(*static_cast<Scope *>(item.target));
      break;
    case ReadyKind::scopeEnded:
      scopeEnded(*static_cast<Scope *>(item.target));
      break;
    case ReadyKind::pump: {
      auto *account = static_cast<Account *>(item.target);
      pump(*account);
      releaseAccount(account);
      break;
    }
    case ReadyKind::permit:
      pumpPermit(*static_cast<PlanContext *>(item.target), item.detail);
      break;
    }
  }
}

void Core::touch(Run &run) {
  if (run.touched)
    return;
  run.touched = true;
  run.nextTouched = touched;
  touched = &run;
}

/// What can be said of a run only after everything that became ready was done.
void Core::settle() {
  while (touched) {
    Run &run = *touched;
    touched = run.nextTouched;
    run.touched = false;
    if (run.gone) {
      maybeDestroy(run);
      continue;
    }
    if (!waitsForPeople(run)) {
      run.parkedTold = run.leaves = false;
      continue;
    }
    if (!run.parkedTold) {
      std::int64_t wakeNs = 0;
      for (CallStep *step = run.asked; step; step = step->nextAsked)
        if (std::int64_t deadlineNs = deadlineOf(*step); deadlineNs > 0 && (wakeNs == 0 || deadlineNs < wakeNs))
          wakeNs = deadlineNs;
      if (wakeNs > 0 && wakeNs <= now.wallNs)
        continue; // Its timer comes at once.
      run.parkedTold = true;
      gate({0, ActionKind::parked, &run, run.asking, wakeNs, {}, {}});
    }
    if (run.leaves && run.attempts == 0) {
      run.leaves = false; // the gate knows it from here on
      gate({0, ActionKind::evicted, &run, 0, 0, {}, {}});
    }
  }
}

std::uint64_t Core::setTimer(TimerKind kind, void *target, std::uint64_t detail, std::int64_t delayNs) {
  std::uint32_t place;
  if (freeTimers.empty()) {
    place = static_cast<std::uint32_t>(timers.size());
    timers.emplace_back();
  } else {
    place = freeTimers.back();
    freeTimers.pop_back();
  }
  Timer &timer = timers[place];
  timer.kind = kind;
  timer.live = true;
  timer.target = target;
  timer.detail = detail;
  std::uint64_t id = static_cast<std::uint64_t>(++timer.generation) << 32 | place;
  Action &action = out->list.emplace_back();
  action.kind = ActionKind::startTimer;
  action.id = id;
  action.atNs = now.steadyNs + (delayNs > 0 ? delayNs : 0);
  return id;
}

void Core::clearTimer(std::uint64_t &timer) {
  if (timer == 0)
    return;
  auto place = static_cast<std::uint32_t>(timer);
  if (timers[place].live && timers[place].generation == timer >> 32) {
    timers[place].live = false;
    freeTimers.push_back(place);
    Action &action = out->list.emplace_back();
    action.kind = ActionKind::cancelTimer;
    action.id = timer;
  }
  timer = 0;
}

void Core::handle(TimerFired &&event) {
  auto place = static_cast<std::uint32_t>(event.timer);
  if (place >= timers.size() || !timers[place].live || timers[place].generation != event.timer >> 32)
    return;
  Timer timer = timers[place];
  timers[place].live = false;
  freeTimers.push_back(place);
  switch (timer.kind) {
  case TimerKind::attempt:
    return attemptTimedOut(timer.detail);
  case TimerKind::hedge: {
    auto &step = *static_cast<CallStep *>(timer.target);
    step.hedgeTimer = 0;
    touch(*step.frame->run);
    return startHedge(step);
  }
  case TimerKind::backoff: {
    auto &step = *static_cast<CallStep *>(timer.target);
    step.timer = 0;
    step.waits = CallStep::Waits::nothing;
    --step.frame->run->pending;
    busyEnd(accountOf(step));
    touch(*step.frame->run);
    return tryCall(step, false);
  }
  case TimerKind::person:
    return personTimedOut(*static_cast<CallStep *>(timer.target));
  case TimerKind::scope: {
    auto &scope = *static_cast<Scope *>(timer.target);
    scope.timer = 0;
    touch(*scope.run);
    Failed failed;
    failed.failure = {FailKind::timeout, "timed out"};
    if (scope.owner) {
      failed.step = stepName(*scope.owner->frame, scope.owner->node);
      failed.where = whereOf(*scope.owner->frame, scope.owner->node);
      if (const plan::Policy *policy = policyOf(*scope.owner->frame, scope.owner->node))
        failed.failure.why = "did not end within " + std::to_string(policy->timeoutMs) + " ms";
    }
    return raise(scope, std::move(failed));
  }
  case TimerKind::regionHedge: {
    auto &step = *static_cast<RegionStep *>(timer.target);
    step.hedgeTimer = 0;
    unpend(*step.frame->run);
    return startSecond(step);
  }
  case TimerKind::region: {
    auto &step = *static_cast<RegionStep *>(timer.target);
    step.timer = 0;
    --step.frame->run->pending;
    touch(*step.frame->run);
    return startInvoke(step);
  }
  case TimerKind::account: {
    auto &account = *static_cast<Account *>(timer.target);
    account.timer = 0;
    account.timeSpentNs += now.steadyNs - account.busySinceNs;
    account.busySinceNs = now.steadyNs;
    touch(*account.run);
    base::Failure failure{FailKind::budget,
                          "the budget's time of " + std::to_string(account.budget->timeMs) + " ms is spent"};
    if (account.scope) {
      Failed failed;
      failed.step = account.scope->owner ? stepName(*account.scope->owner->frame, account.scope->owner->node)
                                         : std::string(account.run->entry->name);
      failed.failure = std::move(failure);
      return raise(*account.scope, std::move(failed));
    }
    if (account.call)
      timeSpent(*account.call, std::move(failure));
    return;
  }
  case TimerKind::permit: {
    auto &context = *static_cast<PlanContext *>(timer.target);
    context.permits[timer.detail].timer = 0;
    return pumpPermit(context, static_cast<std::uint32_t>(timer.detail));
  }
  }
}

void Core::handle(Durable &&event) {
  if (event.sequence > durableSequence)
    durableSequence = event.sequence;
  releaseDurable();
}

observe::Event *Core::note(Run &run, observe::EventKind kind) {
  if (!options.observe)
    return nullptr;
  observe::Event &event = out->notes.emplace_back();
  event.kind = kind;
  event.atNs = now.steadyNs;
  event.runHigh = run.id.high;
  event.runLow = run.id.low;
  return &event;
}

} // namespace weft::frame

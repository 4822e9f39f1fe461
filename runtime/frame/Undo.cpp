//===- Undo.cpp - Taking writes back --------------------------------------===//
//
// What lost a race or a vote is taken back in reverse order, one call after the
// other, each a step under a name of its own: whatever a kill interrupts, each
// is done once. A resumed run begins with what it owes. A call that cannot be
// made, and a write of which nobody knows enough to take it back, are told by
// the race's failure, or the run's where nobody waits for the race any more.
//
//===----------------------------------------------------------------------===//

#include "runtime/frame/Append.h"

#include "runtime/value/Json.h"
#include "runtime/value/Utf8.h"

#include <algorithm>
#include <utility>

namespace weft::frame {

using base::Hash128;
namespace {

/// Tells the steps that take a write back from all others below its path.
constexpr std::uint64_t undoMark = 0x756e646f;

/// Of a call's arguments in a failure.
constexpr std::size_t maxShownBytes = 200;

/// How many values the block takes that takes a write of this member back.
bool wantsResult(const plan::Plan &plan, const plan::Member &member) {
  return plan.blocks[member.undo].params.count() > member.params.size();
}

} // namespace

Hash128 Core::undoPath(Hash128 write, std::uint64_t which) { return base::mix(base::mix(write, undoMark), which); }

/// "git.tag(\"v1\")".
std::string Core::shownCall(const Run &run, const Written &written) const {
  const plan::Plan &plan = *run.plan->plan;
  if (written.member >= plan.members.size())
    return "a call that the plan has no more";
  const plan::Member &member = plan.members[written.member];
  std::string args;
  std::span<const Value> given = written.args.items();
  for (std::size_t i = 0; i < given.size() && i < member.params.size(); ++i) {
    args += i > 0 ? ", " : "";
    if (auto shown = value::toJson(given[i], member.params[i].type, plan.types, args); !shown)
      args += "…";
  }
  bool whole = args.size() <= maxShownBytes;
  return std::string(plan.bindings[member.binding].name) + "." + std::string(member.name) + "(" +
         std::string(value::cutTo(args, maxShownBytes)) + (whole ? ")" : "…)");
}

Undoing &Core::openUndoing(Run &run, Hash128 path, std::vector<Written> &&owed) {
  Undoing &undoing = *slab.make<Undoing>();
  undoing.run = &run;
  undoing.path = path;
  undoing.owed = std::move(owed);
  undoing.inFlight = static_cast<std::uint32_t>(
      std::ranges::count_if(undoing.owed, [](const Written &written) { return written.inFlight > 0; }));
  run.undoings.add(&undoing);
  return undoing;
}

/// Everything of the losers is known that will be; before, the race's writes in flight are awaited.
void Core::startUndoing(Undoing &undoing) {
  std::ranges::stable_sort(undoing.owed, {}, &Written::order);
  undoNext(undoing);
}

/// The race or vote is decided: what its losers have written, or may have, is taken back from here on.
void Core::owe(RegionStep &step) {
  if (step.written.empty() || sabotage.keepLosersWrites)
    return;
  Frame &frame = *step.frame;
  Undoing &undoing =
      openUndoing(*frame.run, pathOf(frame, nodeOf(frame, step.node), 0), std::exchange(step.written, {}));
  undoing.choice = &step;
  step.undoing = &undoing;
  if (undoing.inFlight == 0)
    startUndoing(undoing);
}

void Core::undoNext(Undoing &undoing) {
  Run &run = *undoing.run;
  const plan::Plan &plan = *run.plan->plan;
  while (!undoing.owed.empty()) {
    undoing.current = std::move(undoing.owed.back());
    undoing.owed.pop_back();
    const Written &written = undoing.current;
    if (written.member >= plan.members.size() || plan.members[written.member].undo == plan::noIndex) {
      leaveUndone(undoing, {FailKind::failed, "the plan says no more how"});
      continue;
    }
    const plan::Member &member = plan.members[written.member];
    if (!written.answered && wantsResult(plan, member)) {
      leaveUndone(undoing, {FailKind::unknownOutcome, "it did not say whether it took effect, and its undo asks for "
                                                      "what it gave"});
      continue;
    }
    Hash128 path = undoPath(written.path, undoing.which);
    if (sabotage.undoUnderNewNames)
      path = base::mix(path, run.lastSequence);
    Scope *scope = openScope(run, nullptr, nullptr, path, 0, plan::noIndex, 0);
    scope->undoing = &undoing;
    undoing.scope = scope;
    if (knownFailure(*scope))
      return;
    Frame *frame = makeFrame(run, member.undo, nullptr, scope, path, 0, Role::body, nullptr);
    if (!frame)
      return; // raised
    scope->frame = frame;
    std::span<const std::uint32_t> params = plan.paramsOf(*frame->block);
    std::span<const Value> args = written.args.items();
    for (std::size_t i = 0; i < params.size(); ++i)
      frame->registers()[params[i]] = i < args.size() ? args[i] : written.result;
    return launch(*frame);
  }
  finishUndoing(undoing);
}

void Core::undoDone(Frame &frame) {
  Scope &scope = *frame.scope;
  Undoing &undoing = *scope.undoing;
  if (scope.failing)
    return; // its end is queued
  releaseFrame(frame);
  undoing.scope = nullptr;
  closeScope(scope, true);
  undoNext(undoing);
}

/// The others are taken back all the same.
void Core::undoFailed(Scope &scope) {
  Undoing &undoing = *scope.undoing;
  undoing.scope = nullptr;
  undoing.chain.push_back(scope.path);
  base::Failure failure = std::move(scope.failed->failure);
  failure.why = scope.failed->step + ": " + failure.why;
  closeScope(scope, false);
  leaveUndone(undoing, failure);
  undoNext(undoing);
}

void Core::leaveUndone(Undoing &undoing, const base::Failure &failure) {
  undoing.unknown |= failure.kind == FailKind::unknownOutcome;
  undoing.why += (undoing.why.empty() ? "" : "; ") + shownCall(*undoing.run, undoing.current) + ": " + failure.why;
}

void Core::finishUndoing(Undoing &undoing) {
  Run &run = *undoing.run;
  touch(run);
  RegionStep *choice = undoing.choice;
  CallStep *call = undoing.call;
  Scope *drain = undoing.drain;
  bool resumes = undoing.resumes;
  auto attempt = static_cast<std::uint32_t>(undoing.which);
  base::Failure failure{undoing.unknown ? FailKind::unknownOutcome : FailKind::failed, std::move(undoing.why)};
  if (!call && !failure.why.empty()) {
    failure.why = "could not take back what lost: " + failure.why;
    shorten(failure.why);
    run.leftUndone.push_back({undoing.path, failure, std::move(undoing.chain)});
  }
  run.undoings.remove(&undoing);
  slab.destroy(&undoing);
  if (choice) {
    choice->undoing = nullptr;
    endChoice(*choice);
  }
  if (call) {
    call->waits = CallStep::Waits::nothing;
    if (failure.why.empty()) {
      call->attempt = attempt;
      return tryCall(*call, false);
    }
    failure = {FailKind::unknownOutcome,
               "the run was killed while this write was in flight, and it could not be taken back: " + failure.why};
    shorten(failure.why);
    call->unsure = true;
    appendOutcome(run, keyOf(*call->frame, nodeOf(*call->frame, call->node), call->path, attempt - 1), nullptr,
                  &failure, {}, 0, 0, accountOf(*call));
    return callFailed(*call, std::move(failure), false);
  }
  if (drain)
    writeAwaited(*drain);
  if (resumes && --run.resuming == 0) {
    std::vector<Value> args = std::exchange(run.args, {});
    beginFrames(run, args);
  }
}

void Core::detachUndoing(Undoing &undoing, Scope *drain) {
  if (undoing.choice)
    undoing.choice->undoing = nullptr;
  undoing.choice = nullptr;
  undoing.call = nullptr;
  undoing.drain = drain;
  if (drain)
    ++drain->awaiting;
}

/// The journal knows what is owed: taken up again, the run begins with it. Calls under way are awaited in `drain`.
void Core::dropUndoings(Run &run, Scope *drain) {
  while (Undoing *undoing = run.undoings.first) {
    if (undoing->choice)
      undoing->choice->undoing = nullptr;
    if (Scope *scope = undoing->scope) {
      if (Frame *frame = std::exchange(scope->frame, nullptr))
        cancelFrames(frame, drain);
      scope->undoing = nullptr;
      closeScope(*scope, false);
    }
    if (undoing->drain && drain)
      writeAwaited(*undoing->drain);
    run.undoings.remove(undoing);
    slab.destroy(undoing);
  }
}

/// What lost is done with: its writes in flight are in, and what they did is taken back.
void Core::endChoice(RegionStep &step) {
  if (!step.closed || step.draining > 0 || step.undoing)
    return;
  Frame &frame = *step.frame;
  Run &run = *frame.run;
  auto left = run.leftUndone.empty()
                  ? run.leftUndone.end()
                  : std::ranges::find(run.leftUndone, pathOf(frame, nodeOf(frame, step.node), 0), &LeftUndone::path);
  if (left == run.leftUndone.end())
    return completeStep(step, std::move(step.won));
  Failed failed{std::move(left->failure), stepName(frame, step.node), std::move(left->chain)};
  run.leftUndone.erase(left);
  raise(frame, std::move(failed), step.node);
}

/// A write was in flight when the run was killed, and can be taken back: it is, and made again. False where that needs
/// what it gave, and for calls that take something back themselves.
bool Core::undoBeforeRepeating(CallStep &step, std::uint32_t attempt) {
  Frame &frame = *step.frame;
  const plan::Member &member = *memberOf(step);
  bool undoes = !frame.owner && frame.scope->undoing;
  if (member.undo == plan::noIndex || undoes || wantsResult(planOf(frame), member))
    return false;
  std::vector<Written> owed{writtenBy(step)};
  Undoing &undoing = openUndoing(*frame.run, {}, std::move(owed));
  undoing.call = &step;
  undoing.which = attempt + 1;
  step.waits = CallStep::Waits::undo;
  startUndoing(undoing);
  return true;
}

} // namespace weft::frame

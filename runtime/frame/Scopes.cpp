//===- Scopes.cpp - What fails and is cancelled as one --------------------===//
//
// The first failure inside a scope is recorded, then everything else in it is
// cancelled, then writes in flight are awaited, then the scope has failed and
// its step says what that means. Later failures inside are of no interest: the
// record says which one it was.
//
//===----------------------------------------------------------------------===//

#include "runtime/frame/Append.h"

#include "runtime/value/Utf8.h"

namespace weft::frame {
namespace {

/// A failure is a sentence, not a log; cut where it arises, so that a handler sees what the journal holds.
constexpr std::size_t maxWhyBytes = 4096;

/// Of a failure: deep recursion has no more to tell.
constexpr std::size_t maxPlaces = 8;

} // namespace

void Core::shorten(std::string &why) {
  if (why.size() <= maxWhyBytes)
    return;
  why.resize(value::cutTo(why, maxWhyBytes).size());
  why += "...";
}

std::string Core::counted(std::size_t count, const char *what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

std::string Core::stepName(const Frame &frame, std::uint32_t index) const {
  const plan::Plan &plan = planOf(frame);
  const plan::Node &node = nodeOf(frame, index);
  if (node.op() == plan::Op::call) {
    const plan::Member &member = plan.members[node.target()];
    const plan::Binding &binding = plan.bindings[member.binding];
    if (member.name.empty() || member.name == binding.name)
      return std::string(binding.name);
    return std::string(binding.name) + "." + std::string(member.name);
  }
  if (node.op() == plan::Op::gang)
    return std::string(plan.gangs[node.target()].name);
  if (node.op() == plan::Op::invoke)
    return std::string(plan.blocks[plan.bodiesOf(node)[0]].name);
  return blockName(frame);
}

/// The workflow or agent: bodies of forms are parts of it.
std::string Core::blockName(const Frame &frame) const {
  const Frame *at = &frame;
  while (at->owner && nodeOf(*at->owner->frame, at->owner->node).op() != plan::Op::invoke)
    at = at->owner->frame;
  return std::string(at->block->name.empty() ? frame.run->entry->name : at->block->name);
}

/// The place of the step, and of what is around it: which item of which `for`, who called.
std::string Core::whereOf(const Frame &frame, std::uint32_t node, plan::SourceSpan own) const {
  const plan::Plan &plan = planOf(frame);
  std::string text;
  std::size_t parts = 0;
  auto add = [&](const std::string &words, const plan::SourceSpan &place) {
    if (place.line != 0 && ++parts <= maxPlaces)
      text += (text.empty() ? "" : ", ") + words + std::string(place.file) + ":" + std::to_string(place.line);
  };
  if (node != plan::noIndex)
    add("", own.line ? own : plan.at(nodeOf(frame, node).span()));
  for (const Frame *at = &frame; at->owner; at = at->owner->frame) {
    const plan::Node &around = nodeOf(*at->owner->frame, at->owner->node);
    if (const char *what = plan::nameOfRound(around.op()))
      add(what + std::string(" [") + std::to_string(at->index) + "] of ", plan.at(around.span()));
    else if (around.op() == plan::Op::invoke)
      add("called at ", plan.at(around.span()));
  }
  return text + (parts > maxPlaces ? ", ..." : "");
}

Failed Core::failedHere(Frame &frame, FailKind kind, std::string why) const {
  return {{kind, std::move(why)}, blockName(frame), {}};
}

Scope *Core::openScope(Run &run, Scope *parent, RegionStep *owner, Hash128 path, std::uint32_t index,
                       std::uint32_t budget, std::uint64_t timeoutMs) {
  Scope *scope = slab.make<Scope>();
  scope->run = &run;
  scope->parent = parent;
  scope->owner = owner;
  scope->path = path;
  scope->index = index;
  if (owner)
    owner->scopes.add(scope);
  if (budget != plan::noIndex) {
    scope->account = openAccount(run, accountOf(parent), budget, path);
    scope->account->scope = scope;
  }
  if (timeoutMs > 0) {
    scope->timeoutNs = static_cast<std::int64_t>(timeoutMs) * 1'000'000;
    scope->deadlineWallNs = now.wallNs + scope->timeoutNs;
    scope->timer = setTimer(TimerKind::scope, scope, 0, scope->timeoutNs);
  }
  return scope;
}

bool Core::knownFailure(Scope &scope) {
  if (!scope.run->replay)
    return false;
  std::uint64_t order = 0;
  const DecisionBody *known = scope.run->replay->decision(scope.path, DecisionBody::What::scopeFailed, order);
  if (!known)
    return false;
  scope.recorded = true;
  scope.order = order;
  scope.failing = true;
  scope.failed = std::make_unique<Failed>(Failed{known->failure, known->step, known->chain});
  if (known->writes)
    scope.written = loadWritten(*scope.run, *known);
  queue(scope, ReadyKind::scopeFails);
  return true;
}

void Core::queue(Scope &scope, ReadyKind kind) {
  ++scope.queued;
  urgent.push({&scope, 0, kind});
}

void Core::raise(Frame &frame, Failed &&failed, std::uint32_t node) {
  if (frame.dead)
    return;
  if (failed.where.empty())
    failed.where = whereOf(frame, node);
  raise(*frame.scope, std::move(failed));
}

void Core::raise(Scope &scope, Failed &&failed) {
  if (scope.failing || scope.dead || scope.draining)
    return;
  touch(*scope.run);
  shorten(failed.failure.why);
  shorten(failed.step); // a handler may raise what it has made
  scope.failing = true;
  scope.order = liveOrder + ++scope.run->failures;
  scope.failed = std::make_unique<Failed>(std::move(failed));
  queue(scope, ReadyKind::scopeFails);
}

void Core::failScope(Scope &scope) {
  --scope.queued;
  if (scope.dead) {
    if (scope.queued == 0)
      destroyScope(scope);
    return;
  }
  Run &run = *scope.run;
  if (run.plan->undoes && !scope.draining && isSpeculative(&scope))
    collectWritten(scope);
  if (!scope.recorded && !sabotage.noFailureDecision) {
    decision.what = DecisionBody::What::scopeFailed;
    decision.failure = scope.failed->failure;
    decision.step = scope.failed->step;
    decision.chain = scope.failed->chain;
    std::uint64_t stableId = scope.owner ? nodeOf(*scope.owner->frame, scope.owner->node).stable_id() : 0;
    appendDecision(run, {scope.path, stableId, scope.index, 0}, decision, scope.written);
  }
  scope.recorded = true;
  if (observe::Event *seen = note(run, observe::EventKind::scopeFailed)) {
    seen->path = scope.path;
    seen->status = static_cast<std::uint8_t>(1 + static_cast<int>(scope.failed->failure.kind));
  }
  if (scope.timer != 0)
    clearTimer(scope.timer);
  if (Frame *frame = scope.frame) {
    scope.frame = nullptr;
    cancelFrames(frame, &scope);
  }
  if (scope.awaiting == 0)
    queue(scope, ReadyKind::scopeEnded);
}

void Core::writeAwaited(Scope &scope) {
  WEFT_ASSERT(scope.awaiting > 0);
  if (--scope.awaiting == 0)
    queue(scope, ReadyKind::scopeEnded);
}

void Core::closeScope(Scope &scope, bool succeeded) {
  if (succeeded)
    for (HeldEmit &held : scope.held) {
      Scope *outer = scope.parent;
      while (outer && !outer->speculative)
        outer = outer->parent;
      if (outer)
        outer->held.push_back(std::move(held));
      else
        gate({0, ActionKind::emit, scope.run, 0, 0, held.key, std::move(held.value)});
    }
  if (!scope.written.empty() && isSpeculative(scope.parent))
    std::move(scope.written.begin(), scope.written.end(), std::back_inserter(scope.parent->written));
  if (scope.owner)
    scope.owner->scopes.remove(&scope);
  scope.owner = nullptr;
  if (scope.queued > 0)
    scope.dead = true;
  else
    destroyScope(scope);
}

/// The step that the scope belonged to was cancelled, and its frames with it.
void Core::abandon(Scope &scope, Scope *drain) {
  scope.frame = nullptr;
  scope.parent = nullptr;
  if (scope.awaiting > 0 && drain) {
    // Goes on as a counter until its writes are in.
    scope.drainTo = drain;
    scope.failing = true;
    ++drain->awaiting;
    if (scope.timer != 0)
      clearTimer(scope.timer);
    return;
  }
  if (scope.queued > 0)
    scope.dead = true;
  else
    destroyScope(scope);
}

void Core::destroyScope(Scope &scope) {
  if (scope.timer != 0)
    clearTimer(scope.timer);
  if (scope.account) {
    scope.account->scope = nullptr;
    releaseAccount(scope.account);
  }
  slab.destroy(&scope);
}

} // namespace weft::frame

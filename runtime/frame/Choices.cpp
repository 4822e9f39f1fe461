//===- Choices.cpp - Race and vote ----------------------------------------===//
//
// Where arrival order decides, what it decided is recorded before anything
// follows from it, and a resumed run builds only the frames that the decision
// names.
//
//===----------------------------------------------------------------------===//

#include "runtime/frame/Append.h"

namespace weft::frame {

bool Core::startArm(RegionStep &step, std::uint32_t body, std::uint32_t index, std::uint32_t skip) {
  Frame &frame = *step.frame;
  Scope *scope = openScope(*frame.run, frame.scope, &step, pathOf(frame, nodeOf(frame, step.node), index), index,
                           plan::noIndex, 0);
  scope->speculative = true;
  if (knownFailure(*scope))
    return true;
  scope->frame = startBody(step, body, index, Role::body, scope, {}, skip);
  return scope->frame != nullptr;
}

void Core::startRace(RegionStep &step) {
  Frame &frame = *step.frame;
  const plan::Node &node = nodeOf(frame, step.node);
  std::uint64_t order;
  if (frame.run->replay)
    if (auto *won = frame.run->replay->decision(pathOf(frame, node, 0), DecisionBody::What::raceWon, order);
        won && won->chosen[0] < node.body().count()) {
      step.decided = true;
      step.total = 1;
      startArm(step, won->chosen[0], won->chosen[0], 0);
      return;
    }
  step.total = node.body().count();
  for (std::uint32_t arm = 0; arm < step.total; ++arm)
    if (!startArm(step, arm, arm, 0))
      return;
}

void Core::raceDone(RegionStep &step, Frame &child, Value &&value) {
  Scope &scope = *child.scope;
  if (!step.decided) {
    step.decided = true;
    step.chosen.assign(1, child.index);
    decide(step, DecisionBody::What::raceWon, &scope);
  }
  releaseFrame(child);
  closeScope(scope, true);
  step.won = std::move(value);
  cancelLosers(step);
}

void Core::startVote(RegionStep &step) {
  Frame &frame = *step.frame;
  const plan::Node &node = nodeOf(frame, step.node);
  std::span<const std::uint32_t> operands = planOf(frame).operandsOf(node);
  const Value &needed = frame.registers()[operands[0]], &total = frame.registers()[operands[1]];
  if (!needed.is(value::Tag::integer) || !total.is(value::Tag::integer) || needed.asInt() < 1 ||
      total.asInt() < needed.asInt())
    return raise(frame, failedHere(frame, FailKind::failed, "vote k of n asks for 1 <= k and k <= n"), step.node);
  if (total.asInt() > plan::maxAlternatives)
    return raise(frame,
                 failedHere(frame, FailKind::failed,
                            "vote of " + std::to_string(total.asInt()) + " samples, at most " +
                                std::to_string(plan::maxAlternatives) + " are taken"),
                 step.node);
  step.needed = static_cast<std::uint32_t>(needed.asInt());
  step.total = static_cast<std::uint32_t>(total.asInt());
  std::uint64_t order;
  if (frame.run->replay)
    if (auto *closed = frame.run->replay->decision(pathOf(frame, node, 0), DecisionBody::What::voteClosed, order);
        closed && closed->chosen.size() == step.needed) {
      step.decided = true;
      step.chosen = closed->chosen;
      step.results.emplace(step.needed);
      for (std::uint32_t i = 0; i < step.needed; ++i)
        step.results->add(Value());
      for (std::uint32_t sample : closed->chosen)
        if (!startArm(step, 0, sample, 2))
          return;
      return;
    }
  step.results.emplace(step.needed);
  for (std::uint32_t sample = 0; sample < step.total; ++sample)
    if (!startArm(step, 0, sample, 2))
      return;
}

void Core::voteDone(RegionStep &step, Frame &child, Value &&value) {
  Scope &scope = *child.scope;
  std::uint32_t index = child.index;
  releaseFrame(child);
  closeScope(scope, true);
  ++step.done;
  if (step.decided) {
    for (std::size_t i = 0; i < step.chosen.size(); ++i)
      if (step.chosen[i] == index)
        (*step.results)[i] = std::move(value);
  } else {
    step.results->add(std::move(value));
    step.chosen.push_back(index);
  }
  if (step.done < step.needed)
    return;
  if (!step.decided) {
    step.decided = true;
    decide(step, DecisionBody::What::voteClosed, nullptr);
  }
  step.won = std::move(*step.results).list();
  cancelLosers(step);
}

void Core::decide(RegionStep &step, DecisionBody::What what, Scope *winner) {
  if (step.frame->run->plan->undoes) {
    for (Scope *scope = step.scopes.first; scope; scope = scope->next) {
      if (scope == winner)
        continue;
      if (!scope->failing || scope->frame)
        collectWritten(*scope);
      step.written.insert(step.written.end(), scope->written.begin(), scope->written.end());
    }
  }
  if (sabotage.noDecisions)
    return;
  const plan::Node &node = nodeOf(*step.frame, step.node);
  decision.what = what;
  decision.chosen = step.chosen;
  appendDecision(*step.frame->run, keyOf(*step.frame, node, pathOf(*step.frame, node, 0), 0), decision, step.written);
}

/// What lost is cancelled behind the decision; its writes in flight are awaited before the step ends.
void Core::cancelLosers(RegionStep &step) {
  owe(step);
  endLosers(step, false); // `undoing` has what they wrote
}

void Core::endLosers(RegionStep &step, bool keepsWritten) {
  for (Scope *scope = step.scopes.first, *next; scope; scope = next) {
    next = scope->next;
    if (!scope->failing && scope->frame)
      cancelFrames(std::exchange(scope->frame, nullptr), scope);
    if (!keepsWritten)
      scope->written.clear();
    if (scope->awaiting == 0 && scope->queued == 0) {
      closeScope(*scope, false);
    } else {
      scope->draining = true;
      ++step.draining;
    }
  }
  step.closed = true;
  endChoice(step);
}

/// "Last" is by time, which the order of the recorded decisions keeps.
void Core::addFailure(RegionStep &step, std::unique_ptr<Failed> failed, std::uint64_t order) {
  if (!step.last) {
    step.last = std::move(failed);
    step.lastOrder = order;
    return;
  }
  // A retry of the run tries all of them again.
  std::vector<Hash128> chain = std::move(step.last->chain);
  chain.insert(chain.end(), failed->chain.begin(), failed->chain.end());
  if (order > step.lastOrder) {
    step.last = std::move(failed);
    step.lastOrder = order;
  }
  step.last->chain = std::move(chain);
}

/// An arm or a sample has failed.
void Core::sampleFailed(RegionStep &step, Scope &scope) {
  std::unique_ptr<Failed> failed = std::move(scope.failed);
  std::uint64_t order = scope.order;
  std::move(scope.written.begin(), scope.written.end(), std::back_inserter(step.written));
  scope.written.clear();
  closeScope(scope, false);
  ++step.failedCount;
  addFailure(step, std::move(failed), order);
  bool isVote = nodeOf(*step.frame, step.node).op() == plan::Op::vote;
  if (step.total - step.failedCount >= (isVote ? step.needed : 1))
    return;
  Failed last = std::move(*step.last);
  if (isVote && step.needed + step.failedCount > step.total && step.total > 1) {
    last.failure.why = "only " + std::to_string(step.total - step.failedCount) + " of " +
                       counted(step.total, "sample") + " can succeed, " + std::to_string(step.needed) +
                       " are wanted; the last to fail: " + last.failure.why;
    last.failure.kind = FailKind::failed;
  }
  raise(*step.frame, std::move(last));
}

} // namespace weft::frame

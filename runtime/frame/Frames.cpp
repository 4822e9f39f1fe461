//===- Frames.cpp - Blocks and nodes --------------------------------------===//
//
// A node starts when nothing is missing, runs its words, then its op. When the
// last node of a frame is done, the frame is, and its step hears of it through
// the ready queue: chains and nests of any length use no stack.
//
//===----------------------------------------------------------------------===//

#include "runtime/frame/Append.h"

#include <cstring>

namespace weft::frame {

const plan::Node &Core::nodeOf(const Frame &frame, std::uint32_t node) const {
  return planOf(frame).nodes[frame.block->nodes.first() + node];
}

base::Hash128 Core::stepPath(Frame &frame, const plan::Node &node) {
  if (sabotage.identityByArrival)
    return base::mix(base::mix({}, frame.run->id.low), ++frame.run->arrivals);
  return pathOf(frame, node, 0);
}

/// Each frame of another attempt has a path of its own, for what it does is recorded beside what the one before did.
/// Its writes are those of the first attempt nevertheless: their key is the path that they had, or would have had,
/// there.
base::Hash128 Core::onceKeyOf(const CallStep &step) const {
  if (!step.frame->again)
    return step.path;
  std::vector<const Frame *> around;
  const Frame *at = step.frame;
  for (; at->again; at = at->owner->frame)
    around.push_back(at);
  Hash128 path = at->path;
  for (; !around.empty(); around.pop_back()) {
    const Frame &frame = *around.back();
    const plan::Node &node = nodeOf(*frame.owner->frame, frame.owner->node);
    path = base::mix(base::mix(path, node.stable_id()), isTriedAgain(node) ? 0 : frame.index);
  }
  return base::mix(base::mix(path, nodeOf(*step.frame, step.node).stable_id()), 0);
}

journal::StepKey Core::keyOf(const Frame &frame, const plan::Node &node, Hash128 path, std::uint32_t attempt) const {
  return {path, node.stable_id(), frame.index, attempt};
}

Frame *Core::makeFrame(Run &run, std::uint32_t blockIndex, RegionStep *owner, Scope *scope, Hash128 path,
                       std::uint32_t index, Role role, Frame *blame) {
  PlanContext &context = *run.plan;
  const plan::Block &block = context.plan->blocks[blockIndex];
  std::uint32_t level = blame ? blame->level + 1u : 0;
  const char *limit = nullptr;
  std::uint64_t most = 0;
  if (run.frames >= context.maxFrames)
    limit = "frames", most = context.maxFrames;
  else if (level >= context.maxDepth)
    limit = "depth", most = context.maxDepth;
  else if (run.steps >= context.maxSteps)
    limit = "steps", most = context.maxSteps;
  if (limit) {
    Failed failed{{FailKind::failed, "limit " + std::string(limit) + " of " + std::to_string(most) + " reached"},
                  blame ? stepName(*owner->frame, owner->node) : std::string(run.entry->name),
                  {}};
    if (blame)
      raise(*blame, std::move(failed), owner->node);
    else
      raise(*scope, std::move(failed));
    return nullptr;
  }
  auto *frame = ::new (slab.take(Frame::bytesOf(block))) Frame;
  frame->run = &run;
  frame->block = &block;
  frame->owner = owner;
  frame->scope = scope;
  frame->path = path;
  frame->index = index;
  frame->role = role;
  frame->level = static_cast<std::uint16_t>(level);
  if (owner) {
    frame->cached = owner->frame->cached || isCached(policyOf(*owner->frame, owner->node));
    frame->again = owner->frame->again || (index > 0 && isTriedAgain(nodeOf(*owner->frame, owner->node)));
  }
  frame->open = block.nodes.count();
  // A value of zero bytes is none.
  std::memset(static_cast<void *>(frame->registers()), 0, block.registers * sizeof(Value));
  std::uint32_t *missing = frame->missing();
  for (const plan::Node &node : context.plan->nodesOf(block))
    *missing++ = context.missing(node);
  if (owner)
    owner->children.add(frame);
  ++run.frames;
  ++run.steps;
  if (++counters.framesLive > counters.framesMost)
    counters.framesMost = counters.framesLive;
  return frame;
}

void Core::launch(Frame &frame) {
  PlanContext &context = *frame.run->plan;
  if (frame.open == 0) {
    ++frame.queued;
    ready.push({&frame, 0, ReadyKind::frameDone});
    return;
  }
  const plan::Range &range = context.firstNodes[frame.block - context.plan->blocks.data()];
  for (std::uint32_t i = 0; i < range.count(); ++i) {
    ++frame.queued;
    ready.push({&frame, context.first[range.first() + i], ReadyKind::node});
  }
}

void Core::runNode(Frame &frame, std::uint32_t index) {
  const plan::Node &node = nodeOf(frame, index);
  ++counters.nodes;
  if (node.eval().count() > 0) {
    std::uint64_t fuel = frame.run->plan->fuel;
    auto failure =
        frame.run->plan->evaluator.run(planOf(frame).wordsOf(node), {frame.registers(), frame.block->registers}, fuel);
    if (failure) // It is of what the step is given: the step itself has not begun.
      return raise(frame, {std::move(*failure),
                           blockName(frame),
                           {},
                           whereOf(frame, index, planOf(frame).atWord(frame.run->plan->evaluator.failedWord()))});
  }
  switch (node.op()) {
  case plan::Op::eval:
    return completeNode(frame, index);
  case plan::Op::call:
  case plan::Op::gang:
    return startCall(frame, index);
  case plan::Op::emit:
    return doEmit(frame, index);
  case plan::Op::fail:
    return doFail(frame, index);
  case plan::Op::system:
    return doSystem(frame, index);
  case plan::Op::once:
    return startOnce(frame, index);
  case plan::Op::get:
    return startGet(frame, index);
  default:
    return startRegion(frame, index);
  }
}

void Core::completeNode(Frame &frame, std::uint32_t index) {
  const plan::Node &node = nodeOf(frame, index);
  std::uint32_t *missing = frame.missing();
  for (std::uint32_t user : planOf(frame).usersOf(node)) {
    if (sabotage.ignoreOrder && std::ranges::count(planOf(frame).afterOf(nodeOf(frame, user)), index) > 0)
      continue; // it has not waited
    if (--missing[user] == 0) {
      ++frame.queued;
      ready.push({&frame, user, ReadyKind::node});
    }
  }
  if (--frame.open == 0) {
    ++frame.queued;
    ready.push({&frame, 0, ReadyKind::frameDone});
  }
}

void Core::setResult(Frame &frame, const plan::Node &node, Value &&value) {
  std::span<const std::uint32_t> results = planOf(frame).resultsOf(node);
  if (!results.empty())
    frame.registers()[results[0]] = std::move(value);
}

void Core::frameDone(Frame &frame) {
  if (frame.steps.first)
    closeCells(frame);
  if (frame.owner)
    return bodyDone(*static_cast<RegionStep *>(frame.owner), frame);
  if (frame.scope->undoing)
    return undoDone(frame);
  Run &run = *frame.run;
  std::span<const std::uint32_t> result = planOf(frame).resultOf(*frame.block);
  Value value = result.empty() ? Value() : frame.registers()[result[0]];
  run.root->frame = nullptr;
  releaseFrame(frame);
  runSucceeded(run, std::move(value));
}

void Core::releaseFrame(Frame &frame) {
  if (!frame.dead) {
    frame.dead = true;
    if (frame.owner)
      static_cast<RegionStep *>(frame.owner)->children.remove(&frame);
    --frame.run->frames;
    --counters.framesLive;
    Value *registers = frame.registers();
    for (std::uint32_t i = 0; i < frame.block->registers; ++i)
      registers[i].~Value();
  }
  if (frame.queued == 0)
    slab.give(&frame, Frame::bytesOf(*frame.block));
}

void Core::cancelFrames(Frame *frame, Scope *drain) {
  stack.push_back(frame);
  cancelStacked(drain);
}

void Core::cancelStacked(Scope *drain) {
  while (!stack.empty()) {
    Frame &top = *stack.back();
    stack.pop_back();
    while (Step *step = top.steps.first)
      cancelStep(*step, drain);
    // Its children were unlinked and pushed; the frame itself can go.
    releaseFrame(top);
  }
  // Frames find their accounts through their scopes, so scopes go last.
  for (Scope *scope : doomed)
    abandon(*scope, drain);
  doomed.clear();
}

void Core::cancelStep(Step &step, Scope *drain) {
  if (step.kind == StepKind::call) {
    auto &call = static_cast<CallStep &>(step);
    if (call.waits == CallStep::Waits::undo)
      for (Undoing *one = call.frame->run->undoings.first, *next; one; one = next) {
        next = one->next;
        if (one->call == &call)
          detachUndoing(*one, drain);
      }
    dropWaits(call);
    for (AttemptId &id : call.flights)
      if (id != 0)
        orphan(id, drain), id = 0;
    if (call.waits == CallStep::Waits::person)
      endAsk(call);
    if (call.exceeds)
      passQuestionOn(call);
    return destroyCall(call);
  }
  if (step.kind == StepKind::get) {
    auto &get = static_cast<GetStep &>(step);
    leaveCell(get);
    get.frame->steps.remove(&get);
    return slab.destroy(&get);
  }
  auto &region = static_cast<RegionStep &>(step);
  if (region.undoing)
    detachUndoing(*region.undoing, drain);
  if (region.timer != 0)
    clearTimer(region.timer), unpend(*region.frame->run);
  dropHedge(region);
  while (Frame *child = region.children.first) {
    region.children.remove(child);
    child->owner = nullptr;
    stack.push_back(child);
  }
  while (Scope *scope = region.scopes.first) {
    region.scopes.remove(scope);
    scope->owner = nullptr;
    doomed.push_back(scope);
  }
  destroyRegion(region);
}

} // namespace weft::frame

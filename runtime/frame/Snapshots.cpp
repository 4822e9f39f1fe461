//===- Snapshots.cpp - Taking a run down between rounds, and up again -----===//
//
// What a snapshot holds stands in Snapshot.h. It is taken only where nothing
// else of the run is under way and everything in the journal lies behind it: of
// a run that was taken up again, once it has made a call of its own. A run that
// has emitted has none, because its stream is made again from the beginning.
//
//===----------------------------------------------------------------------===//

#include "runtime/frame/Append.h"

#include "runtime/frame/Snapshot.h"
#include "runtime/plan/NodeFlags.h"
#include "runtime/value/Encoding.h"

#include <algorithm>
#include <utility>

namespace weft::frame {
namespace {

/// A state beyond this takes longer to write than the rounds it saves take to replay.
constexpr std::uint64_t maxSnapshotBytes = 16ull << 20;

/// Steps that a snapshot can be taken inside of: they run one frame at a time and hold nothing else.
bool onLine(plan::Op op) {
  switch (op) {
  case plan::Op::invoke:
  case plan::Op::scope:
  case plan::Op::branch:
  case plan::Op::try_:
  case plan::Op::loop:
  case plan::Op::fold:
    return true;
  default:
    return false;
  }
}

/// Numbers of cells are few, or a broken snapshot would fill memory with places for them.
constexpr std::uint32_t maxCells = 1U << 16;

/// A cell that nothing is under way in, and that nobody waits for.
bool isSettled(const OnceStep &cell) {
  return cell.number < maxCells && !cell.firstAsker && !cell.last && cell.begun == cell.decided;
}

} // namespace

/// The one step of a frame that is under way, beside cells that are settled; null where there is another.
RegionStep *Core::onlyStep(const Frame &frame) const {
  RegionStep *only = nullptr;
  for (Step *step = frame.steps.first; step; step = step->next) {
    if (step->kind != StepKind::region)
      return nullptr;
    if (nodeOf(frame, step->node).op() == plan::Op::once) {
      if (!isSettled(static_cast<const OnceStep &>(*step)))
        return nullptr;
    } else if (std::exchange(only, static_cast<RegionStep *>(step))) {
      return nullptr;
    }
  }
  return only;
}

/// The frames from the run's first to that of `step`, the last one first; empty where more is under way than they.
std::vector<Frame *> Core::lineTo(const RegionStep &step) const {
  std::vector<Frame *> line;
  for (Frame *frame = step.frame; frame; frame = frame->owner ? frame->owner->frame : nullptr) {
    const RegionStep *only = onlyStep(*frame);
    if (!only || frame->queued > 0 || frame->role != Role::body || !onLine(nodeOf(*frame, only->node).op()) ||
        only->last || only->timer != 0 || only->tree)
      return {};
    line.push_back(frame);
  }
  for (const Scope *scope = step.frame->scope; scope; scope = scope->parent)
    if (scope->failing || scope->speculative || scope->undoing)
      return {};
  if (line.size() != step.frame->run->frames)
    return {};
  return line;
}

void Core::snapshot(RegionStep &step, const Value &carried) {
  Run &run = *step.frame->run;
  if (options.snapshotEvery == 0 || run.recordsSince < options.snapshotEvery || run.bytesSince < run.snapshotBytes)
    return;
  bool alone = run.fresh && !run.emitted && run.attempts == 0 && run.asking == 0 && run.pending == 0 &&
               !run.undoings.first && run.leftUndone.empty() && !run.stopping && !run.cancelling;
  std::vector<Frame *> line = alone ? lineTo(step) : std::vector<Frame *>();
  // What became of a budget that was not enough stands in records behind which a snapshot would not be read.
  for (const Account *account = accountOf(step.frame->scope); account; account = account->parent)
    if (account->exceeded || account->raises > 0 || account->asked)
      return;
  if (line.empty())
    return;
  Snapshot made;
  made.entry = run.entry->name;
  made.seed = run.seed;
  made.steps = run.steps;
  made.environment = run.environment;
  made.carried = carried;
  for (const Account *account = accountOf(step.frame->scope); account; account = account->parent)
    made.accounts.push_back({account->path, account->spent, account->timeSpentNs});
  for (const auto &[key, calls] : run.equal)
    if (calls.known)
      made.answers.emplace_back(key, calls.answer);
  std::ranges::sort(made.answers, {}, [](const auto &one) { return one.first; });
  for (std::size_t i = line.size(); i-- > 0;) {
    Frame &frame = *line[i];
    const RegionStep &region = *onlyStep(frame);
    SnapshotFrame one;
    for (const Step *other = frame.steps.first; other; other = other->next)
      if (other != &region) {
        auto &cell = static_cast<const OnceStep &>(*other);
        one.cells.push_back({cell.node, (cell.table ? cell.table : &cell)->number, cell.decided, cell.won,
                             cell.table != nullptr, cell.key});
      }
    std::ranges::stable_partition(one.cells, [](const SnapshotCell &cell) { return !cell.hasKey; });
    one.index = frame.index;
    if (frame.owner) {
      std::span<const std::uint32_t> bodies = planOf(frame).bodiesOf(nodeOf(*frame.owner->frame, frame.owner->node));
      auto block = static_cast<std::uint32_t>(frame.block - planOf(frame).blocks.data());
      one.body = static_cast<std::uint32_t>(std::ranges::find(bodies, block) - bodies.begin());
    }
    one.open = frame.open;
    one.registers.assign(frame.registers(), frame.registers() + frame.block->registers);
    one.missing.assign(frame.missing(), frame.missing() + frame.block->nodes.count());
    one.node = region.node;
    one.next = region.next;
    one.total = region.total;
    one.input = region.input;
    made.frames.push_back(std::move(one));
  }
  Value state = made.value();
  std::uint64_t bytes = value::encodedBytes(state);
  run.recordsSince = run.bytesSince = 0; // one that is too large is tried again as late as any
  run.snapshotBytes = bytes;
  if (bytes > maxSnapshotBytes || !value::beyondLimits(state).empty())
    return;
  const plan::Node &node = nodeOf(*step.frame, step.node);
  append(run, journal::RecordKind::snapshot, {pathOf(*step.frame, node, step.next), node.stable_id(), step.next, 0},
         [&](BodyWriter &writer) {
           writer.digest(run.plan->plan->digest);
           writeValue(writer, state);
         });
  run.recordsSince = run.bytesSince = 0;
  ++counters.snapshots;
}

bool Core::restoreCell(Frame &frame, const SnapshotCell &from) {
  std::vector<OnceStep *> &cells = frame.run->cells;
  OnceStep *there = from.number < cells.size() ? cells[from.number] : nullptr;
  if (from.node >= frame.block->nodes.count() || nodeOf(frame, from.node).op() != plan::Op::once ||
      from.number >= maxCells || from.hasKey != (there != nullptr))
    return false;
  if (from.hasKey && (!there->byKey || there->frame != &frame || there->node != from.node))
    return false;
  OnceStep &cell = *slab.make<OnceStep>(&frame, from.node);
  frame.steps.add(&cell);
  cell.begun = cell.decided = from.known;
  cell.won = from.value;
  if (from.hasKey) {
    cell.table = there;
    cell.key = from.key;
    return there->byKey->try_emplace(from.key, &cell).second;
  }
  if (nodeOf(frame, from.node).flags() & plan::byKey)
    cell.byKey = std::make_unique<std::unordered_map<base::Hash128, OnceStep *>>();
  cell.number = from.number;
  cells.resize(std::max<std::size_t>(cells.size(), from.number + 1));
  cells[from.number] = &cell;
  return true;
}

/// Builds the line of frames again, and goes on with the next round. False: it does not fit the plan.
bool Core::restore(Run &run, const Snapshot &from) {
  const plan::Plan &plan = *run.plan->plan;
  for (const auto &[key, answer] : from.answers) {
    run.equal[key].known = true;
    run.equal[key].answer = answer;
  }
  run.steps = from.steps;
  Frame *frame = makeFrame(run, run.entry->block, nullptr, run.root, run.root->path, 0, Role::body, nullptr);
  if (!frame)
    return true; // a limit, raised
  run.root->frame = frame;
  for (std::size_t i = 0; i < from.frames.size(); ++i) {
    const SnapshotFrame &one = from.frames[i];
    bool last = i + 1 == from.frames.size();
    if (one.registers.size() != frame->block->registers || one.missing.size() != frame->block->nodes.count() ||
        one.node >= frame->block->nodes.count() || one.open == 0 || one.open > one.missing.size())
      return false;
    const plan::Node &node = nodeOf(*frame, one.node);
    bool repeats = node.op() == plan::Op::loop || node.op() == plan::Op::fold;
    if (!onLine(node.op()) || (last && !repeats) || one.next > one.total + (repeats ? 0 : UINT16_MAX) ||
        (node.op() == plan::Op::fold && (!one.input.is(value::Tag::list) || one.input.items().size() != one.total)))
      return false;
    frame->open = one.open;
    std::copy(one.registers.begin(), one.registers.end(), frame->registers());
    std::copy(one.missing.begin(), one.missing.end(), frame->missing());
    for (const SnapshotCell &cell : one.cells)
      if (!restoreCell(*frame, cell))
        return false;
    RegionStep &step = *slab.make<RegionStep>(frame, one.node);
    frame->steps.add(&step);
    step.next = one.next;
    step.total = one.total;
    step.input = one.input;
    if (last) {
      if (node.op() == plan::Op::fold)
        startFold(step, Value(from.carried));
      else
        startRound(step, Value(from.carried));
      return true;
    }
    const SnapshotFrame &below = from.frames[i + 1];
    std::span<const std::uint32_t> bodies = plan.bodiesOf(node);
    if (below.body >= bodies.size())
      return false;
    Scope *scope = frame->scope;
    const plan::Policy *policy = policyOf(*frame, one.node);
    if (node.op() == plan::Op::try_)
      scope = openScope(run, frame->scope, &step, pathOf(*frame, node, 0), 0, plan::noIndex, 0);
    else if (opensScope(policy))
      scope = openScope(run, frame->scope, &step, pathOf(*frame, node, step.next), step.next, policy->budget,
                        policy->timeoutMs);
    if (scope != frame->scope && knownFailure(*scope))
      return true;
    Frame *child = makeFrame(run, bodies[below.body], &step, scope, pathOf(*frame, node, below.index), below.index,
                             Role::body, frame);
    if (!child)
      return true;
    if (scope != frame->scope)
      scope->frame = child;
    frame = child;
  }
  return false;
}

} // namespace weft::frame

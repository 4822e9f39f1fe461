//===- Written.cpp - Writes that may have to be taken back ----------------===//
//
// What is written inside of an arm of a race or a sample of a vote stands in
// the scope that it was written in, and goes up with what the scope comes to:
// to the scope around it, to the race, or to what the race owes. A resumed run
// does not build what has failed or lost, so the decision that ended it names
// its writes: step, member, arguments. What they gave stands in their outcomes.
//
//===----------------------------------------------------------------------===//

#include "runtime/frame/Append.h"

#include <algorithm>

namespace weft::frame {

using value::Value;
namespace {

/// What has not answered is taken for the latest.
constexpr std::uint64_t unansweredOrder = UINT64_MAX;

/// The fields of a write in a decision.
enum Stored { storedHigh, storedLow, storedMember, storedArgs, storedFields };

Value wordOf(std::uint64_t word) { return Value::integer(static_cast<std::int64_t>(word)); }

} // namespace

bool Core::isSpeculative(const Scope *scope) {
  while (scope && !scope->speculative)
    scope = scope->parent;
  return scope != nullptr;
}

/// Kinds that say nothing about whether the other side did it.
bool Core::mayHaveWritten(FailKind kind) {
  return kind == FailKind::transport || kind == FailKind::timeout || kind == FailKind::unknownOutcome;
}

Written Core::writtenBy(const CallStep &step) const {
  std::vector<Value> args;
  for (std::uint32_t operand : argumentsOf(step))
    args.push_back(step.frame->registers()[operand]);
  Written written;
  written.path = step.path;
  written.member = static_cast<std::uint32_t>(nodeOf(*step.frame, step.node).target());
  written.order = unansweredOrder;
  written.unsure = step.unsure;
  written.args = Value::list(args);
  return written;
}

void Core::noteWritten(CallStep &step, const Value &answer, std::uint64_t order) {
  Run &run = *step.frame->run;
  const plan::Member *member = run.plan->undoes ? memberOf(step) : nullptr;
  if (!member || member->undo == plan::noIndex || !isSpeculative(step.frame->scope))
    return;
  Written written = writtenBy(step);
  written.answered = true;
  written.result = answer;
  written.order = order != 0 ? order : liveOrder + ++run.writes;
  step.frame->scope->written.push_back(std::move(written));
}

void Core::collectWritten(Scope &scope) {
  std::vector<Written> &written = scope.written;
  std::vector<Frame *> open;
  if (scope.frame)
    open.push_back(scope.frame);
  while (!open.empty()) {
    Frame &frame = *open.back();
    open.pop_back();
    for (Step *step = frame.steps.first; step; step = step->next) {
      if (step->kind == StepKind::call) {
        auto &call = static_cast<CallStep &>(*step);
        const plan::Member *member = memberOf(call);
        if (!member || member->undo == plan::noIndex)
          continue;
        std::uint32_t inFlight = 0;
        for (AttemptId id : call.flights)
          inFlight += id != 0 && find(id)->sent;
        if (inFlight == 0 && !call.unsure && call.waits != CallStep::Waits::undo)
          continue;
        written.push_back(writtenBy(call));
        written.back().inFlight = inFlight;
        written.back().unsure |= call.waits == CallStep::Waits::undo;
        continue;
      }
      auto &region = static_cast<RegionStep &>(*step);
      written.insert(written.end(), region.written.begin(), region.written.end());
      for (Scope *inner = region.scopes.first; inner; inner = inner->next)
        written.insert(written.end(), inner->written.begin(), inner->written.end());
      for (Frame *child = region.children.first; child; child = child->next)
        open.push_back(child);
    }
  }
}

void Core::writtenEnded(const Attempt &attempt, const Value *value, FailKind kind) {
  Run &run = *attempt.run;
  if (!run.plan->undoes || attempt.gang || run.plan->plan->members[attempt.member].undo == plan::noIndex)
    return;
  auto settle = [&](std::vector<Written> &list) {
    auto found = std::ranges::find(list, attempt.key.path, &Written::path);
    if (found == list.end() || found->inFlight == 0)
      return false;
    --found->inFlight;
    if (value && !found->answered) {
      found->answered = true;
      found->result = *value;
      found->order = liveOrder + ++run.writes;
    }
    found->unsure |= !value && mayHaveWritten(kind);
    if (!found->answered && !found->unsure && found->inFlight == 0)
      list.erase(found);
    return true;
  };
  for (Scope *scope = attempt.drain; scope; scope = scope->drainTo)
    settle(scope->written);
  for (Undoing *one = run.undoings.first; one; one = one->next)
    if (one->inFlight > 0 && settle(one->owed)) {
      auto open = std::ranges::count_if(one->owed, [](const Written &written) { return written.inFlight > 0; });
      one->inFlight = static_cast<std::uint32_t>(open);
      if (open == 0)
        return startUndoing(*one);
    }
}

Value Core::storedWrites(const Run &run, std::span<const Written> written) const {
  std::vector<Value> list;
  for (const Written &one : written)
    list.push_back(Value::list(
        {wordOf(one.path.high), wordOf(one.path.low), wordOf(run.plan->plan->members[one.member].stableId), one.args}));
  return Value::list(list);
}

std::vector<Written> Core::loadWritten(Run &run, const DecisionBody &body) {
  auto stored = load({body.writes->inlineBytes, {}, 0}, {});
  std::vector<Written> list;
  if (!stored || !stored->is(value::Tag::list))
    return list;
  const std::vector<plan::Member> &members = run.plan->plan->members;
  for (const Value &one : stored->items()) {
    if (!one.is(value::Tag::list) || one.items().size() != storedFields)
      continue;
    std::span<const Value> fields = one.items();
    if (!fields[storedHigh].is(value::Tag::integer) || !fields[storedLow].is(value::Tag::integer) ||
        !fields[storedMember].is(value::Tag::integer) || !fields[storedArgs].is(value::Tag::list))
      continue;
    Written written;
    written.path = {static_cast<std::uint64_t>(fields[storedHigh].asInt()),
                    static_cast<std::uint64_t>(fields[storedLow].asInt())};
    auto member =
        std::ranges::find(members, static_cast<std::uint64_t>(fields[storedMember].asInt()), &plan::Member::stableId);
    written.member = static_cast<std::uint32_t>(member - members.begin()); // one too far: the plan has it no more
    written.args = fields[storedArgs];
    written.order = unansweredOrder;
    bool refused = false; // every attempt was answered with a failure that says it did nothing
    for (const PastAttempt &past : run.replay->attempts(written.path)) {
      bool ok = past.outcome && past.outcome->status == OutcomeBody::Status::ok;
      if (ok)
        if (auto value = load(past.outcome->value, past.blob)) {
          written.answered = true;
          written.result = std::move(*value);
          written.order = past.order;
        }
      if (past.outcome && !ok && !mayHaveWritten(past.outcome->failure.kind))
        refused = true;
      else if (!past.late || past.outcome)
        written.unsure = true;
    }
    if (written.answered || written.unsure || !refused)
      list.push_back(std::move(written));
  }
  return list;
}

} // namespace weft::frame

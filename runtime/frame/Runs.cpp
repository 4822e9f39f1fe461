//===- Runs.cpp - How runs begin and end ----------------------------------===//

#include "runtime/frame/Append.h"

#include <algorithm>
#include <utility>

namespace weft::frame {
namespace {

/// Of the environment that a run reads, names and values together; all of it stands in the run's first record.
constexpr std::size_t maxEnvironmentBytes = 256 << 10;

} // namespace

PlanContext *Core::contextOf(std::shared_ptr<const plan::Plan> plan) {
  auto &place = plans[plan.get()];
  if (!place) {
    place = std::make_unique<PlanContext>(std::move(plan), sabotage.ignoreOrder);
    for (Permit &permit : place->permits)
      permit.unbounded = sabotage.ignorePermits;
  }
  return place.get();
}

void Core::refuse(journal::RunId id, std::string_view why) {
  Action &action = out->list.emplace_back();
  action.kind = ActionKind::refused;
  action.run = id;
  action.bytes = pool(why);
}

/// What a start brings along and no record can hold; empty when there is nothing of that kind.
std::string Core::beyondRecord(const StartRun &event) {
  std::size_t bytes = 0;
  const std::pair<std::string, std::string> *largest = nullptr;
  for (const auto &variable : event.environment) {
    bytes += variable.first.size() + variable.second.size();
    if (!largest || variable.second.size() > largest->second.size())
      largest = &variable;
  }
  if (bytes > maxEnvironmentBytes)
    return "the environment variables that the program reads have " + std::to_string(bytes) +
           " bytes together, at most " + std::to_string(maxEnvironmentBytes) + " are recorded; the largest is " +
           largest->first + " with " + std::to_string(largest->second.size());
  std::string why = value::beyondLimits(Value::list(event.args));
  return why.empty() ? why : "the arguments: " + why;
}

Run *Core::makeRun(journal::RunId id, std::shared_ptr<const plan::Plan> plan, std::uint32_t entry) {
  Run *run = slab.make<Run>();
  run->id = id;
  run->plan = contextOf(std::move(plan));
  run->entry = &run->plan->plan->entries[entry];
  ++run->plan->runs;
  ++counters.runsLive;
  runs.emplace(id, run);
  touch(*run);
  return run;
}

void Core::handle(StartRun &&event) {
  if (runs.contains(event.run))
    return refuse(event.run, "the run exists already");
  if (auto supported = Machine::supports(*event.plan); !supported)
    return refuse(event.run, supported.error().message);
  if (event.entry >= event.plan->entries.size() || event.plan->entries[event.entry].params.size() != event.args.size())
    return refuse(event.run, "the entry takes other arguments");
  if (std::string why = beyondRecord(event); !why.empty())
    return refuse(event.run, why);
  Run &run = *makeRun(event.run, std::move(event.plan), event.entry);
  run.seed = event.seed;
  run.environment = std::move(event.environment);
  append(run, journal::RecordKind::runStarted, {}, [&](BodyWriter &writer) {
    writer.digest(run.plan->plan->digest);
    writer.text(run.entry->name);
    writer.word(run.seed);
    writer.signedNumber(now.wallNs);
    writer.number(run.environment.size());
    for (const auto &[name, value] : run.environment) {
      writer.text(name);
      writer.text(value);
    }
    writeValue(writer, Value::list(event.args));
  });
  if (observe::Event *seen = note(run, observe::EventKind::runStarted))
    seen->index = event.entry;
  begin(run, event.args);
}

void Core::handle(ResumeRun &&event) {
  if (runs.contains(event.run))
    return refuse(event.run, "the run is live already");
  if (auto supported = Machine::supports(*event.plan); !supported)
    return refuse(event.run, supported.error().message);
  auto read = Replay::read(std::move(event.records));
  if (!read)
    return refuse(event.run, read.error().message);
  std::unique_ptr<Replay> replay = std::move(*read);
  const RunStartedBody &started = replay->started();
  if (started.plan != event.plan->digest)
    return refuse(event.run,
                  "the run is pinned to plan " + started.plan.hex() + ", this is " + event.plan->digest.hex());
  const plan::Entry *entry = event.plan->entry(started.entry);
  std::vector<Value> args;
  if (!replay->snapshot()) {
    auto given = load(started.args, replay->startedBlob());
    if (!entry || !given || !given->is(value::Tag::list) || given->items().size() != entry->params.size())
      return refuse(event.run, "the run's start does not fit its plan");
    args.assign(given->items().begin(), given->items().end());
  } else if (!entry) {
    return refuse(event.run, "the run's snapshot does not fit its plan");
  }
  bool retry =
      event.reason == ResumeReason::retried && replay->ended() && replay->ended()->state == RunEndedBody::State::failed;

  Run &run = *makeRun(event.run, event.plan, static_cast<std::uint32_t>(entry - event.plan->entries.data()));
  run.seed = started.seed;
  run.environment = started.environment;
  run.replay = std::move(replay);
  run.recordsSince = run.replay->recordsRead();
  run.fresh = false;
  if (observe::Event *seen = note(run, observe::EventKind::runStarted)) {
    seen->index = static_cast<std::uint32_t>(entry - event.plan->entries.data());
    seen->a = 1;
  }
  if (retry) {
    append(run, journal::RecordKind::signal, {},
           [&](BodyWriter &writer) { writer.byte(static_cast<std::uint8_t>(SignalBody::What::retry)); });
    run.replay->retry(run.replay->ended()->chain);
  } else if (const RunEndedBody *ended = run.replay->ended()) {
    run.ending = true;
    if (ended->state == RunEndedBody::State::succeeded) {
      auto value = load(ended->value, run.replay->endedBlob());
      return reportEnd(run, EndState::succeeded, value ? std::move(*value) : Value(), nullptr);
    }
    Failed failed{ended->failure, ended->step, {}};
    bool cancelled = ended->state == RunEndedBody::State::cancelled;
    return reportEnd(run, cancelled ? EndState::cancelled : EndState::failed, {}, &failed);
  }
  begin(run, args);
}

void Core::begin(Run &run, std::span<const Value> args) {
  Hash128 path = base::hashOf(base::bytesOf(run.entry->name));
  run.root = openScope(run, nullptr, nullptr, path, 0, run.entry->budget, 0);
  // What was decided before the run was killed is made good before it goes on.
  if (run.replay && run.plan->undoes && !sabotage.keepLosersWrites)
    for (const PastChoice &choice : run.replay->choicesWithWrites()) {
      Undoing &undoing = openUndoing(run, choice.path, loadWritten(run, *choice.decision));
      undoing.resumes = true;
      ++run.resuming;
    }
  if (run.resuming == 0)
    return beginFrames(run, args);
  run.args.assign(args.begin(), args.end());
  ++run.resuming; // until all are under way
  for (Undoing *one = run.undoings.first, *next; one; one = next) {
    next = one->next;
    startUndoing(*one);
  }
  if (--run.resuming == 0)
    beginFrames(run, std::exchange(run.args, {}));
}

void Core::beginFrames(Run &run, std::span<const Value> args) {
  if (run.replay && run.replay->cancelled()) {
    run.cancelling = true;
    run.root->recorded = true;
    return raise(*run.root, {{FailKind::cancelled, "cancelled"}, std::string(run.entry->name), {}});
  }
  if (knownFailure(*run.root))
    return;
  if (const Snapshot *from = run.replay ? run.replay->snapshot() : nullptr) {
    if (!restore(run, *from))
      raise(*run.root,
            {{FailKind::failed, "the run's snapshot does not fit its plan"}, std::string(run.entry->name), {}});
    return;
  }
  Frame *frame = makeFrame(run, run.entry->block, nullptr, run.root, run.root->path, 0, Role::body, nullptr);
  if (!frame)
    return;
  run.root->frame = frame;
  std::span<const std::uint32_t> params = run.plan->plan->paramsOf(*frame->block);
  for (std::size_t i = 0; i < params.size(); ++i)
    frame->registers()[params[i]] = args[i];
  launch(*frame);
}

void Core::closeRoot(Run &run, bool succeeded) {
  closeScope(*run.root, succeeded);
  run.root = nullptr;
  run.ending = true;
}

void Core::runSucceeded(Run &run, Value &&value) {
  if (!run.leftUndone.empty()) { // by a race that was given up while it took its losers' writes back
    LeftUndone left = std::move(run.leftUndone.front());
    run.leftUndone.erase(run.leftUndone.begin());
    return raise(*run.root, {std::move(left.failure), std::string(run.entry->name), std::move(left.chain)});
  }
  closeRoot(run, true);
  append(run, journal::RecordKind::runEnded, {}, [&](BodyWriter &writer) {
    writer.byte(static_cast<std::uint8_t>(RunEndedBody::State::succeeded));
    writeValue(writer, value);
  });
  reportEnd(run, EndState::succeeded, std::move(value), nullptr);
}

void Core::runFailed(Run &run, Failed &&failed) {
  bool cancelled = run.cancelling;
  failed.chain.assign(1, run.root->path);
  for (LeftUndone &left : run.leftUndone) {
    failed.failure.why += "; " + left.failure.why;
    failed.chain.insert(failed.chain.end(), left.chain.begin(), left.chain.end());
  }
  run.leftUndone.clear();
  shorten(failed.failure.why);
  closeRoot(run, false);
  append(run, journal::RecordKind::runEnded, {}, [&](BodyWriter &writer) {
    writer.byte(static_cast<std::uint8_t>(cancelled ? RunEndedBody::State::cancelled : RunEndedBody::State::failed));
    writer.failure(failed.failure);
    writer.text(failed.step);
    writer.hashes(failed.chain);
  });
  reportEnd(run, cancelled ? EndState::cancelled : EndState::failed, {}, &failed);
}

void Core::reportEnd(Run &run, EndState state, Value &&value, const Failed *failed) {
  if (observe::Event *seen = note(run, observe::EventKind::runEnded)) {
    seen->a = static_cast<std::int64_t>(state);
    seen->status = failed ? static_cast<std::uint8_t>(1 + static_cast<std::uint8_t>(failed->failure.kind)) : 0;
  }
  Value carried = std::move(value);
  if (failed)
    carried = Value::list({Value::integer(static_cast<std::int64_t>(failed->failure.kind)),
                           Value::text(failed->failure.why), Value::text(failed->step), Value::text(failed->where)});
  gate({0, ActionKind::ended, &run, static_cast<std::uint64_t>(state), 0, {}, std::move(carried)});
}

/// The run is known no more; what its cancelled calls have cost may still arrive.
void Core::leave(Run &run) {
  runs.erase(run.id);
  run.gone = true;
  leaving.push_back(&run);
  touch(run);
}

void Core::maybeDestroy(Run &run) {
  if (run.attempts > 0 || run.gated > 0)
    return;
  bool told = run.ending || run.stopping;
  if (told && run.lastSequence > durableSequence)
    return gate({0, ActionKind::released, &run, 0, 0, {}, {}});
  if (told)
    act(ActionKind::released, run);
  leaving.erase(std::find(leaving.begin(), leaving.end(), &run));
  PlanContext *context = run.plan;
  slab.destroy(&run);
  --counters.runsLive;
  if (--context->runs == 0 && !tornDown) {
    for (Permit &permit : context->permits)
      clearTimer(permit.timer);
    plans.erase(context->plan.get());
  }
}

void Core::handle(CancelRun &&event) {
  auto found = runs.find(event.run);
  if (found == runs.end() || !found->second->root || found->second->stopping)
    return;
  Run &run = *found->second;
  if (run.root->failing)
    return;
  touch(run);
  run.cancelling = true;
  for (Undoing *one = run.undoings.first; one; one = one->next)
    if (std::exchange(one->resumes, false)) {
      one->drain = run.root;
      ++run.root->awaiting;
      --run.resuming;
    }
  append(run, journal::RecordKind::signal, {},
         [&](BodyWriter &writer) { writer.byte(static_cast<std::uint8_t>(SignalBody::What::cancel)); });
  run.root->recorded = true;
  raise(*run.root, {{FailKind::cancelled, "cancelled"}, std::string(run.entry->name), {}});
}

void Core::handle(StopRun &&event) {
  auto found = runs.find(event.run);
  if (found == runs.end() || !found->second->root || found->second->stopping)
    return;
  Run &run = *found->second;
  touch(run);
  run.stopping = true;
  if (run.root->failing)
    return; // ends by itself once its writes are in
  dropUndoings(run, run.root);
  if (run.root->frame)
    cancelFrames(run.root->frame, run.root);
  run.root->frame = nullptr;
  if (run.root->awaiting == 0)
    finishStop(run);
}

void Core::finishStop(Run &run) {
  closeScope(*run.root, false);
  run.root = nullptr;
  gate({0, ActionKind::stopped, &run, 0, 0, {}, {}});
}

bool Core::waitsForPeople(const Run &run) {
  return run.root && run.asking > 0 && run.pending == 0 && !run.ending && !run.stopping;
}

void Core::handle(EvictRun &&event) {
  auto found = runs.find(event.run);
  if (found == runs.end())
    return;
  Run &run = *found->second;
  if (!waitsForPeople(run)) {
    act(ActionKind::evicted, run).refused = true;
    return;
  }
  run.leaves = true;
  touch(run);
}

/// Behind all that the run has journaled. It may have gone on meanwhile, or have something under way again.
void Core::evict(Run &run) {
  if (!waitsForPeople(run))
    return;
  if (run.attempts > 0 || run.gated > 0) {
    run.leaves = true;
    return touch(run);
  }
  act(ActionKind::evicted, run);
  cancelFrames(run.root->frame, run.root);
  run.root->frame = nullptr;
  closeScope(*run.root, false);
  run.root = nullptr;
  leave(run);
}

} // namespace weft::frame

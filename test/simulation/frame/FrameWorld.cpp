//===- FrameWorld.cpp - A frame machine, its journal, its calls -----------===//

#include "test/simulation/frame/FrameWorld.h"

#include <algorithm>

namespace weft::test {

using namespace frame;
using journal::Record;
using journal::RecordKind;

FrameWorld::FrameWorld(std::shared_ptr<const plan::Plan> plan, WorldOptions options)
    : plan(std::move(plan)), options(options) {
  machine = std::make_unique<Machine>(MachineOptions{options.jitter, options.observe, options.snapshotEvery},
                                      options.sabotage);
}

void FrameWorld::at(std::int64_t delayNs, std::function<void()> act) {
  queue.push({clockNs + std::max<std::int64_t>(delayNs, 0), ++order, life, std::move(act)});
}

void FrameWorld::post(Event event) {
  auto shared = std::make_shared<Event>(std::move(event));
  at(0, [this, shared] { feed(std::move(*shared)); });
}

bool FrameWorld::isWrite(std::uint32_t member) const {
  return plan->members[member].effect >= plan::Effect::write_idempotent;
}

void FrameWorld::start(std::string_view entryName, std::vector<value::Value> values,
                       std::vector<std::pair<std::string, std::string>> env) {
  entry = entryName;
  args = values;
  environment = env;
  auto index = static_cast<std::uint32_t>(plan->entry(entry) - plan->entries.data());
  post(StartRun{runId, plan, index, std::move(values), options.seed, std::move(env)});
}

void FrameWorld::feed(Event event) {
  if (!machine)
    return;
  machine->step(std::move(event), {clockNs, clockNs}, actions);
  framesMost = std::max(framesMost, machine->counters().framesMost);
  // Performing an action never steps the machine: what follows comes as an event of its own.
  for (const Action &action : actions.list)
    perform(action);
  flush();
  if (machine && options.evictAlways && !evicted && !ended) {
    machine->step(EvictRun{runId}, {clockNs, clockNs}, actions);
    for (const Action &action : actions.list)
      perform(action);
  }
}

void FrameWorld::perform(const Action &action) {
  switch (action.kind) {
  case ActionKind::putBlob: {
    base::ConstBytes bytes = actions.bytesOf(action);
    if (base::digestOf(bytes) != action.digest)
      wrong.push_back("a blob is put under another name than its digest");
    blobs[action.digest] = base::Bytes(bytes.begin(), bytes.end());
    return;
  }
  case ActionKind::append: {
    Record record;
    record.run = action.run;
    record.kind = action.recordKind;
    record.key = action.key;
    base::ConstBytes body = actions.bytesOf(action);
    record.body.assign(body.begin(), body.end());
    if (record.body.size() > base::Bytes::size_type(64 * 1024))
      wrong.push_back("a record of " + std::to_string(record.body.size()) + " bytes");
    if (auto blob = blobOf(record); blob && !blobs.contains(*blob))
      wrong.push_back("a record names a blob that was not put before it");
    gathering.push_back(std::move(record));
    gatheringSequence = action.sequence;
    return;
  }
  case ActionKind::call:
    return send(action);
  case ActionKind::cancelCall: {
    if (action.sequence > durableSequence)
      wrong.push_back("a call was cancelled before what decided it was durable");
    auto found = silent.find(action.id);
    if (found == silent.end())
      return;
    CallOutcome outcome = std::move(found->second);
    silent.erase(found);
    return reply(std::move(outcome), inFlight.at(action.id));
  }
  case ActionKind::startTimer: {
    std::uint64_t id = action.id;
    at(action.atNs - clockNs, [this, id] {
      if (cancelledTimers.erase(id) == 0)
        feed(TimerFired{id});
    });
    return;
  }
  case ActionKind::cancelTimer:
    cancelledTimers.insert(action.id);
    return;
  case ActionKind::emit:
    emitted.push_back(actions.valuesOf(action)[0]);
    return;
  case ActionKind::entered: // of tests alone, whose listener it has
    return;
  case ActionKind::ask: {
    base::Hash128 path = action.key.path;
    questions.push_back(path);
    std::string question(actions.textOf(action));
    if (persons && asked.insert(path).second)
      if (auto given = persons(question))
        at(options.personMs * 1'000'000, [this, path, value = *given] { answer(path, value); });
    return;
  }
  case ActionKind::answerRefused:
    refusals.emplace_back(actions.textOf(action));
    return;
  case ActionKind::startGang: {
    std::vector<value::Value> values(actions.valuesOf(action).begin(), actions.valuesOf(action).end());
    std::uint64_t id = action.id;
    auto results = gangs ? gangs(action.member, std::move(values)) : std::nullopt;
    at(1'000'000, [this, id, results] { feed(GangOutcome{id, results, {base::FailKind::failed, "the gang failed"}}); });
    return;
  }
  case ActionKind::gangDurable:
  case ActionKind::cancelGang:
    return;
  case ActionKind::parked:
    parked = true;
    if (action.atNs > 0)
      queue.push({action.atNs, ++order, UINT32_MAX, [this] {
                    if (evicted)
                      revive();
                  }});
    return;
  case ActionKind::evicted:
    if (!action.refused) {
      evicted = true;
      ++evictions;
    }
    return;
  case ActionKind::stopped:
    stopped = true;
    return;
  case ActionKind::ended: {
    Ended end;
    end.state = action.state;
    if (action.state == EndState::succeeded)
      end.value = actions.valuesOf(action)[0];
    else
      end.failure = {static_cast<base::FailKind>(action.failKind), std::string(actions.textOf(action))};
    end.step = actions.stepOf(action);
    ended = std::move(end);
    return;
  }
  case ActionKind::released:
    released = true;
    return;
  case ActionKind::refused:
    refusals.emplace_back(actions.textOf(action));
    return;
  }
}

void FrameWorld::send(const Action &action) {
  CallSeen seen;
  seen.member = action.member;
  seen.attempt = action.attempt;
  seen.life = life;
  seen.path = action.key.path;
  seen.onceKey = idempotencyKey(action);
  seen.args.assign(actions.valuesOf(action).begin(), actions.valuesOf(action).end());
  seen.durableThen = journal.size();
  seen.atMs = nowMs();
  bool intent = isWrite(action.member) || plan->members[action.member].paid;
  bool found = !intent || std::any_of(journal.begin(), journal.end(), [&](const Record &record) {
    return record.kind == RecordKind::intent && record.key.path == action.key.path &&
           record.key.attempt == action.key.attempt;
  });
  if (!found)
    wrong.push_back("a write or paid call left before its intent was durable");
  if (action.sequence > durableSequence)
    wrong.push_back("a call left before what its run had appended was durable");
  inFlight[action.id] = calls.size();
  calls.push_back(seen);

  auto script = scripts.find(action.member);
  Reply given = script == scripts.end() ? Reply::ok(value::Value::none())
                                        : script->second({seen.member, seen.args, seen.attempt, seen.path});
  CallOutcome outcome{action.id,      std::move(given.value), std::move(given.failure),
                      given.tokensIn, given.tokensOut,        given.costNano};
  if (given.silent) {
    silent[action.id] = std::move(outcome);
    return;
  }
  std::size_t place = calls.size() - 1;
  auto shared = std::make_shared<CallOutcome>(std::move(outcome));
  at(given.delayMs * 1'000'000, [this, shared, place] { reply(std::move(*shared), place); });
}

void FrameWorld::reply(CallOutcome outcome, std::size_t call) {
  CallSeen &seen = calls[call];
  if (seen.ended)
    return;
  seen.ended = true;
  inFlight.erase(outcome.id);
  if (outcome.value && isWrite(seen.member))
    takesEffect(seen);
  auto shared = std::make_shared<CallOutcome>(std::move(outcome));
  at(0, [this, shared] { feed(std::move(*shared)); });
}

void FrameWorld::takesEffect(const CallSeen &call) {
  ++applied[call.onceKey];
  if (effect)
    effect(call);
}

void FrameWorld::flush() {
  if (writing || gathering.empty() || !machine)
    return;
  writing = true;
  auto group = std::make_shared<std::vector<Record>>(std::move(gathering));
  gathering.clear();
  std::uint64_t sequence = gatheringSequence;
  at(options.durableMs * 1'000'000, [this, group, sequence] { groupDurable(std::move(*group), sequence); });
}

void FrameWorld::groupDurable(std::vector<Record> group, std::uint64_t sequence) {
  writing = false;
  ++groups;
  for (Record &record : group) {
    record.lsn = journal.size() + 1;
    if (journal.size() >= options.crashAtRecord) {
      if (options.tearLast) {
        journal::encode(record, torn);
        torn.resize(torn.size() / 2);
      }
      options.crashAtRecord = UINT64_MAX;
      return crash();
    }
    journal.push_back(std::move(record));
  }
  durableSequence = sequence;
  feed(Durable{sequence});
  flush();
}

void FrameWorld::crash() {
  ++deaths;
  ++life;
  // Of what was in flight, some had taken effect before the process died.
  std::uint32_t turn = static_cast<std::uint32_t>(journal.size());
  for (auto &[id, place] : inFlight) {
    CallSeen &seen = calls[place];
    seen.inFlightAtCrash = true;
    seen.ended = true;
    if (isWrite(seen.member) && turn++ % 2 == 0)
      takesEffect(seen);
  }
  // What was answered and not yet durable is as much in flight as the rest.
  for (CallSeen &seen : calls)
    if (seen.life + 1 == life && !seen.inFlightAtCrash)
      seen.inFlightAtCrash = std::none_of(journal.begin(), journal.end(), [&](const Record &record) {
        return record.kind == RecordKind::outcome && record.key.path == seen.path && record.key.attempt == seen.attempt;
      });
  inFlight.clear();
  silent.clear();
  asked.clear(); // who was asked is asked again by the next process
  gathering.clear();
  durableSequence = 0;
  writing = false;
  evicted = false;
  parked = false;
  cancelledTimers.clear();
  machine.reset();
}

std::span<const Record> FrameWorld::fromSnapshot() {
  std::span<const Record> all = journal;
  std::size_t first = all.size();
  while (first > 0 && all[first - 1].kind != RecordKind::snapshot)
    --first;
  std::span<const Record> read = first > 0 && options.snapshotEvery > 0 ? all.subspan(first - 1) : all;
  recordsRead = read.size();
  return read;
}

void FrameWorld::restart(ResumeReason reason) {
  if (machine)
    crash();
  machine = std::make_unique<Machine>(MachineOptions{options.jitter, options.observe, options.snapshotEvery},
                                      options.sabotage);
  ended.reset();
  stopped = false;
  questions.clear();
  emitted.clear();
  if (!torn.empty()) {
    if (journal::decode(torn))
      wrong.push_back("half a record was taken for a whole one");
    torn.clear();
  }
  if (journal.empty())
    return start(entry, args, environment);
  std::vector<LoadedRecord> records;
  for (const Record &record : fromSnapshot()) {
    // Through the bytes, as a disk would give it.
    base::Bytes bytes;
    journal::encode(record, bytes);
    auto read = journal::decode(bytes);
    LoadedRecord loaded{std::move(*read), {}};
    if (auto blob = blobOf(loaded.record))
      loaded.blob = blobs.at(*blob);
    records.push_back(std::move(loaded));
  }
  post(ResumeRun{runId, plan, std::move(records), reason});
}

/// An evicted run is needed again: it comes back from the journal into the same machine.
void FrameWorld::revive() {
  evicted = false;
  parked = false;
  questions.clear();
  emitted.clear();
  std::vector<LoadedRecord> records;
  for (const Record &record : fromSnapshot()) {
    LoadedRecord loaded{record, {}};
    if (auto blob = blobOf(record))
      loaded.blob = blobs.at(*blob);
    records.push_back(std::move(loaded));
  }
  bool evict = std::exchange(options.evictAlways, false);
  feed(ResumeRun{runId, plan, std::move(records), ResumeReason::restored});
  options.evictAlways = evict;
}

void FrameWorld::answer(base::Hash128 step, value::Value value) {
  if (!machine || ended)
    return;
  if (evicted)
    revive();
  bool evict = std::exchange(options.evictAlways, false);
  feed(Answer{runId, step, std::move(value)});
  options.evictAlways = evict;
}

void FrameWorld::run() { runFor(INT64_MAX / 2'000'000); }

void FrameWorld::runFor(std::int64_t ms) {
  std::int64_t untilNs = clockNs + ms * 1'000'000;
  std::uint64_t steps = 0;
  while (!queue.empty() && queue.top().atNs <= untilNs && machine) {
    Due due = queue.top();
    queue.pop();
    if (due.life != life && due.life != UINT32_MAX)
      continue;
    clockNs = std::max(clockNs, due.atNs);
    due.act();
    if (++steps > 5'000'000) {
      wrong.push_back("the run does not come to rest");
      return;
    }
  }
}

const Ended &FrameWorld::finish() {
  for (int lives = 0; lives < 1000; ++lives) {
    run();
    if (ended)
      return *ended;
    if (machine) {
      wrong.push_back("the run hangs");
      break;
    }
    restart();
  }
  ended = Ended{EndState::failed, {}, {base::FailKind::failed, "the run hangs"}, ""};
  return *ended;
}

} // namespace weft::test

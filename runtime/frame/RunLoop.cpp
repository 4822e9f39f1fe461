//===- RunLoop.cpp - Steps of the machine, and what it asks for ----------===//
//
// The machine is stepped from callbacks of the doors only, and nothing that it
// asks for is answered while its actions are carried out, so steps never nest.
//
//===----------------------------------------------------------------------===//

#include "runtime/frame/RunLoop.h"

#include "runtime/frame/RunLoopState.h"

namespace weft::frame {

using journal::RunId;

void RunLoop::State::post(Event event) {
  auto shared = std::make_shared<Event>(std::move(event));
  doors.executor.post([weak = weak_from_this(), shared] {
    if (auto self = weak.lock())
      self->feed(std::move(*shared));
  });
}

void RunLoop::State::feed(Event &&event) {
  if (failed)
    return;
  machine.step(std::move(event), {doors.clock.now().sinceOriginNs, doors.clock.wallTimeNs()}, actions);
  for (const Action &action : actions.list)
    perform(action);
  sendBatch();
  flush();
  for (const observe::Event &seen : actions.notes)
    tell([seen](RunListener &listener) { listener.observed(seen); });
}

void RunLoop::State::perform(const Action &action) {
  RunId run = action.run;
  switch (action.kind) {
  case ActionKind::putBlob: {
    base::ConstBytes bytes = actions.bytesOf(action);
    blobs.push_back({{bytes.begin(), bytes.end()}, recordsGone + recordCount, headsGone + heads.size()});
    return;
  }
  case ActionKind::append:
    return addRecord(action);
  case ActionKind::call:
    return call(action);
  case ActionKind::cancelCall:
    sendBatch(); // what is to be cancelled may be in it
    if (auto found = calls.find(action.id); found != calls.end() && found->second)
      found->second->cancel(action.id);
    return;
  case ActionKind::startTimer: {
    std::uint64_t id = action.id;
    timers[id] =
        doors.clock.after(io::Duration(action.atNs - doors.clock.now().sinceOriginNs), [weak = weak_from_this(), id] {
          if (auto self = weak.lock()) {
            self->timers.erase(id);
            self->feed(TimerFired{id});
          }
        });
    return;
  }
  case ActionKind::cancelTimer:
    if (auto found = timers.find(action.id); found != timers.end()) {
      doors.clock.cancel(found->second);
      timers.erase(found);
    }
    return;
  case ActionKind::emit:
    return tell([run, key = action.key, value = actions.valuesOf(action)[0]](RunListener &listener) {
      listener.emitted(run, key, value);
    });
  case ActionKind::entered: {
    std::span<const value::Value> given = actions.valuesOf(action);
    return tell([run, key = action.key, member = action.member,
                 values = std::vector<value::Value>(given.begin(), given.end())](RunListener &listener) {
      listener.entered(run, key, member, values);
    });
  }
  case ActionKind::ask: {
    Question question{action.key.path, action.member, action.resultType, std::string(actions.textOf(action)),
                      action.atNs};
    return tell([run, question](RunListener &listener) { listener.asked(run, question); });
  }
  case ActionKind::answerRefused:
    return tell([run, step = action.key.path, why = std::string(actions.textOf(action))](RunListener &listener) {
      listener.answerRefused(run, step, why);
    });
  case ActionKind::startGang:
    return startGang(action);
  case ActionKind::gangDurable:
    return later([id = action.id](State &self) {
      if (self.gangs.durable)
        self.gangs.durable(id);
    });
  case ActionKind::cancelGang:
    return later([id = action.id](State &self) {
      if (self.gangs.cancel)
        self.gangs.cancel(id);
    });
  case ActionKind::parked:
    return park(action);
  case ActionKind::evicted:
    if (!action.refused)
      evicted(run);
    return;
  case ActionKind::stopped:
    live.erase(run);
    charging.insert(run);
    return tell([run](RunListener &listener) { listener.stopped(run); });
  case ActionKind::ended: {
    RunEnd end;
    end.state = action.state;
    if (action.state == EndState::succeeded)
      end.value = actions.valuesOf(action)[0];
    else
      end.failure = {static_cast<base::FailKind>(action.failKind), std::string(actions.textOf(action))};
    end.step = actions.stepOf(action);
    end.where = actions.whereOf(action);
    live.erase(run);
    return tell([run, end](RunListener &listener) { listener.ended(run, end); });
  }
  case ActionKind::released:
    charging.erase(run);
    if (loading.contains(run))
      later([run](State &self) { self.read(run); });
    return;
  case ActionKind::refused:
    live.erase(run);
    return tell([run, why = std::string(actions.textOf(action))](RunListener &listener) {
      listener.refused(run, base::error(base::Code::invalid, why));
    });
  }
}

void RunLoop::State::call(const Action &action) {
  auto found = live.find(action.run);
  WEFT_ASSERT(found != live.end());
  const plan::Plan &plan = *found->second.plan;
  agent::Driver *driver = drivers ? drivers(plan, plan.members[action.member].binding) : nullptr;
  std::uint64_t id = action.id;
  if (!driver) {
    CallOutcome outcome;
    outcome.id = id;
    outcome.failure = {base::FailKind::failed,
                       "nothing here provides '" +
                           std::string(plan.bindings[plan.members[action.member].binding].name) + "'"};
    return post(std::move(outcome));
  }
  agent::CallRequest request;
  request.id = id;
  request.member = action.member;
  std::span<const value::Value> args = actions.valuesOf(action);
  request.args.assign(args.begin(), args.end());
  request.resultType = action.resultType;
  request.idempotencyKey = idempotencyKey(action);
  request.path = action.key.path;
  request.attempt = action.attempt;
  request.deadlineMs = action.atNs > 0 ? static_cast<std::uint64_t>(action.atNs / 1'000'000) : 0;
  request.maxTokensOut = action.maxTokensOut;
  if (action.group != 0) {
    const plan::Group &group = plan.groups[action.group - 1];
    request.prefix = group.digest;
    request.prefixBytes = group.prefixBytes;
  }
  calls[id] = driver;
  if (action.batch != 0) {
    if (action.batch != batchNumber)
      sendBatch();
    batchNumber = action.batch;
    batchDriver = driver;
    return batch.push_back(std::move(request));
  }
  driver->start(std::move(request), [weak = weak_from_this()](CallOutcome outcome) {
    auto self = weak.lock();
    if (!self)
      return;
    self->calls.erase(outcome.id);
    self->feed(std::move(outcome));
  });
}

void RunLoop::State::sendBatch() {
  if (batch.empty())
    return;
  std::vector<agent::CallRequest> requests = std::exchange(batch, {});
  batchDriver->startTogether(std::move(requests), [weak = weak_from_this()](CallOutcome outcome) {
    if (auto self = weak.lock())
      self->arrived(std::move(outcome));
  });
}

/// Outcomes that a driver reports one after the other are one event: what they make ready may go together again.
void RunLoop::State::arrived(CallOutcome &&outcome) {
  calls.erase(outcome.id);
  outcomes.all.push_back(std::move(outcome));
  if (outcomes.all.size() > 1)
    return; // on its way already
  later([](State &self) { self.feed(std::exchange(self.outcomes, {})); });
}

void RunLoop::State::startGang(const Action &action) {
  GangRequest request;
  request.id = action.id;
  request.plan = live.at(action.run).plan;
  request.gang = action.member;
  std::span<const value::Value> inputs = actions.valuesOf(action);
  request.inputs.assign(inputs.begin(), inputs.end());
  base::ConstBytes report = actions.bytesOf(action);
  request.lastReport.assign(report.begin(), report.end());
  base::ConstBytes checkpoint = actions.checkpointOf(action);
  request.lastCheckpoint.assign(checkpoint.begin(), checkpoint.end());
  request.name = action.run.hex() + "-" + action.key.path.hex();
  if (!gangs.start)
    return post(GangOutcome{action.id, std::nullopt, {base::FailKind::failed, "nothing here runs tensor functions"}});
  later([request = std::move(request)](State &self) { self.gangs.start(request); });
}

RunLoop::RunLoop(io::Doors &doors, journal::Journal &journal, RunListener &listener, DriverOf drivers,
                 GangStarter gangs, RunLoopOptions options)
    : state(std::make_shared<State>(doors, journal, listener, std::move(drivers), std::move(gangs), options)) {}

RunLoop::~RunLoop() {
  for (auto &[id, timer] : state->timers)
    state->doors.clock.cancel(timer);
  if (state->wakeTimer != 0)
    state->doors.clock.cancel(state->wakeTimer);
}

RunId RunLoop::newRunId() {
  RunId run;
  run.high = static_cast<std::uint64_t>(state->doors.clock.wallTimeNs());
  state->doors.process.entropy(std::as_writable_bytes(std::span(&run.low, 1)));
  return run;
}

std::uint64_t RunLoop::randomSeed() {
  std::uint64_t seed = 0;
  state->doors.process.entropy(std::as_writable_bytes(std::span(&seed, 1)));
  return seed;
}

void RunLoop::start(RunId run, std::shared_ptr<const plan::Plan> plan, std::uint32_t entry,
                    std::vector<value::Value> args, std::uint64_t seed,
                    std::vector<std::pair<std::string, std::string>> environment) {
  if (state->loading.contains(run) || state->parked.contains(run) ||
      !state->live.try_emplace(run, State::Live{plan}).second)
    return state->tell([run](RunListener &listener) {
      listener.refused(run, base::error(base::Code::exists, "run " + run.hex() + " exists already; take a new name"));
    });
  state->post(StartRun{run, std::move(plan), entry, std::move(args), seed, std::move(environment)});
}

void RunLoop::resume(RunId run, std::shared_ptr<const plan::Plan> plan, ResumeReason reason) {
  state->load(run, std::move(plan), reason);
}

void RunLoop::answer(RunId run, base::Hash128 step, value::Value value) {
  state->deliver(run, Answer{run, step, std::move(value)});
}

void RunLoop::cancel(RunId run) { state->deliver(run, CancelRun{run}); }

void RunLoop::stop(RunId run) {
  if (state->live.contains(run))
    return state->post(StopRun{run});
  // Not in memory: there is nothing to stop, whether it waits for a person or is still being read.
  state->parked.erase(run);
  state->loading.erase(run);
  state->tell([run](RunListener &listener) { listener.stopped(run); });
}

void RunLoop::stopAll() {
  for (auto &[run, live] : state->live)
    state->post(StopRun{run});
  while (!state->loading.empty())
    stop(state->loading.begin()->first);
}

void RunLoop::gangReported(std::uint64_t id, journal::RecordKind kind, base::Bytes body) {
  state->post(GangReport{id, kind, std::move(body)});
}

void RunLoop::gangEnded(std::uint64_t id, std::optional<std::vector<value::Value>> results, base::Failure failure) {
  state->post(GangOutcome{id, std::move(results), std::move(failure)});
}

const MachineCounters &RunLoop::counters() const { return state->machine.counters(); }
bool RunLoop::quiet() const { return state->pendingGroups == 0 && state->recordCount == 0 && state->heads.empty(); }
std::size_t RunLoop::parkedRuns() const { return state->parked.size(); }

} // namespace weft::frame

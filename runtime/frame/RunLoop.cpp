//===- RunLoop.cpp - The frame machine with its journal, clock and drivers ===//
//
// The machine is stepped from callbacks of the doors only, and nothing that it
// asks for is answered while its actions are carried out, so steps never nest.
//
//===----------------------------------------------------------------------===//

#include "runtime/frame/RunLoop.h"

#include "runtime/frame/RecordBody.h"

#include <algorithm>
#include <map>
#include <queue>
#include <unordered_map>

namespace weft::frame {

using journal::Record;
using journal::RunId;

namespace {

struct IdHash {
  std::size_t operator()(const RunId &id) const { return id.low ^ id.high * 0x9e3779b97f4a7c15ULL; }
};

journal::RunState headState(EndState state) {
  switch (state) {
  case EndState::succeeded:
    return journal::RunState::succeeded;
  case EndState::failed:
    return journal::RunState::failed;
  case EndState::cancelled:
    return journal::RunState::cancelled;
  }
  WEFT_UNREACHABLE();
}

} // namespace

struct RunLoop::State : std::enable_shared_from_this<State> {
  State(io::Doors &doors, journal::Journal &journal, RunListener &listener, DriverOf drivers, GangStarter gangs,
        RunLoopOptions options)
      : doors(doors), journal(journal), listener(listener), drivers(std::move(drivers)), gangs(std::move(gangs)),
        options(options), machine({options.jitter, options.observe}, options.sabotage) {}

  /// A run in memory.
  struct Live {
    std::shared_ptr<const plan::Plan> plan;
    bool headParked = false;
  };
  /// A run that comes back from the journal, and what happened to it meanwhile.
  struct Loading {
    std::shared_ptr<const plan::Plan> plan;
    ResumeReason reason{};
    std::vector<LoadedRecord> records;
    std::size_t next = 0;
    std::vector<Event> after;
  };

  void post(Event event) {
    auto shared = std::make_shared<Event>(std::move(event));
    doors.executor.post([weak = weak_from_this(), shared] {
      if (auto self = weak.lock())
        self->feed(std::move(*shared));
    });
  }

  void feed(Event &&event) {
    if (failed)
      return;
    machine.step(std::move(event), {doors.clock.now().sinceOriginNs, doors.clock.wallTimeNs()}, actions);
    for (const Action &action : actions.list)
      perform(action);
    flush();
    for (const observe::Event &seen : actions.notes)
      tell([seen](RunListener &listener) { listener.observed(seen); });
  }

  /// Listeners may call the loop: they hear of things after the step.
  template <typename Say> void tell(Say say) {
    doors.executor.post([weak = weak_from_this(), say = std::move(say)] {
      if (auto self = weak.lock())
        say(self->listener);
    });
  }

  void perform(const Action &action) {
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
      return tell([run](RunListener &listener) { listener.stopped(run); });
    case ActionKind::ended: {
      RunEnd end;
      end.state = action.state;
      if (action.state == EndState::succeeded)
        end.value = actions.valuesOf(action)[0];
      else
        end.failure = {static_cast<base::FailKind>(action.failKind), std::string(actions.textOf(action))};
      end.step = actions.stepOf(action);
      live.erase(run);
      return tell([run, end](RunListener &listener) { listener.ended(run, end); });
    }
    case ActionKind::released:
      return;
    case ActionKind::refused:
      live.erase(run);
      return tell([run, why = std::string(actions.textOf(action))](RunListener &listener) {
        listener.refused(run, base::error(base::Code::invalid, why));
      });
    }
  }

  template <typename Do> void later(Do act) {
    doors.executor.post([weak = weak_from_this(), act = std::move(act)] {
      if (auto self = weak.lock())
        act(*self);
    });
  }

  // ---- the journal

  void addRecord(const Action &action) {
    if (recordCount == records.size())
      records.emplace_back();
    Record &record = records[recordCount++];
    record.run = action.run;
    record.kind = action.recordKind;
    record.key = action.key;
    base::ConstBytes body = actions.bytesOf(action);
    record.body.assign(body.begin(), body.end());
    sequences.push_back(action.sequence);
    auto found = live.find(action.run);
    if (action.recordKind == journal::RecordKind::runStarted) {
      journal::HeadChange head{action.run, journal::RunState::running, {}, {}, {}};
      if (found != live.end()) {
        head.planDigest = found->second.plan->digest;
        auto started = decodeBody(record.kind, record.body);
        if (started)
          head.name = std::get<RunStartedBody>(*started).entry;
      }
      heads.push_back(std::move(head));
    } else if (action.recordKind == journal::RecordKind::runEnded) {
      auto body = decodeBody(record.kind, record.body);
      WEFT_ASSERT(body);
      auto state = static_cast<EndState>(std::get<RunEndedBody>(*body).state);
      heads.push_back({action.run, headState(state), {}, 0, {}});
    } else if (found != live.end() && found->second.headParked) {
      found->second.headParked = false;
      heads.push_back({action.run, journal::RunState::running, {}, 0, {}});
    }
  }

  /// Hands blobs and records to the journal: those of a step as one group. What it has no room for stays here; what is
  /// under way comes back as durable, and brings us here again.
  void flush() {
    if (failed)
      return;
    std::size_t recordsReady = recordCount, headsReady = heads.size();
    for (; nextBlob < blobs.size(); ++nextBlob) {
      HeldBlob &blob = blobs[nextBlob];
      auto put = journal.putBlob(blob.bytes);
      if (put)
        continue;
      if (put.error().code != base::Code::limit || (pendingGroups == 0 && blob.records == recordsGone))
        return fail(put.error());
      // Records that stand before this blob can go, and make room.
      recordsReady = blob.records - recordsGone;
      headsReady = blob.heads - headsGone;
      break;
    }
    if (recordsReady == 0 && headsReady == 0)
      return forgetBlobs();
    std::uint64_t sequence = recordsReady > 0 ? sequences[recordsReady - 1] : lastDurable;
    auto lsn = journal.append(std::span(records.data(), recordsReady), std::span(heads.data(), headsReady),
                              [weak = weak_from_this(), sequence](base::Result<std::uint64_t> durable) {
                                auto self = weak.lock();
                                if (!self)
                                  return;
                                if (!durable)
                                  return self->fail(durable.error());
                                --self->pendingGroups;
                                self->lastDurable = std::max(self->lastDurable, sequence);
                                self->feed(Durable{sequence});
                              });
    if (!lsn) {
      if (lsn.error().code != base::Code::limit || pendingGroups == 0)
        fail(lsn.error());
      return;
    }
    ++pendingGroups;
    // What stays moves to the front; mostly nothing does, and the memory of the records is used again.
    if (recordsReady < recordCount)
      std::rotate(records.begin(), records.begin() + static_cast<std::ptrdiff_t>(recordsReady),
                  records.begin() + static_cast<std::ptrdiff_t>(recordCount));
    sequences.erase(sequences.begin(), sequences.begin() + static_cast<std::ptrdiff_t>(recordsReady));
    heads.erase(heads.begin(), heads.begin() + static_cast<std::ptrdiff_t>(headsReady));
    recordCount -= recordsReady;
    recordsGone += recordsReady;
    headsGone += headsReady;
    forgetBlobs();
  }

  void forgetBlobs() {
    if (nextBlob < blobs.size())
      return;
    blobs.clear();
    nextBlob = 0;
    recordsGone = headsGone = 0;
  }

  void fail(const base::Error &error) {
    if (failed)
      return;
    failed = true;
    for (auto &[id, driver] : calls)
      if (driver)
        driver->cancel(id);
    tell([error](RunListener &listener) { listener.journalFailed(error); });
  }

  // ---- calls

  void call(const Action &action) {
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
    request.attempt = action.attempt;
    request.deadlineMs = action.atNs > 0 ? static_cast<std::uint64_t>(action.atNs / 1'000'000) : 0;
    request.maxTokensOut = action.maxTokensOut;
    calls[id] = driver;
    driver->start(std::move(request), [weak = weak_from_this()](CallOutcome outcome) {
      auto self = weak.lock();
      if (!self)
        return;
      self->calls.erase(outcome.id);
      self->feed(std::move(outcome));
    });
  }

  void startGang(const Action &action) {
    GangRequest request;
    request.id = action.id;
    request.plan = live.at(action.run).plan;
    request.gang = action.member;
    std::span<const value::Value> inputs = actions.valuesOf(action);
    request.inputs.assign(inputs.begin(), inputs.end());
    base::ConstBytes report = actions.bytesOf(action);
    request.lastReport.assign(report.begin(), report.end());
    if (!gangs.start)
      return post(GangOutcome{action.id, std::nullopt, {base::FailKind::failed, "nothing here runs tensor functions"}});
    later([request = std::move(request)](State &self) { self.gangs.start(request); });
  }

  // ---- runs that wait for people

  void park(const Action &action) {
    RunId run = action.run;
    auto found = live.find(run);
    if (found == live.end())
      return;
    found->second.headParked = true;
    heads.push_back({run, journal::RunState::parked, {}, action.atNs, {}});
    tell([run, questions = action.id, wake = action.atNs](RunListener &listener) {
      listener.parked(run, questions, wake);
    });
    if (!options.evictParked)
      return;
    if (action.atNs > 0)
      wakes.push({action.atNs, run});
    post(EvictRun{run});
  }

  void evicted(RunId run) {
    auto found = live.find(run);
    if (found == live.end())
      return;
    parked.emplace(run, found->second.plan);
    live.erase(found);
    setWake();
  }

  void setWake() {
    while (!wakes.empty() && !parked.contains(wakes.top().second))
      wakes.pop();
    if (wakes.empty() || wakeAtNs == wakes.top().first)
      return;
    if (wakeTimer != 0)
      doors.clock.cancel(wakeTimer);
    wakeAtNs = wakes.top().first;
    wakeTimer = doors.clock.after(io::Duration(wakeAtNs - doors.clock.wallTimeNs()), [weak = weak_from_this()] {
      if (auto self = weak.lock())
        self->wake();
    });
  }

  void wake() {
    wakeTimer = 0;
    wakeAtNs = 0;
    std::int64_t nowNs = doors.clock.wallTimeNs();
    while (!wakes.empty() && wakes.top().first <= nowNs) {
      RunId run = wakes.top().second;
      wakes.pop();
      if (parked.contains(run))
        bringBack(run);
    }
    setWake();
  }

  void bringBack(RunId run) {
    auto found = parked.find(run);
    std::shared_ptr<const plan::Plan> plan = found->second;
    parked.erase(found);
    load(run, std::move(plan), ResumeReason::restored);
  }

  void load(RunId run, std::shared_ptr<const plan::Plan> plan, ResumeReason reason) {
    if (loading.contains(run) || live.contains(run))
      return;
    Loading &one = loading[run];
    one.plan = std::move(plan);
    one.reason = reason;
    journal.read(run, 0, [weak = weak_from_this(), run](base::Result<std::vector<Record>> records) {
      auto self = weak.lock();
      if (!self)
        return;
      auto found = self->loading.find(run);
      if (found == self->loading.end())
        return; // stopped meanwhile
      if (!records)
        return self->refuse(run, records.error());
      Loading &one = found->second;
      for (Record &record : *records)
        one.records.push_back({std::move(record), {}});
      self->loadBlobs(run);
    });
  }

  void loadBlobs(RunId run) {
    Loading &one = loading.at(run);
    while (one.next < one.records.size()) {
      std::optional<base::Digest> blob = blobOf(one.records[one.next].record);
      if (!blob) {
        ++one.next;
        continue;
      }
      return journal.readBlob(*blob, [weak = weak_from_this(), run](base::Result<base::Bytes> bytes) {
        auto self = weak.lock();
        if (!self)
          return;
        auto found = self->loading.find(run);
        if (found == self->loading.end())
          return;
        if (!bytes)
          return self->refuse(run, bytes.error());
        Loading &one = found->second;
        one.records[one.next++].blob = std::move(*bytes);
        self->loadBlobs(run);
      });
    }
    Loading whole = std::move(one);
    loading.erase(run);
    live[run].plan = whole.plan;
    // Its head may still say that it is parked or ended; the next record of it says otherwise.
    live[run].headParked = true;
    feed(ResumeRun{run, whole.plan, std::move(whole.records), whole.reason});
    for (Event &event : whole.after)
      feed(std::move(event));
  }

  void refuse(RunId run, const base::Error &error) {
    loading.erase(run);
    tell([run, error](RunListener &listener) { listener.refused(run, error); });
  }

  /// For a run that may be on disk only; where it is counts when the event's turn comes, not now.
  void deliver(RunId run, Event event) {
    auto shared = std::make_shared<Event>(std::move(event));
    later([run, shared](State &self) {
      if (self.parked.contains(run))
        self.bringBack(run);
      if (auto found = self.loading.find(run); found != self.loading.end())
        found->second.after.push_back(std::move(*shared));
      else
        self.feed(std::move(*shared));
    });
  }

  io::Doors &doors;
  journal::Journal &journal;
  RunListener &listener;
  DriverOf drivers;
  GangStarter gangs;
  RunLoopOptions options;
  Machine machine;
  Actions actions;
  bool failed = false;
  std::vector<Record> records; ///< Of this step; kept for their memory.
  std::size_t recordCount = 0;
  std::vector<std::uint64_t> sequences; ///< Of the first `recordCount` records.
  /// A blob that a record names, and how many records and changes of heads came before it.
  struct HeldBlob {
    base::Bytes bytes;
    std::size_t records, heads;
  };
  std::vector<HeldBlob> blobs;
  std::size_t nextBlob = 0, pendingGroups = 0;
  std::size_t recordsGone = 0, headsGone = 0; ///< Handed over since the first of `blobs` came.
  std::vector<journal::HeadChange> heads;
  std::uint64_t lastDurable = 0; ///< The machine's number of the last record known to be durable.
  std::unordered_map<std::uint64_t, io::TimerId> timers;
  std::unordered_map<std::uint64_t, agent::Driver *> calls;
  std::unordered_map<RunId, Live, IdHash> live;
  std::unordered_map<RunId, std::shared_ptr<const plan::Plan>, IdHash> parked;
  std::map<RunId, Loading> loading;
  using Wake = std::pair<std::int64_t, RunId>;
  std::priority_queue<Wake, std::vector<Wake>, std::greater<>> wakes;
  io::TimerId wakeTimer = 0;
  std::int64_t wakeAtNs = 0;
};

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
  state->live[run].plan = plan;
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
}

void RunLoop::gangReported(std::uint64_t id, journal::RecordKind kind, base::Bytes body) {
  state->post(GangReport{id, kind, std::move(body)});
}

void RunLoop::gangEnded(std::uint64_t id, std::optional<std::vector<value::Value>> results, base::Failure failure) {
  state->post(GangOutcome{id, std::move(results), std::move(failure)});
}

const MachineCounters &RunLoop::counters() const { return state->machine.counters(); }
std::size_t RunLoop::parkedRuns() const { return state->parked.size(); }

} // namespace weft::frame

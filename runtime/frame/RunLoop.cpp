//===- RunLoop.cpp - The frame machine among journal, drivers and clock ---===//
//
// Events that come while actions are carried out (a handler that starts a run)
// wait in a queue: the machine is never entered twice, and the actions of one
// event are all carried out before the next one is looked at.
//
//===----------------------------------------------------------------------===//

#include "runtime/frame/RunLoop.h"

#include "runtime/frame/RecordBody.h"

#include <deque>
#include <map>
#include <unordered_map>

namespace weft::frame {
namespace {

struct RunIdHash {
  std::size_t operator()(const journal::RunId &run) const { return run.high ^ run.low * 0x9e3779b97f4a7c15ULL; }
};

journal::RunState stateOf(RunEndedBody::State state) {
  switch (state) {
  case RunEndedBody::State::succeeded:
    return journal::RunState::succeeded;
  case RunEndedBody::State::failed:
    return journal::RunState::failed;
  case RunEndedBody::State::cancelled:
    return journal::RunState::cancelled;
  }
  WEFT_UNREACHABLE();
}

} // namespace

struct RunLoop::State : std::enable_shared_from_this<State> {
  using Drivers = std::vector<std::unique_ptr<agent::Driver>>;
  struct Live {
    std::shared_ptr<const plan::Plan> plan;
    Drivers *drivers = nullptr;
  };
  struct Loading {
    std::shared_ptr<const plan::Plan> plan;
    ResumeReason reason;
    std::function<void(base::Result<>)> done;
    std::vector<LoadedRecord> records;
    std::size_t blobsMissing = 0;
  };

  State(io::Doors &doors, journal::Journal &journal, Options options, Handlers handlers)
      : doors(doors), journal(journal), options(std::move(options)), handlers(std::move(handlers)),
        machine(this->options.machine, this->options.sabotage) {}

  void connectGangs() {
    if (!options.gangs)
      return;
    std::weak_ptr<State> weak = weak_from_this();
    options.gangs->connect(
        {[weak](std::uint64_t id, journal::RecordKind kind, base::Bytes body) {
           if (auto self = weak.lock())
             self->feed(GangReport{id, kind, std::move(body)});
         },
         [weak](std::uint64_t id, std::optional<std::vector<value::Value>> results, base::Failure failure) {
           if (auto self = weak.lock())
             self->feed(GangOutcome{id, std::move(results), std::move(failure)});
         }});
  }

  Moment now() const { return {doors.clock.now().sinceOriginNs, doors.clock.wallTimeNs()}; }

  void feed(Event event) {
    if (dead)
      return;
    waiting.push_back(std::move(event));
    if (stepping)
      return;
    stepping = true;
    auto self = shared_from_this(); // a handler may let go of the loop
    while (!waiting.empty() && !dead) {
      Event next = std::move(waiting.front());
      waiting.pop_front();
      machine.step(std::move(next), now(), actions);
      perform();
    }
    stepping = false;
  }

  void perform() {
    for (const Action &action : actions.list) {
      if (action.kind != ActionKind::append && action.kind != ActionKind::putBlob)
        flushRecords();
      carryOut(action);
      if (dead)
        return;
    }
    flushRecords();
    if (handlers.observed && !actions.notes.empty())
      handlers.observed(actions.notes);
  }

  void carryOut(const Action &action) {
    switch (action.kind) {
    case ActionKind::putBlob: {
      base::ConstBytes bytes = actions.bytesOf(action);
      if (auto put = journal.putBlob(base::Bytes(bytes.begin(), bytes.end())); !put)
        die(put.error());
      return;
    }
    case ActionKind::append:
      return append(action);
    case ActionKind::call:
      return call(action);
    case ActionKind::cancelCall:
      if (auto found = callsOf.find(action.id); found != callsOf.end())
        found->second->cancel(action.id);
      return;
    case ActionKind::startTimer:
      timers[action.id] = doors.clock.after(io::Duration(action.atNs - doors.clock.now().sinceOriginNs),
                                            [weak = weak_from_this(), id = action.id] {
                                              if (auto self = weak.lock()) {
                                                self->timers.erase(id);
                                                self->feed(TimerFired{id});
                                              }
                                            });
      return;
    case ActionKind::cancelTimer:
      if (auto found = timers.find(action.id); found != timers.end()) {
        doors.clock.cancel(found->second);
        timers.erase(found);
      }
      return;
    case ActionKind::startGang:
      return startGang(action);
    case ActionKind::gangDurable:
      if (options.gangs)
        options.gangs->durable(action.id);
      return;
    case ActionKind::cancelGang:
      if (options.gangs)
        options.gangs->cancel(action.id);
      return;
    default:
      return tell(action);
    }
  }

  /// What concerns whoever started the run.
  void tell(const Action &action) {
    switch (action.kind) {
    case ActionKind::emit:
      if (handlers.emitted)
        handlers.emitted(action.run, actions.valuesOf(action)[0]);
      return;
    case ActionKind::ask:
      if (handlers.asked)
        handlers.asked({action.run, action.key.path, action.member, std::string(actions.textOf(action)), action.atNs});
      return;
    case ActionKind::answerRefused:
      if (handlers.answerRefused)
        handlers.answerRefused(action.run, action.key.path, std::string(actions.textOf(action)));
      return;
    case ActionKind::parked: {
      journal::HeadChange change{action.run, journal::RunState::parked, {}, action.atNs, {}};
      changeHead(change);
      if (handlers.parked)
        handlers.parked(action.run, action.atNs);
      return;
    }
    case ActionKind::evicted:
      if (!action.refused)
        live.erase(action.run);
      if (handlers.evicted)
        handlers.evicted(action.run, !action.refused);
      return;
    case ActionKind::stopped:
      live.erase(action.run);
      if (handlers.stopped)
        handlers.stopped(action.run);
      return;
    case ActionKind::ended:
      if (handlers.ended)
        handlers.ended(action.run, endOf(action));
      return;
    case ActionKind::released:
      live.erase(action.run);
      return;
    case ActionKind::refused:
      return refuse(action);
    default:
      WEFT_UNREACHABLE();
    }
  }

  RunEnd endOf(const Action &action) const {
    RunEnd end;
    end.state = action.state;
    if (action.state == EndState::succeeded)
      end.value = actions.valuesOf(action)[0];
    else
      end.failure = {static_cast<base::FailKind>(action.failKind), std::string(actions.textOf(action))};
    end.step = std::string(actions.stepOf(action));
    return end;
  }

  void refuse(const Action &action) {
    live.erase(action.run);
    std::string why(actions.textOf(action));
    if (auto found = resuming.find(action.run); found != resuming.end()) {
      auto done = std::move(found->second);
      resuming.erase(found);
      done(base::error(base::Code::invalid, why));
    } else if (handlers.refused) {
      handlers.refused(action.run, why);
    }
  }

  void append(const Action &action) {
    base::ConstBytes body = actions.bytesOf(action);
    journal::Record record;
    record.run = action.run;
    record.kind = action.recordKind;
    record.key = action.key;
    record.body.assign(body.begin(), body.end());
    if (action.recordKind == journal::RecordKind::runStarted) {
      const plan::Plan &plan = *live.at(action.run).plan;
      auto started = decodeBody(record.kind, record.body);
      heads.push_back(
          {action.run, journal::RunState::running, plan.digest, {}, std::get<RunStartedBody>(*started).entry});
    } else if (action.recordKind == journal::RecordKind::runEnded) {
      auto ended = decodeBody(record.kind, record.body);
      heads.push_back({action.run, stateOf(std::get<RunEndedBody>(*ended).state), {}, 0, {}});
    } else if (action.recordKind == journal::RecordKind::signal) {
      heads.push_back({action.run, journal::RunState::running, {}, 0, {}});
    }
    records.push_back(std::move(record));
    lastSequence = action.sequence;
  }

  void flushRecords() {
    if (records.empty())
      return;
    auto appended = journal.append(
        records, heads, [weak = weak_from_this(), sequence = lastSequence](base::Result<std::uint64_t> durable) {
          auto self = weak.lock();
          if (!self)
            return;
          if (!durable)
            return self->die(durable.error());
          self->feed(Durable{sequence});
        });
    records.clear();
    heads.clear();
    if (!appended)
      die(appended.error());
  }

  void changeHead(const journal::HeadChange &change) {
    auto changed = journal.append({}, {&change, 1}, [weak = weak_from_this()](base::Result<std::uint64_t> durable) {
      if (auto self = weak.lock(); self && !durable)
        self->die(durable.error());
    });
    if (!changed)
      die(changed.error());
  }

  void call(const Action &action) {
    auto found = live.find(action.run);
    WEFT_ASSERT(found != live.end());
    const plan::Plan &plan = *found->second.plan;
    agent::CallRequest request;
    request.id = action.id;
    request.member = action.member;
    auto args = actions.valuesOf(action);
    request.args.assign(args.begin(), args.end());
    request.resultType = action.resultType;
    request.idempotencyKey = idempotencyKey(action);
    request.attempt = action.attempt;
    request.deadlineMs = action.atNs > 0 ? static_cast<std::uint64_t>(action.atNs / 1'000'000) : 0;
    request.maxTokensOut = action.maxTokensOut;
    agent::Driver *driver = (*found->second.drivers)[plan.members[action.member].binding].get();
    if (!driver) {
      CallOutcome outcome;
      outcome.id = action.id;
      outcome.failure = {base::FailKind::refused,
                         "nothing in this build carries out '" +
                             std::string(plan.bindings[plan.members[action.member].binding].name) + "'"};
      waiting.push_back(std::move(outcome));
      return;
    }
    callsOf[action.id] = driver;
    driver->start(std::move(request), [weak = weak_from_this(), id = action.id](CallOutcome outcome) {
      if (auto self = weak.lock()) {
        self->callsOf.erase(id);
        self->feed(std::move(outcome));
      }
    });
  }

  void startGang(const Action &action) {
    auto values = actions.valuesOf(action);
    if (!options.gangs) {
      waiting.push_back(GangOutcome{action.id, std::nullopt, {base::FailKind::failed, "this process runs no gangs"}});
      return;
    }
    base::ConstBytes last = actions.bytesOf(action);
    options.gangs->start(action.id, live.at(action.run).plan, action.member, {values.begin(), values.end()},
                         {last.begin(), last.end()});
  }

  void die(const base::Error &error) {
    if (dead)
      return;
    dead = true;
    if (handlers.broken)
      handlers.broken(error);
  }

  base::Result<Drivers *> driversFor(const std::shared_ptr<const plan::Plan> &plan, const Environment &environment) {
    std::string key = plan->digest.hex();
    for (auto &[name, value] : environment)
      key += '\0' + name + '=' + value;
    auto found = drivers.find(key);
    if (found == drivers.end()) {
      auto made = options.drivers(plan, environment);
      if (!made)
        return std::move(made).error();
      found = drivers.emplace(key, *std::move(made)).first;
    }
    return &found->second;
  }

  journal::RunId newRunId() {
    std::byte random[8];
    doors.process.entropy(random);
    std::uint64_t low = 0;
    for (std::byte byte : random)
      low = low << 8 | static_cast<std::uint64_t>(byte);
    return {static_cast<std::uint64_t>(doors.clock.wallTimeNs()), low};
  }

  base::Result<journal::RunId> start(RunRequest request) {
    auto made = driversFor(request.plan, request.environment);
    if (!made)
      return std::move(made).error();
    if (auto supported = Machine::supports(*request.plan); !supported)
      return std::move(supported).error();
    journal::RunId run = newRunId();
    std::byte random[8];
    doors.process.entropy(random);
    std::uint64_t seed = 0;
    for (std::byte byte : random)
      seed = seed << 8 | static_cast<std::uint64_t>(byte);
    live[run] = {request.plan, *made};
    feed(StartRun{run, std::move(request.plan), request.entry, std::move(request.args), seed,
                  std::move(request.environment)});
    return run;
  }

  void resume(journal::RunId run, std::shared_ptr<const plan::Plan> plan, ResumeReason reason,
              std::function<void(base::Result<>)> done) {
    auto loading = std::make_shared<Loading>(Loading{std::move(plan), reason, std::move(done), {}, 0});
    journal.read(run, 0, [weak = weak_from_this(), run, loading](base::Result<std::vector<journal::Record>> read) {
      auto self = weak.lock();
      if (!self)
        return;
      if (!read)
        return loading->done(std::move(read).error());
      self->loadBlobs(run, loading, *std::move(read));
    });
  }

  void loadBlobs(journal::RunId run, std::shared_ptr<Loading> loading, std::vector<journal::Record> read) {
    for (journal::Record &record : read)
      loading->records.push_back({std::move(record), {}});
    ++loading->blobsMissing; // of this function itself
    for (std::size_t at = 0; at < loading->records.size(); ++at) {
      auto digest = blobOf(loading->records[at].record);
      if (!digest)
        continue;
      ++loading->blobsMissing;
      journal.readBlob(*digest, [weak = weak_from_this(), run, loading, at](base::Result<base::Bytes> blob) {
        auto self = weak.lock();
        if (!self || !loading->done)
          return;
        if (!blob)
          return std::exchange(loading->done, nullptr)(std::move(blob).error());
        loading->records[at].blob = *std::move(blob);
        self->loaded(run, *loading);
      });
    }
    loaded(run, *loading);
  }

  void loaded(journal::RunId run, Loading &loading) {
    if (--loading.blobsMissing > 0)
      return;
    Environment environment;
    if (!loading.records.empty())
      if (auto started = decodeBody(loading.records[0].record.kind, loading.records[0].record.body))
        if (auto *body = std::get_if<RunStartedBody>(&*started))
          environment = body->environment;
    auto done = std::move(loading.done);
    auto made = driversFor(loading.plan, environment);
    if (!made)
      return done(std::move(made).error());
    live[run] = {loading.plan, *made};
    resuming[run] = done;
    feed(ResumeRun{run, std::move(loading.plan), std::move(loading.records), loading.reason});
    if (auto found = resuming.find(run); found != resuming.end()) {
      resuming.erase(found);
      done({});
    }
  }

  io::Doors &doors;
  journal::Journal &journal;
  Options options;
  Handlers handlers;
  Machine machine;
  Actions actions;
  std::deque<Event> waiting;
  bool stepping = false, dead = false;
  std::vector<journal::Record> records;
  std::vector<journal::HeadChange> heads;
  std::uint64_t lastSequence = 0;
  std::unordered_map<journal::RunId, Live, RunIdHash> live;
  std::map<journal::RunId, std::function<void(base::Result<>)>> resuming;
  std::map<std::string, Drivers> drivers;
  std::unordered_map<std::uint64_t, agent::Driver *> callsOf;
  std::unordered_map<std::uint64_t, io::TimerId> timers;
};

RunLoop::RunLoop(io::Doors &doors, journal::Journal &journal, Options options, Handlers handlers)
    : state(std::make_shared<State>(doors, journal, std::move(options), std::move(handlers))) {
  state->connectGangs();
}

RunLoop::~RunLoop() {
  state->dead = true;
  for (auto &[id, timer] : state->timers)
    state->doors.clock.cancel(timer);
}

base::Result<journal::RunId> RunLoop::start(RunRequest request) { return state->start(std::move(request)); }
void RunLoop::resume(journal::RunId run, std::shared_ptr<const plan::Plan> plan, ResumeReason reason,
                     std::function<void(base::Result<>)> done) {
  state->resume(run, std::move(plan), reason, std::move(done));
}
void RunLoop::answer(journal::RunId run, base::Hash128 step, value::Value value) {
  state->feed(Answer{run, step, std::move(value)});
}
void RunLoop::cancel(journal::RunId run) { state->feed(CancelRun{run}); }
void RunLoop::stop(journal::RunId run) { state->feed(StopRun{run}); }
void RunLoop::evict(journal::RunId run) { state->feed(EvictRun{run}); }
const MachineCounters &RunLoop::counters() const { return state->machine.counters(); }

} // namespace weft::frame

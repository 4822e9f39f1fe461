//===- FrameWorld.h - A frame machine, its journal, its calls, in one place ===//
//
// Everything around the machine that a test wants to decide: when a group is
// durable, what a call answers and when, who answers a question, when the
// process dies and what of the journal survives. Time is virtual and jumps. The
// doors and the SQLite journal are not here (test/simulation and RunLoopTest
// have those); so a crash at every record of a plan costs milliseconds.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/frame/Machine.h"
#include "runtime/frame/RecordBody.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <queue>
#include <set>
#include <string>
#include <vector>

namespace weft::test {

/// What a scripted call sees.
struct Asked {
  std::uint32_t member = 0;
  std::vector<value::Value> args;
  std::uint32_t attempt = 0;
  base::Hash128 path;
};

/// What it answers, and after how long.
struct Reply {
  std::optional<value::Value> value;
  base::Failure failure;
  std::int64_t delayMs = 1;
  std::int64_t tokensIn = 0, tokensOut = 0, costNano = 0;
  bool silent = false; ///< Never answers, until it is cancelled.

  static Reply ok(value::Value value, std::int64_t delayMs = 1) {
    return {std::move(value), {}, delayMs, 0, 0, 0, false};
  }
  static Reply fail(base::FailKind kind, std::string why = "scripted", std::int64_t delayMs = 1) {
    return {std::nullopt, {kind, std::move(why)}, delayMs, 0, 0, 0, false};
  }
  static Reply never() { return {std::nullopt, {base::FailKind::cancelled, "cancelled"}, 0, 0, 0, 0, true}; }
};

using Script = std::function<Reply(const Asked &)>;
/// Answers a question; nullopt leaves it open.
using Person = std::function<std::optional<value::Value>(std::string_view question)>;

struct WorldOptions {
  frame::Sabotage sabotage;
  bool jitter = false, observe = false;
  bool evictAlways = false;   ///< Asks for eviction after every event, and brings the run back when it is needed.
  std::int64_t durableMs = 1; ///< How long a group takes to become durable.
  std::int64_t personMs = 10; ///< How long a person takes.
  std::uint64_t crashAtRecord = UINT64_MAX; ///< Dies when so many records are durable and another would be.
  bool tearLast = false;                    ///< Half of the next record is found in the journal after the crash.
  std::uint64_t seed = 1;                   ///< Of the run.
  std::uint64_t snapshotEvery = 0;          ///< Records between snapshots; a new process reads from the last one on.
};

/// A call that left the machine.
struct CallSeen {
  std::uint32_t member = 0, attempt = 0, life = 0; ///< life: which process sent it, from 0.
  base::Hash128 path;
  std::string onceKey;
  std::vector<value::Value> args;
  std::uint64_t durableThen = 0; ///< Records durable when it left.
  std::int64_t atMs = 0;
  bool ended = false, inFlightAtCrash = false;
};

struct Ended {
  frame::EndState state = frame::EndState::failed;
  value::Value value;
  base::Failure failure;
  std::string step;
};

class FrameWorld {
public:
  FrameWorld(std::shared_ptr<const plan::Plan> plan, WorldOptions options = {});

  void script(std::uint32_t member, Script script) { scripts[member] = std::move(script); }
  /// Hears of each write that takes effect on the other side, the moment it does.
  std::function<void(const CallSeen &)> effect;
  void person(Person answers) { persons = std::move(answers); }
  /// Gangs answer at once with this.
  std::function<std::optional<std::vector<value::Value>>(std::uint32_t, std::vector<value::Value>)> gangs;

  void start(std::string_view entry, std::vector<value::Value> args,
             std::vector<std::pair<std::string, std::string>> environment = {});
  /// Goes on until the run has ended, nothing is left to wait for, or the process has died.
  void run();
  /// For at most `ms` of virtual time.
  void runFor(std::int64_t ms);
  /// A new process takes the run up from what is in the journal; starts it anew when nothing is.
  void restart(frame::ResumeReason reason = frame::ResumeReason::restored);
  /// The process dies now: what is not durable is lost.
  void crash();
  /// The process dies when so many records are durable and another would be.
  void crashAt(std::uint64_t record) { options.crashAtRecord = record; }
  void answer(base::Hash128 step, value::Value value);
  void cancel() { post(frame::CancelRun{runId}); }
  void stop() { post(frame::StopRun{runId}); }

  /// Runs to the end whatever happens on the way, starting again after each death.
  const Ended &finish();

  bool dead() const { return !machine; }
  std::int64_t nowMs() const { return clockNs / 1'000'000; }
  const frame::MachineCounters &counters() const { return machine->counters(); }

  std::optional<Ended> ended;
  bool stopped = false, parked = false, released = false;
  std::vector<CallSeen> calls;
  std::vector<value::Value> emitted;
  std::vector<base::Hash128> questions; ///< Open ones, in order.
  std::vector<std::string> refusals;    ///< Of answers and of runs.
  std::vector<journal::Record> journal; ///< What is durable, oldest first.
  std::map<base::Digest, base::Bytes> blobs;
  std::map<std::string, std::uint32_t> applied; ///< Writes that took effect, by idempotency key.
  std::uint32_t evictions = 0, groups = 0, deaths = 0;
  std::uint64_t framesMost = 0;
  std::size_t recordsRead = 0;    ///< By the last process that took the run up.
  std::vector<std::string> wrong; ///< What breaks a rule whatever the plan: filled while running.
  journal::RunId runId{0x1234, 0x5678};

private:
  struct Due {
    std::int64_t atNs;
    std::uint64_t order;
    std::uint32_t life;
    std::function<void()> act;
    bool operator<(const Due &other) const { return std::tie(other.atNs, other.order) < std::tie(atNs, order); }
  };
  void at(std::int64_t delayNs, std::function<void()> act);
  void post(frame::Event event);
  void feed(frame::Event event);
  void perform(const frame::Action &action);
  void send(const frame::Action &action);
  void reply(frame::CallOutcome outcome, std::size_t call);
  void flush();
  void groupDurable(std::vector<journal::Record> group, std::uint64_t sequence);
  bool isWrite(std::uint32_t member) const;
  void takesEffect(const CallSeen &call);
  void revive();
  /// What a process reads that takes the run up: the journal, or what stands behind the last snapshot.
  std::span<const journal::Record> fromSnapshot();

  std::shared_ptr<const plan::Plan> plan;
  WorldOptions options;
  std::unique_ptr<frame::Machine> machine;
  frame::Actions actions;
  std::map<std::uint32_t, Script> scripts;
  Person persons;
  std::priority_queue<Due> queue;
  std::uint64_t order = 0;
  std::uint32_t life = 0;
  std::int64_t clockNs = 1'000'000'000;
  // The journal's group that is being written, and the one that gathers.
  std::vector<journal::Record> gathering;
  std::uint64_t gatheringSequence = 0, durableSequence = 0;
  bool writing = false;
  std::string entry;
  std::vector<value::Value> args;
  std::vector<std::pair<std::string, std::string>> environment;
  std::map<std::uint64_t, std::size_t> inFlight; ///< Call id to place in `calls`.
  std::map<std::uint64_t, frame::CallOutcome> silent;
  std::set<std::uint64_t> cancelledTimers;
  std::set<base::Hash128> asked;
  bool evicted = false;
  std::vector<frame::Event> held; ///< For a run that is out of memory.
  base::Bytes torn;
};

} // namespace weft::test

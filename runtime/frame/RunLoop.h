//===- RunLoop.h - The frame machine with its journal, clock and drivers --===//
//
// Feeds the machine what happens and does what it asks: appends and blobs to
// the journal, timers to the clock, calls to drivers, gangs to whoever runs
// them. It decides nothing. Runs that wait for people only are written out
// (their facts are in the journal already) and brought back when an answer or
// their time comes.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/frame/Machine.h"
#include "runtime/io/Doors.h"
#include "runtime/journal/Journal.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace weft::frame {

/// How a run ended. `value` is of the entry's result type when it succeeded.
struct RunEnd {
  EndState state = EndState::failed;
  value::Value value;
  base::Failure failure;
  std::string step;  ///< Who failed: "docs.read".
  std::string where; ///< "brief.weft:12, [3] of brief.weft:10"; empty for a failure of an earlier process.
};

/// A person is asked.
struct Question {
  base::Hash128 step; ///< Names the question: `answer` takes it.
  std::uint32_t member = 0;
  std::uint32_t type = 0; ///< Of the answer, in the plan's types.
  std::string prompt;
  std::int64_t deadlineWallNs = 0; ///< 0: none.
};

/// Is told what becomes of runs, on the executor, never inside a call of the loop. Nothing needs to be overridden.
class RunListener {
public:
  virtual ~RunListener() = default;
  virtual void ended(journal::RunId, const RunEnd &) {}
  /// Waits for `questions` answers and nothing else, durably; goes on by itself at `wakeWallNs`, unless that is 0.
  virtual void parked(journal::RunId, std::uint64_t questions, std::int64_t wakeWallNs) {}
  virtual void asked(journal::RunId, const Question &) {}
  /// An answer was not taken; the question is still open.
  virtual void answerRefused(journal::RunId, base::Hash128 step, std::string_view why) {}
  /// A value of the entry's emitted type. A resumed run emits again from its start, under the same keys.
  virtual void emitted(journal::RunId, const journal::StepKey &, const value::Value &) {}
  /// A workflow or an agent that a test counts begins to run; `member` stands for it. A resumed run tells of what it
  /// runs again, under the same keys.
  virtual void entered(journal::RunId, const journal::StepKey &, std::uint32_t member, std::vector<value::Value>) {}
  /// After `stop`: the run has left memory and can be resumed.
  virtual void stopped(journal::RunId) {}
  /// Start or resume did not happen: the journal has no such run, or it does not fit the plan.
  virtual void refused(journal::RunId, const base::Error &) {}
  /// With `RunLoopOptions::observe`.
  virtual void observed(const observe::Event &) {}
  /// The journal cannot be written any more: nothing is sent from now on, and no run of this loop goes on.
  virtual void journalFailed(const base::Error &) {}
};

/// One gang call for whoever runs gangs; answered by `RunLoop::gangReported` and `RunLoop::gangEnded`.
struct GangRequest {
  std::uint64_t id = 0;
  std::shared_ptr<const plan::Plan> plan;
  std::uint32_t gang = 0;
  std::vector<value::Value> inputs;
  base::Bytes lastReport;     ///< Body of the last view journaled for this step, or empty.
  base::Bytes lastCheckpoint; ///< Body of the last checkpoint journaled for it, or empty.
  std::string name;           ///< Of the step, in every process that runs it: the run, '-', the step's path.
};

struct GangStarter {
  std::function<void(GangRequest)> start;
  /// What the gang reported is durable, report by report in their order; of a gang that takes checkpoints, last of all,
  /// its results.
  std::function<void(std::uint64_t id)> durable;
  std::function<void(std::uint64_t id)> cancel;
};

struct RunLoopOptions {
  bool jitter = true; ///< Off in tests with a virtual clock.
  bool observe = false;
  bool evictParked = true; ///< Off: parked runs stay in memory.
  /// See MachineOptions. A thousand records are replayed in some milliseconds, and a snapshot costs one more.
  std::uint64_t snapshotEvery = 1000;
  Sabotage sabotage; ///< For tests.
};

/// Used from the executor's thread only.
class RunLoop {
public:
  /// The driver of a plan's binding, or null when there is none: its calls fail then. Asked once per call.
  using DriverOf = std::function<agent::Driver *(const plan::Plan &plan, std::uint32_t binding)>;

  /// All references outlive the loop. Destruction drops runs from memory; the journal keeps them.
  RunLoop(io::Doors &doors, journal::Journal &journal, RunListener &listener, DriverOf drivers, GangStarter gangs,
          RunLoopOptions options = {});
  ~RunLoop();

  /// A name for a new run that begins with the time, so that neighbours lie together on disk.
  journal::RunId newRunId();

  /// Begins a run. `args` are of the types of the entry's parameters; `environment` holds what `environmentNames` asks
  /// for. The listener hears how it goes. The seed, 0 or not, is part of the run; `randomSeed` draws one.
  void start(journal::RunId run, std::shared_ptr<const plan::Plan> plan, std::uint32_t entry,
             std::vector<value::Value> args, std::uint64_t seed,
             std::vector<std::pair<std::string, std::string>> environment = {});
  std::uint64_t randomSeed();

  /// Takes up a run that the journal knows.
  void resume(journal::RunId run, std::shared_ptr<const plan::Plan> plan, ResumeReason reason = ResumeReason::restored);

  /// A person's answer; a run that was written out is brought back first. After `resume` it may follow at once.
  void answer(journal::RunId run, base::Hash128 step, value::Value value);
  /// Ends the run as cancelled, for ever.
  void cancel(journal::RunId run);
  /// Ends its work here: what writes is awaited, the rest given up; it can be resumed.
  void stop(journal::RunId run);
  /// All that are in memory or on their way into it.
  void stopAll();

  void gangReported(std::uint64_t id, journal::RecordKind kind, base::Bytes body);
  void gangEnded(std::uint64_t id, std::optional<std::vector<value::Value>> results, base::Failure failure);

  const MachineCounters &counters() const;
  /// Whether the journal has everything durable that it was given, states of runs too.
  bool quiet() const;
  /// Runs written out by this loop and waiting for people.
  std::size_t parkedRuns() const;

private:
  struct State;
  std::shared_ptr<State> state;
};

/// Names that `env` may ask for in this plan, in steps and in settings of models and tools: read them when a run
/// starts.
std::vector<std::string> environmentNames(const plan::Plan &plan);

/// What a run recorded under these names when it started: whoever takes it up makes its drivers from this, whatever the
/// environment holds by then. `records` are those of the run, oldest first. Errors: `corrupt` where they begin
/// otherwise.
base::Result<std::vector<std::pair<std::string, std::string>>>
recordedEnvironment(std::span<const journal::Record> records);

} // namespace weft::frame

//===- RunLoop.h - The frame machine among journal, drivers and clock -----===//
//
// Hands events to the machine and carries out its actions: records go to the
// journal as one group per event, calls to the drivers of their bindings,
// timers to the clock, gangs to their host. Runs many runs of many plans on
// the executor of its doors; the simulator runs it as it is.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/agent/Driver.h"
#include "runtime/frame/GangHost.h"
#include "runtime/frame/Machine.h"
#include "runtime/io/Doors.h"
#include "runtime/journal/Journal.h"

#include <functional>
#include <memory>
#include <string>

namespace weft::frame {

using Environment = std::vector<std::pair<std::string, std::string>>;

/// How a run ended. Durable when it is told.
struct RunEnd {
  EndState state = EndState::succeeded;
  value::Value value;    ///< succeeded
  base::Failure failure; ///< failed
  std::string step;      ///< failed: who failed, "docs.read".
};

struct Question {
  journal::RunId run;
  base::Hash128 step; ///< Names the question: what an answer is given under.
  std::uint32_t member = 0;
  std::string text;
  std::int64_t deadlineWallNs = 0; ///< 0: none.
};

/// A run to be started.
struct RunRequest {
  std::shared_ptr<const plan::Plan> plan;
  std::uint32_t entry = 0;
  std::vector<value::Value> args;
  Environment environment;
};

class RunLoop {
public:
  struct Handlers {
    std::function<void(journal::RunId, RunEnd)> ended;
    std::function<void(journal::RunId, std::int64_t wakeAtNs)> parked; ///< Waits for people only. It may be evicted.
    std::function<void(journal::RunId)> stopped;                       ///< After `stop`: out of the machine, resumable.
    std::function<void(journal::RunId, bool evicted)> evicted;
    std::function<void(Question)> asked;
    std::function<void(journal::RunId, base::Hash128 step, std::string why)> answerRefused;
    std::function<void(journal::RunId, const value::Value &)> emitted;
    std::function<void(journal::RunId, std::string why)> refused; ///< StartRun or ResumeRun was refused.
    std::function<void(std::span<const observe::Event>)> observed;
    /// The journal cannot be written any more: nothing was lost that was told, and nothing goes on.
    std::function<void(base::Error)> broken;
  };
  struct Options {
    MachineOptions machine;
    Sabotage sabotage;
    /// One driver per binding of the plan, null where none is needed; made once per plan and environment.
    std::function<base::Result<std::vector<std::unique_ptr<agent::Driver>>>(std::shared_ptr<const plan::Plan>,
                                                                            const Environment &)>
        drivers;
    GangHost *gangs = nullptr; ///< Null: gangs fail.
  };

  /// `doors` and `journal` outlive the loop. Handlers that are not set are not called.
  RunLoop(io::Doors &doors, journal::Journal &journal, Options options, Handlers handlers);
  ~RunLoop();

  /// Begins a run; its id is new. Errors: those of the drivers (an environment variable that is not set, a provider
  /// that is not carried), unsupported (a construct); nothing was journaled then.
  base::Result<journal::RunId> start(RunRequest request);

  /// Takes up a run of the journal. `plan` must be the one it is pinned to. `done` is called when the run goes on or
  /// when it does not: notFound, corrupt, invalid (it has ended and has nothing to try again).
  void resume(journal::RunId run, std::shared_ptr<const plan::Plan> plan, ResumeReason reason,
              std::function<void(base::Result<>)> done);

  void answer(journal::RunId run, base::Hash128 step, value::Value value);
  void cancel(journal::RunId run);
  void stop(journal::RunId run);
  void evict(journal::RunId run);

  const MachineCounters &counters() const;

private:
  struct State;
  std::shared_ptr<State> state;
};

} // namespace weft::frame

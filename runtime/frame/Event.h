//===- Event.h - What goes into the frame machine -------------------------===//
//
// Everything that the machine learns of the world: it asks for nothing, so
// that the simulator can be the world. Times come beside the event.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/agent/Driver.h"
#include "runtime/base/Bytes.h"
#include "runtime/base/Failure.h"
#include "runtime/journal/Record.h"
#include "runtime/plan/Plan.h"
#include "runtime/value/Value.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace weft::frame {

/// When an event happens.
struct Moment {
  std::int64_t steadyNs = 0; ///< Never goes back; of use in this process only.
  std::int64_t wallNs = 0;   ///< Since 1970-01-01 UTC; for people, and for deadlines that outlive the process.
};

/// A new run. Its arguments have the types of the entry's parameters, checked by whoever made them.
struct StartRun {
  journal::RunId run;
  std::shared_ptr<const plan::Plan> plan;
  std::uint32_t entry = 0; ///< Index into `Plan::entries`.
  std::vector<value::Value> args;
  std::uint64_t seed = 0;
  std::vector<std::pair<std::string, std::string>> environment; ///< Read now, once: what `env` gives for ever.
};

/// One record of the journal, with the large value that it names.
struct LoadedRecord {
  journal::Record record;
  base::Bytes blob; ///< Of the digest that the body names; empty when it names none.
};

/// Why a run is taken up again.
enum class ResumeReason : std::uint8_t {
  restored, ///< Evicted by this process, or found after a crash: goes on where the journal ends.
  retried,  ///< A person asks for it: a run that failed tries its failed step again.
};

/// A run that the journal knows: all its durable records, oldest first.
struct ResumeRun {
  journal::RunId run;
  std::shared_ptr<const plan::Plan> plan; ///< Must have the digest that the run is pinned to.
  std::vector<LoadedRecord> records;
  ResumeReason reason = ResumeReason::restored;
};

/// All records up to the machine's `sequence` (Action.h) are durable.
struct Durable {
  std::uint64_t sequence = 0;
};

/// A timer asked for by an action has gone off.
struct TimerFired {
  std::uint64_t timer = 0;
};

/// A person answers. Refused with an action when nothing waits under `step` or the value is not of the type.
struct Answer {
  journal::RunId run;
  base::Hash128 step;
  value::Value value;
};

/// Somebody cancels the run: recorded, and the run ends as cancelled.
struct CancelRun {
  journal::RunId run;
};

/// The process wants to go: nothing new is sent, writes in flight are awaited, the run can be resumed.
struct StopRun {
  journal::RunId run;
};

/// Drops a run from memory; it comes back by ResumeRun. Refused while the run waits for more than people; one that only
/// has costs of cancelled calls or records under way leaves as soon as they are in, unless it has gone on by then.
struct EvictRun {
  journal::RunId run;
};

/// A gang has done its work, or failed.
struct GangOutcome {
  std::uint64_t id = 0;
  std::optional<std::vector<value::Value>> results;
  base::Failure failure;
};

/// A gang's new view or checkpoint, to be journaled under its step before the gang goes on.
struct GangReport {
  std::uint64_t id = 0;
  journal::RecordKind kind = journal::RecordKind::gangEpoch;
  base::Bytes body;
};

using CallOutcome = agent::CallOutcome;

/// What came of several attempts at once: what follows from it may go in one request again.
struct CallOutcomes {
  std::vector<CallOutcome> all;
};

using Event = std::variant<StartRun, ResumeRun, CallOutcome, CallOutcomes, Durable, TimerFired, Answer, CancelRun,
                           StopRun, EvictRun, GangOutcome, GangReport>;

} // namespace weft::frame

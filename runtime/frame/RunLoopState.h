//===- RunLoopState.h - The loop from inside ------------------------------===//
//
// One struct, its functions by subject: RunLoop.cpp steps the machine and does
// what it asks, RunLoopJournal.cpp hands records and blobs to the journal,
// RunLoopParking.cpp lets runs out of memory and brings them back.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/frame/RunLoop.h"

#include <map>
#include <queue>
#include <set>
#include <unordered_map>

namespace weft::frame {

struct RunLoop::State : std::enable_shared_from_this<State> {
  using Record = journal::Record;
  using RunId = journal::RunId;

  State(io::Doors &doors, journal::Journal &journal, RunListener &listener, DriverOf drivers, GangStarter gangs,
        RunLoopOptions options)
      : doors(doors), journal(journal), listener(listener), drivers(std::move(drivers)), gangs(std::move(gangs)),
        options(options), machine({options.jitter, options.observe, options.snapshotEvery}, options.sabotage) {}

  /// A run in memory.
  struct Live {
    std::shared_ptr<const plan::Plan> plan;
    bool headParked = false;
    bool eventsWait = false;     ///< It was brought back for events that come next: that it is parked is no news yet.
    std::int64_t wakeWallNs = 0; ///< Where it is parked: when it goes on by itself, or 0.
  };
  /// A run that comes back from the journal, and what happened to it meanwhile.
  struct Loading {
    std::uint64_t number = 0; ///< The journal's answers to an earlier one are not for this one.
    std::shared_ptr<const plan::Plan> plan;
    ResumeReason reason{};
    std::vector<LoadedRecord> records;
    std::size_t next = 0;
    std::vector<Event> after;
  };
  /// A blob that a record names, and how many records and changes of heads came before it.
  struct HeldBlob {
    base::Bytes bytes;
    std::size_t records, heads;
  };
  using Wake = std::pair<std::int64_t, RunId>; ///< At this wall-clock nanosecond.

  // ---- RunLoop.cpp: steps and actions
  void post(Event event);
  /// One step of the machine, with all that it asks for. Never nests.
  void feed(Event &&event);
  void perform(const Action &action);
  void call(const Action &action);
  /// What was gathered of one batch goes to its driver.
  void sendBatch();
  void arrived(agent::CallOutcome &&outcome);
  void startGang(const Action &action);
  /// `act(State &)` from the executor, unless the loop is gone by then.
  template <typename Do> void later(Do act) {
    doors.executor.post([weak = weak_from_this(), act = std::move(act)] {
      if (auto self = weak.lock())
        act(*self);
    });
  }
  /// Listeners may call the loop: they hear of things after the step.
  template <typename Say> void tell(Say say) {
    later([say = std::move(say)](State &self) { say(self.listener); });
  }

  // ---- RunLoopJournal.cpp
  void addRecord(const Action &action);
  /// Hands blobs and records to the journal: those of a step as one group. What it has no room for stays here; what is
  /// under way comes back as durable, and brings us here again.
  void flush();
  void forgetBlobs();
  /// The journal cannot be written any more: nothing is sent from now on.
  void fail(const base::Error &error);

  // ---- RunLoopParking.cpp
  void park(const Action &action);
  void evicted(RunId run);
  /// Sets the timer to the earliest deadline of the runs that are out of memory.
  void setWake();
  void wake();
  void bringBack(RunId run);
  void load(RunId run, std::shared_ptr<const plan::Plan> plan, ResumeReason reason);
  void read(RunId run);
  /// The run's last `window` places of the journal, or more until there is a snapshot among them that fits its plan.
  void readBack(RunId run, std::uint64_t number, std::uint64_t lastLsn, std::uint64_t window);
  void loadBlobs(RunId run);
  /// Null when the run was stopped meanwhile, even if it is being loaded again.
  Loading *loadingOf(RunId run, std::uint64_t number);
  template <typename T>
  std::function<void(base::Result<T>)> whileLoading(RunId run, const Loading &one, void (*take)(Loading &, T));
  void refuse(RunId run, const base::Error &error);
  /// For a run that may be on disk only; where it is counts when the event's turn comes, not now.
  void deliver(RunId run, Event event);

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
  std::vector<HeldBlob> blobs;
  std::size_t nextBlob = 0, pendingGroups = 0;
  std::size_t recordsGone = 0, headsGone = 0; ///< Handed over since the first of `blobs` came.
  std::vector<journal::HeadChange> heads;
  std::uint64_t lastDurable = 0; ///< The machine's number of the last record known to be durable.
  std::unordered_map<std::uint64_t, io::TimerId> timers;
  std::unordered_map<std::uint64_t, agent::Driver *> calls;
  /// Calls of one batch, while the actions of a step are carried out.
  std::vector<agent::CallRequest> batch;
  agent::Driver *batchDriver = nullptr;
  std::uint64_t batchNumber = 0;
  CallOutcomes outcomes; ///< Of batches, until all that come at once are in.
  std::unordered_map<RunId, Live> live;
  std::unordered_map<RunId, std::shared_ptr<const plan::Plan>> parked;
  std::map<RunId, Loading> loading;
  std::uint64_t lastLoading = 0;
  std::set<RunId> charging; ///< Stopped, with costs of calls to come; they are read again when those are in.
  std::priority_queue<Wake, std::vector<Wake>, std::greater<>> wakes; ///< Of `parked`; others are passed over.
  io::TimerId wakeTimer = 0;
  std::int64_t wakeAtNs = 0;
};

} // namespace weft::frame

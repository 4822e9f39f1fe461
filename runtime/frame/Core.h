//===- Core.h - The frame machine from inside -----------------------------===//
//
// One class, its functions by subject, each group below under the name of its
// file: Machine.cpp takes events and runs the ready queue.
//
// Nothing recurses: whatever could is put into one of two queues and taken up
// by `drain`. `urgent` goes first, so that nothing starts in a scope that has
// failed. A function that queues a failure may go on; what it holds stays valid
// until it returns.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/frame/Machine.h"
#include "runtime/frame/Ring.h"
#include "runtime/frame/Slab.h"
#include "runtime/frame/Tables.h"
#include "runtime/plan/NodeFlags.h"

#include <unordered_map>

namespace weft::frame {

struct Snapshot;
struct SnapshotCell;

class Core {
public:
  Core(MachineOptions options, Sabotage sabotage) : options(options), sabotage(sabotage) {}
  ~Core();

  void step(Event &&event, Moment moment, Actions &actions);
  MachineCounters counters;

private:
  using Hash128 = base::Hash128;
  using FailKind = base::FailKind;
  using Value = value::Value;

  // ---- Machine.cpp: events and the ready queue
  void handle(StartRun &&event);
  void handle(ResumeRun &&event);
  void handle(CallOutcome &&event);
  void handle(CallOutcomes &&event);
  void handle(Durable &&event);
  void handle(TimerFired &&event);
  void handle(Answer &&event);
  void handle(CancelRun &&event);
  void handle(StopRun &&event);
  void handle(EvictRun &&event);
  void handle(GangOutcome &&event);
  void handle(GangReport &&event);
  void drain();
  void settle();
  void touch(Run &run);
  /// One thing more, or less, that will wake the run and is no person.
  void pend(Run &run) { ++run.pending, touch(run); }
  void unpend(Run &run) { --run.pending, touch(run); }
  std::uint64_t setTimer(TimerKind kind, void *target, std::uint64_t detail, std::int64_t delayNs);
  void clearTimer(std::uint64_t &timer);
  observe::Event *note(Run &run, observe::EventKind kind);

  // ---- Runs.cpp
  PlanContext *contextOf(std::shared_ptr<const plan::Plan> plan);
  Run *makeRun(journal::RunId id, std::shared_ptr<const plan::Plan> plan, std::uint32_t entry);
  void refuse(journal::RunId id, std::string_view why);
  static std::string beyondRecord(const StartRun &event);
  void begin(Run &run, std::span<const Value> args);
  void beginFrames(Run &run, std::span<const Value> args);
  void runSucceeded(Run &run, Value &&result);
  void runFailed(Run &run, Failed &&failed);
  void reportEnd(Run &run, EndState state, Value &&value, const Failed *failed);
  void closeRoot(Run &run, bool succeeded);
  void leave(Run &run);
  void maybeDestroy(Run &run);
  void finishStop(Run &run);
  static bool waitsForPeople(const Run &run);
  void evict(Run &run);

  // ---- Frames.cpp
  /// A frame with empty registers, or null after a limit was reached (the failure is queued at `blame`).
  Frame *makeFrame(Run &run, std::uint32_t block, RegionStep *owner, Scope *scope, Hash128 path, std::uint32_t index,
                   Role role, Frame *blame);
  void launch(Frame &frame);
  void runNode(Frame &frame, std::uint32_t node);
  void completeNode(Frame &frame, std::uint32_t node);
  void setResult(Frame &frame, const plan::Node &node, Value &&value);
  void frameDone(Frame &frame);
  void releaseFrame(Frame &frame);
  /// Ends everything below `frame` and the frame; writes in flight go on and are counted in `drain`.
  void cancelFrames(Frame *frame, Scope *drain);
  void cancelStep(Step &step, Scope *drain);
  void cancelStacked(Scope *drain);
  const plan::Node &nodeOf(const Frame &frame, std::uint32_t node) const;
  const plan::Plan &planOf(const Frame &frame) const { return *frame.run->plan->plan; }
  static Hash128 pathOf(const Frame &frame, const plan::Node &node, std::uint32_t iteration) {
    return base::mix(base::mix(frame.path, node.stable_id()), iteration);
  }
  Hash128 stepPath(Frame &frame, const plan::Node &node);
  /// The same at every attempt of the step, and in every attempt of what is around it; follows every frame between.
  Hash128 onceKeyOf(const CallStep &step) const;
  journal::StepKey keyOf(const Frame &frame, const plan::Node &node, Hash128 path, std::uint32_t attempt) const;

  // ---- Leaves.cpp
  void doEmit(Frame &frame, std::uint32_t node);
  void doFail(Frame &frame, std::uint32_t node);
  void doSystem(Frame &frame, std::uint32_t node);

  // ---- Regions.cpp
  void startRegion(Frame &frame, std::uint32_t node);
  void startInvoke(RegionStep &step);
  /// In a test: what answers in place of the block, or null.
  const plan::Mock *mockOf(const Run &run, std::uint32_t block) const;
  void answerMocked(RegionStep &step, const plan::Mock &mock);
  void tellEntered(const RegionStep &step, const plan::Mock &counted);
  void startMap(RegionStep &step);
  void feedMap(RegionStep &step);
  void startRound(RegionStep &step, Value &&carried);
  void startFold(RegionStep &step, Value &&accumulator);
  void startBranch(RegionStep &step);
  void startTry(RegionStep &step);
  void startHandler(RegionStep &step);
  /// Body number `body` with `leading` and then the step's captures, operands from number `skip` on.
  Frame *startBody(RegionStep &step, std::uint32_t body, std::uint32_t index, Role role, Scope *scope,
                   std::initializer_list<const Value *> leading, std::uint32_t skip);
  const plan::Policy *policyOf(const Frame &frame, std::uint32_t node) const;
  /// A scope of a test that gives, in place of its body's value, what was emitted in it.
  static bool givesEmitted(const plan::Node &node) {
    return node.op() == plan::Op::scope && (node.flags() & plan::givesEmitted);
  }

  // ---- FoldTree.cpp
  void startTree(RegionStep &step, Value &&first);
  void combined(RegionStep &step, Frame &child, Value &&value);
  void feedTree(RegionStep &step);

  // ---- Hedges.cpp
  static bool hedges(const plan::Policy *policy) { return policy && policy->hedgeMs > 0; }
  /// The number of the frame that an attempt begins with: each has two where it is hedged.
  std::uint32_t activationOf(const RegionStep &step) const;
  void startHedged(RegionStep &step);
  /// False when a limit stopped it.
  bool startActivation(RegionStep &step, std::uint32_t index);
  void startSecond(RegionStep &step);
  void activationDone(RegionStep &step, Frame &child, Value &&value);
  void activationFailed(RegionStep &step, Failed &&failed, std::uint64_t order);
  void dropHedge(RegionStep &step);

  // ---- RegionEnds.cpp
  void bodyDone(RegionStep &step, Frame &child);
  void scopeEnded(Scope &scope);
  /// `order`: the failure's place among the records, or behind them all.
  void retryRegion(RegionStep &step, Failed &&failed, std::uint64_t order);
  void completeStep(RegionStep &step, Value &&value);
  void destroyRegion(RegionStep &step);

  // ---- Choices.cpp
  void startRace(RegionStep &step);
  void startVote(RegionStep &step);
  /// An arm or a sample; false when a limit stopped it.
  bool startArm(RegionStep &step, std::uint32_t body, std::uint32_t index, std::uint32_t skip);
  void raceDone(RegionStep &step, Frame &child, Value &&value);
  void voteDone(RegionStep &step, Frame &child, Value &&value);
  void decide(RegionStep &step, DecisionBody::What what, Scope *winner);
  void cancelLosers(RegionStep &step);
  /// All scopes that are left are ended; the step ends when their writes in flight have.
  void endLosers(RegionStep &step, bool keepsWritten);
  /// One more of what the step runs beside each other has failed; `last` is the latest of them.
  static void addFailure(RegionStep &step, std::unique_ptr<Failed> failed, std::uint64_t order);
  void sampleFailed(RegionStep &step, Scope &scope);

  // ---- Snapshots.cpp
  /// Between two rounds of `step`: records what the run needs to go on from here, where that is due and can be done.
  void snapshot(RegionStep &step, const Value &carried);
  RegionStep *onlyStep(const Frame &frame) const;
  std::vector<Frame *> lineTo(const RegionStep &step) const;
  bool restoreCell(Frame &frame, const SnapshotCell &from);
  bool restore(Run &run, const Snapshot &from);
  static bool opensScope(const plan::Policy *policy) {
    return policy &&
           (policy->timeoutMs > 0 || policy->retry > 0 || policy->hedgeMs > 0 || policy->budget != plan::noIndex);
  }

  // ---- Written.cpp
  /// Whether what is done in `scope` may turn out not to count.
  static bool isSpeculative(const Scope *scope);
  /// The call has written; remembered where it may have to be taken back. `order`: 0 now.
  void noteWritten(CallStep &step, const Value &answer, std::uint64_t order);
  Written writtenBy(const CallStep &step) const;
  /// What was written in `scope` and below its frame, and what is in flight there.
  void collectWritten(Scope &scope);
  /// The outcome of a write whose step is gone.
  void writtenEnded(const Attempt &attempt, const Value *value, FailKind kind);
  static bool mayHaveWritten(FailKind kind);
  Value storedWrites(const Run &run, std::span<const Written> written) const;
  std::vector<Written> loadWritten(Run &run, const DecisionBody &body);

  // ---- Undo.cpp
  static Hash128 undoPath(Hash128 write, std::uint64_t which);
  void owe(RegionStep &step);
  Undoing &openUndoing(Run &run, Hash128 path, std::vector<Written> &&owed);
  void startUndoing(Undoing &undoing);
  void undoNext(Undoing &undoing);
  void undoDone(Frame &frame);
  void undoFailed(Scope &scope);
  void leaveUndone(Undoing &undoing, const base::Failure &failure);
  void finishUndoing(Undoing &undoing);
  /// It goes on, with nobody waiting for it but `drain`.
  void detachUndoing(Undoing &undoing, Scope *drain);
  void dropUndoings(Run &run, Scope *drain);
  void endChoice(RegionStep &step);
  bool undoBeforeRepeating(CallStep &step, std::uint32_t attempt);
  std::string shownCall(const Run &run, const Written &written) const;

  // ---- Cells.cpp
  void startOnce(Frame &frame, std::uint32_t node);
  void numberCell(OnceStep &cell);
  OnceStep &cellOf(OnceStep &cell, const Value &key);
  void startGet(Frame &frame, std::uint32_t node);
  void leaveCell(GetStep &get);
  /// All that ask hear what it gives, value or failure.
  void cellKnown(OnceStep &cell);
  void tell(OnceStep &cell, Frame &frame, std::uint32_t node);
  /// Of a frame whose nodes are all done.
  void closeCells(Frame &frame);

  // ---- Scopes.cpp
  Scope *openScope(Run &run, Scope *parent, RegionStep *owner, Hash128 path, std::uint32_t index, std::uint32_t budget,
                   std::uint64_t timeoutMs);
  void closeScope(Scope &scope, bool succeeded);
  /// `node`: what has failed in `frame`, where one has.
  void raise(Frame &frame, Failed &&failed, std::uint32_t node = plan::noIndex);
  void raise(Scope &scope, Failed &&failed);
  Failed failedHere(Frame &frame, FailKind kind, std::string why) const;
  void failScope(Scope &scope);
  /// Cuts a failure's text to what a record may hold.
  static void shorten(std::string &why);
  /// "1 round", "3 rounds".
  static std::string counted(std::size_t count, const char *what);
  void queue(Scope &scope, ReadyKind kind);
  void destroyScope(Scope &scope);
  void abandon(Scope &scope, Scope *drain);
  void writeAwaited(Scope &scope);
  std::string stepName(const Frame &frame, std::uint32_t node) const;
  std::string blockName(const Frame &frame) const;
  /// `own` instead of the node's, where its line is known.
  std::string whereOf(const Frame &frame, std::uint32_t node, plan::SourceSpan own = {"", 0, 0}) const;
  bool knownFailure(Scope &scope);

  // ---- Calls.cpp
  void startCall(Frame &frame, std::uint32_t node);
  bool replayCall(CallStep &step);
  void retryLater(CallStep &step, std::int64_t delayNs);
  void callSucceeded(CallStep &step, Value &&value);
  void callFailed(CallStep &step, base::Failure &&failure, bool mayRetry);
  bool retries(const CallStep &step, FailKind kind) const;
  std::int64_t backoffNs(const Run &run, Hash128 path, const plan::Policy &policy, std::uint32_t failures);
  void destroyCall(CallStep &step);
  void dropWaits(CallStep &step);
  std::span<const std::uint32_t> argumentsOf(const CallStep &step) const;
  const plan::Member *memberOf(const CallStep &step) const;             ///< Null for a gang.
  std::uint32_t targetOf(const Frame &frame, std::uint32_t node) const; ///< Index of the member or the gang.
  bool isWrite(const CallStep &step) const;

  // ---- EqualCalls.cpp
  static bool isCached(const plan::Policy *policy);
  bool isCached(const CallStep &step) const;
  Hash128 equalKeyOf(const CallStep &step) const;
  bool joinEqual(CallStep &step);
  void shareAnswer(CallStep &step, const Value &value);
  void equalFailed(CallStep &step);

  // ---- Attempts.cpp
  void tryCall(CallStep &step, bool hedge);
  /// Whether it is to be tried again: a budget that it did not fit has changed.
  bool tryOnce(CallStep &step, bool hedge);
  bool needsIntent(const Attempt &attempt) const;
  void sendAttempt(CallStep &step, AttemptId id);
  void prepareAttempt(CallStep &step, AttemptId id);
  Attempt &newAttempt(CallStep &step, AttemptId &id);
  Attempt *find(AttemptId id);
  void freeAttempt(AttemptId id);
  void leaveGate(AttemptId id, std::uint64_t behind);
  void appendIntent(CallStep &step, Attempt &attempt, std::string_view question);

  // ---- Outcomes.cpp
  void orphan(AttemptId id, Scope *drain);
  void letGo(AttemptId id);
  void attemptEnded(AttemptId id, std::optional<Value> &&value, base::Failure &&failure, const Amounts &used,
                    std::int64_t tokensIn, std::int64_t tokensOut);
  void attemptTimedOut(AttemptId id);
  void startHedge(CallStep &step);
  /// The time of the call's own budget is spent: ends its attempts, journals why, fails it.
  void timeSpent(CallStep &step, base::Failure &&failure);

  // ---- Spending.cpp
  /// Raises when the budget of `policy` would stand inside too many others.
  bool refusesBudget(Frame &frame, const plan::Policy *policy);
  Account *openAccount(Run &run, Account *parent, std::uint32_t budget, Hash128 path);
  void releaseAccount(Account *account);
  Account *accountOf(const CallStep &step) const;
  static Account *accountOf(const Scope *scope);
  enum class Reserved : std::uint8_t { yes, later, never };
  /// yes: reserved at every account; later: the call stands in the list of the one that it does not fit; never: why is
  /// in `failure`, and the account that it does not fit in `tight`.
  Reserved reserve(CallStep &step, Attempt &attempt, base::Failure &failure, Account *&tight);
  Amounts mostOf(const CallStep &step, Attempt &attempt, const Account *innermost) const;
  void unreserve(Attempt &attempt, const Amounts &used);
  void pump(Account &account);
  void busyBegin(Account *account);
  void busyEnd(Account *account);
  static bool lowerIteration(const CallStep &left, const CallStep &right);

  // ---- Permits.cpp
  void returnPermit(Attempt &attempt);
  void departed(Attempt &attempt);
  void pumpPermit(PlanContext &plan, std::uint32_t binding);
  std::uint32_t askedNow(const CallStep &step); ///< The member that its attempt asks.
  void waitForPermit(CallStep &step);
  std::uint32_t iterationOf(const Frame &frame) const;
  bool goesWithOthers(const CallStep &step);
  void sendTogether(CallStep &first, std::uint32_t ratePlace);

  // ---- Exceeding.cpp
  /// The member that the next attempt of a call asks: the node's, or the fallback of a budget that was exceeded.
  std::uint32_t askedBy(const CallStep &step) const;
  static bool mayChange(const Account *innermost);
  enum class Exceeded : std::uint8_t { stop, again, waits };
  /// A call does not fit `account`. stop: it fails with `failure`; again: it may fit now; waits: a person is asked.
  Exceeded exceed(CallStep &step, Account &account, base::Failure &failure);
  Exceeded askForMore(CallStep &step, Account &account, base::Failure &failure);
  void openQuestion(CallStep &step, Account &account);
  static Hash128 questionOf(const Account &account);
  void answeredForMore(CallStep &step, bool yes);
  /// The call that a budget's question stands at is gone: it goes to one of those that wait for the answer.
  void passQuestionOn(CallStep &step);
  void restoreExceeded(Account &account);

  // ---- People.cpp
  void startAsk(CallStep &step);
  void ask(CallStep &step, std::int64_t askedWallNs, bool recorded);
  /// Wall time until which a question may be answered, its scopes' included; 0: for ever.
  static std::int64_t deadlineOf(const CallStep &asked);
  void countScopesFrom(Scope &inner, std::int64_t askedWallNs);
  void linkAsked(CallStep &step);
  void endAsk(CallStep &step);
  static std::string_view questionText(const Value &prompt);
  void personTimedOut(CallStep &step);

  // ---- Journaling.cpp
  /// Appends a record whose body `write` writes; defined in Append.h.
  template <typename Write> void append(Run &run, journal::RecordKind kind, const journal::StepKey &key, Write &&write);
  void writeValue(BodyWriter &writer, const Value &value);
  /// With a value it succeeded, with a failure it failed, with neither only its cost is recorded.
  void appendOutcome(Run &run, const journal::StepKey &key, const Value *value, const base::Failure *failure,
                     const Amounts &used, std::int64_t tokensIn, std::int64_t tokensOut, Account *account);
  void appendDecision(Run &run, const journal::StepKey &key, const DecisionBody &body,
                      std::span<const Written> writes = {});
  void gate(Gated &&gated);
  void release(Gated &gated);
  void releaseDurable();
  Action &act(ActionKind kind, const Run &run);
  PoolRange pool(std::string_view text);
  /// The encoding of `value` in `scratch`, valid until the next one.
  base::ConstBytes encode(const Value &value);

  MachineOptions options;
  Sabotage sabotage;
  Moment now;
  Actions *out = nullptr;
  Slab slab;
  Ring<Ready> ready, urgent;
  Ring<Gated> gates;
  std::vector<Attempt> attempts;
  std::vector<std::uint32_t> freeAttempts;
  std::vector<Batch> batches;
  std::vector<std::uint32_t> freeBatches;
  std::vector<std::pair<PlanContext *, std::uint32_t>> gathering; ///< Bindings whose calls leave when all is ready.
  std::vector<Timer> timers;
  std::vector<std::uint32_t> freeTimers;
  std::unordered_map<journal::RunId, Run *> runs;
  std::vector<Run *> leaving; ///< Ended, with costs of cancelled calls to come.
  std::unordered_map<const plan::Plan *, std::unique_ptr<PlanContext>> plans;
  Run *touched = nullptr;
  std::vector<Frame *> stack;  ///< To be cancelled.
  std::vector<Scope *> doomed; ///< Of steps that were cancelled, until their frames are gone.
  base::Bytes scratch;
  struct Blob {
    base::Digest digest;
    base::Bytes bytes;
  };
  std::vector<Blob> blobs; ///< Of the record that is being written.
  DecisionBody decision;
  std::uint64_t sequence = 0, durableSequence = 0, jitterDraws = 0, batchNumber = 0;
  bool tornDown = false;
};

} // namespace weft::frame

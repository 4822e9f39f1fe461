//===- Frame.h - Running blocks, their steps and scopes -------------------===//
//
// Plain data without behaviour: a frame is one running block, a step a node of
// it that has started and not ended, a scope what fails or is cancelled as one.
// All lie in the slab. Lists are intrusive and nothing here allocates beside
// the slab, failures apart.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Digest.h"
#include "runtime/base/Failure.h"
#include "runtime/frame/Accounts.h"
#include "runtime/journal/Record.h"
#include "runtime/plan/Plan.h"
#include "runtime/value/Builders.h"
#include "runtime/value/Value.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace weft::frame {

struct CallStep;
struct Frame;
struct RegionStep;
struct Run;
struct Scope;
struct Step;

/// What ended a step, on its way up.
struct Failed {
  base::Failure failure;
  std::string step; ///< Who failed first: "docs.read".
  /// Paths whose records a retry of the run leaves aside: of the step, or of the scopes that failed one level below.
  /// What failed inside of those stands in their own decisions, so that depth makes no record longer.
  std::vector<base::Hash128> chain;
  std::string where{}; ///< Its place and those around it, for people; not in the journal.
};

/// A doubly linked list through the members `previous` and `next` of T.
template <typename T> struct LinkedList {
  T *first = nullptr;

  void add(T *item) {
    item->previous = nullptr;
    item->next = first;
    if (first)
      first->previous = item;
    first = item;
  }
  void remove(T *item) {
    (item->previous ? item->previous->next : first) = item->next;
    if (item->next)
      item->next->previous = item->previous;
    item->previous = item->next = nullptr;
  }
};

/// Where order among a run's records counts: what happens in this process comes after all that a journal knows.
inline constexpr std::uint64_t liveOrder = 1ull << 62;

/// A write that can be taken back, and what that takes.
struct Written {
  base::Hash128 path; ///< Of its step.
  std::uint32_t member = 0;
  std::uint32_t inFlight = 0; ///< Attempts whose outcome is to come.
  bool answered = false;      ///< Else nobody knows whether it took effect, unless its outcome comes.
  bool unsure = false;        ///< An attempt ended without saying.
  std::uint64_t order = 0;    ///< Of its outcome among the run's; the last is taken back first.
  value::Value args;          ///< A list.
  value::Value result;        ///< answered
};

/// Writes that are taken back one after the other: what a race or a vote owes that is decided, or one that was in
/// flight when the run was killed. Whoever waits for it may go; it goes on to its end.
struct Undoing {
  Run *run = nullptr;
  Undoing *previous = nullptr, *next = nullptr; ///< Of the same run.
  base::Hash128 path;                           ///< Of the race or vote.
  RegionStep *choice = nullptr;
  CallStep *call = nullptr;
  Scope *drain = nullptr;     ///< Fails, and waits for this.
  Scope *scope = nullptr;     ///< Around the call under way.
  std::vector<Written> owed;  ///< What is taken back first stands last.
  Written current;            ///< Under way.
  std::uint64_t which = 0;    ///< Of a call: the attempt that comes after it.
  std::uint32_t inFlight = 0; ///< Among `owed`.
  bool resumes = false;       ///< The run goes on when this is done.
  bool unknown = false;       ///< One of the failures left its outcome open.
  std::string why;            ///< What could not be taken back.
  std::vector<base::Hash128> chain;
};

/// Its frames are numbered by attempt, or two for each attempt where it is hedged: one does again what the other does.
inline bool isTriedAgain(const plan::Node &node) {
  return node.op() == plan::Op::invoke || node.op() == plan::Op::scope;
}

/// Which body of its step a frame runs.
enum class Role : std::uint8_t { body, handler, otherwise };

/// One running block: this header, then registers, then for each node how many others it still waits for.
struct Frame {
  Run *run = nullptr;
  const plan::Block *block = nullptr;
  Step *owner = nullptr; ///< The step that runs it; null for a run's first, and for one that takes a write back.
  Scope *scope = nullptr;
  Frame *previous = nullptr, *next = nullptr; ///< Beside it under `owner`.
  LinkedList<Step> steps;
  base::Hash128 path;
  std::uint32_t index = 0;  ///< Map index, loop round, arm or sample.
  std::uint32_t open = 0;   ///< Nodes not done.
  std::uint32_t queued = 0; ///< Entries of the ready queue that name it: its memory stays until they are gone.
  std::uint16_t level = 0;  ///< Frames above it.
  Role role = Role::body;
  bool dead = false;
  bool again = false;  ///< It, or what is around it, was tried before.
  bool cached = false; ///< Calls in it are those of an agent under `cache: run`.

  value::Value *registers() { return reinterpret_cast<value::Value *>(this + 1); }
  std::uint32_t *missing() { return reinterpret_cast<std::uint32_t *>(registers() + block->registers); }
  static std::size_t bytesOf(const plan::Block &block) {
    return sizeof(Frame) + block.registers * sizeof(value::Value) + block.nodes.count() * sizeof(std::uint32_t);
  }
};
static_assert(sizeof(Frame) % alignof(value::Value) == 0);

enum class StepKind : std::uint8_t { call, region, get };

/// A node that has started and not ended.
struct Step {
  Step(StepKind kind, Frame *frame, std::uint32_t node) : frame(frame), node(node), kind(kind) {}
  Frame *frame;
  Step *previous = nullptr, *next = nullptr;
  std::uint32_t node;
  StepKind kind;
};

/// An index into the machine's table of attempts, and which use of that place: stale names are recognised.
using AttemptId = std::uint64_t;

/// call, gang and a question to a person.
struct CallStep : Step {
  CallStep(Frame *frame, std::uint32_t node) : Step(StepKind::call, frame, node) {}
  enum class Waits : std::uint8_t { nothing, budget, permit, backoff, equalCall, person, undo, raise };

  base::Hash128 path;
  base::Hash128 args;            ///< Of the encoded arguments.
  AttemptId flights[2] = {};     ///< The attempt, and its hedge.
  std::uint64_t timer = 0;       ///< Backoff, or a person's deadline.
  std::uint64_t hedgeTimer = 0;  ///< Until a second activation begins.
  Account *own = nullptr;        ///< The budget that stands on this call.
  Account *exceeds = nullptr;    ///< The budget that the question at this call is about; else it is the call's own.
  base::Hash128 question;        ///< Of that question; the key of its intent and its answer.
  CallStep *nextEqual = nullptr; ///< Waits for the same answer.
  CallStep *previousAsked = nullptr, *nextAsked = nullptr;
  std::int64_t deadlineNs = 0; ///< A person's, in wall time; 0: none.
  std::uint32_t attempt = 0;   ///< The latest.
  std::uint32_t failures = 0;
  std::uint32_t round = 0;      ///< Under `cache: run`: of the loop in which an agent asks again.
  std::uint32_t keptMember = 0; ///< With intentKept: whom the attempt in flight had asked.
  Waits waits = Waits::nothing;
  bool hedged = false, intentKept = false, leadsEqual = false;
  bool unsure = false; ///< An attempt ended without saying whether it took effect.
};

/// A fold as a tree. Its values are numbered level by level, the values to combine first; nothing of it is recorded,
/// since the shape follows from their count.
struct FoldTree {
  std::vector<value::Value> values;  ///< By number; taken when they are combined.
  std::vector<bool> there;           ///< By number: known and not yet taken.
  std::vector<std::uint32_t> levels; ///< Number of the first value of each level, then the count of all.
  std::vector<std::uint32_t> ready;  ///< A heap, lowest first: values whose two parts are there.
};

/// invoke, map, fold, loop, branch, race, vote, try_, scope, once: a step that runs frames.
struct RegionStep : Step {
  RegionStep(Frame *frame, std::uint32_t node) : Step(StepKind::region, frame, node) {}

  LinkedList<Frame> children;
  LinkedList<Scope> scopes;
  value::Value input;                         ///< map, fold: the list; loop: the value carried.
  std::optional<value::ArrayBuilder> results; ///< map: by index; vote: by order of success.
  std::unique_ptr<FoldTree> tree;             ///< fold, of an associative function.
  value::Value won;                           ///< race, vote: the result while losers are awaited.
  std::vector<std::uint32_t> chosen;
  std::unique_ptr<Failed> last; ///< race, vote: what failed so far; try_: what the handler handles.
  std::vector<Written> written; ///< race, vote: by what has failed.
  Undoing *undoing = nullptr;
  std::uint64_t lastOrder = 0;
  std::uint64_t timer = 0; ///< Backoff of an invoke that is tried again.
  std::uint64_t hedgeTimer = 0;
  std::uint32_t next = 0; ///< Iteration, round, arm or sample to start next.
  std::uint32_t live = 0, done = 0, total = 0, window = 0;
  std::uint32_t needed = 0, failedCount = 0;
  std::uint32_t draining = 0; ///< Cancelled scopes whose writes are awaited.
  bool decided = false;       ///< The decision is made or was found in the journal.
  bool closed = false;        ///< race, vote, hedged: it has its result, and waits for what lost.
  bool hedged = false;        ///< A second activation is, or was, beside this attempt's first.
};

struct GetStep;

/// once: a cell. The node is done when the cell is made; the step stays until its frame ends.
struct OnceStep : RegionStep {
  using RegionStep::RegionStep;
  GetStep *firstAsker = nullptr, *lastAsker = nullptr; ///< In the order of asking.
  std::uint32_t number = 0;                            ///< Its place in `Run::cells`.
  bool begun = false;                                  ///< `decided`: `won` or `last` is what it gives.
  /// Of a cell that has keys: a cell of the same node for each. They have no number.
  std::unique_ptr<std::unordered_map<base::Hash128, OnceStep *>> byKey;
  OnceStep *table = nullptr; ///< The cell with keys that this is one of.
  base::Hash128 key;
};

/// get: waits for a cell.
struct GetStep : Step {
  GetStep(Frame *frame, std::uint32_t node) : Step(StepKind::get, frame, node) {}
  OnceStep *cell = nullptr; ///< Null when it waits no longer.
  GetStep *previousAsker = nullptr, *nextAsker = nullptr;
};

/// What is emitted inside a race or a vote waits here until it is known to count.
struct HeldEmit {
  journal::StepKey key;
  value::Value value;
};

/// What fails, times out and is cancelled as one: a run, a body of try, an arm, a sample, a scope with a policy.
struct Scope {
  Run *run = nullptr;
  Scope *parent = nullptr;
  RegionStep *owner = nullptr;                ///< Null: the run itself, or abandoned.
  Scope *previous = nullptr, *next = nullptr; ///< Beside it under `owner`.
  Frame *frame = nullptr;
  Account *account = nullptr; ///< Its own; null when it has no budget.
  Scope *drainTo = nullptr;   ///< Abandoned: who waits for its writes.
  std::unique_ptr<Failed> failed;
  std::vector<HeldEmit> held;
  std::vector<Written> written; ///< Inside of an arm or a sample: to be taken back should that lose.
  Undoing *undoing = nullptr;   ///< It is around a call that takes a write back.
  base::Hash128 path;
  std::uint64_t timer = 0;
  std::int64_t timeoutNs = 0, deadlineWallNs = 0; ///< Of the timer; the deadline by the clock on the wall.
  std::uint64_t order = 0;                        ///< When it failed, among the run's scopes.
  std::uint32_t index = 0;
  std::uint32_t awaiting = 0; ///< Writes in flight, and abandoned scopes that have some.
  bool speculative = false;   ///< An arm or a sample: emits are held.
  std::uint32_t queued = 0;   ///< Entries of the urgent queue that name it.
  bool failing = false, draining = false, recorded = false, dead = false;
};

} // namespace weft::frame

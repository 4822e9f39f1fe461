//===- Run.h - One run in memory, and what runs of one plan share ---------===//
#pragma once

#include "runtime/frame/Frame.h"
#include "runtime/frame/Permit.h"
#include "runtime/frame/Replay.h"
#include "runtime/value/Evaluator.h"

#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace weft::frame {

/// A plan that runs use: its evaluator, its permits, and which nodes of a block start at once.
struct PlanContext {
  /// `unordered`: see Sabotage::ignoreOrder.
  explicit PlanContext(std::shared_ptr<const plan::Plan> plan, bool unordered = false);

  /// How many nodes it waits for.
  std::uint32_t missing(const plan::Node &node) const {
    return node.missing() - (unordered ? static_cast<std::uint32_t>(plan->afterOf(node).size()) : 0);
  }

  std::shared_ptr<const plan::Plan> plan;
  value::Evaluator evaluator;
  std::vector<Permit> permits;         ///< By binding.
  std::vector<plan::Range> firstNodes; ///< By block, into `first`.
  std::vector<std::uint32_t> first;
  std::uint32_t runs = 0;
  // Limits of the plan, with defaults where it sets none.
  bool undoes = false; ///< Some write of it can be taken back.
  std::uint64_t maxFrames, maxDepth, maxSteps, maxJournalBytes, maxValueBytes, fuel;
  bool unordered;
};

/// Calls with equal arguments under `cache: run`: the one that is made, who waits for it, and its answer.
struct EqualCalls {
  CallStep *leader = nullptr;
  CallStep *waiting = nullptr; ///< Linked through `nextEqual`, latest first.
  bool known = false;
  value::Value answer;
};

/// What a race or a vote could not take back of what lost.
struct LeftUndone {
  base::Hash128 path;
  base::Failure failure;
  std::vector<base::Hash128> chain;
};

struct Run {
  journal::RunId id;
  PlanContext *plan = nullptr;
  const plan::Entry *entry = nullptr;
  std::uint64_t seed = 0;
  std::vector<std::pair<std::string, std::string>> environment;
  std::unique_ptr<Replay> replay;
  Scope *root = nullptr;
  CallStep *asked = nullptr; ///< Questions open, latest first.
  LinkedList<Undoing> undoings;
  std::vector<LeftUndone> leftUndone; ///< Until somebody fails with it, the run at the latest.
  std::vector<value::Value> args;     ///< While it waits for `resuming`.
  std::uint32_t resuming = 0;         ///< Undoings that a run taken up again waits for.
  std::uint64_t writes = 0;           ///< Done in this process that can be taken back.
  std::uint64_t recordsSince = 0;     ///< Its last snapshot, or its start.
  std::uint64_t bytesSince = 0, snapshotBytes = 0;
  bool fresh = true;    ///< Nothing in the journal lies ahead of it: it was started here, or has called by itself.
  bool emitted = false; ///< What was emitted is made again from the run's start.
  std::vector<OnceStep *> cells; ///< By number; null where none is now.
  std::vector<std::uint32_t> freeCells;
  std::unordered_map<base::Hash128, EqualCalls> equal;
  std::unordered_map<base::Hash128, GangReports> gangs; ///< What gangs reported since the run was taken up.
  std::uint64_t lastSequence = 0;                       ///< Of its latest record.
  std::uint64_t steps = 0, journalBytes = 0, arrivals = 0, failures = 0;
  std::uint64_t frames = 0;  ///< Live.
  std::uint32_t pending = 0; ///< Things that will wake it and are not people.
  std::uint32_t asking = 0;
  std::uint32_t attempts = 0; ///< In the table: in flight, or cancelled with their cost to come.
  std::uint32_t gated = 0;    ///< Entries of the gate.
  bool leaves = false;        ///< EvictRun came: it goes once nothing of it is under way.
  bool parkedTold = false, ending = false, cancelling = false, stopping = false, gone = false, touched = false;
  Run *nextTouched = nullptr;
};

} // namespace weft::frame

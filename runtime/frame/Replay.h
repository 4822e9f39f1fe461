//===- Replay.h - What the journal already knows of a run -----------------===//
//
// Records by path, built once when a run is resumed. A step that finds itself
// here completes at once. Bodies are decoded when the run is taken up, so that
// a journal that cannot be read is refused before anything happens.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Result.h"
#include "runtime/frame/Accounts.h"
#include "runtime/frame/Event.h"
#include "runtime/frame/RecordBody.h"
#include "runtime/frame/Snapshot.h"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace weft::frame {

/// What one attempt left behind.
struct PastAttempt {
  std::uint32_t attempt = 0;
  const IntentBody *intent = nullptr;
  const OutcomeBody *outcome = nullptr; ///< ok or failed, never late.
  bool timedOut = false;                ///< Decided before its outcome.
  bool late = false;                    ///< The step ended without it: it does not count as a try.
  base::ConstBytes blob;
  std::uint64_t order = 0; ///< Of the outcome's record among the run's.
};

/// What a race or a vote owes that was decided.
struct PastChoice {
  base::Hash128 path;
  const DecisionBody *decision = nullptr;
};

/// Everything that was charged to an account before.
struct PastCharges {
  Amounts spent;
  std::int64_t timeSpentNs = 0;
};

/// Bodies of the last view and the last checkpoint of a gang; empty when there is none.
struct GangReports {
  base::Bytes view, checkpoint;
};

class Replay {
public:
  /// Reads the records of one run, oldest first: all of them, or those from a snapshot on. Errors: `corrupt` for a body
  /// that cannot be read, a run without a start, or a record of another run.
  static base::Result<std::unique_ptr<Replay>> read(std::vector<LoadedRecord> records);

  /// Of a run that goes on from a snapshot: without its arguments.
  const RunStartedBody &started() const { return start; }
  /// What the run goes on from; null: its start.
  const Snapshot *snapshot() const { return from ? &*from : nullptr; }
  std::size_t recordsRead() const { return entries.size(); }
  base::ConstBytes startedBlob() const { return startBlob; }
  /// The run's end, when it has one that no retry has taken back.
  const RunEndedBody *ended() const { return end; }
  base::ConstBytes endedBlob() const { return endBlob; }
  bool cancelled() const { return cancelSeen; }

  /// Attempts of the step at `path`, ascending. Valid until the next call.
  std::span<const PastAttempt> attempts(base::Hash128 path);
  /// The decision of that kind at `path`, with its place among all records, or null.
  const DecisionBody *decision(base::Hash128 path, DecisionBody::What what, std::uint64_t &order) const;
  /// A person's answer at `path`, or null; `blob` is set where it is one.
  const SignalBody *answer(base::Hash128 path, base::ConstBytes &blob) const;
  /// What the gang at `path` last reported, over all its attempts and also before a retry of the run: epochs only grow,
  /// and a state that is safe stays so.
  const GangReports &gangReports(base::Hash128 path) const;
  /// Races and votes that were decided and had losers with writes to be taken back, in the order of their decisions.
  std::vector<PastChoice> choicesWithWrites() const;
  PastCharges charges(base::Hash128 account) const;
  /// Whether the run had gone on when it was left: something is known that stands behind place `order`.
  bool goesOnAfter(std::uint64_t order) const { return order < entries.size(); }

  /// The run is tried again: leaves aside what `chain` names, what the failures decided there name, and so on down, and
  /// questions that nobody answered: they are asked anew, with all their time.
  void retry(std::span<const base::Hash128> chain);

private:
  struct Entry {
    std::uint64_t order = 0;
    journal::StepKey key;
    journal::RecordKind kind{};
    Body body;
    base::Bytes blob;
  };
  const std::vector<std::uint32_t> *at(base::Hash128 path) const;

  std::vector<Entry> entries;
  std::unordered_map<base::Hash128, std::vector<std::uint32_t>> byPath;
  std::unordered_map<base::Hash128, PastCharges> byAccount;
  std::unordered_map<base::Hash128, GangReports> byGang;
  std::vector<PastAttempt> found;
  RunStartedBody start;
  std::optional<Snapshot> from;
  base::Bytes startBlob;
  RunEndedBody endStorage;
  base::Bytes endBlob;
  const RunEndedBody *end = nullptr;
  bool cancelSeen = false;
};

} // namespace weft::frame

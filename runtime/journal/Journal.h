//===- Journal.h - What happened, durable and in order --------------------===//
//
// One journal per project folder, one owning process. Appends join a group;
// the group is what arrived while the last one was being written, so a chain
// of n steps costs n fsyncs and a crowd shares them; there is no timer.
//
//   auto lsn = journal->append(records, heads, [](Result<uint64_t> durable) { ... });
//
// Each group is one transaction that first checks that its owner still owns
// the journal. A crash leaves whole groups: all that was acknowledged, perhaps
// one more, never half of one.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Digest.h"
#include "runtime/base/Result.h"
#include "runtime/io/Doors.h"
#include "runtime/journal/Record.h"

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace weft::journal {

enum class RunState : std::uint8_t {
  running = 1, ///< Was live when last written; after a crash it waits to be resumed.
  parked = 2,  ///< Written out, waiting for a signal or a time.
  succeeded = 3,
  failed = 4,
  cancelled = 5,
};

/// Lower-case name, "parked".
const char *name(RunState state);
/// Whether nothing will happen to it by itself: it succeeded, failed or was cancelled.
inline bool isOver(RunState state) { return state >= RunState::succeeded; }

/// One row per run, written in the same transaction as its records: listing runs reads no record.
struct RunHead {
  RunId run;
  std::uint64_t firstLsn = 0; ///< The run's first record.
  std::uint64_t lastLsn = 0;  ///< From here `prev` leads through all of the run's records.
  RunState state = RunState::running;
  base::Digest planDigest;
  std::int64_t updatedNs = 0; ///< Wall time of the last group that touched the run, since 1970-01-01 UTC.
  std::int64_t wakeAtNs = 0;  ///< Wall time at which a parked run wants to go on; 0: only a signal wakes it.
  std::string name;           ///< Shown to people; at most `maxNameBytes`.
  bool operator==(const RunHead &) const = default;
};

/// Changes of a head that ride with an append. What is not set stays.
struct HeadChange {
  RunId run;
  std::optional<RunState> state;
  std::optional<base::Digest> planDigest;
  std::optional<std::int64_t> wakeAtNs;
  std::optional<std::string> name;
};

/// Since the journal was opened.
struct Counters {
  std::uint64_t records = 0;
  std::uint64_t groups = 0;
  std::uint64_t fsyncs = 0;           ///< Of groups: 1 per group.
  std::uint64_t checkpointFsyncs = 0; ///< Moving the log into the table, beside the groups.
  std::uint64_t blobFsyncs = 0;
  std::uint64_t blobs = 0; ///< Written; one that was there already is not counted.
  std::uint64_t bytes = 0; ///< Of encoded records.
};

/// Files that are gone.
struct Removed {
  std::uint64_t files = 0, bytes = 0;
};

/// Longest name of a run; the rest is cut.
constexpr std::size_t maxNameBytes = 200;
/// Values above this size go into blobs.
constexpr std::uint32_t maxInlineBytes = 16 * 1024;
/// Largest blob that `readBlob` gives back whole; larger state goes through checkpoints, file by file.
constexpr std::uint64_t maxBlobBytes = 1ull << 30;
/// Bytes appended and not yet durable beyond which `append` answers `limit`; the caller waits for its gate.
constexpr std::uint64_t maxPendingBytes = 64ull << 20;

/// Called on the executor. Success carries the last lsn that is durable now, at least the append's own.
using Durable = std::function<void(base::Result<std::uint64_t>)>;

/// Not thread-safe: used from the executor of the doors that it was opened with; callbacks come there, never inside the
/// call, those of appends in the order of the appends. After destruction no callback comes.
class Journal {
public:
  /// Waits for the group that is being written and gives up ownership.
  virtual ~Journal() = default;

  /// The owner's epoch: larger than that of every owner before.
  virtual std::uint64_t epoch() const = 0;

  /// Queues `records` (their lsn, prev and epoch are ignored) and returns the lsn of the last one; they are durable
  /// together, and with them the changes of heads, when `durable` is called. A `runStarted` record makes the run's
  /// head; any other needs one. Costs one copy of the bytes. `records` may be empty when `heads` is not.
  ///
  /// Errors at once: `limit` (too much pending, body too large), `stale` (an earlier group was refused: nothing is
  /// written any more). Errors in `durable`: `stale`, `notFound` (a run without a head), `exists` (a second start),
  /// `io`, `corrupt`; the whole group is then not written, and all later appends fail too.
  virtual base::Result<std::uint64_t> append(std::span<const Record> records, std::span<const HeadChange> heads,
                                             Durable durable) = 0;

  /// Queues the bytes as a blob and returns its name. It is durable before any record appended later is; the same bytes
  /// are stored once. Hashes on the calling thread: 0.5 ns per byte. Errors: `limit`, `stale` as for `append`.
  virtual base::Result<base::Digest> putBlob(base::Bytes bytes) = 0;

  /// The bytes, with their digest checked. Errors: `notFound`, `corrupt`, `io`.
  virtual void readBlob(const base::Digest &digest, std::function<void(base::Result<base::Bytes>)> done) = 0;

  /// The run's durable records with lsn >= `fromLsn`, oldest first; follows `prev` from the head, O(records of the
  /// run). Errors: `notFound`, `corrupt` with the lsn.
  virtual void read(RunId run, std::uint64_t fromLsn, std::function<void(base::Result<std::vector<Record>>)> done) = 0;

  /// All heads, ordered by run. Reads no record. Errors: `corrupt`, `io`.
  virtual void runs(std::function<void(base::Result<std::vector<RunHead>>)> done) = 0;

  /// One head. Errors: `notFound`, `corrupt`, `io`.
  virtual void head(RunId run, std::function<void(base::Result<RunHead>)> done) = 0;

  /// Removes runs that are over, heads and records, all of them or none; a run that is not there is no error. Their
  /// blobs stay, others may name them too: `keepBlobs`. What is freed serves later runs; where more is free than used,
  /// the file shrinks. The last numbers of records may be given again by the next owner. One removal at a time; costs a
  /// read of the records. Errors: `invalid` names a run that is not over, `busy`, `stale`, `corrupt`, `io`.
  virtual void remove(std::vector<RunId> runs, std::function<void(base::Result<void>)> done) = 0;

  /// Removes all blobs but these, and what a crash has left of others. Not while something is appended: a blob that no
  /// record names yet would go. Errors: `busy`, `io`.
  virtual void keepBlobs(std::set<base::Digest> kept, std::function<void(base::Result<Removed>)> done) = 0;

  virtual const Counters &counters() const = 0;
};

/// A journal in memory, for tests and for the benchmark "no journal": same contract, nothing survives it. `store` keeps
/// what was written; opening a second journal on it makes the first one stale.
struct MemoryStore;
std::shared_ptr<MemoryStore> makeMemoryStore();
std::unique_ptr<Journal> openMemoryJournal(io::Doors &doors, std::shared_ptr<MemoryStore> store = makeMemoryStore());

} // namespace weft::journal

//===- Record.h - One fact of a run ---------------------------------------===//
//
// Facts, not messages: what was about to be done, what came of it, what was
// decided, what somebody answered. Outcomes alone could not tell an unknown
// write from one that never started, hence intents. The encoding is version 1
// and stays readable for ever (test/data/journal holds golden bytes).
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Bytes.h"
#include "runtime/base/Digest.h"
#include "runtime/base/Result.h"

#include <compare>
#include <cstdint>
#include <functional>
#include <string>

namespace weft::journal {

/// 128 bits chosen at the start of a run; make them begin with the time, so that neighbours lie together on disk.
struct RunId {
  std::uint64_t high = 0, low = 0;
  auto operator<=>(const RunId &) const = default;

  /// 32 lower-case hexadecimal digits.
  std::string hex() const;
  static base::Result<RunId> parse(std::string_view hex);
};

enum class RecordKind : std::uint8_t {
  runStarted = 1, ///< Plan digest, arguments, seed.
  intent = 2,     ///< A write or a paid call is about to leave.
  outcome = 3,    ///< What came of a step.
  decision = 4,   ///< Race winner, quorum, timeout or result, the failure that won, cancellation.
  signal = 5,     ///< A person's answer, or another thing from outside.
  gangEpoch = 6,  ///< A gang's view: epoch, slots, first step.
  checkpoint = 7, ///< A gang's state is safe up to a step.
  snapshot = 8,   ///< The run's frames, written out; what came before is not needed to resume.
  runEnded = 9,
};

/// Lower-case name, "run_started".
const char *name(RecordKind kind);

/// Which step of the run: structural, never an arrival order. `path` hashes the (stable id, iteration) pairs of the
/// scopes around the step; `attempt` is left out of idempotency keys.
struct StepKey {
  base::Hash128 path;
  std::uint64_t stableId = 0;
  std::uint32_t iteration = 0;
  std::uint32_t attempt = 0;
  auto operator<=>(const StepKey &) const = default;
};

constexpr std::uint16_t recordVersion = 1;

/// Larger values go into blobs; the bound leaves room for a record that carries several inline values of 16 KiB.
constexpr std::uint32_t maxBodyBytes = 1u << 20;

struct Record {
  std::uint64_t lsn = 0;  ///< Position in the journal, from 1, without gaps. Given by the journal.
  std::uint64_t prev = 0; ///< The run's previous record; 0 for its first. Given by the journal.
  RunId run;
  std::uint64_t epoch = 0; ///< The owner that wrote it. Given by the journal.
  std::uint16_t version = recordVersion;
  RecordKind kind = RecordKind::runStarted;
  StepKey key;
  base::Bytes body; ///< Opaque to the journal.
  bool operator==(const Record &) const = default;
};

/// Bytes of an encoded record without its body.
constexpr std::size_t recordHeaderBytes = 88;

/// Appends `record` to `out`, little-endian, checksum first. The body holds at most `maxBodyBytes` (asserted).
void encode(const Record &record, base::Bytes &out);

/// Encoding in two steps, for the journal: `lsn` is known at append, `prev` and `epoch` only when the group is written.
/// `encoded` is one record as `encode` left it; its checksum is made anew.
void seal(base::MutableBytes encoded, std::uint64_t lsn, std::uint64_t prev, std::uint64_t epoch);

/// Reads one record that fills `encoded` exactly. Errors: `corrupt` (checksum, sizes, unknown kind) with the lsn as far
/// as it can be read, `unsupported` for another version. Any bytes may be given.
base::Result<Record> decode(base::ConstBytes encoded);

} // namespace weft::journal

/// The low half is random; the time in the high half is mixed in for identifiers that were made otherwise.
template <> struct std::hash<weft::journal::RunId> {
  std::size_t operator()(const weft::journal::RunId &run) const noexcept {
    return run.low ^ run.high * 0x9e3779b97f4a7c15ULL;
  }
};

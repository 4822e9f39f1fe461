//===- RecordBody.h - What a run's records say ----------------------------===//
//
// The journal stores bodies without looking inside; their meaning is here, for
// the machine that writes them, for resuming and for whoever shows a run.
// Version 1 (2 where a struct says so): a byte 0x01, then the fields in the order of the structs below as
// LEB128 varints, length-prefixed bytes and values of runtime/value/Encoding.
// A value above 16 KiB is its blob's digest and size. Numbers are never reused.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Bytes.h"
#include "runtime/base/Digest.h"
#include "runtime/base/Failure.h"
#include "runtime/base/Result.h"
#include "runtime/journal/Record.h"
#include "runtime/value/Value.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace weft::frame {

/// A value as a record holds it: its encoding, or the name of the blob that holds the encoding.
struct StoredValue {
  base::Bytes inlineBytes; ///< Empty when it is a blob.
  base::Digest digest;
  std::uint64_t sizeBytes = 0;
  bool isBlob() const { return inlineBytes.empty(); }
};

/// kind runStarted.
struct RunStartedBody {
  base::Digest plan;
  std::string entry;
  std::uint64_t seed = 0;
  std::int64_t wallNs = 0;
  std::vector<std::pair<std::string, std::string>> environment;
  StoredValue args; ///< A list, in the order of the entry's parameters.
};

/// kind intent.
struct IntentBody {
  std::uint32_t member = 0;
  base::Hash128 args;      ///< Of the encoded arguments: a resumed run must come with the same.
  std::int64_t wallNs = 0; ///< When it was written; a person's deadline counts from here.
  std::string question;    ///< What a person is asked, cut at 16 KiB; empty elsewhere.
};

/// What an account had spent on time when an outcome was written; the money stands in the outcome itself.
struct Charged {
  base::Hash128 account;
  std::int64_t timeSpentNs = 0;
};

/// kind outcome.
struct OutcomeBody {
  enum class Status : std::uint8_t {
    ok = 0,
    failed = 1,
    late = 2, ///< The step had ended without it: only the cost counts.
  };
  Status status = Status::ok;
  StoredValue value;     ///< ok
  base::Failure failure; ///< failed
  std::int64_t tokensIn = 0, tokensOut = 0, costNano = 0;
  std::uint32_t turns = 0;
  std::vector<Charged> accounts; ///< All enclosing ones: each is charged with the whole cost.
};

/// kind decision.
struct DecisionBody {
  enum class What : std::uint8_t {
    scopeFailed = 1, ///< failure, step, chain: this ended the scope, whatever else was under way.
    raceWon = 2,     ///< chosen[0]: the arm; of what was hedged 0, or 1 for the second activation.
    voteClosed = 3,  ///< chosen: the samples, in order of success.
    timedOut = 4,    ///< The attempt's deadline passed before its outcome.
    exceeded = 5,    ///< The budget of this path: its model calls go to the fallback from here on.
    hedged = 6,      ///< A second activation of the workflow or form began beside the one of this path.
  };
  What what = What::scopeFailed;
  base::Failure failure;
  std::string step; ///< Who failed: "docs.read".
  /// Paths whose records a retry leaves aside, and with each those that the failure decided there names.
  std::vector<base::Hash128> chain;
  std::vector<std::uint32_t> chosen;
  /// Writes that can be taken back, version 2. raceWon, voteClosed: of what lost, owed from here on. scopeFailed inside
  /// of an arm or a sample: what to take back should that lose. A list, see Undo.cpp.
  std::optional<StoredValue> writes;
};

/// kind signal.
struct SignalBody {
  enum class What : std::uint8_t { answer = 1, cancel = 2, retry = 3, upgrade = 4 };
  What what = What::answer;
  StoredValue value; ///< answer
  base::Digest plan; ///< upgrade: the one that the run is pinned to from here on.
};

/// kind runEnded.
struct RunEndedBody {
  enum class State : std::uint8_t { succeeded = 0, failed = 1, cancelled = 2 };
  State state = State::succeeded;
  StoredValue value;     ///< succeeded
  base::Failure failure; ///< failed
  std::string step;
  std::vector<base::Hash128> chain; ///< See DecisionBody.
};

/// kind snapshot: all that a run needs to go on behind this record. Of use to this plan alone; whoever has another one,
/// or wants to see what was, reads the records before it too.
struct SnapshotBody {
  base::Digest plan;
  StoredValue state; ///< See Snapshot.h.
};

using Body =
    std::variant<RunStartedBody, IntentBody, OutcomeBody, DecisionBody, SignalBody, RunEndedBody, SnapshotBody>;

/// Writes bodies field by field into the caller's bytes: a step's record allocates nothing.
class BodyWriter {
public:
  explicit BodyWriter(base::Bytes &out) : out(out), start(out.size()) { byte(1); }
  void byte(std::uint8_t value) { out.push_back(std::byte{value}); }
  /// Instead of 1, for bodies with fields that version 1 has not.
  void version(std::uint8_t value) { out[start] = std::byte{value}; }
  void number(std::uint64_t value);
  void signedNumber(std::int64_t value) {
    number(static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63));
  }
  void word(std::uint64_t value);
  void hash(base::Hash128 value) {
    word(value.high);
    word(value.low);
  }
  void digest(const base::Digest &value);
  void text(std::string_view value);
  void bytes(base::ConstBytes value);
  void stored(const StoredValue &value);
  /// The value's encoding inside the record.
  void inlineValue(base::ConstBytes encoding);
  void blobValue(const base::Digest &digest, std::uint64_t sizeBytes);
  void failure(const base::Failure &failure);
  /// The whole body, as another part wrote it: nothing of this format.
  void raw(base::ConstBytes body) {
    out.resize(start);
    out.insert(out.end(), body.begin(), body.end());
  }
  void hashes(const std::vector<base::Hash128> &values);

private:
  base::Bytes &out;
  std::size_t start;
};

void encode(const RunStartedBody &body, base::Bytes &out);
void encode(const IntentBody &body, base::Bytes &out);
void encode(const OutcomeBody &body, base::Bytes &out);
void encode(const DecisionBody &body, base::Bytes &out);
void encode(const SignalBody &body, base::Bytes &out);
void encode(const RunEndedBody &body, base::Bytes &out);
void encode(const SnapshotBody &body, base::Bytes &out);

/// Reads a body of one of the kinds above. Any bytes may be given. Errors: `corrupt` with the offset, `unsupported` for
/// another version or a kind without a body here.
base::Result<Body> decodeBody(journal::RecordKind kind, base::ConstBytes bytes);

/// The blob that the record names, if it names one: what must be loaded before a run is resumed.
std::optional<base::Digest> blobOf(const journal::Record &record);

/// The value behind `stored`; `blob` holds the blob's bytes where it is one. Errors: `corrupt`.
base::Result<value::Value> load(const StoredValue &stored, base::ConstBytes blob);

} // namespace weft::frame

//===- RecordRead.cpp - Bodies of records from bytes ----------------------===//
//
// Reading never trusts: a journal may have been written by another build, or
// by a disk. Every length is held against the bytes that are there.
//
//===----------------------------------------------------------------------===//

#include "runtime/frame/RecordBody.h"

#include "runtime/value/Encoding.h"

namespace weft::frame {

using base::Code;
using base::ConstBytes;
using base::Result;

namespace {

/// Goes on after a mistake without reading further, so that fields need no test each; `finish` tells.
class BodyReader {
public:
  explicit BodyReader(ConstBytes bytes) : bytes(bytes) {}

  std::uint8_t byte() {
    if (at >= bytes.size())
      return fail("ends too early"), 0;
    return std::to_integer<std::uint8_t>(bytes[at++]);
  }
  std::uint8_t byteUpTo(std::uint8_t last, const char *what) {
    std::uint8_t value = byte();
    if (value > last)
      return fail(what), 0;
    return value;
  }
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      std::uint8_t b = byte();
      value |= static_cast<std::uint64_t>(b & 0x7f) << shift;
      if (!(b & 0x80))
        return value;
    }
    return fail("holds a number of more than 64 bits"), 0;
  }
  std::uint32_t number32() {
    std::uint64_t value = number();
    if (value > UINT32_MAX)
      return fail("holds a number of more than 32 bits where none stands"), 0;
    return static_cast<std::uint32_t>(value);
  }
  std::int64_t signedNumber() {
    std::uint64_t raw = number();
    return static_cast<std::int64_t>(raw >> 1 ^ (~(raw & 1) + 1));
  }
  std::uint64_t word() {
    std::uint64_t value = 0;
    for (int i = 0; i < 8; ++i)
      value |= static_cast<std::uint64_t>(byte()) << (8 * i);
    return value;
  }
  base::Hash128 hash() {
    std::uint64_t high = word();
    return {high, word()};
  }
  base::Digest digest() {
    base::Digest value;
    for (std::uint8_t &b : value.bytes)
      b = byte();
    return value;
  }
  /// A count of things that take `least` bytes each, so that no count makes us reserve more than there is.
  std::size_t count(std::size_t least) {
    std::uint64_t value = number();
    if (value > (bytes.size() - at) / least)
      return fail("announces more items than it holds"), 0;
    return static_cast<std::size_t>(value);
  }
  ConstBytes run() {
    std::size_t size = count(1);
    ConstBytes result = bytes.subspan(at, size);
    at += size;
    return result;
  }
  std::string text() { return std::string(base::textOf(run())); }
  StoredValue stored() {
    StoredValue value;
    if (byteUpTo(1, "holds an unknown form of value") == 1) {
      value.digest = digest();
      value.sizeBytes = number();
      return value;
    }
    ConstBytes encoding = run();
    if (encoding.empty())
      fail("holds an empty value");
    value.inlineBytes.assign(encoding.begin(), encoding.end());
    return value;
  }
  base::Failure failure() {
    auto kind = static_cast<base::FailKind>(byteUpTo(base::failKindCount - 1, "holds an unknown kind of failure"));
    return {kind, text()};
  }
  std::vector<base::Hash128> hashes() {
    std::vector<base::Hash128> values(count(16));
    for (base::Hash128 &value : values)
      value = hash();
    return values;
  }
  void fail(const char *what) {
    if (!wrong)
      wrong = what;
    at = bytes.size();
  }
  template <typename T> Result<Body> finish(T body) {
    if (!wrong && at != bytes.size())
      fail("goes on after its end");
    if (wrong)
      return base::error(Code::corrupt,
                         std::string("record body of ") + std::to_string(bytes.size()) + " bytes " + wrong);
    return Body(std::move(body));
  }

private:
  ConstBytes bytes;
  std::size_t at = 0;
  const char *wrong = nullptr;
};

Result<Body> readRunStarted(BodyReader &r) {
  RunStartedBody body;
  body.plan = r.digest();
  body.entry = r.text();
  body.seed = r.word();
  body.wallNs = r.signedNumber();
  body.environment.resize(r.count(2));
  for (auto &[name, value] : body.environment) {
    name = r.text();
    value = r.text();
  }
  body.args = r.stored();
  return r.finish(std::move(body));
}

Result<Body> readIntent(BodyReader &r) {
  IntentBody body;
  body.member = r.number32();
  body.args = r.hash();
  body.wallNs = r.signedNumber();
  body.question = r.text();
  return r.finish(std::move(body));
}

Result<Body> readOutcome(BodyReader &r) {
  OutcomeBody body;
  body.status = static_cast<OutcomeBody::Status>(r.byteUpTo(2, "holds an unknown status"));
  if (body.status == OutcomeBody::Status::ok)
    body.value = r.stored();
  if (body.status == OutcomeBody::Status::failed)
    body.failure = r.failure();
  body.tokensIn = r.signedNumber();
  body.tokensOut = r.signedNumber();
  body.costNano = r.signedNumber();
  body.turns = r.number32();
  body.accounts.resize(r.count(17));
  for (Charged &charged : body.accounts) {
    charged.account = r.hash();
    charged.timeSpentNs = r.signedNumber();
  }
  return r.finish(std::move(body));
}

Result<Body> readDecision(BodyReader &r, bool holdsWrites) {
  DecisionBody body;
  std::uint8_t what = r.byteUpTo(6, "holds an unknown decision");
  if (what == 0)
    r.fail("holds an unknown decision");
  body.what = static_cast<DecisionBody::What>(what);
  if (body.what == DecisionBody::What::scopeFailed) {
    body.failure = r.failure();
    body.step = r.text();
    body.chain = r.hashes();
  } else if (body.what < DecisionBody::What::timedOut) {
    body.chosen.resize(r.count(1));
    for (std::uint32_t &index : body.chosen)
      index = r.number32();
    if (body.what == DecisionBody::What::raceWon && body.chosen.size() != 1)
      r.fail("names no single winner");
  }
  if (holdsWrites)
    body.writes = r.stored();
  return r.finish(std::move(body));
}

Result<Body> readSignal(BodyReader &r) {
  SignalBody body;
  std::uint8_t what = r.byteUpTo(4, "holds an unknown signal");
  if (what == 0)
    r.fail("holds an unknown signal");
  body.what = static_cast<SignalBody::What>(what);
  if (body.what == SignalBody::What::answer)
    body.value = r.stored();
  if (body.what == SignalBody::What::upgrade)
    body.plan = r.digest();
  return r.finish(std::move(body));
}

Result<Body> readSnapshot(BodyReader &r) {
  SnapshotBody body;
  body.plan = r.digest();
  body.state = r.stored();
  return r.finish(std::move(body));
}

Result<Body> readRunEnded(BodyReader &r) {
  RunEndedBody body;
  body.state = static_cast<RunEndedBody::State>(r.byteUpTo(2, "holds an unknown end"));
  if (body.state == RunEndedBody::State::succeeded) {
    body.value = r.stored();
  } else {
    body.failure = r.failure();
    body.step = r.text();
    body.chain = r.hashes();
  }
  return r.finish(std::move(body));
}

} // namespace

Result<Body> decodeBody(journal::RecordKind kind, ConstBytes bytes) {
  BodyReader reader(bytes);
  std::uint8_t version = reader.byte();
  if (!bytes.empty() && version != 1 && !(version == 2 && kind == journal::RecordKind::decision))
    return base::error(Code::unsupported, "record body has version " + std::to_string(version) +
                                              ", this build knows 1" +
                                              (kind == journal::RecordKind::decision ? " and 2" : ""));
  switch (kind) {
  case journal::RecordKind::runStarted:
    return readRunStarted(reader);
  case journal::RecordKind::intent:
    return readIntent(reader);
  case journal::RecordKind::outcome:
    return readOutcome(reader);
  case journal::RecordKind::decision:
    return readDecision(reader, version == 2);
  case journal::RecordKind::signal:
    return readSignal(reader);
  case journal::RecordKind::runEnded:
    return readRunEnded(reader);
  case journal::RecordKind::snapshot:
    return readSnapshot(reader);
  case journal::RecordKind::gangEpoch:
  case journal::RecordKind::checkpoint:
    break;
  }
  return base::error(Code::unsupported, std::string("records of kind ") + journal::name(kind) + " have no body here");
}

std::optional<base::Digest> blobOf(const journal::Record &record) {
  using journal::RecordKind;
  if (record.kind != RecordKind::runStarted && record.kind != RecordKind::outcome &&
      record.kind != RecordKind::decision && record.kind != RecordKind::signal && record.kind != RecordKind::runEnded &&
      record.kind != RecordKind::snapshot)
    return std::nullopt;
  auto body = decodeBody(record.kind, record.body);
  if (!body)
    return std::nullopt;
  const StoredValue *stored = nullptr;
  if (auto *started = std::get_if<RunStartedBody>(&*body))
    stored = &started->args;
  else if (auto *outcome = std::get_if<OutcomeBody>(&*body); outcome && outcome->status == OutcomeBody::Status::ok)
    stored = &outcome->value;
  else if (auto *decision = std::get_if<DecisionBody>(&*body); decision && decision->writes)
    stored = &*decision->writes;
  else if (auto *snapshot = std::get_if<SnapshotBody>(&*body))
    stored = &snapshot->state;
  else if (auto *signal = std::get_if<SignalBody>(&*body); signal && signal->what == SignalBody::What::answer)
    stored = &signal->value;
  else if (auto *ended = std::get_if<RunEndedBody>(&*body); ended && ended->state == RunEndedBody::State::succeeded)
    stored = &ended->value;
  if (!stored || !stored->isBlob())
    return std::nullopt;
  return stored->digest;
}

Result<value::Value> load(const StoredValue &stored, ConstBytes blob) {
  if (!stored.isBlob())
    return value::decode(stored.inlineBytes);
  if (blob.size() != stored.sizeBytes || base::digestOf(blob) != stored.digest)
    return base::error(Code::corrupt, "blob " + stored.digest.hex() + " has " + std::to_string(blob.size()) +
                                          " bytes that are not the " + std::to_string(stored.sizeBytes) + " named");
  return value::decode(blob);
}

} // namespace weft::frame

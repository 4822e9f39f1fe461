//===- RecordWrite.cpp - Bodies of records as bytes -----------------------===//
//
// The order of the fields is the format: golden files hold it, and it changes
// only with the version byte.
//
//===----------------------------------------------------------------------===//

#include "runtime/frame/RecordBody.h"

namespace weft::frame {

using base::ConstBytes;

void BodyWriter::number(std::uint64_t value) {
  for (; value >= 0x80; value >>= 7)
    byte(static_cast<std::uint8_t>(value | 0x80));
  byte(static_cast<std::uint8_t>(value));
}

void BodyWriter::word(std::uint64_t value) {
  for (int i = 0; i < 8; ++i)
    byte(static_cast<std::uint8_t>(value >> (8 * i)));
}

void BodyWriter::digest(const base::Digest &value) {
  for (std::uint8_t b : value.bytes)
    byte(b);
}

void BodyWriter::text(std::string_view value) { bytes(base::bytesOf(value)); }

void BodyWriter::bytes(ConstBytes value) {
  number(value.size());
  out.insert(out.end(), value.begin(), value.end());
}

void BodyWriter::inlineValue(ConstBytes encoding) {
  byte(0);
  bytes(encoding);
}

void BodyWriter::blobValue(const base::Digest &name, std::uint64_t sizeBytes) {
  byte(1);
  digest(name);
  number(sizeBytes);
}

void BodyWriter::stored(const StoredValue &value) {
  if (value.isBlob())
    blobValue(value.digest, value.sizeBytes);
  else
    inlineValue(value.inlineBytes);
}

void BodyWriter::failure(const base::Failure &failure) {
  byte(static_cast<std::uint8_t>(failure.kind));
  text(failure.why);
}

void BodyWriter::hashes(const std::vector<base::Hash128> &values) {
  number(values.size());
  for (const base::Hash128 &value : values)
    hash(value);
}

void encode(const RunStartedBody &body, base::Bytes &out) {
  BodyWriter w(out);
  w.digest(body.plan);
  w.text(body.entry);
  w.word(body.seed);
  w.signedNumber(body.wallNs);
  w.number(body.environment.size());
  for (const auto &[name, value] : body.environment) {
    w.text(name);
    w.text(value);
  }
  w.stored(body.args);
}

void encode(const IntentBody &body, base::Bytes &out) {
  BodyWriter w(out);
  w.number(body.member);
  w.hash(body.args);
  w.signedNumber(body.wallNs);
  w.text(body.question);
}

void encode(const OutcomeBody &body, base::Bytes &out) {
  BodyWriter w(out);
  w.byte(static_cast<std::uint8_t>(body.status));
  if (body.status == OutcomeBody::Status::ok)
    w.stored(body.value);
  if (body.status == OutcomeBody::Status::failed)
    w.failure(body.failure);
  w.signedNumber(body.tokensIn);
  w.signedNumber(body.tokensOut);
  w.signedNumber(body.costNano);
  w.number(body.turns);
  w.number(body.accounts.size());
  for (const Charged &charged : body.accounts) {
    w.hash(charged.account);
    w.signedNumber(charged.timeSpentNs);
  }
}

void encode(const DecisionBody &body, base::Bytes &out) {
  BodyWriter w(out);
  if (body.writes)
    w.version(2);
  w.byte(static_cast<std::uint8_t>(body.what));
  if (body.what == DecisionBody::What::scopeFailed) {
    w.failure(body.failure);
    w.text(body.step);
    w.hashes(body.chain);
  } else if (body.what < DecisionBody::What::timedOut) {
    w.number(body.chosen.size());
    for (std::uint32_t index : body.chosen)
      w.number(index);
  }
  if (body.writes)
    w.stored(*body.writes);
}

void encode(const SignalBody &body, base::Bytes &out) {
  BodyWriter w(out);
  w.byte(static_cast<std::uint8_t>(body.what));
  if (body.what == SignalBody::What::answer)
    w.stored(body.value);
  if (body.what == SignalBody::What::upgrade)
    w.digest(body.plan);
}

void encode(const SnapshotBody &body, base::Bytes &out) {
  BodyWriter w(out);
  w.digest(body.plan);
  w.stored(body.state);
}

void encode(const RunEndedBody &body, base::Bytes &out) {
  BodyWriter w(out);
  w.byte(static_cast<std::uint8_t>(body.state));
  if (body.state == RunEndedBody::State::succeeded) {
    w.stored(body.value);
  } else {
    w.failure(body.failure);
    w.text(body.step);
    w.hashes(body.chain);
  }
}

} // namespace weft::frame

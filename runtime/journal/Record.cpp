//===- Record.cpp - Encoding of one fact ----------------------------------===//
//
// Version 1, little-endian:
//
//   0 checksum u32   4 version u16   6 kind u8   7 zero u8
//   8 lsn u64       16 prev u64     24 run u64 high, u64 low
//  40 epoch u64     48 path u64 high, u64 low    64 stable id u64
//  72 iteration u32 76 attempt u32  80 body size u32   84 zero u32   88 body
//
// The checksum is CRC-32C of everything after itself.
//
//===----------------------------------------------------------------------===//

#include "runtime/journal/Record.h"

#include "runtime/base/Crc32c.h"

#include <bit>
#include <cstring>

namespace weft::journal {
namespace {

static_assert(std::endian::native == std::endian::little, "fields are copied as they lie; swap them on this machine");

constexpr std::size_t checksumBytes = 4;

template <typename T> void put(std::byte *at, T value) { std::memcpy(at, &value, sizeof value); }

template <typename T> T get(base::ConstBytes bytes, std::size_t at) {
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

void putChecksum(base::MutableBytes encoded) {
  put(encoded.data(), base::crc32c(base::ConstBytes(encoded).subspan(checksumBytes)));
}

base::Error corrupt(std::uint64_t lsn, const std::string &what) {
  return base::error(base::Code::corrupt, "record " + std::to_string(lsn) + ": " + what);
}

} // namespace

std::string RunId::hex() const { return base::Hash128{high, low}.hex(); }

base::Result<RunId> RunId::parse(std::string_view hex) {
  RunId id;
  bool good = hex.size() == 32;
  for (std::size_t i = 0; good && i < hex.size(); ++i) {
    char c = hex[i];
    unsigned digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
    good = digit < 16;
    std::uint64_t &half = i < 16 ? id.high : id.low;
    half = half << 4 | digit;
  }
  if (!good)
    return base::error(base::Code::invalid,
                       "run id: found '" + std::string(hex) + "', wanted 32 lower-case hexadecimal digits");
  return id;
}

const char *name(RecordKind kind) {
  switch (kind) {
  case RecordKind::runStarted:
    return "run_started";
  case RecordKind::intent:
    return "intent";
  case RecordKind::outcome:
    return "outcome";
  case RecordKind::decision:
    return "decision";
  case RecordKind::signal:
    return "signal";
  case RecordKind::gangEpoch:
    return "gang_epoch";
  case RecordKind::checkpoint:
    return "checkpoint";
  case RecordKind::snapshot:
    return "snapshot";
  case RecordKind::runEnded:
    return "run_ended";
  }
  WEFT_UNREACHABLE();
}

void encode(const Record &record, base::Bytes &out) {
  WEFT_ASSERT(record.body.size() <= maxBodyBytes);
  std::size_t start = out.size();
  out.resize(start + recordHeaderBytes + record.body.size());
  std::byte *at = out.data() + start;
  put(at + 4, record.version);
  put(at + 6, static_cast<std::uint8_t>(record.kind));
  put(at + 7, std::uint8_t(0));
  put(at + 8, record.lsn);
  put(at + 16, record.prev);
  put(at + 24, record.run.high);
  put(at + 32, record.run.low);
  put(at + 40, record.epoch);
  put(at + 48, record.key.path.high);
  put(at + 56, record.key.path.low);
  put(at + 64, record.key.stableId);
  put(at + 72, record.key.iteration);
  put(at + 76, record.key.attempt);
  put(at + 80, static_cast<std::uint32_t>(record.body.size()));
  put(at + 84, std::uint32_t(0));
  if (!record.body.empty())
    std::memcpy(at + recordHeaderBytes, record.body.data(), record.body.size());
  putChecksum({at, recordHeaderBytes + record.body.size()});
}

void seal(base::MutableBytes encoded, std::uint64_t lsn, std::uint64_t prev, std::uint64_t epoch) {
  WEFT_ASSERT(encoded.size() >= recordHeaderBytes);
  put(encoded.data() + 8, lsn);
  put(encoded.data() + 16, prev);
  put(encoded.data() + 40, epoch);
  putChecksum(encoded);
}

base::Result<Record> decode(base::ConstBytes encoded) {
  if (encoded.size() < recordHeaderBytes)
    return corrupt(0, "found " + std::to_string(encoded.size()) + " bytes, wanted at least " +
                          std::to_string(recordHeaderBytes));
  Record record;
  record.lsn = get<std::uint64_t>(encoded, 8);
  std::uint32_t wanted = get<std::uint32_t>(encoded, 0), found = base::crc32c(encoded.subspan(checksumBytes));
  if (found != wanted)
    return corrupt(record.lsn,
                   "checksum of its bytes is " + std::to_string(found) + ", the record says " + std::to_string(wanted));
  record.version = get<std::uint16_t>(encoded, 4);
  if (record.version != recordVersion)
    return base::error(base::Code::unsupported, "record " + std::to_string(record.lsn) + ": found version " +
                                                    std::to_string(record.version) + ", this build reads version " +
                                                    std::to_string(recordVersion));
  std::uint8_t kind = get<std::uint8_t>(encoded, 6);
  if (kind < static_cast<std::uint8_t>(RecordKind::runStarted) ||
      kind > static_cast<std::uint8_t>(RecordKind::runEnded))
    return corrupt(record.lsn, "found kind " + std::to_string(kind) + ", wanted 1 to 9");
  record.kind = static_cast<RecordKind>(kind);
  std::uint32_t bodyBytes = get<std::uint32_t>(encoded, 80);
  if (bodyBytes > maxBodyBytes || encoded.size() - recordHeaderBytes != bodyBytes)
    return corrupt(record.lsn, "found a body of " + std::to_string(encoded.size() - recordHeaderBytes) +
                                   " bytes, the record says " + std::to_string(bodyBytes));
  if (get<std::uint8_t>(encoded, 7) != 0 || get<std::uint32_t>(encoded, 84) != 0)
    return corrupt(record.lsn, "its reserved bytes are not zero");
  record.prev = get<std::uint64_t>(encoded, 16);
  record.run = {get<std::uint64_t>(encoded, 24), get<std::uint64_t>(encoded, 32)};
  record.epoch = get<std::uint64_t>(encoded, 40);
  record.key.path = {get<std::uint64_t>(encoded, 48), get<std::uint64_t>(encoded, 56)};
  record.key.stableId = get<std::uint64_t>(encoded, 64);
  record.key.iteration = get<std::uint32_t>(encoded, 72);
  record.key.attempt = get<std::uint32_t>(encoded, 76);
  record.body.assign(encoded.begin() + recordHeaderBytes, encoded.end());
  return record;
}

} // namespace weft::journal

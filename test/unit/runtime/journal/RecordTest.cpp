//===- RecordTest.cpp - The bytes of a record, for ever -------------------===//

#include "runtime/journal/Record.h"

#include "runtime/base/Random.h"
#include "runtime/io/AsioRuntime.h"
#include "test/support/Seeds.h"

#include <gtest/gtest.h>

namespace weft::journal {
namespace {

using base::Code;

Record sample() {
  Record record;
  record.lsn = 0x0102030405060708;
  record.prev = 0x0102030405060701;
  record.run = {0x1112131415161718, 0x2122232425262728};
  record.epoch = 0x3132333435363738;
  record.kind = RecordKind::decision;
  record.key.path = {0x4142434445464748, 0x5152535455565758};
  record.key.stableId = 0x6162636465666768;
  record.key.iteration = 0x71727374;
  record.key.attempt = 0x81828384;
  for (char c : std::string("the winner is arm 2"))
    record.body.push_back(static_cast<std::byte>(c));
  return record;
}

base::Bytes encoded(const Record &record) {
  base::Bytes bytes;
  encode(record, bytes);
  return bytes;
}

base::Bytes golden(const std::string &name) {
  io::AsioRuntime runtime;
  auto bytes = io::readWhole(runtime.doors().storage, JOURNAL_DATA "/" + name, 1 << 20);
  return bytes ? *bytes : base::Bytes();
}

} // namespace

TEST(Record, version1IsReadAsItWasWritten) {
  base::Bytes bytes = golden("record-v1.bin");
  ASSERT_EQ(bytes.size(), recordHeaderBytes + 19);
  auto record = decode(bytes);
  ASSERT_TRUE(record) << record.error().message;
  EXPECT_EQ(*record, sample());
  EXPECT_EQ(encoded(sample()), bytes) << "version 1 is written as ever";
}

TEST(Record, everyKindComesBack) {
  for (int kind = 1; kind <= 9; ++kind) {
    Record record = sample();
    record.kind = static_cast<RecordKind>(kind);
    EXPECT_EQ(decode(encoded(record))->kind, record.kind);
    EXPECT_STRNE(name(record.kind), "");
  }
}

TEST(Record, aChangedByteIsFoundAndTheLsnNamed) {
  base::Bytes bytes = encoded(sample());
  for (std::size_t at = 0; at < bytes.size(); ++at)
    for (int bit = 0; bit < 8; ++bit) {
      base::Bytes damaged = bytes;
      damaged[at] ^= static_cast<std::byte>(1 << bit);
      auto found = decode(damaged);
      ASSERT_FALSE(found) << "byte " << at;
      EXPECT_EQ(found.error().code, Code::corrupt);
      if (at < 8 || at >= 16) {
        EXPECT_NE(found.error().message.find(std::to_string(sample().lsn)), std::string::npos);
      }
    }
}

TEST(Record, everyShorterAndLongerLengthIsRefused) {
  base::Bytes bytes = encoded(sample());
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(decode(base::ConstBytes(bytes).first(size))) << size;
  bytes.push_back(std::byte(0));
  EXPECT_FALSE(decode(bytes));
}

namespace {

/// With a checksum that is right, so that the fields themselves are looked at.
base::Error refusalOf(std::size_t at, std::uint8_t value) {
  base::Bytes bytes = encoded(sample());
  bytes[at] = static_cast<std::byte>(value);
  seal(bytes, sample().lsn, sample().prev, sample().epoch);
  auto found = decode(bytes);
  EXPECT_FALSE(found);
  return found ? base::Error{} : found.error();
}

} // namespace

TEST(Record, anotherVersionIsUnsupported) {
  base::Error error = refusalOf(4, 2);
  EXPECT_EQ(error.code, Code::unsupported);
  EXPECT_NE(error.message.find("version 2"), std::string::npos);
}

TEST(Record, anUnknownKindIsCorrupt) {
  EXPECT_EQ(refusalOf(6, 0).code, Code::corrupt);
  EXPECT_EQ(refusalOf(6, 10).code, Code::corrupt);
}

TEST(Record, reservedBytesAreZero) {
  EXPECT_EQ(refusalOf(7, 1).code, Code::corrupt);
  EXPECT_EQ(refusalOf(84, 1).code, Code::corrupt);
}

TEST(Record, aBodySizeThatDisagreesIsCorrupt) { EXPECT_EQ(refusalOf(80, 18).code, Code::corrupt); }

TEST(Record, sealingChangesNothingElse) {
  Record late = sample();
  late.lsn = late.prev = late.epoch = 0;
  base::Bytes bytes = encoded(late);
  seal(bytes, sample().lsn, sample().prev, sample().epoch);
  EXPECT_EQ(*decode(bytes), sample());
}

TEST(Record, randomBytesNeverCrash) {
  base::Random random(1);
  for (std::uint64_t round = 0; round < test::tries(20'000, 400'000); ++round) {
    base::Bytes bytes(random.below(300));
    for (std::byte &byte : bytes)
      byte = static_cast<std::byte>(random.next());
    EXPECT_FALSE(decode(bytes));
  }
}

TEST(RunId, isParsedAndPrinted) {
  RunId run{0x0123456789abcdef, 0xfedcba9876543210};
  EXPECT_EQ(run.hex(), "0123456789abcdeffedcba9876543210");
  EXPECT_EQ(*RunId::parse(run.hex()), run);
  for (std::string bad : {"", "0123", "0123456789ABCDEFfedcba9876543210", "0123456789abcdeffedcba987654321g"}) {
    auto refused = RunId::parse(bad);
    ASSERT_FALSE(refused) << bad;
    EXPECT_EQ(refused.error().code, Code::invalid);
  }
}

} // namespace weft::journal

//===- HeadRowTest.cpp - The bytes of a run's head ------------------------===//

#include "runtime/journal/sqlite/HeadRow.h"

#include "runtime/io/AsioRuntime.h"

#include <algorithm>
#include <gtest/gtest.h>

namespace weft::journal {
namespace {

RunHead sample() {
  RunHead head;
  head.run = {0x1112131415161718, 0x2122232425262728};
  head.firstLsn = 5;
  head.lastLsn = 77;
  head.state = RunState::parked;
  head.planDigest = base::digestOf(base::bytesOf("plan"));
  head.updatedNs = 1'767'225'600'000'000'000;
  head.wakeAtNs = -1;
  head.name = "brief of the handbook";
  return head;
}

} // namespace

TEST(HeadRow, version1IsReadAsItWasWritten) {
  io::AsioRuntime runtime;
  auto bytes = io::readWhole(runtime.doors().storage, JOURNAL_DATA "/head-v1.bin", 1 << 20);
  ASSERT_TRUE(bytes);
  auto head = decodeHead(*bytes);
  ASSERT_TRUE(head) << head.error().message;
  EXPECT_EQ(*head, sample());
  base::Bytes written;
  encodeHead(sample(), written);
  EXPECT_EQ(written, *bytes);
}

TEST(HeadRow, aChangedByteAndAnyOtherLengthAreFound) {
  base::Bytes bytes;
  encodeHead(sample(), bytes);
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    base::Bytes damaged = bytes;
    damaged[at] ^= std::byte(4);
    EXPECT_EQ(decodeHead(damaged).error().code, base::Code::corrupt) << at;
    EXPECT_FALSE(decodeHead(base::ConstBytes(bytes).first(at)));
  }
}

TEST(HeadRow, keysSortAsRunsDo) {
  RunId runs[] = {{0, 1}, {0, 256}, {1, 0}, {255, 0}, {256, 0}, {~0ull, ~0ull}};
  for (std::size_t i = 1; i < std::size(runs); ++i)
    EXPECT_LT(keyOf(runs[i - 1]), keyOf(runs[i]));
}

} // namespace weft::journal

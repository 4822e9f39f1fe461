//===- ProgressMessageTest.cpp - Reports of steps on the wire -------------===//

#include "runtime/gang/Message.h"

#include <gtest/gtest.h>

namespace weft::gang {
namespace {

TEST(ProgressMessage, ComesBackAndIsRefusedWhenItIsCut) {
  std::vector<StepReport> reports{{1, false, {{0, 2.5f}, {1, -1.0f}}}, {2, true, {}}, {1ULL << 40, false, {{7, 0.0f}}}};
  base::Bytes bytes = encodedProgress(reports);
  auto read = decodeProgress(bytes);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, reports);
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(decodeProgress(base::ConstBytes(bytes).first(size))) << size << " bytes";
  bytes[4 + 8] = std::byte(2);
  EXPECT_FALSE(decodeProgress(bytes)) << "neither a step nor an evaluation";
}

} // namespace
} // namespace weft::gang

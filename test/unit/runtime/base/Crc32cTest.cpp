//===- Crc32cTest.cpp - Known sums ----------------------------------------===//

#include "runtime/base/Crc32c.h"

#include <gtest/gtest.h>

using namespace weft::base;

TEST(Crc32c, knowsTheValuesOfRfc3720) {
  EXPECT_EQ(crc32c({}), 0u);
  EXPECT_EQ(crc32c(bytesOf("123456789")), 0xe3069283u);
  EXPECT_EQ(crc32c(Bytes(32)), 0x8a9136aau);
  EXPECT_EQ(crc32c(Bytes(32, std::byte(0xff))), 0x62a8ab43u);
}

TEST(Crc32c, partsSumToTheWhole) {
  std::string text = "parts of any length, one after the other";
  for (std::size_t cut = 0; cut <= text.size(); ++cut)
    EXPECT_EQ(crc32c(bytesOf(text).subspan(cut), crc32c(bytesOf(text).first(cut))), crc32c(bytesOf(text)));
}

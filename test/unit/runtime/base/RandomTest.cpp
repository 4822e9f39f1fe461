//===- RandomTest.cpp - Numbers that depend on their place ----------------===//

#include "runtime/base/Random.h"

#include <gtest/gtest.h>
#include <vector>

namespace weft::base {
namespace {

// The known answers of the authors' Random123 1.09 (kat_vectors, philox4x32 10).
TEST(Random, KnownAnswersOfPhilox) {
  EXPECT_EQ(philox({0, 0, 0, 0}, 0), (std::array<std::uint32_t, 4>{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox({~0u, ~0u, ~0u, ~0u}, ~0ull),
            (std::array<std::uint32_t, 4>{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, 0x299f31d0a4093822ull),
            (std::array<std::uint32_t, 4>{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Random, OneSeedGivesOneSequence) {
  Random one(7), same(7), other(8), stream(7, 1);
  for (int i = 0; i < 100; ++i) {
    std::uint64_t value = one.next();
    EXPECT_EQ(value, same.next());
    EXPECT_NE(value, other.next());
    EXPECT_NE(value, stream.next());
  }
}

TEST(Random, EveryRemainderIsEquallyFrequent) {
  Random random(1);
  std::vector<int> counts(6);
  for (int i = 0; i < 60'000; ++i)
    ++counts[random.below(6)];
  // Ten standard deviations; a seed that is fixed either passes for ever or never.
  for (int count : counts)
    EXPECT_NEAR(count, 10'000, 1000);
  EXPECT_EQ(random.below(1), 0u);
  EXPECT_LT(random.below((1ull << 63) + 1), (1ull << 63) + 1);
}

TEST(Random, UniformStaysBelowOne) {
  Random random(2);
  double sum = 0;
  for (int i = 0; i < 10'000; ++i) {
    double value = random.uniform();
    ASSERT_GE(value, 0);
    ASSERT_LT(value, 1);
    sum += value;
  }
  EXPECT_NEAR(sum / 10'000, 0.5, 0.03);
}

TEST(Random, JitterStaysInItsPart) {
  Random random(3);
  for (int i = 0; i < 1000; ++i) {
    std::uint64_t value = random.jittered(1000, 0.2);
    ASSERT_GE(value, 800u);
    ASSERT_LE(value, 1200u);
  }
  EXPECT_EQ(random.jittered(1000, 0), 1000u);
}

} // namespace
} // namespace weft::base

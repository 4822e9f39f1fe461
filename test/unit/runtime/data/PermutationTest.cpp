//===- PermutationTest.cpp - Orders that are computed ---------------------===//

#include "runtime/data/Permutation.h"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>
#include <vector>

namespace weft::data {
namespace {

std::vector<std::uint64_t> order(std::uint64_t seed, std::uint64_t epoch, std::uint64_t size) {
  Permutation permutation(seed, epoch, size);
  std::vector<std::uint64_t> out;
  for (std::uint64_t place = 0; place < size; ++place)
    out.push_back(permutation(place));
  return out;
}

TEST(Permutation, HasEachNumberOnce) {
  for (std::uint64_t size : {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 63, 64, 65, 1000, 4097})
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
      auto sorted = order(seed, seed * 3, size);
      std::sort(sorted.begin(), sorted.end());
      for (std::uint64_t at = 0; at < size; ++at)
        ASSERT_EQ(sorted[at], at) << size << " numbers, seed " << seed;
    }
}

TEST(Permutation, SeedAndEpochDecide) {
  EXPECT_EQ(order(1, 2, 1000), order(1, 2, 1000));
  EXPECT_NE(order(1, 2, 1000), order(1, 3, 1000));
  EXPECT_NE(order(1, 2, 1000), order(2, 2, 1000));
}

/// The same on every machine, and in every release: a run that goes on reads what it would have read.
TEST(Permutation, GoldenOrder) {
  EXPECT_EQ(order(7, 1, 10), (std::vector<std::uint64_t>{7, 1, 5, 3, 0, 9, 2, 8, 4, 6}));
  EXPECT_EQ(Permutation(7, 1, std::uint64_t(1) << 62)(12345), 4203885060589573707ULL);
}

/// Each number stands at each place equally often, within five standard deviations.
TEST(Permutation, LooksRandom) {
  constexpr std::uint64_t size = 13, rounds = 13'000;
  std::vector<std::vector<int>> seen(size, std::vector<int>(size, 0));
  int neighbours = 0;
  for (std::uint64_t epoch = 0; epoch < rounds; ++epoch) {
    auto one = order(5, epoch, size);
    for (std::uint64_t at = 0; at < size; ++at) {
      ++seen[at][one[at]];
      neighbours += at > 0 && one[at] == one[at - 1] + 1;
    }
  }
  double expected = static_cast<double>(rounds) / size, bound = 5 * std::sqrt(expected);
  for (const auto &row : seen)
    for (int count : row)
      EXPECT_NEAR(count, expected, bound);
  // Of 12 pairs of places each holds a number and the next one with probability 1/13.
  EXPECT_NEAR(neighbours, rounds * 12.0 / 13, 5 * std::sqrt(rounds * 12.0 / 13));
}

} // namespace
} // namespace weft::data

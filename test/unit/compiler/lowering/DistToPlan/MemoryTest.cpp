//===- MemoryTest.cpp - Buffers that live together are apart --------------===//

#include "compiler/lowering/DistToPlan/Memory.h"
#include "runtime/base/Random.h"
#include "test/support/Seeds.h"

#include <gtest/gtest.h>

namespace weft::test {
namespace {
using namespace lowering;

bool overlap(const Storage &a, const Storage &b, std::uint64_t atA, std::uint64_t atB) {
  return a.bytes && b.bytes && a.first <= b.last && b.first <= a.last && atA < atB + b.bytes && atB < atA + a.bytes;
}

void expectSound(const std::vector<Storage> &storages, const Placement &placement) {
  for (std::size_t i = 0; i < storages.size(); ++i) {
    EXPECT_EQ(placement.offsets[i] % bufferAlignmentBytes, 0u);
    EXPECT_LE(placement.offsets[i] + storages[i].bytes, placement.bytes);
    for (std::size_t j = 0; j < i; ++j)
      EXPECT_FALSE(overlap(storages[i], storages[j], placement.offsets[i], placement.offsets[j])) << i << ", " << j;
  }
}

TEST(Memory, AChainNeedsTwoBuffers) {
  std::vector<Storage> chain;
  for (std::size_t i = 0; i < 10; ++i)
    chain.push_back({1000, i, i + 1});
  Placement placement = placeStorages(chain);
  expectSound(chain, placement);
  EXPECT_EQ(placement.bytes, 2048u);
  EXPECT_EQ(peakBytes(chain), 2048u);
}

TEST(Memory, WhatLivesThroughoutIsApartFromEverything) {
  std::vector<Storage> storages{{64, 0, 9}, {64, 0, 1}, {64, 2, 3}};
  Placement placement = placeStorages(storages);
  expectSound(storages, placement);
  EXPECT_EQ(placement.bytes, 128u);
}

TEST(Memory, NothingTakesNoPlace) {
  EXPECT_EQ(placeStorages({}).bytes, 0u);
  EXPECT_EQ(placeStorages({{0, 0, 5}}).bytes, 0u);
  EXPECT_EQ(peakBytes({}), 0u);
}

/// Random lives: sound always, and near the least that any placement needs.
TEST(Memory, RandomLivesAreApart) {
  double worst = 1;
  for (std::uint64_t seed = 1; seed <= tries(40, 1000); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    base::Random random(seed);
    std::vector<Storage> storages;
    for (std::size_t count = 1 + random.below(120), i = 0; i < count; ++i) {
      std::size_t first = random.below(100);
      storages.push_back({random.below(5000), first, first + random.below(random.below(4) ? 8 : 60)});
    }
    Placement placement = placeStorages(storages);
    expectSound(storages, placement);
    EXPECT_GE(placement.bytes, peakBytes(storages));
    if (peakBytes(storages))
      worst = std::max(worst, double(placement.bytes) / double(peakBytes(storages)));
  }
  EXPECT_LT(worst, 1.35);
}

} // namespace
} // namespace weft::test

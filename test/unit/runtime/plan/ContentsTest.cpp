//===- ContentsTest.cpp - Bytes are what was written last -----------------===//

#include "runtime/base/Random.h"
#include "runtime/plan/CheckContents.h"
#include "test/support/Seeds.h"

#include <gtest/gtest.h>

namespace weft::test {
namespace {
using plan::Contents;
using plan::noIndex;

struct Place {
  std::uint64_t offset, bytes;
  std::uint32_t storage, arena = 0;
};

/// A role with these buffers; it owns what its spans show.
struct Buffers {
  explicit Buffers(const std::vector<Place> &places) {
    for (const Place &place : places) {
      buffers.emplace_back(place.offset, place.bytes, place.arena, 1, 0, 0);
      role.storages.push_back(place.storage);
    }
    role.buffers = buffers;
  }
  std::vector<plan::fb::Buffer> buffers;
  plan::Role role{};
};

TEST(Contents, ASliceFillsItsPartOfTheStack) {
  Buffers buffers({{0, 8, 0}, {0, 4, 0}, {4, 4, 0}});
  Contents contents(buffers.role);
  contents.fill(1);
  EXPECT_TRUE(contents.holds(1));
  EXPECT_FALSE(contents.holds(0));
  EXPECT_FALSE(contents.holds(2));
  contents.fill(2);
  EXPECT_TRUE(contents.holds(0));
}

TEST(Contents, AnotherStorageTakesTheBytes) {
  Buffers buffers({{0, 8, 0}, {4, 8, 1}, {0, 4, 0}, {0, 8, 2, 1}});
  Contents contents(buffers.role);
  contents.fill(0);
  EXPECT_EQ(contents.under(1), 0u);
  contents.fill(1);
  EXPECT_FALSE(contents.holds(0));
  EXPECT_TRUE(contents.holds(2)) << "the first half is as it was";
  EXPECT_TRUE(contents.holds(1));
  EXPECT_EQ(contents.under(3), noIndex) << "another arena";
  contents.fill(0);
  EXPECT_TRUE(contents.holds(0));
  EXPECT_FALSE(contents.holds(1));
}

TEST(Contents, NothingIsAlwaysHeld) {
  Buffers buffers({{4, 0, 0}});
  Contents contents(buffers.role);
  EXPECT_TRUE(contents.holds(0));
  contents.fill(0);
  EXPECT_EQ(contents.under(0), noIndex);
}

/// Against an array that knows the last writer of each byte.
TEST(Contents, RandomWritesAreKnownByteByByte) {
  for (std::uint64_t seed = 1; seed <= tries(50, 2000); ++seed) {
    base::Random random(seed);
    std::vector<Place> places;
    for (int i = 0; i < 8; ++i) {
      std::uint64_t offset = random.below(24);
      places.push_back({offset, random.below(32 - offset), static_cast<std::uint32_t>(random.below(4))});
    }
    Buffers buffers(places);
    Contents contents(buffers.role);
    std::vector<std::uint32_t> writer(32, noIndex);
    for (int step = 0; step < 40; ++step) {
      auto one = static_cast<std::uint32_t>(random.below(8));
      if (random.below(2)) {
        contents.fill(one);
        std::fill_n(writer.begin() + places[one].offset, places[one].bytes, one);
        continue;
      }
      bool holds = true, touched = false;
      for (std::uint64_t at = places[one].offset; at < places[one].offset + places[one].bytes; ++at) {
        holds &= writer[at] != noIndex && places[writer[at]].storage == places[one].storage;
        touched |= writer[at] != noIndex;
      }
      ASSERT_EQ(contents.holds(one), holds) << "seed " << seed << ", step " << step;
      ASSERT_EQ(contents.under(one) != noIndex, touched) << "seed " << seed << ", step " << step;
    }
  }
}

} // namespace
} // namespace weft::test

//===- Permutation.cpp - An order that is computed, not stored ------------===//

#include "runtime/data/Permutation.h"

#include "runtime/base/Assert.h"
#include "runtime/base/Random.h"

#include <bit>

namespace weft::data {
namespace {

/// Four make a permutation that cannot be told from a random one by its pairs; two more cost nothing here.
constexpr std::uint32_t rounds = 6;
constexpr std::uint64_t largest = std::uint64_t(1) << 62;

} // namespace

Permutation::Permutation(std::uint64_t seed, std::uint64_t epoch, std::uint64_t size)
    : seed(seed), epoch(epoch), size(size) {
  WEFT_ASSERT(size >= 1 && size <= largest);
  auto bits = static_cast<std::uint32_t>(std::bit_width(size - 1));
  halfBits = bits < 2 ? 1 : (bits + 1) / 2;
}

std::uint64_t Permutation::operator()(std::uint64_t place) const {
  WEFT_ASSERT(place < size);
  std::uint64_t mask = (std::uint64_t(1) << halfBits) - 1;
  // A network is a permutation of 2^(2 halfBits) numbers, so following it from inside comes back inside.
  do {
    std::uint64_t left = place >> halfBits, right = place & mask;
    for (std::uint32_t round = 0; round < rounds; ++round) {
      auto drawn = base::philox({static_cast<std::uint32_t>(right), static_cast<std::uint32_t>(epoch),
                                 static_cast<std::uint32_t>(epoch >> 32), round},
                                seed);
      std::uint64_t next = left ^ (drawn[0] & mask);
      left = right;
      right = next;
    }
    place = left << halfBits | right;
  } while (place >= size);
  return place;
}

} // namespace weft::data

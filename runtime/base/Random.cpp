//===- Random.cpp - Philox and what is made of its bits -------------------===//

#include "runtime/base/Random.h"

#include "runtime/base/Assert.h"

namespace weft::base {

std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> x, std::uint64_t key) {
  auto low = static_cast<std::uint32_t>(key), high = static_cast<std::uint32_t>(key >> 32);
  for (int round = 0; round < 10; ++round) {
    std::uint64_t first = 0xD2511F53ull * x[0], second = 0xCD9E8D57ull * x[2];
    x = {static_cast<std::uint32_t>(second >> 32) ^ x[1] ^ low, static_cast<std::uint32_t>(second),
         static_cast<std::uint32_t>(first >> 32) ^ x[3] ^ high, static_cast<std::uint32_t>(first)};
    low += 0x9E3779B9u;
    high += 0xBB67AE85u;
  }
  return x;
}

std::uint64_t Random::next() {
  if (drawn++ % 2)
    return spare;
  std::uint64_t block = drawn / 2;
  auto bits = philox({static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(block >> 32),
                      static_cast<std::uint32_t>(stream), static_cast<std::uint32_t>(stream >> 32)},
                     seed);
  spare = static_cast<std::uint64_t>(bits[3]) << 32 | bits[2];
  return static_cast<std::uint64_t>(bits[1]) << 32 | bits[0];
}

std::uint64_t Random::below(std::uint64_t bound) {
  WEFT_ASSERT(bound > 0);
  // Of the 2^64 values the lowest 2^64 mod bound are drawn again, so that each remainder is equally frequent.
  std::uint64_t unfair = (0 - bound) % bound;
  std::uint64_t value = next();
  while (value < unfair)
    value = next();
  return value % bound;
}

double Random::uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }

std::uint64_t Random::jittered(std::uint64_t value, double part) {
  WEFT_ASSERT(part >= 0 && part <= 1);
  return static_cast<std::uint64_t>(static_cast<double>(value) * (1 - part + 2 * part * uniform()));
}

} // namespace weft::base

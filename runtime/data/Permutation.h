//===- Permutation.h - An order that is computed, not stored --------------===//
#pragma once

#include <cstdint>

namespace weft::data {

/// All numbers below `size` once each, in an order that `seed` and `epoch` decide. A Feistel network over the smallest
/// even number of bits that holds them; what falls outside walks on until it is inside, four times at the worst on
/// average. The same on every machine.
class Permutation {
public:
  /// `size` is at least 1 and at most 2^62.
  Permutation(std::uint64_t seed, std::uint64_t epoch, std::uint64_t size);

  /// The number at `place`, which is below the size. About 100 ns.
  std::uint64_t operator()(std::uint64_t place) const;

private:
  std::uint64_t seed, epoch, size;
  std::uint32_t halfBits;
};

} // namespace weft::data

//===- Bigrams.h - What the byte before alone says of the next ------------===//
//
// What a model that learns from a text has to be better than. Counted on what it
// learns from, measured on what is held out, in the same windows.
//
// Smoothed as Witten and Bell did: behind x, as many sightings as x has different
// successors are given to what is likely anywhere, and all bytes get one there.
//
//   p(y | x) = (pairs(x, y) + kinds(x) p(y)) / (pairs(x) + kinds(x)),   p(y) = (seen(y) + 1) / (seen + 256)
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Bytes.h"

#include <array>
#include <cstdint>
#include <vector>

namespace weft::data {

inline constexpr std::size_t byteValues = 256;

class Bigrams {
public:
  /// Counts the pairs of neighbours in `text`, and its bytes. About 1 ns per byte.
  void learn(base::ConstBytes text);

  /// p(next | before), above 0.
  double probability(std::byte before, std::byte next) const;
  /// The negative logarithms of all neighbours in `window`, added up: nats, one for each byte but the first.
  double nats(base::ConstBytes window) const;

private:
  std::vector<std::uint64_t> pairs = std::vector<std::uint64_t>(byteValues * byteValues); ///< By before, then next.
  std::array<std::uint64_t, byteValues> followed{}, kinds{}, seen{}; ///< Pairs that begin with it; different ones; it.
  std::uint64_t all = 0;                                             ///< Bytes seen.
};

} // namespace weft::data

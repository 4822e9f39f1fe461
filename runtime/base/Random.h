//===- Random.h - Random numbers that depend on a place, not on a time ----===//
//
// Counter-based: number i of a stream is a function of (seed, stream, i), so a
// replay, a resumed run and a shard of a tensor draw what the whole would have
// drawn. Nothing here is secret; keys for signing come from runtime/io.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <array>
#include <cstdint>

namespace weft::base {

/// Philox4x32 with ten rounds (Salmon et al., SC 2011): 128 random bits of a 128-bit counter and a 64-bit key. The same
/// on every machine and device; tensor kernels use the same function. About 10 ns.
std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::uint64_t key);

/// One stream of numbers. Copies go on from the same place. Not thread-safe.
class Random {
public:
  explicit Random(std::uint64_t seed, std::uint64_t stream = 0) : seed(seed), stream(stream) {}

  std::uint64_t next();
  /// Uniform in 0 <= x < bound without bias; bound is at least 1.
  std::uint64_t below(std::uint64_t bound);
  /// Uniform in 0 <= x < 1, a multiple of 2^-53.
  double uniform();
  /// `value` times a factor uniform in [1 - part, 1 + part]; for backoff and timers.
  std::uint64_t jittered(std::uint64_t value, double part);

private:
  std::uint64_t seed, stream, drawn = 0;
  std::uint64_t spare = 0; ///< The second half of the last block, when `drawn` is odd.
};

} // namespace weft::base

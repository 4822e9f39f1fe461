//===- Digest.h - SHA-256 of bytes ----------------------------------------===//
#pragma once

#include "runtime/base/Bytes.h"

#include <array>
#include <compare>
#include <string>

namespace weft::base {

/// Names content: two equal digests are the same bytes.
struct Digest {
  std::array<std::uint8_t, 32> bytes{};
  auto operator<=>(const Digest &) const = default;

  /// 64 lower-case hexadecimal digits.
  std::string hex() const;
};

/// SHA-256 (FIPS 180-4) by libcrypto. Cost: about 0.5 ns per byte with SHA extensions.
Digest digestOf(ConstBytes bytes);

/// 128 bits that name a place in a run's structure: see StepKey in runtime/journal.
struct Hash128 {
  std::uint64_t high = 0, low = 0;
  auto operator<=>(const Hash128 &) const = default;
  std::string hex() const;
};

/// Mixes `parts` into `seed`; the same on every machine and in every release,
/// because step keys in journals are made with it. Not cryptographic.
Hash128 mix(Hash128 seed, std::uint64_t part);
Hash128 hashOf(ConstBytes bytes, Hash128 seed = {});

} // namespace weft::base

template <> struct std::hash<weft::base::Hash128> {
  std::size_t operator()(const weft::base::Hash128 &h) const noexcept { return h.low; }
};

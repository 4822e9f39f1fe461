//===- Digest.cpp - SHA-256 and structural hashes -------------------------===//

#include "runtime/base/Digest.h"

#include "runtime/base/Assert.h"

#include <cstring>
#include <openssl/evp.h>

namespace weft::base {
namespace {

std::string hexOf(const std::uint8_t *bytes, std::size_t count) {
  constexpr char digits[] = "0123456789abcdef";
  std::string out(count * 2, '0');
  for (std::size_t i = 0; i < count; ++i) {
    out[2 * i] = digits[bytes[i] >> 4];
    out[2 * i + 1] = digits[bytes[i] & 15];
  }
  return out;
}

/// The finaliser of MurmurHash3 (public domain): every input bit changes every output bit with probability near 1/2.
std::uint64_t scramble(std::uint64_t x) {
  x ^= x >> 33;
  x *= 0xff51afd7ed558ccdULL;
  x ^= x >> 33;
  x *= 0xc4ceb9fe1a85ec53ULL;
  return x ^ (x >> 33);
}

} // namespace

std::string Digest::hex() const { return hexOf(bytes.data(), bytes.size()); }

std::string Hash128::hex() const {
  std::uint8_t out[16];
  for (int i = 0; i < 8; ++i) {
    out[i] = static_cast<std::uint8_t>(high >> (56 - 8 * i));
    out[8 + i] = static_cast<std::uint8_t>(low >> (56 - 8 * i));
  }
  return hexOf(out, sizeof out);
}

Digest digestOf(ConstBytes bytes) {
  Digest digest;
  unsigned size = 0;
  int ok = EVP_Digest(bytes.data(), bytes.size(), digest.bytes.data(), &size, EVP_sha256(), nullptr);
  WEFT_ASSERT(ok == 1 && size == digest.bytes.size());
  return digest;
}

Hash128 mix(Hash128 seed, std::uint64_t part) {
  std::uint64_t high = scramble(seed.high ^ scramble(part + 0x9e3779b97f4a7c15ULL));
  std::uint64_t low = scramble(seed.low + 0xc2b2ae3d27d4eb4fULL * (part ^ (seed.high >> 7)) + 0x165667b19e3779f9ULL);
  return {high + low, low ^ (high << 1 | high >> 63)};
}

Hash128 hashOf(ConstBytes bytes, Hash128 seed) {
  seed = mix(seed, bytes.size());
  for (std::size_t i = 0; i < bytes.size(); i += 8) {
    std::uint64_t word = 0;
    std::size_t count = bytes.size() - i < 8 ? bytes.size() - i : 8;
    for (std::size_t j = 0; j < count; ++j)
      word |= static_cast<std::uint64_t>(bytes[i + j]) << (8 * j);
    seed = mix(seed, word);
  }
  return seed;
}

} // namespace weft::base

//===- Crc32c.cpp - Checksum of records and frames ------------------------===//

#include "runtime/base/Crc32c.h"

#include <array>
#include <cstring>
#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace weft::base {
namespace {

constexpr std::array<std::uint32_t, 256> makeTable() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit)
      value = value & 1 ? value >> 1 ^ 0x82f63b78u : value >> 1;
    table[i] = value;
  }
  return table;
}
constexpr auto table = makeTable();

std::uint32_t byTable(ConstBytes bytes, std::uint32_t state) {
  for (std::byte byte : bytes)
    state = table[(state ^ static_cast<std::uint32_t>(byte)) & 255] ^ state >> 8;
  return state;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t byInstruction(ConstBytes bytes, std::uint32_t state) {
  std::uint64_t wide = state;
  std::size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    std::uint64_t word;
    std::memcpy(&word, bytes.data() + i, 8);
    wide = _mm_crc32_u64(wide, word);
  }
  state = static_cast<std::uint32_t>(wide);
  for (; i < bytes.size(); ++i)
    state = _mm_crc32_u8(state, static_cast<std::uint8_t>(bytes[i]));
  return state;
}
#endif

} // namespace

std::uint32_t crc32c(ConstBytes bytes, std::uint32_t seed) {
#if defined(__x86_64__)
  static const bool hasInstruction = __builtin_cpu_supports("sse4.2");
  if (hasInstruction)
    return ~byInstruction(bytes, ~seed);
#endif
  return ~byTable(bytes, ~seed);
}

} // namespace weft::base

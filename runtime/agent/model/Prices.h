//===- Prices.h - What tokens cost where a binding has a price ------------===//
#pragma once

#include <algorithm>
#include <cstdint>

namespace weft::agent {

/// Nano-dollars of `tokens` at `price` nano-dollars per million; nothing where no price is declared (-1).
inline std::int64_t costOf(std::int64_t tokens, std::int64_t price) {
  constexpr std::int64_t tokensPerPrice = 1'000'000;
  __int128 nano = price > 0 ? static_cast<__int128>(tokens) * price / tokensPerPrice : 0;
  return static_cast<std::int64_t>(std::min<__int128>(nano, INT64_MAX / 4));
}

} // namespace weft::agent

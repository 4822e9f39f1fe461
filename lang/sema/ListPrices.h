//===- ListPrices.h - What providers ask where nobody says a price --------===//
//
// Only for a provider's own endpoint. See compiler/decisions/0009-list-prices.md.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>
#include <string_view>

namespace weft::sema {

struct ListPrice {
  std::string_view provider, name;
  std::int64_t inputNano, outputNano; ///< Nano-dollars per million tokens.
  const char *as;                     ///< Whose list, and of when.
};

/// Null where the list does not have the model: then nothing is known.
const ListPrice *listPrice(std::string_view provider, std::string_view name);

} // namespace weft::sema

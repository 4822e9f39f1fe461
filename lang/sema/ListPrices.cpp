//===- ListPrices.cpp - What providers ask where nobody says a price ------===//
//
// A price here may be older than the one that is asked; a program that says its
// own is never looked up.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/ListPrices.h"

namespace weft::sema {
namespace {

constexpr std::int64_t dollar = 1'000'000'000;
constexpr const char *openaiList = "list price of openai as Weft knows it";

constexpr ListPrice prices[] = {
    {"openai", "gpt-4o-mini", dollar * 15 / 100, dollar * 60 / 100, openaiList},
    {"openai", "gpt-4o", dollar * 250 / 100, dollar * 10, openaiList},
};

} // namespace

const ListPrice *listPrice(std::string_view provider, std::string_view name) {
  for (const ListPrice &price : prices)
    if (price.provider == provider && price.name == name)
      return &price;
  return nullptr;
}

} // namespace weft::sema

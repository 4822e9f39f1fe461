//===- Dims.cpp - Sizes of tensors, known or named ------------------------===//
//
// A form is kept in lowest terms with its names sorted, so that equal forms have
// equal keys. Names are told apart by symbol, not by spelling: the D of one
// signature is not the D of another.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Dims.h"

#include <algorithm>
#include <numeric>

namespace weft::sema {
namespace {

bool earlier(const DimSymbol *left, const DimSymbol *right) {
  return left->name != right->name ? left->name < right->name : left < right;
}

std::optional<std::int64_t> times(std::int64_t left, std::int64_t right) {
  std::int64_t product = 0;
  if (__builtin_mul_overflow(left, right, &product))
    return std::nullopt;
  return product;
}

/// Lowest terms, positive denominator.
std::optional<Dim> reduced(std::int64_t numerator, std::int64_t denominator, std::vector<const DimSymbol *> factors) {
  if (denominator == 0)
    return std::nullopt;
  if (std::int64_t common = std::gcd(numerator, denominator); common > 1) {
    numerator /= common;
    denominator /= common;
  }
  std::sort(factors.begin(), factors.end(), earlier);
  return Dim{numerator, denominator, std::move(factors)};
}
} // namespace

bool Dim::known() const {
  return std::all_of(factors.begin(), factors.end(), [](const DimSymbol *factor) { return factor->value.has_value(); });
}

std::optional<std::int64_t> Dim::value() const {
  std::optional<std::int64_t> product = numerator;
  for (const DimSymbol *factor : factors) {
    if (!factor->value)
      return std::nullopt;
    product = times(*product, *factor->value);
    if (!product)
      return std::nullopt;
  }
  if (*product % denominator != 0)
    return std::nullopt;
  return *product / denominator;
}

const DimSymbol *Dim::symbol() const {
  return numerator == 1 && denominator == 1 && factors.size() == 1 ? factors.front() : nullptr;
}

std::string Dim::text() const {
  std::string out;
  if (numerator != 1 || factors.empty())
    out = std::to_string(numerator);
  for (const DimSymbol *factor : factors)
    out += (out.empty() ? "" : "*") + factor->name;
  if (denominator != 1)
    out += "/" + std::to_string(denominator);
  return out;
}

std::string Dim::described() const {
  std::optional<std::int64_t> size = value();
  return factors.empty() || !size ? text() : text() + " = " + std::to_string(*size);
}

std::string Dim::key() const {
  std::string out = std::to_string(numerator) + "/" + std::to_string(denominator);
  for (const DimSymbol *factor : factors)
    out += "*" + factor->name + "#" + std::to_string(reinterpret_cast<std::uintptr_t>(factor));
  return out;
}

std::optional<Dim> multiply(const Dim &left, const Dim &right) {
  std::optional<std::int64_t> numerator = times(left.numerator, right.numerator);
  std::optional<std::int64_t> denominator = times(left.denominator, right.denominator);
  if (!numerator || !denominator)
    return std::nullopt;
  std::vector<const DimSymbol *> factors = left.factors;
  factors.insert(factors.end(), right.factors.begin(), right.factors.end());
  return reduced(*numerator, *denominator, std::move(factors));
}

std::optional<Dim> divide(const Dim &left, const Dim &right) {
  // Names of the divisor must stand in the dividend: `D*H/D` is H, `D/H` is no size.
  std::vector<const DimSymbol *> factors = left.factors;
  for (const DimSymbol *factor : right.factors) {
    auto found = std::find(factors.begin(), factors.end(), factor);
    if (found == factors.end()) {
      if (std::optional<std::int64_t> a = left.value(), b = right.value(); a && b && *b != 0 && *a % *b == 0)
        return Dim::number(*a / *b);
      return std::nullopt;
    }
    factors.erase(found);
  }
  std::optional<std::int64_t> numerator = times(left.numerator, right.denominator);
  std::optional<std::int64_t> denominator = times(left.denominator, right.numerator);
  if (!numerator || !denominator)
    return std::nullopt;
  return reduced(*numerator, *denominator, std::move(factors));
}

std::optional<Dim> substitute(const Dim &dim, const std::map<const DimSymbol *, Dim> &replacements) {
  std::optional<Dim> out = Dim{dim.numerator, dim.denominator, {}};
  for (const DimSymbol *factor : dim.factors) {
    auto found = replacements.find(factor);
    out = multiply(*out, found == replacements.end() ? Dim::named(factor) : found->second);
    if (!out)
      return std::nullopt;
  }
  return out;
}

bool sameSize(const Dim &left, const Dim &right) {
  if (left == right)
    return true;
  std::optional<std::int64_t> a = left.value(), b = right.value();
  return a && b && *a == *b;
}

} // namespace weft::sema

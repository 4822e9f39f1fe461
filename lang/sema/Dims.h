//===- Dims.h - Sizes of tensors, known or named --------------------------===//
//
// A size is a fraction times named sizes: `784`, `3*H`, `D/2`. Two sizes are
// equal if their values are known and equal, or if they are the same form of
// the same names. A name declared with `dim` has a value; any other belongs to
// the signature that names it and stands for one size per call.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/source/SourceFile.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace weft::sema {

/// A capitalised name of a size.
struct DimSymbol {
  std::string name;
  std::optional<std::int64_t> value; ///< Set for `dim` declarations once evaluated.
  bool declared = false;             ///< By `dim`; else it belongs to a signature.
  source::Span span;                 ///< Where it was declared or first named.
  bool isShape = false;              ///< Stands for any number of sizes: the shape of the tensor that `each` is at.
};

/// numerator / denominator × factors; sizes are elements, never bytes.
struct Dim {
  std::int64_t numerator = 1;
  std::int64_t denominator = 1;
  std::vector<const DimSymbol *> factors; ///< Sorted by name, repeated for powers.

  static Dim number(std::int64_t size) { return {size, 1, {}}; }
  static Dim named(const DimSymbol *symbol) { return {1, 1, {symbol}}; }

  /// Size, if every factor has a value and the division leaves no rest.
  std::optional<std::int64_t> value() const;
  /// Whether all factors have a value (which then may still not divide).
  bool known() const;
  /// The name, if this is one name alone.
  const DimSymbol *symbol() const;
  /// As written: "3*H".
  std::string text() const;
  /// With its value where that says more: "H = 512".
  std::string described() const;
  /// Equal forms give equal keys.
  std::string key() const;

  friend bool operator==(const Dim &left, const Dim &right) { return left.key() == right.key(); }
};

/// Nothing on overflow of 64 bits or division by zero.
std::optional<Dim> multiply(const Dim &left, const Dim &right);
std::optional<Dim> divide(const Dim &left, const Dim &right);

/// Every factor replaced by what it stands for; nothing on overflow.
std::optional<Dim> substitute(const Dim &dim, const std::map<const DimSymbol *, Dim> &replacements);

/// Equal forms, or equal known values.
bool sameSize(const Dim &left, const Dim &right);

} // namespace weft::sema

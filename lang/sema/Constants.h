//===- Constants.h - Values known while compiling -------------------------===//
//
// What policies, budgets, sizes and broken `where`s need to know. Numbers,
// quantities, strings, bools and lists of them; anything else is not constant
// here, though it may fold later.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/syntax/AstExpr.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace weft::sema {

struct Constant;

/// An amount with a unit, in the unit of `syntax::QuantityExpr::amount`.
struct QuantityValue {
  syntax::Quantity quantity;
  std::int64_t amount;
  friend bool operator==(const QuantityValue &, const QuantityValue &) = default;
};

struct Constant {
  std::variant<std::monostate /* none */, bool, std::int64_t, double, std::string, QuantityValue, std::vector<Constant>>
      value;

  const bool *boolean() const { return std::get_if<bool>(&value); }
  const std::int64_t *integer() const { return std::get_if<std::int64_t>(&value); }
  const std::string *string() const { return std::get_if<std::string>(&value); }
  const std::vector<Constant> *list() const { return std::get_if<std::vector<Constant>>(&value); }
  const QuantityValue *quantity() const { return std::get_if<QuantityValue>(&value); }
  /// An int or a float, as a float.
  std::optional<double> number() const;
  /// As in the source, for messages.
  std::string text() const;

  friend bool operator==(const Constant &, const Constant &) = default;
};

} // namespace weft::sema

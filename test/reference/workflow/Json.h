//===- Json.h - JSON as a tree of literals --------------------------------===//
//
// Numbers keep their text, so that two documents are compared as they stand and
// nothing is rounded on the way.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weft::reference::workflow {

struct Json {
  enum class Kind : std::uint8_t { null, boolean, number, text, list, object } kind = Kind::null;
  bool truth = false;
  std::string text; ///< Of a number its literal.
  std::vector<Json> items;
  std::vector<std::pair<std::string, Json>> fields; ///< In the order of the document.

  static Json boolean(bool value);
  static Json integer(std::int64_t value);
  /// Shortest text that reads back as `value`; recognisable as a float: "1.0", "1e300".
  static Json floating(double value);
  static Json number(std::string literal);
  static Json string(std::string value);
  static Json list(std::vector<Json> items = {});
  static Json object(std::vector<std::pair<std::string, Json>> fields = {});

  bool is(Kind other) const { return kind == other; }
  const Json *field(std::string_view name) const;
  /// A number without fraction and exponent.
  bool isWhole() const;
  double real() const;
  std::optional<std::int64_t> whole() const;

  bool operator==(const Json &) const = default;
};

/// "1.0", "0.1", "1e300".
std::string floatText(double value);
std::string floatText(float value);

/// One document. Nothing where the text is none; `error` then says why.
std::optional<Json> parseJson(std::string_view text, std::string *error = nullptr);

/// Without spaces.
std::string text(const Json &json);

} // namespace weft::reference::workflow

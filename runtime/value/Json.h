//===- Json.h - JSON text to values and back, by type ---------------------===//
//
// The mapping is the language's: a record is an object, a sum an object with
// "kind" or a string, `T?` absent or null, durations seconds, sizes bytes, money
// dollars in a string, ints beyond 2^53 strings, bytes base64, tensors
// {dtype, shape, data}. Reading refuses what writing would not give.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Result.h"
#include "runtime/value/Types.h"
#include "runtime/value/Value.h"

#include <string>
#include <string_view>

namespace weft::value {

struct JsonOptions {
  bool dropUnknown = false; ///< Fields that a record does not have are dropped and not refused (answers of tools).
};

/// Reads one JSON document of the type. Checks syntax (RFC 8259, UTF-8, no key twice, nesting within Limits.h) and
/// shape; `where` is checked by Evaluator::parse. Errors: `invalid`, with the place as `$.points[2]: expected a string,
/// found 7` or, for syntax, `line 3, column 14: expected ',' or '}', found 'x'`. O(text).
base::Result<Value> fromJson(std::string_view text, TypeId type, const TypeTable &types, JsonOptions options = {});

/// Any JSON document as a value of type json.
base::Result<Value> parseJson(std::string_view text);

/// Appends canonical JSON: no spaces, fields in declared order, map keys ascending, shortest numbers. The value must
/// have the shape of the type; where it has not, and for NaN, infinities and values that are no data (functions,
/// agents), fails with `invalid` and the place.
base::Result<void> toJson(const Value &value, TypeId type, const TypeTable &types, std::string &out);
base::Result<std::string> toJson(const Value &value, TypeId type, const TypeTable &types);

/// The same with two spaces per level, one field or item per line: what `weft run` prints.
base::Result<std::string> toPrettyJson(const Value &value, TypeId type, const TypeTable &types);

/// A value of type json.
base::Result<std::string> writeJson(const Value &value);

/// An answer of a model without the spaces around it and without one Markdown fence (```json … ```).
std::string_view withoutFence(std::string_view answer);

/// Appends a JSON string literal, quotes included. `text` is UTF-8; control characters are escaped.
void appendJsonString(std::string &out, std::string_view text);

/// Appends what `${}` gives: a string as it is, numbers and units as in source, a sum without fields as its name,
/// anything else as JSON. Optionals, bytes, tensors, functions fail with `invalid`.
base::Result<void> appendText(const Value &value, TypeId type, const TypeTable &types, std::string &out);

} // namespace weft::value

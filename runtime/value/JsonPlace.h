//===- JsonPlace.h - Where in a document, for messages --------------------===//
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace weft::value {

/// One step of the way from the root; stands on the reader's own stack, so that a correct document pays nothing.
struct JsonPlace {
  const JsonPlace *up = nullptr;
  std::string_view name; ///< Of a field or key; without data for an item. Of the root what it is called, if not `$`.
  std::size_t index = 0;

  /// "$.points[2]"; keys that are no names in quotes: "$[\"a b\"]".
  std::string text() const;
};

} // namespace weft::value

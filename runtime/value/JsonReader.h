//===- JsonReader.h - The tokens of one JSON text -------------------------===//
//
// A pull reader over text that stays where it is: the one that reads by type
// asks for what it expects. A copy of a reader goes on from the same place.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace weft::value {

class JsonReader {
public:
  enum class Kind : std::uint8_t { object, array, string, number, true_, false_, null, end, other };

  /// `text` must be UTF-8 and outlive the reader.
  explicit JsonReader(std::string_view text) : text(text) {}

  /// What comes next, behind spaces.
  Kind peek();

  // Each takes one token; false with the syntax error set.

  /// '{' or '['; counts nesting.
  bool open(char bracket);
  /// In an object or array that was opened: `more` says whether an entry or item follows; if not, `bracket` ('}' or
  /// ']') is taken. `first` is true before the first one.
  bool next(char bracket, bool first, bool &more);
  /// A key and its colon.
  bool key(std::string &out);
  bool string(std::string &out);
  /// The number's text, of JSON's syntax.
  bool number(std::string_view &out);
  /// `true`, `false` or `null`.
  bool word(std::string_view word);
  /// A whole value of any kind.
  bool skip();
  /// Nothing but spaces follows.
  bool finish();

  /// "a list", "\"abc\"", "7": what stands here, for messages; long texts are cut.
  std::string shown() const;
  /// The syntax error with line and column, both from 1, columns in bytes.
  const base::Error &error() const { return failure; }
  bool failed() const { return hasFailed; }

private:
  void spaces();
  bool fail(const std::string &wanted);
  bool escape(std::string &out);
  bool hex4(std::uint32_t &value);

  std::string_view text;
  std::size_t place = 0;
  std::uint32_t depth = 0;
  base::Error failure;
  bool hasFailed = false;
};

} // namespace weft::value

//===- Positions.h - Bytes here, lines and columns there ------------------===//
//
// The protocol counts lines from 0 and columns in units that client and server
// agree on: UTF-16 code units unless the client knows better. Lines end with
// "\n", "\r\n" or "\r". A byte that is no UTF-8 counts as one unit.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/server/Json.h"
#include "lang/source/SourceFile.h"

#include <vector>

namespace weft::server {

/// What `character` counts.
enum class Encoding : std::uint8_t { utf8, utf16, utf32 };
/// As `general.positionEncodings` names it.
std::string_view nameOf(Encoding encoding);

struct Position {
  std::uint32_t line = 0, character = 0;

  friend auto operator<=>(const Position &, const Position &) = default;
};

/// Units of well-formed or other text.
std::uint32_t unitsOf(std::string_view text, Encoding encoding);

/// The byte that the position means; beyond the end of a line its end, beyond the last line the end of the text, inside
/// a code point its beginning. O(offset).
std::uint32_t offsetAt(std::string_view text, Position position, Encoding encoding);

/// Where the lines of a text begin, found once. The text must outlive it.
class LineTable {
public:
  LineTable(std::string_view text, Encoding encoding);

  /// One past the end is allowed; O(log lines), however long the line is.
  Position positionAt(std::uint32_t offset) const;
  /// As the protocol writes it.
  json::value range(std::uint32_t begin, std::uint32_t end) const;

private:
  /// The beginning of a code point, with the units before it in the text.
  struct Mark {
    std::uint32_t offset, units;
  };
  static constexpr std::uint32_t strideBytes = 256;
  std::uint32_t unitsUpTo(std::uint32_t offset) const;

  std::string_view text;
  Encoding encoding;
  std::vector<std::uint32_t> starts;
  std::vector<Mark> marks; ///< The first at or behind each stride.
};

json::value toJson(Position position);
/// Nothing if there is none at `path`.
std::optional<Position> positionIn(const json::value &params, std::string_view path);

} // namespace weft::server

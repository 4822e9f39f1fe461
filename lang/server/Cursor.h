//===- Cursor.h - What stands around a place that is being typed ----------===//
//
// The text before a cursor is seldom a program. So this reads only what survives
// that: strings, comments, brackets, the word that is being typed.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weft::server {

struct Cursor {
  bool inText = false;        ///< In a comment, or in a string outside of its holes.
  std::vector<char> open;     ///< Brackets that are open at the cursor, outermost first: ( [ { and $ for a hole.
  std::vector<char> openLine; ///< Those of them that were opened on the cursor's line.
  std::uint32_t wordBegin = 0, wordEnd = 0;
  char before = 0;         ///< The last character before the word that is no blank; 0 at the beginning of the text.
  bool firstOfLine = true; ///< Nothing but blanks stands before the word on its line.
  std::string_view line;   ///< What stands on the line before the word.
};

/// O(offset).
Cursor cursorAt(std::string_view text, std::uint32_t offset);

/// The brackets that close those of `open`, innermost first.
std::string closing(const std::vector<char> &open);

} // namespace weft::server

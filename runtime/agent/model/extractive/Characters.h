//===- Characters.h - UTF-8 code points and what kind of letter they are --===//
//
// Texts come from anywhere. `repaired` makes them valid UTF-8 once, at the
// entrance; everything behind it may decode without checking.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace weft::extractive {

/// One decoded code point and the bytes that it takes; an invalid byte is
/// U+FFFD of one byte.
struct CodePoint {
  char32_t value = 0;
  std::size_t sizeBytes = 1;
};

/// Decodes at `offset`, which must be inside `text`.
CodePoint decodeAt(std::string_view text, std::size_t offset);

/// The code point that ends before `offset`; value 0 at the start of the text.
CodePoint decodeBefore(std::string_view text, std::size_t offset);

void append(std::string &out, char32_t value);

/// Valid UTF-8: invalid bytes become U+FFFD, CRLF becomes LF, a byte order
/// mark and control characters other than line feed, tab and form feed go.
/// Never longer than three times the input. Cost: one pass.
std::string repaired(std::string_view bytes);

/// Letters of Latin, Greek, Cyrillic; every other code point above U+02AF that
/// is no punctuation counts as a letter too, so that no script is lost.
bool isLetter(char32_t c);
bool isDigit(char32_t c);
bool isUpper(char32_t c);
bool isSpace(char32_t c);
char32_t lower(char32_t c);
char32_t upper(char32_t c);
std::string lowered(std::string_view text);

/// Code points in `text`.
std::size_t length(std::string_view text);

/// The longest start of `text` of at most `count` code points.
std::string_view firstCodePoints(std::string_view text, std::size_t count);

/// Without white space at both ends.
std::string_view trimmed(std::string_view text);

} // namespace weft::extractive

//===- Utf8.h - Strings are UTF-8, everywhere inside ----------------------===//
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace weft::value {

/// The offset of the first byte that is not part of well-formed UTF-8 (no surrogates, nothing above U+10FFFF, no
/// overlong forms), or `text.size()`. About 1 ns per 8 bytes of ASCII.
std::size_t validUtf8Prefix(std::string_view text);
inline bool validUtf8(std::string_view text) { return validUtf8Prefix(text) == text.size(); }

/// With U+FFFD for each byte that is not part of well-formed UTF-8.
std::string repairedUtf8(std::string_view bytes);

// The rest asks for well-formed UTF-8.

/// The longest beginning of at most `mostBytes` that ends between code points.
std::string_view cutTo(std::string_view text, std::size_t mostBytes);

/// Code points.
std::size_t codePoints(std::string_view text);
/// The byte offset behind the first `count` code points, or `text.size()`.
std::size_t offsetOf(std::string_view text, std::size_t count);
/// The code point that starts at `place`, which is moved behind it.
char32_t nextCodePoint(std::string_view text, std::size_t &place);
/// Any code point up to U+10FFFF but surrogates.
void appendCodePoint(std::string &out, char32_t point);

/// White_Space of Unicode 15.
bool isSpace(char32_t point);

// One code point to one: ASCII, Latin-1, Latin Extended-A, Greek, Cyrillic. Others stay; the sharp s stays.
char32_t upperOf(char32_t point);
char32_t lowerOf(char32_t point);

} // namespace weft::value

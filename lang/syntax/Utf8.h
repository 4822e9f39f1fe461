//===- Utf8.h - Code points and bytes -------------------------------------===//
//
// The generated lexer counts code points, spans count bytes.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weft::syntax {

/// Offset of the first byte that begins no well-formed code point (overlong
/// forms, surrogates and values past U+10FFFF are not), or nothing. O(n).
std::optional<std::size_t> firstBadUtf8(std::string_view text);

/// The code point as UTF-8; it must be one that UTF-8 can hold.
void appendUtf8(std::string &text, char32_t codePoint);

/// From the index of a code point to the offset of its first byte.
class CodePointOffsets {
public:
  /// `text` must be UTF-8. Offsets count from `base`. Costs 4 bytes a code
  /// point, nothing if all are ASCII.
  CodePointOffsets(std::string_view text, std::uint32_t base);

  std::uint32_t byte(std::size_t codePoint) const {
    return offsets.empty() ? base + static_cast<std::uint32_t>(codePoint) : offsets[codePoint];
  }

private:
  std::uint32_t base;
  std::vector<std::uint32_t> offsets;
};

} // namespace weft::syntax

//===- Utf8.cpp - Code points and bytes -----------------------------------===//
//
// Checked before the generated lexer sees the text, since it throws on what is
// not UTF-8.
//
//===----------------------------------------------------------------------===//

#include "lang/syntax/Utf8.h"

#include <algorithm>

namespace weft::syntax {

std::optional<std::size_t> firstBadUtf8(std::string_view text) {
  std::size_t at = 0;
  auto byte = [&](std::size_t index) { return static_cast<unsigned char>(text[index]); };
  while (at < text.size()) {
    unsigned char lead = byte(at);
    std::size_t length = lead < 0x80 ? 1 : lead >= 0xC2 && lead < 0xE0 ? 2 : lead >= 0xE0 && lead < 0xF0 ? 3 : 4;
    if (length == 4 && (lead < 0xF0 || lead > 0xF4))
      return at;
    if (length > text.size() - at)
      return at;
    for (std::size_t index = 1; index < length; ++index)
      if ((byte(at + index) & 0xC0) != 0x80)
        return at;
    // The second byte rules out overlong forms, surrogates and too large values.
    if ((lead == 0xE0 && byte(at + 1) < 0xA0) || (lead == 0xED && byte(at + 1) > 0x9F) ||
        (lead == 0xF0 && byte(at + 1) < 0x90) || (lead == 0xF4 && byte(at + 1) > 0x8F))
      return at;
    at += length;
  }
  return std::nullopt;
}

void appendUtf8(std::string &text, char32_t codePoint) {
  auto put = [&](char32_t value) { text.push_back(static_cast<char>(value)); };
  if (codePoint < 0x80) {
    put(codePoint);
  } else if (codePoint < 0x800) {
    put(0xC0 | (codePoint >> 6));
    put(0x80 | (codePoint & 0x3F));
  } else if (codePoint < 0x10000) {
    put(0xE0 | (codePoint >> 12));
    put(0x80 | ((codePoint >> 6) & 0x3F));
    put(0x80 | (codePoint & 0x3F));
  } else {
    put(0xF0 | (codePoint >> 18));
    put(0x80 | ((codePoint >> 12) & 0x3F));
    put(0x80 | ((codePoint >> 6) & 0x3F));
    put(0x80 | (codePoint & 0x3F));
  }
}

CodePointOffsets::CodePointOffsets(std::string_view text, std::uint32_t base) : base(base) {
  bool ascii = std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (ascii)
    return;
  for (std::size_t at = 0; at < text.size(); ++at)
    if ((static_cast<unsigned char>(text[at]) & 0xC0) != 0x80)
      offsets.push_back(base + static_cast<std::uint32_t>(at));
  offsets.push_back(base + static_cast<std::uint32_t>(text.size()));
}

} // namespace weft::syntax

//===- Base64.cpp - Bytes in JSON -----------------------------------------===//

#include "runtime/value/Base64.h"

#include <cstdint>

namespace weft::value {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

} // namespace

void appendBase64(std::string &out, base::ConstBytes bytes) {
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::size_t count = bytes.size() - i < 3 ? bytes.size() - i : 3;
    std::uint32_t bits = 0;
    for (std::size_t j = 0; j < 3; ++j)
      bits = bits << 8 | (j < count ? static_cast<std::uint32_t>(bytes[i + j]) : 0);
    for (std::size_t j = 0; j < 4; ++j)
      out += j <= count ? alphabet[bits >> (18 - 6 * j) & 63] : '=';
  }
}

std::optional<std::string> decodeBase64(std::string_view text) {
  if (text.size() % 4)
    return std::nullopt;
  std::string out;
  out.reserve(text.size() / 4 * 3);
  for (std::size_t i = 0; i < text.size(); i += 4) {
    std::size_t count = 4;
    if (i + 4 == text.size())
      while (count > 2 && text[i + count - 1] == '=')
        --count;
    std::uint32_t bits = 0;
    for (std::size_t j = 0; j < 4; ++j) {
      std::size_t digit = j < count ? alphabet.find(text[i + j]) : 0;
      if (digit == alphabet.npos)
        return std::nullopt;
      bits = bits << 6 | static_cast<std::uint32_t>(digit);
    }
    // Bits behind the last byte must be 0, so that equal bytes have one text.
    if ((count == 2 && bits & 0xffff) || (count == 3 && bits & 0xff))
      return std::nullopt;
    for (std::size_t j = 0; j + 1 < count; ++j)
      out += static_cast<char>(bits >> (16 - 8 * j));
  }
  return out;
}

} // namespace weft::value

//===- Utf8.cpp - Decoding, counting, letters of both cases ---------------===//

#include "runtime/value/Utf8.h"

#include <cstring>

namespace weft::value {
namespace {

bool isTail(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

/// Bytes of the well-formed sequence at `place`, or 0 (RFC 3629, section 4).
std::size_t sequenceAt(std::string_view text, std::size_t place) {
  auto first = static_cast<unsigned char>(text[place]);
  std::size_t size = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (size == 0 || place + size > text.size())
    return 0;
  for (std::size_t i = 1; i < size; ++i)
    if (!isTail(text[place + i]))
      return 0;
  if (size > 2) {
    auto second = static_cast<unsigned char>(text[place + 1]);
    if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second >= 0xa0) || (first == 0xf0 && second < 0x90) ||
        (first == 0xf4 && second >= 0x90))
      return 0;
  }
  return size;
}

} // namespace

std::size_t validUtf8Prefix(std::string_view text) {
  std::size_t place = 0;
  while (place < text.size()) {
    std::uint64_t word;
    if (place + 8 <= text.size()) {
      std::memcpy(&word, text.data() + place, 8);
      if (!(word & 0x8080808080808080ull)) {
        place += 8;
        continue;
      }
    }
    std::size_t size = sequenceAt(text, place);
    if (size == 0)
      return place;
    place += size;
  }
  return place;
}

std::string repairedUtf8(std::string_view bytes) {
  std::string out;
  for (std::size_t at = 0;;) {
    std::size_t valid = validUtf8Prefix(bytes.substr(at));
    out += bytes.substr(at, valid);
    at += valid;
    if (at == bytes.size())
      return out;
    out += "\xef\xbf\xbd";
    ++at;
  }
}

std::string_view cutTo(std::string_view text, std::size_t mostBytes) {
  if (text.size() <= mostBytes)
    return text;
  while (mostBytes > 0 && isTail(text[mostBytes]))
    --mostBytes;
  return text.substr(0, mostBytes);
}

std::size_t codePoints(std::string_view text) {
  std::size_t count = 0;
  for (char c : text)
    count += !isTail(c);
  return count;
}

std::size_t offsetOf(std::string_view text, std::size_t count) {
  std::size_t place = 0;
  for (; place < text.size(); ++place)
    if (!isTail(text[place]) && count-- == 0)
      return place;
  return place;
}

char32_t nextCodePoint(std::string_view text, std::size_t &place) {
  auto first = static_cast<unsigned char>(text[place++]);
  if (first < 0x80)
    return first;
  int tails = first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
  char32_t point = first & (0x3f >> tails);
  for (; tails && place < text.size(); --tails)
    point = point << 6 | (static_cast<unsigned char>(text[place++]) & 0x3f);
  return point;
}

void appendCodePoint(std::string &out, char32_t point) {
  auto byte = [&](char32_t bits) { out += static_cast<char>(bits); };
  if (point < 0x80) {
    byte(point);
  } else if (point < 0x800) {
    byte(0xc0 | point >> 6);
    byte(0x80 | (point & 0x3f));
  } else if (point < 0x10000) {
    byte(0xe0 | point >> 12);
    byte(0x80 | (point >> 6 & 0x3f));
    byte(0x80 | (point & 0x3f));
  } else {
    byte(0xf0 | point >> 18);
    byte(0x80 | (point >> 12 & 0x3f));
    byte(0x80 | (point >> 6 & 0x3f));
    byte(0x80 | (point & 0x3f));
  }
}

bool isSpace(char32_t c) {
  return (c >= 9 && c <= 13) || c == ' ' || c == 0x85 || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) ||
         c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

char32_t lowerOf(char32_t c) {
  if ((c >= 'A' && c <= 'Z') || (c >= 0xc0 && c <= 0xde && c != 0xd7) || (c >= 0x391 && c <= 0x3a9 && c != 0x3a2) ||
      (c >= 0x410 && c <= 0x42f))
    return c + 32;
  if (c >= 0x400 && c <= 0x40f)
    return c + 80;
  // Pairs of neighbours: the capital is even in these blocks and odd in those.
  if ((c >= 0x100 && c <= 0x137 && c != 0x130) || (c >= 0x14a && c <= 0x177) || (c >= 0x460 && c <= 0x481) ||
      (c >= 0x48a && c <= 0x4bf) || (c >= 0x4d0 && c <= 0x52f))
    return c | 1;
  if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17e) || (c >= 0x4c1 && c <= 0x4ce))
    return c + (c & 1);
  switch (c) {
  case 0x130:
    return 'i';
  case 0x178:
    return 0xff;
  case 0x386:
    return 0x3ac;
  case 0x388:
  case 0x389:
  case 0x38a:
    return c + 37;
  case 0x38c:
    return 0x3cc;
  case 0x38e:
  case 0x38f:
    return c + 63;
  case 0x4c0:
    return 0x4cf;
  default:
    return c;
  }
}

char32_t upperOf(char32_t c) {
  switch (c) {
  case 0x131:
    return 'I';
  case 0x17f:
    return 'S';
  case 0x3c2: // final sigma
    return 0x3a3;
  case 0xff:
    return 0x178;
  case 0x3ac:
    return 0x386;
  case 0x3ad:
  case 0x3ae:
  case 0x3af:
    return c - 37;
  case 0x3cc:
    return 0x38c;
  case 0x3cd:
  case 0x3ce:
    return c - 63;
  case 0x4cf:
    return 0x4c0;
  default:
    break;
  }
  if ((c >= 'a' && c <= 'z') || (c >= 0xe0 && c <= 0xfe && c != 0xf7) || (c >= 0x3b1 && c <= 0x3c9) ||
      (c >= 0x430 && c <= 0x44f))
    return c - 32;
  if (c >= 0x450 && c <= 0x45f)
    return c - 80;
  // What is not the lower of its neighbour below is no lower letter of a pair.
  return c > 0x100 && c < 0x530 && lowerOf(c - 1) == c ? c - 1 : c;
}

} // namespace weft::value

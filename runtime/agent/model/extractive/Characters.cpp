//===- Characters.cpp - UTF-8 code points and what kind of letter they are ===//

#include "runtime/agent/model/extractive/Characters.h"

namespace weft::extractive {
namespace {

constexpr char32_t replacement = 0xFFFD;

bool continues(std::string_view text, std::size_t offset) {
  return offset < text.size() && (static_cast<unsigned char>(text[offset]) & 0xC0) == 0x80;
}

/// Ranges above Latin that hold marks, symbols and spaces rather than letters.
bool isPunctuationRange(char32_t c) {
  return (c >= 0x2000 && c <= 0x2BFF) || (c >= 0x3000 && c <= 0x3004) || (c >= 0x3008 && c <= 0x3020) ||
         (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF0F) || (c >= 0xFF1A && c <= 0xFF20) ||
         (c >= 0xFFF0 && c <= 0xFFFF) || (c >= 0xE000 && c <= 0xF8FF) || c >= 0x1F000;
}

} // namespace

CodePoint decodeAt(std::string_view text, std::size_t offset) {
  auto byte = [&](std::size_t i) { return static_cast<char32_t>(static_cast<unsigned char>(text[offset + i])); };
  char32_t first = byte(0);
  if (first < 0x80)
    return {first, 1};
  if (first >= 0xC2 && first < 0xE0 && continues(text, offset + 1))
    return {(first & 0x1F) << 6 | (byte(1) & 0x3F), 2};
  if (first >= 0xE0 && first < 0xF0 && continues(text, offset + 1) && continues(text, offset + 2)) {
    char32_t value = (first & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F);
    if (value >= 0x800 && !(value >= 0xD800 && value <= 0xDFFF))
      return {value, 3};
  }
  if (first >= 0xF0 && first < 0xF5 && continues(text, offset + 1) && continues(text, offset + 2) &&
      continues(text, offset + 3)) {
    char32_t value = (first & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 | (byte(3) & 0x3F);
    if (value >= 0x10000 && value <= 0x10FFFF)
      return {value, 4};
  }
  return {replacement, 1};
}

CodePoint decodeBefore(std::string_view text, std::size_t offset) {
  if (offset == 0)
    return {0, 0};
  std::size_t start = offset - 1;
  while (start > 0 && offset - start < 4 && continues(text, start))
    --start;
  CodePoint point = decodeAt(text, start);
  return start + point.sizeBytes == offset ? point : CodePoint{replacement, 1};
}

void append(std::string &out, char32_t value) {
  if (value < 0x80) {
    out += static_cast<char>(value);
  } else if (value < 0x800) {
    out += static_cast<char>(0xC0 | value >> 6);
    out += static_cast<char>(0x80 | (value & 0x3F));
  } else if (value < 0x10000) {
    out += static_cast<char>(0xE0 | value >> 12);
    out += static_cast<char>(0x80 | (value >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (value & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | value >> 18);
    out += static_cast<char>(0x80 | (value >> 12 & 0x3F));
    out += static_cast<char>(0x80 | (value >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (value & 0x3F));
  }
}

std::string repaired(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  for (std::size_t i = 0; i < bytes.size();) {
    CodePoint point = decodeAt(bytes, i);
    i += point.sizeBytes;
    bool control = (point.value < 0x20 && point.value != '\n' && point.value != '\t' && point.value != '\f') ||
                   (point.value >= 0x7F && point.value < 0xA0);
    // A lone carriage return ends a line on old systems; before a line feed it is noise.
    if (point.value == '\r' && (i >= bytes.size() || bytes[i] != '\n'))
      out += '\n';
    else if (!control && point.value != 0xFEFF)
      append(out, point.value);
  }
  return out;
}

bool isDigit(char32_t c) { return c >= '0' && c <= '9'; }

bool isLetter(char32_t c) {
  if (c < 0x80)
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  if (c < 0x2B0)
    return c == 0xAA || c == 0xB5 || c == 0xBA || (c >= 0xC0 && c != 0xD7 && c != 0xF7);
  return !isPunctuationRange(c);
}

bool isUpper(char32_t c) { return isLetter(c) && lower(c) != c; }

bool isSpace(char32_t c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\f' || c == '\r' || c == '\v' || c == 0xA0 ||
         (c >= 0x2000 && c <= 0x200B) || c == 0x3000;
}

char32_t lower(char32_t c) {
  if (c < 0x80)
    return c >= 'A' && c <= 'Z' ? c + 32 : c;
  if (c >= 0xC0 && c <= 0xDE && c != 0xD7)
    return c + 32;
  if ((c >= 0x100 && c <= 0x137) || (c >= 0x14A && c <= 0x177))
    return c | 1;
  if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E))
    return c % 2 == 1 ? c + 1 : c;
  if (c >= 0x391 && c <= 0x3A9)
    return c + 32;
  if (c >= 0x410 && c <= 0x42F)
    return c + 32;
  if (c >= 0x400 && c <= 0x40F)
    return c + 80;
  return c;
}

char32_t upper(char32_t c) {
  if (c < 0x80)
    return c >= 'a' && c <= 'z' ? c - 32 : c;
  if ((c >= 0xE0 && c <= 0xFE && c != 0xF7) || (c >= 0x3B1 && c <= 0x3C9 && c != 0x3C2) || (c >= 0x430 && c <= 0x44F))
    return c - 32;
  return c;
}

std::string lowered(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    CodePoint point = decodeAt(text, i);
    append(out, lower(point.value));
    i += point.sizeBytes;
  }
  return out;
}

std::size_t length(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < text.size(); i += decodeAt(text, i).sizeBytes)
    ++count;
  return count;
}

std::string_view firstCodePoints(std::string_view text, std::size_t count) {
  std::size_t end = 0;
  while (count > 0 && end < text.size()) {
    end += decodeAt(text, end).sizeBytes;
    --count;
  }
  return text.substr(0, end);
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty()) {
    CodePoint first = decodeAt(text, 0);
    if (!isSpace(first.value))
      break;
    text.remove_prefix(first.sizeBytes);
  }
  while (!text.empty()) {
    CodePoint last = decodeBefore(text, text.size());
    if (!isSpace(last.value))
      break;
    text.remove_suffix(last.sizeBytes);
  }
  return text;
}

} // namespace weft::extractive

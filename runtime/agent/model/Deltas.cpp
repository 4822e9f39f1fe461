//===- Deltas.cpp - What of a growing text can be told already ------------===//

#include "runtime/agent/model/Deltas.h"

#include "runtime/value/Utf8.h"

#include <algorithm>

namespace weft::agent {
namespace {

/// Few enough to be seen growing, enough that telling costs less than writing.
constexpr std::size_t deltaBytes = 8;
constexpr std::size_t longestCodePoint = 4;

/// Bytes at the end that begin a code point and do not end it.
std::size_t openBytes(std::string_view text) {
  for (std::size_t back = 1; back < longestCodePoint && back <= text.size(); ++back) {
    auto byte = static_cast<unsigned char>(text[text.size() - back]);
    if (byte < 0x80)
      return 0;
    if (byte < 0xc0)
      continue; // in the middle of one
    std::size_t whole = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    return back < whole ? back : 0;
  }
  return 0;
}

} // namespace

std::string Deltas::next(std::string_view text) {
  std::size_t end = text.size() - std::min(text.size(), heldBack);
  end -= openBytes(text.substr(0, end));
  return end < told + deltaBytes ? "" : upTo(text, end);
}

std::string Deltas::last(std::string_view text) { return text.size() <= told ? "" : upTo(text, text.size()); }

std::string Deltas::upTo(std::string_view text, std::size_t end) {
  std::string piece = value::repairedUtf8(text.substr(told, end - told));
  told = end;
  return piece;
}

} // namespace weft::agent

//===- Nearest.cpp - Did you mean? ----------------------------------------===//
//
// Optimal string alignment over three rows; names are cut at 64 bytes, since a
// longer one is no slip of the finger.
//
//===----------------------------------------------------------------------===//

#include "lang/diagnostics/Nearest.h"

#include <algorithm>
#include <array>

namespace weft::diagnostics {
namespace {

constexpr std::size_t maxLength = 64;

/// In half edits, so that a wrong capital is cheaper than a wrong letter.
unsigned halfEdits(std::string_view left, std::string_view right) {
  left = left.substr(0, maxLength);
  right = right.substr(0, maxLength);
  std::array<std::array<unsigned, maxLength + 1>, 3> rows{};
  auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; };
  auto change = [&](char a, char b) -> unsigned { return a == b ? 0 : lower(a) == lower(b) ? 1 : 2; };
  for (std::size_t column = 0; column <= right.size(); ++column)
    rows[0][column] = static_cast<unsigned>(2 * column);
  for (std::size_t row = 1; row <= left.size(); ++row) {
    auto &here = rows[row % 3];
    auto &above = rows[(row + 2) % 3];
    auto &twoAbove = rows[(row + 1) % 3];
    here[0] = static_cast<unsigned>(2 * row);
    for (std::size_t column = 1; column <= right.size(); ++column) {
      here[column] = std::min(
          {above[column] + 2, here[column - 1] + 2, above[column - 1] + change(left[row - 1], right[column - 1])});
      if (row > 1 && column > 1 && left[row - 1] == right[column - 2] && left[row - 2] == right[column - 1])
        here[column] = std::min(here[column], twoAbove[column - 2] + 2);
    }
  }
  return rows[left.size() % 3][right.size()];
}

} // namespace

unsigned editDistance(std::string_view left, std::string_view right) { return (halfEdits(left, right) + 1) / 2; }

std::optional<std::string> nearest(std::string_view name, std::span<const std::string> candidates) {
  const std::string *best = nullptr;
  unsigned bestHalves = 2 * std::max<unsigned>(1, static_cast<unsigned>(std::min(name.size(), maxLength) / 3)) + 1;
  for (const std::string &candidate : candidates) {
    if (candidate == name)
      continue;
    // At least an insertion for each letter that one has more.
    std::size_t longer = std::max(name.size(), candidate.size()), shorter = std::min(name.size(), candidate.size());
    if (longer <= maxLength && 2 * (longer - shorter) >= bestHalves)
      continue;
    unsigned halves = halfEdits(name, candidate);
    // A name of one or two letters is near to everything of its length.
    if (halves >= 2 * std::max(name.size(), candidate.size()))
      continue;
    if (halves < bestHalves) {
      bestHalves = halves;
      best = &candidate;
    }
  }
  return best ? std::optional(*best) : std::nullopt;
}

} // namespace weft::diagnostics

//===- Nearest.h - Did you mean? ------------------------------------------===//
//
// The nearest of the names that would have been right, if it is near enough for
// the guess to be worth reading.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace weft::diagnostics {

/// Insertions, deletions, changes and swaps of neighbours that lead from one to
/// the other. A change of case alone counts half, rounded up. O(|a| |b|).
unsigned editDistance(std::string_view left, std::string_view right);

/// The candidate nearest to `name`, the first of equals; nothing if all are more
/// than a third of the name (and at least one edit) away.
std::optional<std::string> nearest(std::string_view name, std::span<const std::string> candidates);

} // namespace weft::diagnostics

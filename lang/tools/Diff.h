//===- Diff.h - Two texts, line by line -----------------------------------===//
#pragma once

#include <string>
#include <string_view>

namespace weft::tools {

/// The change from `before` to `after` as a unified diff with three lines of context, which `patch` takes; empty if
/// they are equal. A shortest one up to a few thousand changed lines, beyond that a correct one. O((n + d) d) for n
/// lines, d of them changed.
std::string unifiedDiff(std::string_view before, std::string_view after, const std::string &name);

} // namespace weft::tools

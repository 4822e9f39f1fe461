//===- Failure.cpp - Names of fail kinds ----------------------------------===//

#include "runtime/value/Failure.h"

#include "runtime/base/Assert.h"

namespace weft::value {
namespace {

constexpr std::string_view names[failKindCount] = {"transport", "timeout", "rate_limit", "refused",         "budget",
                                                   "schema",    "tool",    "cancelled",  "unknown_outcome", "failed"};

} // namespace

std::string_view name(FailKind kind) {
  WEFT_ASSERT(static_cast<std::uint8_t>(kind) < failKindCount);
  return names[static_cast<std::uint8_t>(kind)];
}

std::optional<FailKind> failKindOf(std::string_view text) {
  for (std::uint8_t i = 0; i < failKindCount; ++i)
    if (names[i] == text)
      return static_cast<FailKind>(i);
  return std::nullopt;
}

} // namespace weft::value

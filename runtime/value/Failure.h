//===- Failure.h - Why a step of a run did not give a value ---------------===//
//
// The kinds are those of the language (`try e catch { timeout => … }`); their
// numbers are part of the plan (FailKind in plan.fbs) and of the journal.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weft::value {

enum class FailKind : std::uint8_t {
  transport,
  timeout,
  rateLimit,
  refused,
  budget,
  schema,
  tool,
  cancelled,
  unknownOutcome,
  failed,
};

inline constexpr std::uint8_t failKindCount = 10;

/// As the language writes it: "rate_limit". `kind` must be one of the enumerators.
std::string_view name(FailKind kind);

/// The kind that the language calls `text`, if there is one.
std::optional<FailKind> failKindOf(std::string_view text);

/// What ends a step. `why` is lower-case text without a full stop.
struct Failure {
  FailKind kind = FailKind::failed;
  std::string why;
  bool operator==(const Failure &) const = default;
};

} // namespace weft::value

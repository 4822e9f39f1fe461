//===- Failure.h - How a step of a run fails ------------------------------===//
//
// The language names the kinds (`catch { timeout => ... }`), so a failure is a
// value of the run and not an Error of the runtime: it is journaled, caught,
// retried by kind. The numbers are part of the plan, the journal and the wire
// and are never reused.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Assert.h"

#include <cstdint>
#include <string>

namespace weft::base {

enum class FailKind : std::uint8_t {
  transport,      ///< The other side could not be reached, or broke off.
  timeout,        ///< A deadline passed.
  rateLimit,      ///< The other side asks to come later.
  refused,        ///< The other side will not do this, whoever asks again.
  budget,         ///< An account of the run is spent.
  schema,         ///< A value does not have its type, or breaks a `where`.
  tool,           ///< A tool did its work and reports a failure.
  cancelled,      ///< Cancelled from outside.
  unknownOutcome, ///< A write was in flight when the run was killed.
  failed,         ///< `fail`, `assert`, an index, a bound, a limit.
};

inline constexpr std::uint8_t failKindCount = 10;

/// As written in the language: "rate_limit".
inline const char *name(FailKind kind) {
  constexpr const char *names[failKindCount] = {"transport", "timeout", "rate_limit", "refused",         "budget",
                                                "schema",    "tool",    "cancelled",  "unknown_outcome", "failed"};
  WEFT_ASSERT(static_cast<std::uint8_t>(kind) < failKindCount);
  return names[static_cast<std::uint8_t>(kind)];
}

/// What a failure says that a program raises with an empty text: none is without a sentence.
inline constexpr const char *noReason = "no reason was given";

/// What a `catch` arm gets: the kind and a sentence for people.
struct Failure {
  FailKind kind = FailKind::failed;
  std::string why;

  bool operator==(const Failure &) const = default;
};

} // namespace weft::base

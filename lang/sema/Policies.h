//===- Policies.h - `with`, budgets and settings, as numbers --------------===//
//
// Everything that must be known before a run: limits are numbers in the plan,
// so what stands in `with { … }`, `budget { … }` and the body of a model has been
// evaluated here. Absent means that nothing was written.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/sema/Constants.h"

#include <map>
#include <optional>

namespace weft::sema {

struct Symbol;

enum class Cache : std::uint8_t { unset, none, run, duration };

/// `e with { … }`. Times are nanoseconds.
struct Policy {
  std::optional<std::int64_t> retry;    ///< Further attempts after the first.
  std::optional<std::uint16_t> retryOn; ///< Bit i: failureKinds[i]. Unset: the default of the call (`retryOnOf`).
  std::optional<std::int64_t> backoffNs;
  std::optional<std::int64_t> timeoutNs; ///< Per attempt.
  std::optional<std::int64_t> hedgeNs;
  Cache cache = Cache::unset;
  std::int64_t cacheNs = 0; ///< With Cache::duration.
  std::string on;           ///< Device kind; empty if not given.
};

/// Bits of `transport` and `rate_limit`; a write that is not idempotent retries on `rate_limit` alone.
inline constexpr std::uint16_t retryOnDefault = 1u << 0 | 1u << 2;
inline constexpr std::uint16_t retryOnWrite = 1u << 2;

enum class OnExceed : std::uint8_t { stop, use, ask };

/// `budget { … }` of a workflow, `budget: { … }` of an agent; per call.
struct Budget {
  std::optional<std::int64_t> costNano; ///< Nano-dollars.
  std::optional<std::int64_t> tokens;
  std::optional<std::int64_t> timeNs;
  std::optional<std::int64_t> turns; ///< Agents only.
  OnExceed onExceed = OnExceed::stop;
  const Symbol *fallback = nullptr; ///< The model of `use(m)`, the human agent of `ask(p)`.
  source::Span span;

  bool empty() const { return !costNano && !tokens && !timeNs && !turns; }
};

/// What an entry of a provider's body takes.
enum class Takes : std::uint8_t { text, address, key, words, duration, warmth, count, flag, texts };

struct Key {
  std::string name;
  Takes takes = Takes::text;
};

/// One entry of a provider's body: a constant, or a name that is looked up when
/// a run starts. Exactly one of the three is set.
/// What stands below a key has its name with a dot: `env: { "TOKEN": … }` is the setting `env.TOKEN`.
struct Setting {
  std::string name;
  std::optional<Constant> value;
  std::string env;    ///< `env("NAME")`
  std::string secret; ///< `secret("NAME")`
  source::Span span;
};

} // namespace weft::sema

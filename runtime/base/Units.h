//===- Units.h - Durations, sizes and money as text -----------------------===//
//
// Inside, a duration is nanoseconds, a size bytes, money nano-dollars, all in
// an int64: 292 years, 8 EiB, nine billion dollars. Texts are those of the
// language ("30s", "64KiB", "$0.05") and of JSON (seconds, dollars as decimals).
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weft::base {

inline constexpr std::int64_t nsPerUs = 1'000;
inline constexpr std::int64_t nsPerMs = 1'000'000;
inline constexpr std::int64_t nsPerSecond = 1'000'000'000;
inline constexpr std::int64_t nsPerMinute = 60 * nsPerSecond;
inline constexpr std::int64_t nsPerHour = 3600 * nsPerSecond;
inline constexpr std::int64_t nanoPerDollar = 1'000'000'000;

/// As in source, in the largest unit that needs no fraction: "90s", "2h"; below a microsecond "0.5us".
std::string durationText(std::int64_t ns);

/// As in source, in the unit with the fewest digits: "64KiB", "10MB", "100B".
std::string sizeText(std::int64_t bytes);

/// As in source, without trailing zeros: "$0.05", "-$2".
std::string moneyText(std::int64_t nanoDollars);

/// Billionths as a decimal without trailing zeros: 50'000'000 is "0.05".
std::string decimalText(std::int64_t billionths);

enum class Finer {
  refuse, ///< Digits below a billionth are an error.
  round,  ///< To the nearest billionth, halves away from zero.
};

/// The billionths of a decimal in JSON's number syntax, exponent included. Empty where the text is no such number or
/// does not fit. Exact: no floating point on the way.
std::optional<std::int64_t> parseDecimal(std::string_view text, Finer finer);

} // namespace weft::base

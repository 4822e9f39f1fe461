//===- Units.cpp - Exact decimals and unit suffixes -----------------------===//

#include "runtime/base/Units.h"

#include <limits>

namespace weft::base {
namespace {

struct Unit {
  std::int64_t amount;
  const char *suffix;
};

constexpr Unit durationUnits[] = {
    {nsPerHour, "h"}, {nsPerMinute, "min"}, {nsPerSecond, "s"}, {nsPerMs, "ms"}, {nsPerUs, "us"}};

// Binary before decimal of the same order, so that a tie in digits reads as memory does.
constexpr Unit sizeUnits[] = {{1ll << 40, "TiB"},
                              {1'000'000'000'000, "TB"},
                              {1ll << 30, "GiB"},
                              {1'000'000'000, "GB"},
                              {1ll << 20, "MiB"},
                              {1'000'000, "MB"},
                              {1ll << 10, "KiB"},
                              {1'000, "KB"},
                              {1, "B"}};

bool isDigit(char c) { return c >= '0' && c <= '9'; }

/// Reads digits at `place` and moves it behind them.
std::string_view digitsAt(std::string_view text, std::size_t &place) {
  std::size_t start = place;
  while (place < text.size() && isDigit(text[place]))
    ++place;
  return text.substr(start, place - start);
}

} // namespace

std::string durationText(std::int64_t ns) {
  if (ns == 0)
    return "0s";
  for (const Unit &unit : durationUnits)
    if (ns % unit.amount == 0)
      return std::to_string(ns / unit.amount) + unit.suffix;
  // What is left has fewer than three decimals in microseconds, which no int64 loses.
  std::string text = std::to_string(ns / nsPerUs) + ".";
  std::int64_t rest = ns % nsPerUs < 0 ? -(ns % nsPerUs) : ns % nsPerUs;
  std::string decimals = std::to_string(rest);
  decimals.insert(0, 3 - decimals.size(), '0');
  while (decimals.back() == '0')
    decimals.pop_back();
  return (ns < 0 && ns / nsPerUs == 0 ? "-" : "") + text + decimals + "us";
}

std::string sizeText(std::int64_t bytes) {
  std::string best = std::to_string(bytes) + "B";
  if (bytes == 0)
    return best;
  std::size_t bestDigits = best.size() - 1;
  for (const Unit &unit : sizeUnits) {
    if (bytes % unit.amount)
      continue;
    std::string digits = std::to_string(bytes / unit.amount);
    if (digits.size() < bestDigits) {
      bestDigits = digits.size();
      best = digits + unit.suffix;
    }
  }
  return best;
}

std::string decimalText(std::int64_t billionths) {
  bool negative = billionths < 0;
  std::uint64_t amount = negative ? 0 - static_cast<std::uint64_t>(billionths) : static_cast<std::uint64_t>(billionths);
  std::string text = (negative ? "-" : "") + std::to_string(amount / 1'000'000'000);
  if (std::uint64_t rest = amount % 1'000'000'000) {
    std::string decimals = std::to_string(rest);
    decimals.insert(0, 9 - decimals.size(), '0');
    while (decimals.back() == '0')
      decimals.pop_back();
    text += "." + decimals;
  }
  return text;
}

std::string moneyText(std::int64_t nanoDollars) {
  std::string text = decimalText(nanoDollars);
  return text[0] == '-' ? "-$" + text.substr(1) : "$" + text;
}

std::optional<std::int64_t> parseDecimal(std::string_view text, Finer finer) {
  std::size_t place = 0;
  bool negative = !text.empty() && text[0] == '-';
  place += negative;
  std::string digits(digitsAt(text, place));
  if (digits.empty() || (digits.size() > 1 && digits[0] == '0'))
    return std::nullopt;
  std::int64_t exponent = 0;
  if (place < text.size() && text[place] == '.') {
    ++place;
    std::string_view fraction = digitsAt(text, place);
    if (fraction.empty())
      return std::nullopt;
    digits += fraction;
    exponent -= static_cast<std::int64_t>(fraction.size());
  }
  if (place < text.size() && (text[place] == 'e' || text[place] == 'E')) {
    ++place;
    bool down = place < text.size() && text[place] == '-';
    place += place < text.size() && (text[place] == '-' || text[place] == '+');
    std::string_view power = digitsAt(text, place);
    if (power.empty())
      return std::nullopt;
    std::int64_t amount = 0;
    for (char c : power)
      // Far outside any int64, and far from overflowing itself.
      amount = amount > 1'000'000'000 ? amount : amount * 10 + (c - '0');
    exponent += down ? -amount : amount;
  }
  if (place != text.size())
    return std::nullopt;

  // The number is digits * 10^exponent, asked for in units of 10^-9: `shift` more digits, or so many fewer.
  std::int64_t shift = exponent + 9;
  std::int64_t kept = static_cast<std::int64_t>(digits.size()) + (shift < 0 ? shift : 0);
  unsigned __int128 value = 0;
  constexpr unsigned __int128 bound = static_cast<unsigned __int128>(1) << 63;
  for (std::int64_t i = 0; i < kept; ++i)
    if ((value = value * 10 + static_cast<unsigned>(digits[static_cast<std::size_t>(i)] - '0')) > bound)
      return std::nullopt;
  for (std::int64_t i = 0; i < shift && value != 0; ++i)
    if ((value *= 10) > bound)
      return std::nullopt;
  for (std::int64_t i = kept < 0 ? 0 : kept; i < static_cast<std::int64_t>(digits.size()); ++i) {
    char digit = digits[static_cast<std::size_t>(i)];
    if (digit != '0' && finer == Finer::refuse)
      return std::nullopt;
    if (i == kept && digit >= '5')
      ++value;
  }
  if (value > bound - (negative ? 0 : 1))
    return std::nullopt;
  auto amount = static_cast<std::uint64_t>(value);
  return static_cast<std::int64_t>(negative ? 0 - amount : amount);
}

} // namespace weft::base

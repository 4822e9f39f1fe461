//===- Literals.cpp - Numbers and units -----------------------------------===//
//
// A literal's digits are held as a 128-bit integer and a power of ten, so that
// `1.2TFLOPS` and `$0.05` are exact and what is not whole is seen.
//
//===----------------------------------------------------------------------===//

#include "lang/syntax/Literals.h"

#include "lang/diagnostics/Nearest.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace weft::syntax {
namespace {

using diagnostics::Code;
using Wide = __int128;

struct Unit {
  std::string_view name;
  bool count; ///< A plain factor; the result is a number.
  Quantity quantity;
  std::int64_t factor;
};

constexpr std::int64_t kibi = 1024;
constexpr Unit units[] = {
    {"k", true, {}, 1'000},
    {"M", true, {}, 1'000'000},
    {"G", true, {}, 1'000'000'000},
    {"ns", false, Quantity::duration, 1},
    {"us", false, Quantity::duration, 1'000},
    {"ms", false, Quantity::duration, 1'000'000},
    {"s", false, Quantity::duration, 1'000'000'000},
    {"min", false, Quantity::duration, 60'000'000'000},
    {"h", false, Quantity::duration, 3'600'000'000'000},
    {"d", false, Quantity::duration, 86'400'000'000'000},
    {"B", false, Quantity::size, 1},
    {"KB", false, Quantity::size, 1'000},
    {"MB", false, Quantity::size, 1'000'000},
    {"GB", false, Quantity::size, 1'000'000'000},
    {"TB", false, Quantity::size, 1'000'000'000'000},
    {"KiB", false, Quantity::size, kibi},
    {"MiB", false, Quantity::size, kibi *kibi},
    {"GiB", false, Quantity::size, kibi *kibi *kibi},
    {"TiB", false, Quantity::size, kibi *kibi *kibi *kibi},
    {"bps", false, Quantity::bandwidth, 1},
    {"Kbps", false, Quantity::bandwidth, 1'000},
    {"Mbps", false, Quantity::bandwidth, 1'000'000},
    {"Gbps", false, Quantity::bandwidth, 1'000'000'000},
    {"Tbps", false, Quantity::bandwidth, 1'000'000'000'000},
    {"Bps", false, Quantity::bandwidth, 8},
    {"KBps", false, Quantity::bandwidth, 8'000},
    {"MBps", false, Quantity::bandwidth, 8'000'000},
    {"GBps", false, Quantity::bandwidth, 8'000'000'000},
    {"TBps", false, Quantity::bandwidth, 8'000'000'000'000},
    {"FLOPS", false, Quantity::compute, 1},
    {"MFLOPS", false, Quantity::compute, 1'000'000},
    {"GFLOPS", false, Quantity::compute, 1'000'000'000},
    {"TFLOPS", false, Quantity::compute, 1'000'000'000'000},
    {"PFLOPS", false, Quantity::compute, 1'000'000'000'000'000},
};

struct NamedRate {
  std::string_view name;
  RateUnit unit;
};
constexpr NamedRate rates[] = {
    {"s", {RateBase::time, 1'000'000'000}},
    {"min", {RateBase::time, 60'000'000'000}},
    {"h", {RateBase::time, 3'600'000'000'000}},
    {"d", {RateBase::time, 86'400'000'000'000}},
    {"tok", {RateBase::tokens, 1}},
    {"ktok", {RateBase::tokens, 1'000}},
    {"Mtok", {RateBase::tokens, 1'000'000}},
    {"call", {RateBase::calls, 1}},
};

/// Digits, a point, an exponent, letters.
struct NumberParts {
  std::string digits; ///< Without `_` and point.
  int exponent = 0;   ///< Of ten.
  bool isFloat = false;
  std::string plain; ///< For strtod.
  std::string_view unit;
};

bool isDigit(char c) { return c >= '0' && c <= '9'; }

NumberParts split(std::string_view text) {
  NumberParts parts;
  std::size_t at = 0;
  bool afterPoint = false;
  for (; at < text.size(); ++at) {
    char c = text[at];
    if (c == '_')
      continue;
    if (c == '.' && !afterPoint) {
      afterPoint = parts.isFloat = true;
      parts.plain += '.';
      continue;
    }
    if (!isDigit(c))
      break;
    parts.digits += c;
    parts.plain += c;
    parts.exponent -= afterPoint;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    std::size_t digits = at + 1;
    if (digits < text.size() && (text[digits] == '+' || text[digits] == '-'))
      ++digits;
    std::size_t end = digits;
    while (end < text.size() && isDigit(text[end]))
      ++end;
    if (end > digits) {
      std::string exponent(text.substr(at + 1, end - at - 1));
      parts.plain += "e" + exponent;
      parts.exponent += static_cast<int>(std::clamp(std::strtol(exponent.c_str(), nullptr, 10), -100'000L, 100'000L));
      parts.isFloat = true;
      at = end;
    }
  }
  parts.unit = text.substr(at);
  return parts;
}

enum class Exactness : std::uint8_t { exact, notWhole, tooLarge };

/// digits × 10^exponent × factor.
Exactness scale(const NumberParts &parts, std::int64_t factor, std::int64_t &result) {
  std::string digits = parts.digits;
  int exponent = parts.exponent;
  while (exponent < 0 && digits.size() > 1 && digits.back() == '0') {
    digits.pop_back();
    ++exponent;
  }
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
  Wide value = 0;
  if (digits == "0") {
    result = 0;
    return Exactness::exact;
  }
  if (digits.size() > 25 || exponent > 25)
    return digits.size() > 25 && exponent < 0 ? Exactness::notWhole : Exactness::tooLarge;
  if (exponent < -25)
    return Exactness::notWhole;
  for (char digit : digits)
    value = value * 10 + (digit - '0');
  for (; exponent < 0 && factor % 10 == 0; ++exponent)
    factor /= 10;
  if (__builtin_mul_overflow(value, static_cast<Wide>(factor), &value))
    return Exactness::tooLarge;
  for (; exponent < 0; ++exponent) {
    if (value % 10 != 0)
      return Exactness::notWhole;
    value /= 10;
  }
  for (; exponent > 0; --exponent)
    if (__builtin_mul_overflow(value, static_cast<Wide>(10), &value))
      return Exactness::tooLarge;
  if (value > std::numeric_limits<std::int64_t>::max())
    return Exactness::tooLarge;
  result = static_cast<std::int64_t>(value);
  return Exactness::exact;
}

std::string_view smallestUnit(Quantity quantity) {
  switch (quantity) {
  case Quantity::duration:
    return "nanoseconds";
  case Quantity::size:
    return "bytes";
  case Quantity::money:
    return "nano-dollars";
  case Quantity::bandwidth:
    return "bits per second";
  case Quantity::compute:
    return "operations per second";
  }
  return "";
}

/// Spellings that are common elsewhere and not near to ours.
std::string_view otherSpelling(std::string_view unit) {
  static constexpr std::pair<std::string_view, std::string_view> spellings[] = {
      {"sec", "s"},       {"secs", "s"},    {"second", "s"}, {"seconds", "s"}, {"m", "min"},   {"minute", "min"},
      {"minutes", "min"}, {"hr", "h"},      {"hrs", "h"},    {"hour", "h"},    {"hours", "h"}, {"day", "d"},
      {"days", "d"},      {"kb", "KB"},     {"mb", "MB"},    {"gb", "GB"},     {"tb", "TB"},   {"K", "k"},
      {"Ki", "KiB"},      {"Mi", "MiB"},    {"Gi", "GiB"},   {"Ti", "TiB"},    {"bn", "G"},    {"bytes", "B"},
      {"millis", "ms"},   {"micros", "us"}, {"nanos", "ns"}, {"kbps", "Kbps"},
  };
  for (auto [other, ours] : spellings)
    if (other == unit)
      return ours;
  return {};
}

void unknownUnit(std::string_view unit, Span span, bool money, diagnostics::DiagnosticEngine &diagnostics) {
  std::vector<std::string> candidates;
  for (const Unit &entry : units)
    if (!money || entry.count)
      candidates.emplace_back(entry.name);
  Span place = span;
  place.begin = span.end - static_cast<std::uint32_t>(unit.size());
  auto &error = diagnostics.error(Code::unknownUnit, place, quote(unit) + " is not a unit");
  if (money)
    error.hint("money is in dollars: `$0.05`, `$1.5k`");
  else if (unit[0] == 'x' || unit[0] == 'X')
    error.hint("numbers are decimal; there is no hexadecimal");
  else if (auto meant = otherSpelling(unit); !meant.empty())
    error.hint("did you mean " + quote(meant) + "?");
  else if (auto near = diagnostics::nearest(unit, candidates))
    error.hint("did you mean " + quote(*near) + "?");
  else
    error.hint("units are k M G, ns us ms s min h d, B KB MB GB TB KiB MiB GiB TiB, bps … TBps, FLOPS … PFLOPS");
}

} // namespace

NumberValue readNumber(std::string_view text, Span span, diagnostics::DiagnosticEngine &diagnostics) {
  NumberValue value;
  bool money = text.starts_with('$');
  NumberParts parts = split(text.substr(money ? 1 : 0));
  const Unit *unit = nullptr;
  if (!parts.unit.empty()) {
    for (const Unit &entry : units)
      if (entry.name == parts.unit && (!money || entry.count))
        unit = &entry;
    if (!unit) {
      unknownUnit(parts.unit, span, money, diagnostics);
      return value;
    }
  }
  bool quantity = money || (unit && !unit->count);
  auto tooLarge = [&] {
    diagnostics.error(Code::badNumber, span, quote(text) + " is too large")
        .hint(quantity ? "it is held in whole " + std::string(smallestUnit(value.quantity)) +
                             ", up to 9 223 372 036 854 775 807"
                       : "integers go from -9 223 372 036 854 775 808 to 9 223 372 036 854 775 807; larger numbers are "
                         "floats: write a point");
  };
  if (quantity) {
    value.form = NumberValue::Form::quantity;
    value.quantity = money ? Quantity::money : unit->quantity;
    std::int64_t factor = (money ? 1'000'000'000 : 1) * (unit ? unit->factor : 1);
    switch (scale(parts, factor, value.integer)) {
    case Exactness::exact:
      break;
    case Exactness::tooLarge:
      tooLarge();
      break;
    case Exactness::notWhole:
      diagnostics.error(Code::badNumber, span,
                        quote(text) + " is not a whole number of " + std::string(smallestUnit(value.quantity)));
    }
    return value;
  }
  std::int64_t factor = unit ? unit->factor : 1;
  if (!parts.isFloat || unit) {
    switch (scale(parts, factor, value.integer)) {
    case Exactness::exact:
      return value;
    case Exactness::tooLarge:
      if (!parts.isFloat) {
        tooLarge();
        return value;
      }
      break;
    case Exactness::notWhole:
      break;
    }
  }
  value.form = NumberValue::Form::floating;
  value.floating = std::strtod(parts.plain.c_str(), nullptr) * static_cast<double>(factor);
  if (!std::isfinite(value.floating)) {
    diagnostics.error(Code::badNumber, span, quote(text) + " is too large for a float")
        .hint("the largest float is about 1.8e308");
    value.floating = 0;
  }
  return value;
}

bool isLeastMagnitude(std::string_view text) {
  NumberParts parts = split(text);
  parts.digits.erase(0, parts.digits.find_first_not_of('0'));
  return !parts.isFloat && parts.unit.empty() && parts.digits == "9223372036854775808";
}

RateUnit readRateUnit(std::string_view text, Span span, diagnostics::DiagnosticEngine &diagnostics) {
  std::vector<std::string> candidates;
  for (const NamedRate &entry : rates) {
    if (entry.name == text)
      return entry.unit;
    candidates.emplace_back(entry.name);
  }
  auto &error = diagnostics.error(Code::unknownUnit, span, "nothing is counted per " + quote(text));
  if (auto near = diagnostics::nearest(text, candidates))
    error.hint("did you mean " + quote(*near) + "?");
  else
    error.hint("rates are per `s min h d`, `tok ktok Mtok` or `call`");
  return {};
}

std::int64_t readCount(std::string_view text, Span span, std::string_view what,
                       diagnostics::DiagnosticEngine &diagnostics) {
  std::size_t errorsBefore = diagnostics.errorCount();
  NumberValue value = readNumber(text, span, diagnostics);
  if (diagnostics.errorCount() != errorsBefore)
    return 1;
  if (value.form == NumberValue::Form::integer && value.integer > 0)
    return value.integer;
  diagnostics.error(Code::badNumber, span,
                    std::string(what) + " is a whole number of at least 1, found " + quote(text));
  return 1;
}

} // namespace weft::syntax

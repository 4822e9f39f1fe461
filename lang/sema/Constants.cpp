//===- Constants.cpp - Values known while compiling -----------------------===//
//
// Only texts and views; what an expression evaluates to is Evaluate.cpp's.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Constants.h"

#include <cmath>
#include <cstdio>

namespace weft::sema {
namespace {

std::string amountText(const QuantityValue &value) {
  struct Unit {
    std::int64_t amount;
    const char *name;
  };
  static constexpr Unit durations[] = {{3'600'000'000'000, "h"}, {60'000'000'000, "min"}, {1'000'000'000, "s"},
                                       {1'000'000, "ms"},        {1'000, "us"},           {1, "ns"}};
  static constexpr Unit sizes[] = {{std::int64_t{1} << 30, "GiB"}, {1 << 20, "MiB"}, {1 << 10, "KiB"}, {1, "B"}};
  auto whole = [&](const auto &units) {
    for (const Unit &unit : units)
      if (value.amount % unit.amount == 0 && (value.amount != 0 || unit.amount == 1))
        return std::to_string(value.amount / unit.amount) + unit.name;
    return std::to_string(value.amount);
  };
  switch (value.quantity) {
  case syntax::Quantity::duration:
    return value.amount == 0 ? "0s" : whole(durations);
  case syntax::Quantity::size:
    return whole(sizes);
  case syntax::Quantity::money: {
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, "%.9f", static_cast<double>(value.amount) / 1e9);
    std::string out = buffer;
    out.erase(out.find_last_not_of('0') + 1);
    if (out.back() == '.')
      out.pop_back();
    return "$" + out;
  }
  case syntax::Quantity::bandwidth:
    return std::to_string(value.amount) + "bps";
  case syntax::Quantity::compute:
    return std::to_string(value.amount) + "FLOPS";
  }
  return std::to_string(value.amount);
}
} // namespace

std::optional<double> Constant::number() const {
  if (const std::int64_t *whole = integer())
    return static_cast<double>(*whole);
  if (const double *real = std::get_if<double>(&value))
    return *real;
  return std::nullopt;
}

std::string Constant::text() const {
  if (const bool *truth = boolean())
    return *truth ? "true" : "false";
  if (const std::int64_t *whole = integer())
    return std::to_string(*whole);
  if (const double *real = std::get_if<double>(&value)) {
    char buffer[64];
    std::snprintf(buffer, sizeof buffer, "%.15g", *real);
    std::string out = buffer;
    return out.find_first_of(".en") == std::string::npos ? out + ".0" : out;
  }
  if (const std::string *chars = string())
    return "\"" + *chars + "\"";
  if (const QuantityValue *amount = quantity())
    return amountText(*amount);
  if (const std::vector<Constant> *elements = list()) {
    std::string out = "[";
    for (std::size_t i = 0; i < elements->size(); ++i)
      out += (i ? ", " : "") + (*elements)[i].text();
    return out + "]";
  }
  return "none";
}

} // namespace weft::sema

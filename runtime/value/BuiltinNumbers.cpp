//===- BuiltinNumbers.cpp - Sums, extremes, rounding ----------------------===//

#include "runtime/value/BuiltinFamilies.h"

#include <cmath>

namespace weft::value::builtins::numbers {
namespace {

/// The items of a list that must not be empty.
bool itemsOf(Args args, Builtin builtin, std::span<const Value> &items, Applier &applier) {
  if (!args[0].is(Tag::list))
    return wrongArgument(applier, builtin, args[0]);
  items = args[0].items();
  return applier.spend(items.size());
}

bool added(const Value &left, const Value &right, Value &result, Applier &applier) {
  const Value *both[] = {&left, &right};
  return arithmetic::add({both, 2}, result, applier);
}

bool total(std::span<const Value> items, const Value &zero, Value &result, Applier &applier) {
  Value sum = zero, next;
  for (const Value &item : items) {
    if (!added(sum, item, next, applier))
      return false;
    sum = std::move(next);
  }
  result = std::move(sum);
  return true;
}

bool isSummable(const Value &value) { return value.is(Tag::integer) || value.is(Tag::real) || value.isUnit(); }

/// The least (wanted < 0) or largest; of equals the first.
bool extreme(Args args, Builtin builtin, int wanted, Value &result, Applier &applier) {
  std::span<const Value> items;
  const Value *best;
  auto better = [&](const Value &candidate) {
    std::optional<int> order = compare(candidate, *best);
    if (!order)
      return applier.fail("a " + std::string(name(candidate.tag())) + " and a " + std::string(name(best->tag())) +
                          " have no order");
    if (*order * wanted > 0)
      best = &candidate;
    return true;
  };
  if (args.size() == 2) {
    best = &args[0];
    if (!better(args[1]))
      return false;
    result = *best;
    return true;
  }
  if (!itemsOf(args, builtin, items, applier))
    return false;
  if (items.empty())
    return applier.fail(std::string(builtinInfo(static_cast<std::uint32_t>(builtin))->name) + " of an empty list");
  best = &items[0];
  for (const Value &item : items.subspan(1))
    if (!better(item))
      return false;
  result = *best;
  return true;
}

/// A float as the int that it is.
bool whole(double value, Value &result, Applier &applier) {
  if (!(value >= -0x1p63 && value < 0x1p63))
    return applier.fail("a float beyond the range of int is rounded to one");
  result = Value::integer(static_cast<std::int64_t>(value));
  return true;
}

bool rounded(Args args, Builtin builtin, double (*round)(double), Value &result, Applier &applier) {
  if (args[0].is(Tag::integer)) {
    result = args[0];
    return true;
  }
  if (!args[0].is(Tag::real))
    return wrongArgument(applier, builtin, args[0]);
  return whole(round(args[0].asFloat()), result, applier);
}

bool asDouble(const Value &value, Builtin builtin, double &out, Applier &applier) {
  if (value.is(Tag::integer))
    out = static_cast<double>(value.asInt());
  else if (value.is(Tag::real))
    out = value.asFloat();
  else
    return wrongArgument(applier, builtin, value);
  return true;
}

bool finite(double value, std::string_view of, Value &result, Applier &applier) {
  if (!std::isfinite(value))
    return applier.fail(std::string(of) + " is no finite number");
  result = Value::real(value);
  return true;
}

} // namespace

bool sum(Args args, Value &result, Applier &applier) {
  std::span<const Value> items;
  if (!itemsOf(args, Builtin::sum, items, applier))
    return false;
  if (!isSummable(args[1]))
    return wrongArgument(applier, Builtin::sum, args[1]);
  return total(items, args[1], result, applier);
}

bool mean(Args args, Value &result, Applier &applier) {
  std::span<const Value> items;
  if (!itemsOf(args, Builtin::mean, items, applier))
    return false;
  if (items.empty())
    return applier.fail("mean of an empty list");
  if (!isSummable(items[0]))
    return wrongArgument(applier, Builtin::mean, items[0]);
  Value all, count = Value::integer(static_cast<std::int64_t>(items.size()));
  if (!total(items.subspan(1), items[0], all, applier))
    return false;
  const Value *both[] = {&all, &count};
  return arithmetic::divide({both, 2}, result, applier);
}

bool min(Args args, Value &result, Applier &applier) { return extreme(args, Builtin::min, -1, result, applier); }
bool max(Args args, Value &result, Applier &applier) { return extreme(args, Builtin::max, 1, result, applier); }

bool abs(Args args, Value &result, Applier &applier) {
  const Value &value = args[0];
  if (value.is(Tag::real)) {
    result = Value::real(std::fabs(value.asFloat()));
    return true;
  }
  if (!value.is(Tag::integer) && !value.isUnit())
    return wrongArgument(applier, Builtin::abs, value);
  if (value.units() >= 0) {
    result = value;
    return true;
  }
  const Value *negated[] = {&value};
  return arithmetic::negate({negated, 1}, result, applier);
}

bool round(Args args, Value &result, Applier &applier) {
  if (args.size() == 1)
    return rounded(args, Builtin::round, std::round, result, applier);
  double value = 0;
  if (!asDouble(args[0], Builtin::round, value, applier))
    return false;
  if (!args[1].is(Tag::integer))
    return wrongArgument(applier, Builtin::round, args[1]);
  std::int64_t decimals = args[1].asInt();
  if (decimals < 0 || decimals > 15)
    return applier.fail("round to " + std::to_string(decimals) + " decimals, 0 to 15 are expected");
  double scale = std::pow(10.0, static_cast<double>(decimals)), scaled = value * scale;
  // Above 2^53 a float has no decimals left to round.
  result = Value::real(std::fabs(scaled) < 0x1p53 ? std::round(scaled) / scale : value);
  return true;
}

bool floor(Args args, Value &result, Applier &applier) {
  return rounded(args, Builtin::floor, std::floor, result, applier);
}
bool ceil(Args args, Value &result, Applier &applier) {
  return rounded(args, Builtin::ceil, std::ceil, result, applier);
}

bool sqrt(Args args, Value &result, Applier &applier) {
  double value = 0;
  if (!asDouble(args[0], Builtin::sqrt, value, applier))
    return false;
  return finite(std::sqrt(value), "sqrt of a negative number", result, applier);
}

bool pow(Args args, Value &result, Applier &applier) {
  if (args[0].is(Tag::integer) && args[1].is(Tag::integer)) {
    std::int64_t base = args[0].asInt(), exponent = args[1].asInt(), power = 1;
    if (exponent < 0)
      return applier.fail("pow of an int by " + std::to_string(exponent) + ": a negative exponent needs a float base");
    for (; exponent; exponent >>= 1) {
      bool fits = !(exponent & 1) || !__builtin_mul_overflow(power, base, &power);
      if (!fits || (exponent > 1 && __builtin_mul_overflow(base, base, &base)))
        return applier.fail("pow(" + std::to_string(args[0].asInt()) + ", " + std::to_string(args[1].asInt()) +
                            ") does not fit an int");
    }
    result = Value::integer(power);
    return true;
  }
  double base = 0, exponent = 0;
  if (!asDouble(args[0], Builtin::pow, base, applier) || !asDouble(args[1], Builtin::pow, exponent, applier))
    return false;
  return finite(std::pow(base, exponent), "pow of these numbers", result, applier);
}

bool div(Args args, Value &result, Applier &applier) {
  const Value &left = args[0], &right = args[1];
  if (!left.is(Tag::integer) && !left.isUnit())
    return wrongArgument(applier, Builtin::div, left);
  if (left.tag() != right.tag())
    return wrongArgument(applier, Builtin::div, right);
  if (right.units() == 0)
    return applier.fail("division by zero");
  if (right.units() == -1) {
    std::int64_t amount;
    if (__builtin_sub_overflow(std::int64_t{0}, left.units(), &amount))
      return applier.fail("div does not fit an int");
    result = Value::integer(amount);
    return true;
  }
  result = Value::integer(left.units() / right.units());
  return true;
}

} // namespace weft::value::builtins::numbers

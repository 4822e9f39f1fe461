//===- BuiltinArithmetic.cpp - Operators on numbers and units -------------===//
//
// Nothing wraps and nothing becomes infinite: a result that does not fit fails
// the step. An int meets a float as a float; a unit meets only its own kind or
// a plain number.
//
//===----------------------------------------------------------------------===//

#include "runtime/base/Limits.h"
#include "runtime/base/Units.h"
#include "runtime/value/Builders.h"
#include "runtime/value/BuiltinFamilies.h"
#include "runtime/value/Numbers.h"

#include <cmath>
#include <limits>

namespace weft::value::builtins::arithmetic {
namespace {

bool isNumber(const Value &value) { return value.is(Tag::integer) || value.is(Tag::real); }

double asDouble(const Value &value) {
  return value.is(Tag::integer) ? static_cast<double>(value.asInt()) : value.asFloat();
}

std::optional<base::ElementType> elementTypeNamed(std::string_view wanted) {
  for (std::uint8_t type = 0; type < base::elementTypeCount; ++type)
    if (wanted == base::name(static_cast<base::ElementType>(type)))
      return static_cast<base::ElementType>(type);
  return std::nullopt;
}

Value unit(Tag tag, std::int64_t amount) {
  return tag == Tag::duration ? Value::duration(amount)
         : tag == Tag::size   ? Value::size(amount)
         : tag == Tag::money  ? Value::money(amount)
                              : Value::integer(amount);
}

std::string show(const Value &value) {
  switch (value.tag()) {
  case Tag::integer:
    return std::to_string(value.asInt());
  case Tag::real:
    return floatText(value.asFloat());
  case Tag::duration:
    return base::durationText(value.asDurationNs());
  case Tag::size:
    return base::sizeText(value.asSizeBytes());
  case Tag::money:
    return base::moneyText(value.asMoneyNano());
  default:
    return "a " + std::string(name(value.tag()));
  }
}

bool noSuch(Applier &applier, Args args, const char *sign) {
  return applier.fail(show(args[0]) + " " + sign + " " + show(args[1]) + " has no meaning");
}

bool tooLarge(Applier &applier, Args args, const char *sign, Tag tag) {
  return applier.fail(show(args[0]) + " " + sign + " " + show(args[1]) + " does not fit " +
                      (tag == Tag::integer ? "an int" : "a " + std::string(name(tag))));
}

bool real(double value, Args args, const char *sign, Value &result, Applier &applier) {
  if (!std::isfinite(value))
    return applier.fail(show(args[0]) + " " + sign + " " + show(args[1]) + " is no finite number");
  result = Value::real(value);
  return true;
}

/// To the nearest whole unit, halves away from zero like `round`.
bool rounded(double amount, Tag tag, Args args, const char *sign, Value &result, Applier &applier) {
  double whole = std::round(amount);
  if (!(whole >= -0x1p63 && whole < 0x1p63))
    return tooLarge(applier, args, sign, tag);
  result = unit(tag, static_cast<std::int64_t>(whole));
  return true;
}

bool sameUnits(const Value &left, const Value &right) { return left.isUnit() && left.tag() == right.tag(); }

} // namespace

bool add(Args args, Value &result, Applier &applier) {
  const Value &left = args[0], &right = args[1];
  if ((left.is(Tag::integer) && right.is(Tag::integer)) || sameUnits(left, right)) {
    std::int64_t amount;
    if (__builtin_add_overflow(left.units(), right.units(), &amount))
      return tooLarge(applier, args, "+", left.tag());
    result = unit(left.tag(), amount);
    return true;
  }
  if (isNumber(left) && isNumber(right))
    return real(asDouble(left) + asDouble(right), args, "+", result, applier);
  if (left.is(Tag::string) && right.is(Tag::string))
    return texts::concat(args, result, applier);
  if (left.is(Tag::list) && right.is(Tag::list)) {
    std::size_t count = left.items().size() + right.items().size();
    if (count > base::maxListItems)
      return applier.fail("a list of " + std::to_string(count) + " items, at most " +
                          std::to_string(base::maxListItems) + " can be held");
    if (!applier.spend(count))
      return false;
    ArrayBuilder builder(count);
    for (const Value &item : left.items())
      builder.add(item);
    for (const Value &item : right.items())
      builder.add(item);
    result = std::move(builder).list();
    return true;
  }
  return noSuch(applier, args, "+");
}

bool sub(Args args, Value &result, Applier &applier) {
  const Value &left = args[0], &right = args[1];
  if ((left.is(Tag::integer) && right.is(Tag::integer)) || sameUnits(left, right)) {
    std::int64_t amount;
    if (__builtin_sub_overflow(left.units(), right.units(), &amount))
      return tooLarge(applier, args, "-", left.tag());
    result = unit(left.tag(), amount);
    return true;
  }
  if (isNumber(left) && isNumber(right))
    return real(asDouble(left) - asDouble(right), args, "-", result, applier);
  return noSuch(applier, args, "-");
}

bool mul(Args args, Value &result, Applier &applier) {
  const Value &left = args[0], &right = args[1];
  const Value &amount = left.isUnit() ? left : right, &factor = left.isUnit() ? right : left;
  if (factor.is(Tag::integer) && (amount.is(Tag::integer) || amount.isUnit())) {
    std::int64_t product;
    if (__builtin_mul_overflow(amount.units(), factor.asInt(), &product))
      return tooLarge(applier, args, "*", amount.tag());
    result = unit(amount.tag(), product);
    return true;
  }
  if (isNumber(left) && isNumber(right))
    return real(asDouble(left) * asDouble(right), args, "*", result, applier);
  if (amount.isUnit() && factor.is(Tag::real))
    return rounded(static_cast<double>(amount.units()) * factor.asFloat(), amount.tag(), args, "*", result, applier);
  return noSuch(applier, args, "*");
}

bool divide(Args args, Value &result, Applier &applier) {
  const Value &left = args[0], &right = args[1];
  bool units = sameUnits(left, right);
  if (!(isNumber(right) && (isNumber(left) || left.isUnit())) && !units)
    return noSuch(applier, args, "/");
  double divisor = units ? static_cast<double>(right.units()) : asDouble(right);
  if (divisor == 0)
    return applier.fail("division of " + show(left) + " by zero");
  if (units)
    return real(static_cast<double>(left.units()) / divisor, args, "/", result, applier);
  if (left.isUnit())
    return rounded(static_cast<double>(left.units()) / divisor, left.tag(), args, "/", result, applier);
  return real(asDouble(left) / divisor, args, "/", result, applier);
}

bool remainder(Args args, Value &result, Applier &applier) {
  const Value &left = args[0], &right = args[1];
  if (!(left.is(Tag::integer) && right.is(Tag::integer)) && !sameUnits(left, right))
    return noSuch(applier, args, "%");
  if (right.units() == 0)
    return applier.fail("division of " + show(left) + " by zero");
  // The smallest int by -1 traps on x86; its remainder is 0 like every other by -1.
  result = unit(left.tag(), right.units() == -1 ? 0 : left.units() % right.units());
  return true;
}

bool negate(Args args, Value &result, Applier &applier) {
  const Value &value = args[0];
  if (value.is(Tag::real)) {
    result = Value::real(-value.asFloat());
    return true;
  }
  if (!value.is(Tag::integer) && !value.isUnit())
    return wrongArgument(applier, Builtin::negate, value);
  std::int64_t amount;
  if (__builtin_sub_overflow(std::int64_t{0}, value.units(), &amount))
    return applier.fail("-(" + show(value) + ") does not fit");
  result = unit(value.tag(), amount);
  return true;
}

bool to_float(Args args, Value &result, Applier &applier) {
  if (!isNumber(args[0]))
    return wrongArgument(applier, Builtin::to_float, args[0]);
  result = Value::real(asDouble(args[0]));
  return true;
}

bool to_number(Args args, Value &result, Applier &applier) {
  if (!args[0].is(Tag::tensor))
    return wrongArgument(applier, Builtin::to_number, args[0]);
  TensorView tensor = args[0].asTensor();
  if (!tensor.dims.empty())
    return applier.fail("a tensor of rank " + std::to_string(tensor.dims.size()) + " is no number, rank 0 is");
  result = elementOf(tensor, 0);
  if (result.is(Tag::real) && !std::isfinite(result.asFloat()))
    return applier.fail("a tensor's number is not finite");
  return true;
}

/// The key of an rng is the number it was made from: a tensor function draws the same for the one as for the other.
bool make_rng(Args args, Value &result, Applier &applier) {
  if (!args[0].is(Tag::integer))
    return wrongArgument(applier, Builtin::make_rng, args[0]);
  result = Value::rng({static_cast<std::uint64_t>(args[0].asInt()), 0});
  return true;
}

bool to_tensor(Args args, Value &result, Applier &applier) {
  if (!args[1].is(Tag::string))
    return wrongArgument(applier, Builtin::to_tensor, args[1]);
  std::optional<base::ElementType> type = elementTypeNamed(args[1].asText());
  if (!type)
    return applier.fail("there is no element type '" + std::string(args[1].asText()) + "'");
  Value number = args[0].is(Tag::rng) ? Value::integer(static_cast<std::int64_t>(args[0].asRng().key)) : args[0];
  if (!isNumber(number) && !number.is(Tag::boolean))
    return wrongArgument(applier, Builtin::to_tensor, args[0]);
  TensorBuilder builder(*type, {});
  if (!setElement(*type, builder.data().data(), 0, number))
    return applier.fail(show(number) + " is no " + base::name(*type));
  Value tensor = std::move(builder).tensor();
  Value stored = elementOf(tensor.asTensor(), 0);
  if (stored.is(Tag::real) && !std::isfinite(stored.asFloat()))
    return applier.fail(show(number) + " is too large for " + std::string(base::name(*type)));
  result = std::move(tensor);
  return true;
}

} // namespace weft::value::builtins::arithmetic

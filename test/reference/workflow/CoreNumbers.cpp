//===- CoreNumbers.cpp - Operators and core functions on numbers ----------===//
//
// Ints in 128 bits, so that what does not fit is seen; floats as the machine
// has them, and what is not finite fails.
//
//===----------------------------------------------------------------------===//

#include "test/reference/workflow/Core.h"

#include <cmath>
#include <limits>

namespace weft::reference::workflow {

using sema::BuiltinId;
using Wide = __int128;

void failed(const std::string &why) { throw Failure{FailKind::failed, why, "", false}; }

namespace {

Value fit(Wide value, Value::Kind kind) {
  if (value > std::numeric_limits<std::int64_t>::max() || value < std::numeric_limits<std::int64_t>::min())
    failed("the number does not fit");
  return Value::amount(kind, static_cast<std::int64_t>(value));
}

Value finite(double value) {
  if (!std::isfinite(value))
    failed("no finite number");
  return Value::floating(value);
}

/// Nearest whole unit, halves away from zero like `round`.
Value toUnit(double value, Value::Kind kind) {
  double whole = std::round(value);
  if (!(whole >= -0x1p63 && whole < 0x1p63))
    failed("the amount does not fit");
  return Value::amount(kind, static_cast<std::int64_t>(whole));
}

Value toInt(double value) {
  if (!(value >= -0x1p63 && value < 0x1p63))
    failed("the float does not fit an int");
  return Value::integer(static_cast<std::int64_t>(value));
}

Value power(std::int64_t base, std::int64_t exponent) {
  if (exponent < 0)
    failed("a negative exponent of an int");
  if (base == 0 || base == 1)
    return Value::integer(exponent == 0 ? 1 : base);
  if (base == -1)
    return Value::integer(exponent % 2 ? -1 : 1);
  Wide out = 1;
  for (; exponent > 0; --exponent) {
    out *= base;
    fit(out, Value::Kind::integer);
  }
  return fit(out, Value::Kind::integer);
}

Value total(const Values &items, Value sum) {
  for (const Value &item : items)
    sum = arithmetic(syntax::BinaryOp::add, sum, item);
  return sum;
}

Value zeroOf(sema::Type type) {
  switch (sema::base(type)->kind) {
  case sema::TypeKind::floating:
    return Value::floating(0);
  case sema::TypeKind::duration:
    return Value::amount(Value::Kind::duration, 0);
  case sema::TypeKind::size:
    return Value::amount(Value::Kind::size, 0);
  case sema::TypeKind::money:
    return Value::amount(Value::Kind::money, 0);
  default:
    return Value::integer(0);
  }
}

const Value &extreme(const Values &items, int sign) {
  if (items.empty())
    failed("min or max of an empty list");
  const Value *best = &items[0];
  for (const Value &item : items)
    if (compare(item, *best) * sign > 0)
      best = &item;
  return *best;
}

} // namespace

Value arithmetic(syntax::BinaryOp op, const Value &left, const Value &right) {
  using syntax::BinaryOp;
  bool ints = left.is(Value::Kind::integer) && right.is(Value::Kind::integer);
  bool same = ints || (left.isAmount() && left.kind == right.kind);
  Wide a = left.number, b = right.number;
  switch (op) {
  case BinaryOp::add:
    if (left.is(Value::Kind::string))
      return Value::string(left.text + right.text);
    if (left.is(Value::Kind::list)) {
      Values items = *left.items;
      items.insert(items.end(), right.items->begin(), right.items->end());
      return Value::list(std::move(items));
    }
    return same ? fit(a + b, left.kind) : finite(left.asReal() + right.asReal());
  case BinaryOp::subtract:
    return same ? fit(a - b, left.kind) : finite(left.asReal() - right.asReal());
  case BinaryOp::multiply: {
    const Value &amount = left.isAmount() ? left : right, &factor = left.isAmount() ? right : left;
    if (factor.is(Value::Kind::integer) && (amount.isAmount() || amount.is(Value::Kind::integer)))
      return fit(a * b, amount.kind);
    if (amount.isAmount())
      return toUnit(static_cast<double>(amount.number) * factor.real, amount.kind);
    return finite(left.asReal() * right.asReal());
  }
  case BinaryOp::divide: {
    double divisor = same && !ints ? static_cast<double>(right.number) : right.asReal();
    if (divisor == 0)
      failed("division by zero");
    if (left.isAmount() && same)
      return finite(static_cast<double>(left.number) / divisor);
    if (left.isAmount())
      return toUnit(static_cast<double>(left.number) / divisor, left.kind);
    return finite(left.asReal() / divisor);
  }
  case BinaryOp::remainder:
    if (b == 0)
      failed("division by zero");
    return fit(a % b, left.kind);
  default:
    throw Unsupported{"an operator of tensors outside of a tensor function", {}};
  }
}

Value negated(const Value &value) {
  return value.is(Value::Kind::floating) ? Value::floating(-value.real) : fit(-Wide{value.number}, value.kind);
}

Value numberCore(BuiltinId id, const Values &a, sema::Type result, bool &known) {
  known = true;
  switch (id) {
  case BuiltinId::sum:
    return total(*a[0].items, zeroOf(result));
  case BuiltinId::mean:
  case BuiltinId::meanDuration:
  case BuiltinId::meanSize:
  case BuiltinId::meanMoney: {
    if (a[0].items->empty())
      failed("mean of an empty list");
    Value all = total(Values(a[0].items->begin() + 1, a[0].items->end()), a[0].items->front());
    return arithmetic(syntax::BinaryOp::divide, all, Value::integer(static_cast<std::int64_t>(a[0].items->size())));
  }
  case BuiltinId::minList:
    return extreme(*a[0].items, -1);
  case BuiltinId::maxList:
    return extreme(*a[0].items, 1);
  case BuiltinId::min:
    return compare(a[1], a[0]) < 0 ? a[1] : a[0];
  case BuiltinId::max:
    return compare(a[1], a[0]) > 0 ? a[1] : a[0];
  case BuiltinId::abs:
    return a[0].is(Value::Kind::floating) ? Value::floating(std::fabs(a[0].real))
           : a[0].number < 0              ? negated(a[0])
                                          : a[0];
  case BuiltinId::round:
    return toInt(std::round(a[0].asReal()));
  case BuiltinId::roundTo: {
    if (a[1].number < 0 || a[1].number > 15)
      failed("round to so many decimals");
    double scale = std::pow(10.0, static_cast<double>(a[1].number)), scaled = a[0].asReal() * scale;
    return Value::floating(std::fabs(scaled) < 0x1p53 ? std::round(scaled) / scale : a[0].asReal());
  }
  case BuiltinId::floor:
    return toInt(std::floor(a[0].asReal()));
  case BuiltinId::ceil:
    return toInt(std::ceil(a[0].asReal()));
  case BuiltinId::sqrt:
    return finite(std::sqrt(a[0].asReal()));
  case BuiltinId::powInt:
    return power(a[0].number, a[1].number);
  case BuiltinId::pow:
    return finite(std::pow(a[0].asReal(), a[1].asReal()));
  case BuiltinId::div:
  case BuiltinId::divDuration:
  case BuiltinId::divSize:
  case BuiltinId::divMoney:
    if (a[1].number == 0)
      failed("division by zero");
    return fit(Wide{a[0].number} / a[1].number, Value::Kind::integer);
  default:
    known = false;
    return {};
  }
}

Value core(BuiltinId id, const Values &arguments, sema::Type result, const Apply &apply) {
  bool known = false;
  Value value = listCore(id, arguments, apply, known);
  if (!known)
    value = textCore(id, arguments, known);
  if (!known)
    value = numberCore(id, arguments, result, known);
  if (!known)
    throw Unsupported{"the core function " + std::string(sema::nameOf(id)), {}};
  return value;
}

} // namespace weft::reference::workflow

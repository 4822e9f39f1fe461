//===- FastPaths.h - Arithmetic and comparison of plain numbers, inline ---===//
//
// What most instructions are: two ints or two floats. Everything else, and
// everything that fails, goes to the builtin itself, which says why.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/value/Builtins.h"

#include <cmath>

namespace weft::value {

/// True when `dst` was written.
inline bool fastBinary(Builtin builtin, const Value &left, const Value &right, Value &dst) {
  if (left.is(Tag::integer) && right.is(Tag::integer)) {
    std::int64_t a = left.asInt(), b = right.asInt(), result;
    switch (builtin) {
    case Builtin::add:
      if (__builtin_add_overflow(a, b, &result))
        return false;
      dst = Value::integer(result);
      return true;
    case Builtin::sub:
      if (__builtin_sub_overflow(a, b, &result))
        return false;
      dst = Value::integer(result);
      return true;
    case Builtin::mul:
      if (__builtin_mul_overflow(a, b, &result))
        return false;
      dst = Value::integer(result);
      return true;
    case Builtin::eq:
      dst = Value::boolean(a == b);
      return true;
    case Builtin::ne:
      dst = Value::boolean(a != b);
      return true;
    case Builtin::lt:
      dst = Value::boolean(a < b);
      return true;
    case Builtin::le:
      dst = Value::boolean(a <= b);
      return true;
    case Builtin::gt:
      dst = Value::boolean(a > b);
      return true;
    case Builtin::ge:
      dst = Value::boolean(a >= b);
      return true;
    default:
      return false;
    }
  }
  if (left.is(Tag::real) && right.is(Tag::real)) {
    double a = left.asFloat(), b = right.asFloat(), result;
    switch (builtin) {
    case Builtin::add:
      result = a + b;
      break;
    case Builtin::sub:
      result = a - b;
      break;
    case Builtin::mul:
      result = a * b;
      break;
    case Builtin::lt:
      if (a != a || b != b)
        return false;
      dst = Value::boolean(a < b);
      return true;
    case Builtin::le:
      if (a != a || b != b)
        return false;
      dst = Value::boolean(a <= b);
      return true;
    default:
      return false;
    }
    if (!std::isfinite(result))
      return false;
    dst = Value::real(result);
    return true;
  }
  return false;
}

} // namespace weft::value

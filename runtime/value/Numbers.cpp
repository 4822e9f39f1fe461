//===- Numbers.cpp - Shortest decimals, half and bfloat16 -----------------===//

#include "runtime/value/Numbers.h"

#include <bit>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace weft::value {
namespace {

/// Powers of ten that are written out; beyond them stands an exponent. As in JavaScript.
constexpr int leastWritten = -6, mostWritten = 20;

template <typename Float> std::string shortest(Float value) {
  char buffer[40] = {};
  // There is one zero: two values that are equal look alike, and are encoded alike.
  auto end =
      std::to_chars(buffer, buffer + sizeof buffer, value == 0 ? Float(0) : value, std::chars_format::scientific);
  std::string_view written(buffer, static_cast<std::size_t>(end.ptr - buffer));
  std::size_t mark = written.find('e');
  if (mark == written.npos)
    return std::string(written); // no number, or one that is not finite
  std::string digits(written.substr(0, mark));
  std::string sign = digits.starts_with('-') ? "-" : "";
  digits.erase(0, sign.size());
  if (digits.size() > 1)
    digits.erase(1, 1); // the point
  int power = std::atoi(buffer + mark + 1);
  if (power < leastWritten || power > mostWritten) {
    if (digits.size() > 1)
      digits.insert(1, ".");
    return sign + digits + "e" + std::to_string(power);
  }
  if (power < 0)
    return sign + "0." + std::string(static_cast<std::size_t>(-power - 1), '0') + digits;
  std::size_t whole = static_cast<std::size_t>(power) + 1;
  if (digits.size() <= whole)
    return sign + digits + std::string(whole - digits.size(), '0') + ".0";
  return sign + digits.insert(whole, ".");
}

template <typename T> T load(const std::byte *data, std::uint64_t index) {
  T value;
  std::memcpy(&value, data + index * sizeof(T), sizeof(T));
  return value;
}

template <typename T> bool store(std::byte *data, std::uint64_t index, T value) {
  std::memcpy(data + index * sizeof(T), &value, sizeof(T));
  return true;
}

template <typename T> bool storeInt(std::byte *data, std::uint64_t index, const Value &value) {
  if (!value.is(Tag::integer) || value.asInt() < static_cast<std::int64_t>(std::numeric_limits<T>::min()) ||
      value.asInt() > static_cast<std::int64_t>(std::numeric_limits<T>::max()))
    return false;
  return store(data, index, static_cast<T>(value.asInt()));
}

} // namespace

std::string floatText(double value) { return shortest(value); }
std::string floatText(float value) { return shortest(value); }

float halfToFloat(std::uint16_t bits) {
  std::uint32_t sign = (bits & 0x8000u) << 16, exponent = bits >> 10 & 31, fraction = bits & 0x3ff;
  if (exponent == 31)
    return std::bit_cast<float>(sign | 0x7f800000u | fraction << 13);
  if (exponent == 0) {
    float value = static_cast<float>(fraction) * 0x1p-24f;
    return sign ? -value : value;
  }
  return std::bit_cast<float>(sign | (exponent + 112) << 23 | fraction << 13);
}

std::uint16_t floatToHalf(float value) {
  auto bits = std::bit_cast<std::uint32_t>(value);
  auto sign = static_cast<std::uint16_t>(bits >> 16 & 0x8000);
  std::uint32_t magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000u)
    return sign | 0x7e00;
  // 65520 and above round to infinity.
  if (magnitude >= 0x477ff000u)
    return sign | 0x7c00;
  if (magnitude < 0x38800000u) {
    // Subnormal: the unit is 2^-24, and adding 2^23 of them lets the hardware round to even.
    float units = std::fabs(value) * 0x1p24f;
    return sign | static_cast<std::uint16_t>(std::nearbyintf(units));
  }
  std::uint32_t rounded = magnitude + 0xfff + (magnitude >> 13 & 1);
  return sign | static_cast<std::uint16_t>((rounded >> 13) - (112u << 10));
}

float bfloatToFloat(std::uint16_t bits) { return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16); }

std::uint16_t floatToBfloat(float value) {
  auto bits = std::bit_cast<std::uint32_t>(value);
  if ((bits & 0x7fffffff) > 0x7f800000u)
    return static_cast<std::uint16_t>(bits >> 16 | 0x40);
  return static_cast<std::uint16_t>((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

Value elementOf(const TensorView &tensor, std::uint64_t index) {
  WEFT_ASSERT(index < tensor.elements());
  const std::byte *data = tensor.data.data();
  switch (tensor.type) {
  case base::ElementType::f32:
    return Value::real(static_cast<double>(load<float>(data, index)));
  case base::ElementType::f64:
    return Value::real(load<double>(data, index));
  case base::ElementType::bf16:
    return Value::real(static_cast<double>(bfloatToFloat(load<std::uint16_t>(data, index))));
  case base::ElementType::f16:
    return Value::real(static_cast<double>(halfToFloat(load<std::uint16_t>(data, index))));
  case base::ElementType::i64:
    return Value::integer(load<std::int64_t>(data, index));
  case base::ElementType::i32:
    return Value::integer(load<std::int32_t>(data, index));
  case base::ElementType::i8:
    return Value::integer(load<std::int8_t>(data, index));
  case base::ElementType::u8:
    return Value::integer(load<std::uint8_t>(data, index));
  case base::ElementType::boolean:
    return Value::boolean(load<std::uint8_t>(data, index) != 0);
  }
  WEFT_UNREACHABLE();
}

bool setElement(base::ElementType type, std::byte *data, std::uint64_t index, const Value &value) {
  bool number = value.is(Tag::real) || value.is(Tag::integer);
  double real = value.is(Tag::real) ? value.asFloat() : value.is(Tag::integer) ? static_cast<double>(value.asInt()) : 0;
  switch (type) {
  case base::ElementType::f32:
    return number && store(data, index, static_cast<float>(real));
  case base::ElementType::f64:
    return number && store(data, index, real);
  case base::ElementType::bf16:
    return number && store(data, index, floatToBfloat(static_cast<float>(real)));
  case base::ElementType::f16:
    return number && store(data, index, floatToHalf(static_cast<float>(real)));
  case base::ElementType::i64:
    return storeInt<std::int64_t>(data, index, value);
  case base::ElementType::i32:
    return storeInt<std::int32_t>(data, index, value);
  case base::ElementType::i8:
    return storeInt<std::int8_t>(data, index, value);
  case base::ElementType::u8:
    return storeInt<std::uint8_t>(data, index, value);
  case base::ElementType::boolean:
    return value.is(Tag::boolean) && store(data, index, static_cast<std::uint8_t>(value.asBool()));
  }
  WEFT_UNREACHABLE();
}

} // namespace weft::value

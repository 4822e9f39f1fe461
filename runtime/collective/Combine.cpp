//===- Combine.cpp - Elementwise sum, min, max of contributions -----------===//

#include "runtime/collective/Combine.h"

#include <bit>
#include <cmath>
#include <cstring>

namespace weft::collective {
namespace {

/// 16-bit floats as what they mean. Storage is the bits; arithmetic goes through float.
struct BFloat {
  std::uint16_t bits;
  float get() const { return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16); }
  static BFloat from(float value) {
    auto word = std::bit_cast<std::uint32_t>(value);
    if (std::isnan(value))
      return {static_cast<std::uint16_t>(word >> 16 | 0x40)};
    word += 0x7fff + (word >> 16 & 1);
    return {static_cast<std::uint16_t>(word >> 16)};
  }
};

struct Half {
  std::uint16_t bits;
  float get() const {
    std::uint32_t sign = static_cast<std::uint32_t>(bits & 0x8000) << 16, exponent = bits >> 10 & 31,
                  fraction = bits & 0x3ff;
    if (exponent == 31)
      return std::bit_cast<float>(sign | 0x7f800000 | fraction << 13);
    if (exponent)
      return std::bit_cast<float>(sign | (exponent + 112) << 23 | fraction << 13);
    float small = std::ldexp(static_cast<float>(fraction), -24);
    return sign ? -small : small;
  }
  static Half from(float value) {
    auto word = std::bit_cast<std::uint32_t>(value);
    auto sign = static_cast<std::uint16_t>(word >> 16 & 0x8000);
    if (std::isnan(value))
      return {static_cast<std::uint16_t>(sign | 0x7e00)};
    float magnitude = std::fabs(value);
    if (magnitude >= 65520.0f) // halfway between the largest half and the next power of two
      return {static_cast<std::uint16_t>(sign | 0x7c00)};
    if (magnitude < 6.103515625e-05f) // below 2^-14 halves are multiples of 2^-24; nearbyint rounds ties to even
      return {static_cast<std::uint16_t>(sign | static_cast<std::uint16_t>(std::nearbyint(std::ldexp(magnitude, 24))))};
    std::uint32_t bits = std::bit_cast<std::uint32_t>(magnitude) - (112U << 23);
    bits += 0xfff + (bits >> 13 & 1);
    return {static_cast<std::uint16_t>(sign | bits >> 13)};
  }
};

template <typename T> T pick(ReduceKind kind, T a, T b) {
  if constexpr (std::is_floating_point_v<T>) {
    if (kind == ReduceKind::sum)
      return a + b;
    if (std::isnan(a) || std::isnan(b))
      return std::isnan(a) ? a : b;
  } else if (kind == ReduceKind::sum) {
    using Unsigned = std::make_unsigned_t<T>; // wraps around, as the tensor's arithmetic does
    return static_cast<T>(static_cast<Unsigned>(a) + static_cast<Unsigned>(b));
  }
  return kind == ReduceKind::min ? (b < a ? b : a) : (a < b ? b : a);
}

template <typename T> void loop(ReduceKind kind, base::MutableBytes accumulator, base::ConstBytes input) {
  auto *into = reinterpret_cast<T *>(accumulator.data());
  auto *from = reinterpret_cast<const T *>(input.data());
  std::size_t count = accumulator.size() / sizeof(T);
  if (kind == ReduceKind::sum)
    for (std::size_t i = 0; i < count; ++i)
      into[i] = pick(ReduceKind::sum, into[i], from[i]);
  else
    for (std::size_t i = 0; i < count; ++i)
      into[i] = pick(kind, into[i], from[i]);
}

template <typename T> void loopThroughFloat(ReduceKind kind, base::MutableBytes accumulator, base::ConstBytes input) {
  auto *into = reinterpret_cast<T *>(accumulator.data());
  auto *from = reinterpret_cast<const T *>(input.data());
  for (std::size_t i = 0, count = accumulator.size() / sizeof(T); i < count; ++i)
    into[i] = T::from(pick(kind, into[i].get(), from[i].get()));
}

void loopOfBools(ReduceKind kind, base::MutableBytes accumulator, base::ConstBytes input) {
  for (std::size_t i = 0; i < accumulator.size(); ++i)
    accumulator[i] = kind == ReduceKind::min ? accumulator[i] & input[i] : accumulator[i] | input[i];
}

} // namespace

void combine(ReduceKind kind, base::ElementType type, base::MutableBytes accumulator, base::ConstBytes input) {
  WEFT_ASSERT(accumulator.size() == input.size() && accumulator.size() % base::sizeOf(type) == 0);
  switch (type) {
  case base::ElementType::f32:
    return loop<float>(kind, accumulator, input);
  case base::ElementType::f64:
    return loop<double>(kind, accumulator, input);
  case base::ElementType::bf16:
    return loopThroughFloat<BFloat>(kind, accumulator, input);
  case base::ElementType::f16:
    return loopThroughFloat<Half>(kind, accumulator, input);
  case base::ElementType::i64:
    return loop<std::int64_t>(kind, accumulator, input);
  case base::ElementType::i32:
    return loop<std::int32_t>(kind, accumulator, input);
  case base::ElementType::i8:
    return loop<std::int8_t>(kind, accumulator, input);
  case base::ElementType::u8:
    return loop<std::uint8_t>(kind, accumulator, input);
  case base::ElementType::boolean:
    return loopOfBools(kind, accumulator, input);
  }
  WEFT_UNREACHABLE();
}

} // namespace weft::collective

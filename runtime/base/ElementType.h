//===- ElementType.h - What a tensor is made of ---------------------------===//
//
// The numbers are part of the plan, the journal and the wire: never reused.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Assert.h"

#include <cstdint>

namespace weft::base {

enum class ElementType : std::uint8_t {
  f32 = 0,
  f64 = 1,
  bf16 = 2,
  f16 = 3,
  i64 = 4,
  i32 = 5,
  i8 = 6,
  u8 = 7,
  boolean = 8
};

inline constexpr std::uint8_t elementTypeCount = 9;

/// Bytes of one element in memory; a bool takes one.
inline std::uint64_t sizeOf(ElementType type) {
  constexpr std::uint8_t sizes[elementTypeCount] = {4, 8, 2, 2, 8, 4, 1, 1, 1};
  WEFT_ASSERT(static_cast<std::uint8_t>(type) < elementTypeCount);
  return sizes[static_cast<std::uint8_t>(type)];
}

/// As written in the language: "f32", "bool".
inline const char *name(ElementType type) {
  constexpr const char *names[elementTypeCount] = {"f32", "f64", "bf16", "f16", "i64", "i32", "i8", "u8", "bool"};
  WEFT_ASSERT(static_cast<std::uint8_t>(type) < elementTypeCount);
  return names[static_cast<std::uint8_t>(type)];
}

} // namespace weft::base

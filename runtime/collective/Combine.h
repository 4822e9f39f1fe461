//===- Combine.h - Elementwise sum, min, max of contributions -------------===//
#pragma once

#include "runtime/base/Bytes.h"
#include "runtime/base/ElementType.h"

namespace weft::collective {

/// The numbers are those of `Reduce` in plan.fbs.
enum class ReduceKind : std::uint8_t { sum = 0, min = 1, max = 2 };

/// accumulator = accumulator (+, min, max) input, element by element; both hold the same number of whole elements and
/// do not overlap. bf16 and f16 are combined in f32 and rounded to nearest, ties to even, at each step; bool sums are
/// `or`. A NaN on either side gives a NaN. Cost: memory bandwidth for the vector types.
void combine(ReduceKind kind, base::ElementType type, base::MutableBytes accumulator, base::ConstBytes input);

} // namespace weft::collective

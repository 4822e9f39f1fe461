//===- PlainLoops.h - The same access patterns as C loops -----------------===//
#pragma once

#include <cstdint>

namespace weft::bench {

/// y = relu((x + 1) * 0.5 - x) * x + 0.25 of elements `begin` up to `end`.
void chainOfSix(const float *x, float *y, std::int64_t begin, std::int64_t end);

/// One AdamW step: reads p, g, m, v, writes the new p, m, v.
void adamw(const float *p, const float *g, const float *m, const float *v, float *newP, float *newM, float *newV,
           std::int64_t begin, std::int64_t end);

} // namespace weft::bench

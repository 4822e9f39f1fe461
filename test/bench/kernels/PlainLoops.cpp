//===- PlainLoops.cpp - The same access patterns as C loops ---------------===//

#include "test/bench/kernels/PlainLoops.h"

#include <cmath>

namespace weft::bench {

void chainOfSix(const float *__restrict x, float *__restrict y, std::int64_t begin, std::int64_t end) {
  for (std::int64_t i = begin; i < end; ++i) {
    float value = (x[i] + 1.0f) * 0.5f - x[i];
    y[i] = (value > 0 ? value : 0) * x[i] + 0.25f;
  }
}

void adamw(const float *__restrict p, const float *__restrict g, const float *__restrict m, const float *__restrict v,
           float *__restrict newP, float *__restrict newM, float *__restrict newV, std::int64_t begin,
           std::int64_t end) {
  for (std::int64_t i = begin; i < end; ++i) {
    float mean = 0.9f * m[i] + 0.1f * g[i], square = 0.999f * v[i] + 0.001f * g[i] * g[i];
    newM[i] = mean;
    newV[i] = square;
    newP[i] = p[i] - 3e-4f * (mean / (std::sqrt(square) + 1e-8f) + 0.01f * p[i]);
  }
}

} // namespace weft::bench

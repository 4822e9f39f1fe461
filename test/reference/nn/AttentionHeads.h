//===- AttentionHeads.h - Where the numbers of an attention stand ---------===//
#pragma once

#include "test/reference/nn/Cases.h"

namespace weft::reference {

/// Where things stand: rows of a batch entry, columns of a head.
struct Heads {
  template <typename Op>
  Heads(Op op, const Tensor &q, const Tensor &k, const Tensor &v)
      : heads(op.getHeads()), queries(q.shape[q.shape.size() - 2]), keys(k.shape[k.shape.size() - 2]),
        width(q.shape.back() / heads), valueWidth(v.shape.back() / heads),
        batch(q.count() / (queries * q.shape.back())), scale(op.getScale().convertToDouble()), isCausal(op.getCausal()),
        offset(double(keys - queries)) {}

  std::int64_t query(std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t c) const {
    return ((b * queries + i) * heads + h) * width + c;
  }
  std::int64_t key(std::int64_t b, std::int64_t h, std::int64_t j, std::int64_t c) const {
    return ((b * keys + j) * heads + h) * width + c;
  }
  std::int64_t value(std::int64_t b, std::int64_t h, std::int64_t j, std::int64_t c) const {
    return ((b * keys + j) * heads + h) * valueWidth + c;
  }
  std::int64_t output(std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t c) const {
    return ((b * queries + i) * heads + h) * valueWidth + c;
  }
  std::int64_t row(std::int64_t b, std::int64_t h, std::int64_t i) const { return (b * heads + h) * queries + i; }
  bool sees(std::int64_t i, std::int64_t j) const { return !isCausal || double(j) <= double(i) + offset; }
  template <typename Body> void forEachQuery(Body body) const {
    for (std::int64_t b = 0; b < batch; ++b)
      for (std::int64_t h = 0; h < heads; ++h)
        for (std::int64_t i = 0; i < queries; ++i)
          body(b, h, i);
  }
  double score(const Tensor &q, const Tensor &k, std::int64_t b, std::int64_t h, std::int64_t i, std::int64_t j) const {
    double sum = 0;
    for (std::int64_t c = 0; c < width; ++c)
      sum += q.elements[query(b, h, i, c)] * k.elements[key(b, h, j, c)];
    return sum * scale;
  }

  std::int64_t heads, queries, keys, width, valueWidth, batch;
  double scale;
  bool isCausal;
  double offset;
};

} // namespace weft::reference

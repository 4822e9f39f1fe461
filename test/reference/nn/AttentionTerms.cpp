//===- AttentionTerms.cpp - The terms of an attention's results -----------===//
//
// A score is a sum, and a weight goes through exp: it is off by what its score and,
// in the softmax, all scores of the row are off.
//
//===----------------------------------------------------------------------===//

#include "test/reference/nn/AttentionHeads.h"
#include "test/reference/nn/OpTerms.h"

namespace weft::reference {
namespace {
using namespace mlir;

double scoreTerms(const Heads &at, const std::vector<Weighed> &of, int64_t b, int64_t h, int64_t i, int64_t j) {
  return at.score(of[0].terms, of[1].terms, b, h, i, j);
}

double scoreOf(const Heads &at, const std::vector<Weighed> &of, int64_t b, int64_t h, int64_t i, int64_t j) {
  return at.score(of[0].value, of[1].value, b, h, i, j);
}

void weighAttention(Heads at, const std::vector<Weighed> &of, std::vector<Weighed> &results) {
  if (of.size() > 3)
    at.offset = of[3].value.elements[0];
  Tensor &out = results[0].terms, &lse = results[1].terms;
  std::fill(out.elements.begin(), out.elements.end(), 0);
  at.forEachQuery([&](int64_t b, int64_t h, int64_t i) {
    double whole = results[1].value.elements[at.row(b, h, i)], together = 0;
    auto weight = [&](int64_t j) { return std::exp(scoreOf(at, of, b, h, i, j) - whole); };
    for (int64_t j = 0; j < at.keys; ++j)
      if (at.sees(i, j))
        together += weight(j) * scoreTerms(at, of, b, h, i, j);
    lse.elements[at.row(b, h, i)] = together;
    for (int64_t j = 0; j < at.keys; ++j)
      for (int64_t c = 0; at.sees(i, j) && c < at.valueWidth; ++c)
        out.elements[at.output(b, h, i, c)] += weight(j) * std::fmax(1, scoreTerms(at, of, b, h, i, j) + together) *
                                               of[2].terms.elements[at.value(b, h, j, c)];
  });
}

void weighGradient(Heads at, const std::vector<Weighed> &of, std::vector<Weighed> &results) {
  if (of.size() > 6)
    at.offset = of[6].value.elements[0];
  for (Weighed &result : results)
    std::fill(result.terms.elements.begin(), result.terms.elements.end(), 0);
  Tensor &forQ = results[0].terms, &forK = results[1].terms, &forV = results[2].terms;
  const Tensor &values = of[2].terms, &output = of[3].terms, &cotangent = of[5].terms;
  at.forEachQuery([&](int64_t b, int64_t h, int64_t i) {
    double together = 0, lse = of[4].value.elements[at.row(b, h, i)], lseTerms = of[4].terms.elements[at.row(b, h, i)];
    for (int64_t c = 0; c < at.valueWidth; ++c)
      together += cotangent.elements[at.output(b, h, i, c)] * output.elements[at.output(b, h, i, c)];
    for (int64_t j = 0; j < at.keys; ++j) {
      if (!at.sees(i, j))
        continue;
      double weight = std::exp(scoreOf(at, of, b, h, i, j) - lse), forWeight = together;
      weight *= std::fmax(1, scoreTerms(at, of, b, h, i, j) + lseTerms);
      for (int64_t c = 0; c < at.valueWidth; ++c) {
        double mine = cotangent.elements[at.output(b, h, i, c)];
        forV.elements[at.value(b, h, j, c)] += weight * mine;
        forWeight += mine * values.elements[at.value(b, h, j, c)];
      }
      for (int64_t c = 0; c < at.width; ++c) {
        double forScore = weight * forWeight * std::fabs(at.scale);
        forQ.elements[at.query(b, h, i, c)] += forScore * of[1].terms.elements[at.key(b, h, j, c)];
        forK.elements[at.key(b, h, j, c)] += forScore * of[0].terms.elements[at.query(b, h, i, c)];
      }
    }
  });
}

} // namespace

std::vector<Weighed> attentionTerms(Operation *op, const std::vector<Weighed> &operands, std::vector<Weighed> results) {
  for (Weighed &result : results)
    result.isExact = false;
  const Tensor &q = operands[0].value, &k = operands[1].value, &v = operands[2].value;
  if (auto node = dyn_cast<nn::AttentionOp>(op))
    weighAttention(Heads(node, q, k, v), operands, results);
  else
    weighGradient(Heads(cast<nn::AttentionGradOp>(op), q, k, v), operands, results);
  return results;
}

} // namespace weft::reference

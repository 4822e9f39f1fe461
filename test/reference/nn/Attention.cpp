//===- Attention.cpp - Attention by its definition ------------------------===//
//
// Scores, their softmax and the mix of values, one query at a time; the gradient by
// the rule of each of the three steps.
//
//===----------------------------------------------------------------------===//

#include "test/reference/nn/AttentionHeads.h"

namespace weft::reference {
namespace {
using namespace mlir;

std::vector<Tensor> attention(nn::AttentionOp op, const std::vector<Tensor> &operands) {
  const Tensor &q = operands[0], &k = operands[1], &v = operands[2];
  Heads at(op, q, k, v);
  if (op.getOffset())
    at.offset = operands[3].elements[0];
  Tensor result = zerosOf(op.getResult()), lse = zerosOf(op.getLse());
  at.forEachQuery([&](int64_t b, int64_t h, int64_t i) {
    std::vector<double> scores;
    double top = -INFINITY, sum = 0;
    for (int64_t j = 0; j < at.keys; ++j) {
      scores.push_back(at.sees(i, j) ? at.score(q, k, b, h, i, j) : -INFINITY);
      top = std::fmax(top, scores.back());
    }
    for (double score : scores)
      sum += top == -INFINITY ? 0 : std::exp(score - top);
    lse.elements[at.row(b, h, i)] = top + std::log(sum);
    for (int64_t j = 0; j < at.keys; ++j)
      for (int64_t c = 0; at.sees(i, j) && c < at.valueWidth; ++c)
        result.elements[at.output(b, h, i, c)] += std::exp(scores[j] - top) / sum * v.elements[at.value(b, h, j, c)];
  });
  return {result, lse};
}

std::vector<Tensor> attentionGrad(nn::AttentionGradOp op, const std::vector<Tensor> &operands) {
  const Tensor &q = operands[0], &k = operands[1], &v = operands[2], &out = operands[3], &lse = operands[4],
               &cotangent = operands[5];
  Heads at(op, q, k, v);
  if (op.getOffset())
    at.offset = operands[6].elements[0];
  Tensor forQ = zerosOf(op.getForQueries()), forK = zerosOf(op.getForKeys()), forV = zerosOf(op.getForValues());
  at.forEachQuery([&](int64_t b, int64_t h, int64_t i) {
    double together = 0;
    for (int64_t c = 0; c < at.valueWidth; ++c)
      together += cotangent.elements[at.output(b, h, i, c)] * out.elements[at.output(b, h, i, c)];
    for (int64_t j = 0; j < at.keys; ++j) {
      if (!at.sees(i, j))
        continue;
      double weight = std::exp(at.score(q, k, b, h, i, j) - lse.elements[at.row(b, h, i)]), forWeight = 0;
      for (int64_t c = 0; c < at.valueWidth; ++c) {
        double mine = cotangent.elements[at.output(b, h, i, c)];
        forV.elements[at.value(b, h, j, c)] += weight * mine;
        forWeight += mine * v.elements[at.value(b, h, j, c)];
      }
      double forScore = weight * (forWeight - together) * at.scale;
      for (int64_t c = 0; c < at.width; ++c) {
        forQ.elements[at.query(b, h, i, c)] += forScore * k.elements[at.key(b, h, j, c)];
        forK.elements[at.key(b, h, j, c)] += forScore * q.elements[at.query(b, h, i, c)];
      }
    }
  });
  return {forQ, forK, forV};
}

} // namespace

Results evaluateAttention(Operation *op, const std::vector<Tensor> &operands) {
  if (auto node = dyn_cast<nn::AttentionOp>(op))
    return attention(node, operands);
  if (auto node = dyn_cast<nn::AttentionGradOp>(op))
    return attentionGrad(node, operands);
  return {};
}

} // namespace weft::reference

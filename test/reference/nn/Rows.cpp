//===- Rows.cpp - Products, sums and what looks at whole rows -------------===//

#include "test/reference/nn/Cases.h"

#include <algorithm>
#include <numeric>

namespace weft::reference {
namespace {
using namespace mlir;

Tensor matmul(nn::MatmulOp op, const Tensor &a, const Tensor &b) {
  Tensor result = zerosOf(op.getResult());
  for (int64_t place = 0; place < result.count(); ++place) {
    std::vector<int64_t> batch = indexOf(place, result.shape);
    int64_t n = batch.back(), m = batch[batch.size() - 2];
    batch.resize(batch.size() - 2);
    auto read = [&](const Tensor &from, int64_t row, int64_t column, bool isTransposed) {
      std::vector<int64_t> at = from.shape.size() == 2 ? std::vector<int64_t>() : batch;
      at.push_back(isTransposed ? column : row);
      at.push_back(isTransposed ? row : column);
      return from.elements[placeOf(at, from.shape)];
    };
    double sum = 0;
    for (int64_t k = 0; k < nn::matmulSizes(op).k; ++k)
      sum += read(a, m, k, op.getTransposeLhs()) * read(b, k, n, op.getTransposeRhs());
    result.elements[place] = sum;
  }
  return result;
}

Tensor reduce(nn::ReduceOp op, const Tensor &input) {
  Tensor result = zerosOf(op.getResult());
  std::vector<bool> isStarted(result.elements.size(), false);
  for (int64_t place = 0; place < input.count(); ++place) {
    std::vector<int64_t> at = indexOf(place, input.shape), kept;
    for (size_t dim = 0; dim < at.size(); ++dim)
      if (!llvm::is_contained(op.getDims(), static_cast<int64_t>(dim)))
        kept.push_back(at[dim]);
    int64_t to = placeOf(kept, result.shape);
    double value = input.elements[place], &sum = result.elements[to];
    if (!isStarted[to])
      sum = value;
    else
      sum = op.getKind() == ReduceKind::sum        ? sum + value
            : std::isnan(sum) || std::isnan(value) ? NAN
            : op.getKind() == ReduceKind::min      ? std::fmin(sum, value)
                                                   : std::fmax(sum, value);
    isStarted[to] = true;
  }
  return result;
}

/// One row of a tensor along a dimension.
std::vector<double> rowOf(const Tensor &tensor, const RowsAlong &rows, int64_t outer, int64_t inner) {
  std::vector<double> row(rows.size);
  for (int64_t k = 0; k < rows.size; ++k)
    row[k] = tensor.elements[rows.at(outer, k, inner)];
  return row;
}

/// Each row by a function of its own.
Tensor byRows(const Tensor &input, int64_t dim, function_ref<std::vector<double>(const std::vector<double> &)> row) {
  Tensor result = input;
  RowsAlong rows(input.shape, dim);
  rows.forEach([&](int64_t outer, int64_t inner) {
    std::vector<double> values = row(rowOf(input, rows, outer, inner));
    for (int64_t k = 0; k < rows.size; ++k)
      result.elements[rows.at(outer, k, inner)] = values[k];
  });
  return result;
}

std::vector<double> softmax(const std::vector<double> &row) {
  std::vector<double> weights;
  for (double mine : row) {
    double sum = 0;
    for (double other : row)
      sum += std::exp(other - mine);
    weights.push_back(1 / sum);
  }
  return weights;
}

std::vector<double> layerNorm(std::vector<double> row, double eps) {
  double mean = std::accumulate(row.begin(), row.end(), 0.0) / double(row.size()), variance = 0;
  for (double &value : row)
    value -= mean;
  for (double value : row)
    variance += value * value / double(row.size());
  for (double &value : row)
    value /= std::sqrt(variance + eps);
  return row;
}

std::vector<double> rmsNorm(std::vector<double> row, double eps) {
  double square = 0;
  for (double value : row)
    square += value * value / double(row.size());
  for (double &value : row)
    value /= std::sqrt(square + eps);
  return row;
}

Tensor crossEntropy(nn::CrossEntropyOp op, const Tensor &logits, const Tensor &ids) {
  Tensor result = zerosOf(op.getResult());
  RowsAlong rows(logits.shape, int64_t(logits.shape.size()) - 1);
  for (int64_t i = 0; i < result.count(); ++i) {
    std::vector<double> row = rowOf(logits, rows, i, 0);
    double picked = row[clamped(ids.elements[i], rows.size)], sum = 0;
    for (double value : row)
      sum += std::exp(value - picked);
    result.elements[i] = std::log(sum);
    if (std::isinf(sum)) { // The picked score is so low that the others cannot be told by their distance to it.
      double top = *std::max_element(row.begin(), row.end());
      sum = 0;
      for (double value : row)
        sum += std::exp(value - top);
      result.elements[i] = std::log(sum) + (top - picked);
    }
  }
  return result;
}

/// Places of a row, the largest element first; NaN before all numbers, the lower place first where elements are equal.
std::vector<int64_t> ranked(const std::vector<double> &row) {
  std::vector<int64_t> places(row.size());
  std::iota(places.begin(), places.end(), 0);
  std::stable_sort(places.begin(), places.end(),
                   [&](int64_t a, int64_t b) { return std::isnan(row[a]) ? !std::isnan(row[b]) : row[a] > row[b]; });
  return places;
}

Tensor argmax(nn::ArgmaxOp op, const Tensor &input) {
  Tensor result = zerosOf(op.getResult());
  RowsAlong rows(input.shape, op.getDim());
  rows.forEach([&](int64_t outer, int64_t inner) {
    result.elements[outer * rows.after + inner] = double(ranked(rowOf(input, rows, outer, inner))[0]);
  });
  return result;
}

std::vector<Tensor> topK(nn::TopKOp op, const Tensor &input) {
  Tensor values = zerosOf(op.getValues()), places = values;
  RowsAlong rows(input.shape, op.getDim()), taken(values.shape, op.getDim());
  rows.forEach([&](int64_t outer, int64_t inner) {
    std::vector<double> row = rowOf(input, rows, outer, inner);
    std::vector<int64_t> order = ranked(row);
    for (int64_t k = 0; k < taken.size; ++k) {
      values.elements[taken.at(outer, k, inner)] = row[order[k]];
      places.elements[taken.at(outer, k, inner)] = double(order[k]);
    }
  });
  return {values, places};
}

} // namespace

Results evaluateRows(Operation *op, const std::vector<Tensor> &operands) {
  if (auto node = dyn_cast<nn::MatmulOp>(op))
    return {{matmul(node, operands[0], operands[1])}};
  if (auto node = dyn_cast<nn::ReduceOp>(op))
    return {{reduce(node, operands[0])}};
  if (auto node = dyn_cast<nn::SoftmaxOp>(op))
    return {{byRows(operands[0], node.getDim(), softmax)}};
  if (auto node = dyn_cast<nn::LayerNormOp>(op))
    return {{byRows(operands[0], node.getDim(),
                    [&](const std::vector<double> &row) { return layerNorm(row, node.getEps().convertToDouble()); })}};
  if (auto node = dyn_cast<nn::RmsNormOp>(op))
    return {{byRows(operands[0], node.getDim(),
                    [&](const std::vector<double> &row) { return rmsNorm(row, node.getEps().convertToDouble()); })}};
  if (auto node = dyn_cast<nn::CrossEntropyOp>(op))
    return {{crossEntropy(node, operands[0], operands[1])}};
  if (auto node = dyn_cast<nn::ArgmaxOp>(op))
    return {{argmax(node, operands[0])}};
  if (auto node = dyn_cast<nn::TopKOp>(op))
    return topK(node, operands[0]);
  return {};
}

} // namespace weft::reference

//===- OpTerms.cpp - The terms of one op's results ------------------------===//
//
// What only adds and moves has the terms that the op itself makes of its operands'
// terms. An op that goes through a function (exp, 1/sqrt) adds what a change of the
// argument by its terms would change, which is nothing for an exact argument.
//
//===----------------------------------------------------------------------===//

#include "test/reference/nn/OpTerms.h"

#include "test/reference/nn/Cases.h"

namespace weft::reference {
namespace {
using namespace mlir;
using nn::ElementwiseKind;

/// How far an argument may be off, in terms: an exact one not at all.
double spread(const Weighed &operand, int64_t i) { return operand.isExact ? 0 : operand.terms.elements[i]; }

double slope(ElementwiseKind kind, double x, double y) {
  switch (kind) {
  case ElementwiseKind::exp:
    return y;
  case ElementwiseKind::log:
    return 1 / std::fabs(x);
  case ElementwiseKind::sqrt:
    return 0.5 / y;
  case ElementwiseKind::rsqrt:
    return 0.5 * y / std::fabs(x);
  case ElementwiseKind::tanh:
    return 1 - y * y;
  case ElementwiseKind::erf:
    return M_2_SQRTPI * std::exp(-x * x);
  case ElementwiseKind::sigmoid:
    return y * (1 - y);
  case ElementwiseKind::sin:
    return std::fabs(std::cos(x));
  case ElementwiseKind::cos:
    return std::fabs(std::sin(x));
  case ElementwiseKind::gelu:
  case ElementwiseKind::silu:
    return 1.13; // At most.
  default:
    return 1;
  }
}

Tensor elementwise(nn::ElementwiseOp op, const std::vector<Weighed> &operands, const Tensor &result) {
  Tensor terms = result;
  for (int64_t i = 0; i < terms.count(); ++i) {
    double &sum = terms.elements[i], x = operands[0].value.elements[i], a = operands[0].terms.elements[i];
    double b = operands.size() > 1 ? operands[1].terms.elements[i] : 0;
    switch (op.getKind()) {
    case ElementwiseKind::add:
    case ElementwiseKind::sub:
      sum = a + b;
      break;
    case ElementwiseKind::mul:
      sum = a * b;
      break;
    case ElementwiseKind::div: {
      double divisor = std::fabs(operands[1].value.elements[i]);
      sum = a / divisor * std::fmax(1, spread(operands[1], i) / divisor);
      break;
    }
    case ElementwiseKind::min:
    case ElementwiseKind::max:
      sum = std::fmax(spread(operands[0], i), spread(operands[1], i));
      break;
    default:
      sum = slope(op.getKind(), x, result.elements[i]) * spread(operands[0], i);
    }
  }
  return terms;
}

/// The largest of the terms of the elements that each result is chosen from.
Tensor largestTerms(nn::ReduceOp op, const Tensor &terms, const Tensor &result) {
  Tensor largest = Tensor::ofShape(result.shape);
  for (int64_t place = 0; place < terms.count(); ++place) {
    std::vector<int64_t> at = indexOf(place, terms.shape), kept;
    for (size_t dim = 0; dim < at.size(); ++dim)
      if (!llvm::is_contained(op.getDims(), static_cast<int64_t>(dim)))
        kept.push_back(at[dim]);
    double &most = largest.elements[placeOf(kept, result.shape)];
    most = std::fmax(most, terms.elements[place]);
  }
  return largest;
}

/// Rows along `dim`: `row(at)` computes the terms at places at(k) of one row.
template <typename Row> Tensor byRows(const Tensor &result, int64_t dim, Row row) {
  Tensor terms = result;
  RowsAlong rows(result.shape, dim);
  rows.forEach([&](int64_t outer, int64_t inner) {
    row(terms, rows.size, [&](int64_t k) { return rows.at(outer, k, inner); });
  });
  return terms;
}

Tensor softmax(nn::SoftmaxOp op, const Weighed &x, const Tensor &y) {
  return byRows(y, op.getDim(), [&](Tensor &terms, int64_t size, auto at) {
    double together = 0;
    for (int64_t k = 0; k < size; ++k)
      together += y.elements[at(k)] * spread(x, at(k));
    for (int64_t k = 0; k < size; ++k)
      terms.elements[at(k)] = y.elements[at(k)] * (spread(x, at(k)) + together);
  });
}

/// (x - mean) / deviation, where the mean of an RMS norm is 0.
Tensor norm(const Weighed &x, const Tensor &y, int64_t dim, double eps, bool isCentred) {
  return byRows(y, dim, [&](Tensor &terms, int64_t size, auto at) {
    double n = double(size), mean = 0, meanTerms = 0, square = 0, together = 0;
    for (int64_t k = 0; isCentred && k < size; ++k) {
      mean += x.value.elements[at(k)] / n;
      meanTerms += x.terms.elements[at(k)] / n;
    }
    for (int64_t k = 0; k < size; ++k)
      square += std::pow(x.value.elements[at(k)] - mean, 2) / n;
    double scale = 1 / std::sqrt(square + eps);
    auto mine = [&](int64_t k) { return (x.terms.elements[at(k)] + meanTerms) * scale; };
    for (int64_t k = 0; (isCentred || !x.isExact) && k < size; ++k)
      together += std::fabs(y.elements[at(k)]) * mine(k) / n;
    for (int64_t k = 0; k < size; ++k)
      terms.elements[at(k)] = mine(k) + std::fabs(y.elements[at(k)]) * together;
  });
}

/// The log-sum-exp of a row and the score that is taken from it.
Tensor crossEntropy(const Weighed &x, const Tensor &ids, const Tensor &result) {
  Tensor terms = result;
  RowsAlong rows(x.value.shape, int64_t(x.value.shape.size()) - 1);
  for (int64_t i = 0; i < result.count(); ++i) {
    int64_t picked = rows.at(i, clamped(ids.elements[i], rows.size), 0);
    double lse = result.elements[i] + x.value.elements[picked], through = 0;
    for (int64_t k = 0; k < rows.size; ++k)
      through += std::exp(x.value.elements[rows.at(i, k, 0)] - lse) * spread(x, rows.at(i, k, 0));
    terms.elements[i] = std::fmax(std::fabs(lse), through) + x.terms.elements[picked];
  }
  return terms;
}

} // namespace

std::vector<Weighed> termsOf(Operation *op, const std::vector<Weighed> &operands, std::vector<Tensor> results) {
  std::vector<Weighed> weighed;
  for (Tensor &result : results)
    weighed.push_back({result, result, true});
  bool isExact = llvm::all_of(operands, [](const Weighed &operand) { return operand.isExact; });
  auto give = [&](Tensor terms, bool isStillExact = false) {
    weighed[0].terms = std::move(terms);
    weighed[0].isExact = isStillExact;
    return weighed;
  };
  // Whole numbers are what they are, and so are ids: no branch hangs on a last bit.
  if (isInteger(op->getResult(0)) || isa<nn::ConstantOp, nn::IotaOp>(op))
    return weighed;
  std::vector<Tensor> allTerms; // of the numbers; the values of ids and conditions
  for (auto [operand, value] : llvm::zip(operands, op->getOperands()))
    allTerms.push_back(isInteger(value) ? operand.value : operand.terms);
  if (auto node = dyn_cast<nn::ElementwiseOp>(op)) {
    bool isChosen = node.getKind() == ElementwiseKind::neg || node.getKind() == ElementwiseKind::abs ||
                    node.getKind() == ElementwiseKind::relu || node.getKind() == ElementwiseKind::min ||
                    node.getKind() == ElementwiseKind::max;
    return give(elementwise(node, operands, results[0]), isExact && isChosen);
  }
  if (auto node = dyn_cast<nn::ReduceOp>(op))
    return node.getKind() == ReduceKind::sum ? give(evaluate(op, allTerms)[0])
           : isExact                         ? weighed
                                             : give(largestTerms(node, allTerms[0], results[0]));
  if (isa<nn::MatmulOp, nn::ScatterAddOp>(op))
    return give(evaluate(op, allTerms)[0]);
  if (isa<nn::ReshapeOp, nn::TransposeOp, nn::BroadcastOp, nn::SliceOp, nn::ConcatOp, nn::PadOp, nn::UpdateSliceOp,
          nn::GatherOp, nn::SelectOp>(op))
    return give(evaluate(op, allTerms)[0], isExact);
  if (isa<nn::CastOp>(op))
    return give(allTerms[0], isExact && !elementOf(op->getResult(0)).isF32());
  if (isa<nn::RandomOp>(op))
    return give(results[0]);
  if (isa<nn::TopKOp>(op)) {
    weighed[0].isExact = isExact;
    return weighed;
  }
  if (auto node = dyn_cast<nn::SoftmaxOp>(op))
    return give(softmax(node, operands[0], results[0]));
  if (auto node = dyn_cast<nn::LayerNormOp>(op))
    return give(norm(operands[0], results[0], node.getDim(), node.getEps().convertToDouble(), true));
  if (auto node = dyn_cast<nn::RmsNormOp>(op))
    return give(norm(operands[0], results[0], node.getDim(), node.getEps().convertToDouble(), false));
  if (isa<nn::CrossEntropyOp>(op))
    return give(crossEntropy(operands[0], operands[1].value, results[0]));
  return attentionTerms(op, operands, std::move(weighed));
}

} // namespace weft::reference

//===- Terms.cpp - How much a value's terms add up to ---------------------===//

#include "test/reference/nn/Terms.h"

#include "dialects/dist/Dist.h"
#include "test/reference/nn/Cases.h"
#include "test/reference/nn/OpTerms.h"

namespace weft::reference {
namespace {
using namespace mlir;

std::vector<Weighed> weigh(Block &block, const std::vector<Weighed> &inputs);

Tensor absolute(Tensor tensor) {
  for (double &element : tensor.elements)
    element = std::fabs(element);
  return tensor;
}

/// Turn by turn, like the interpreter's; a slice has the terms of its place.
std::vector<Weighed> weighScan(nn::ScanOp op, const std::vector<Weighed> &operands) {
  size_t carriedCount = op.getCarried().size(), stackedCount = op.getStacked().size();
  std::vector<Weighed> results(operands.begin(), operands.begin() + carriedCount);
  for (Value output : op.getStackedOutputs())
    results.push_back({zerosOf(output), zerosOf(output), true});
  auto sliceOf = [](const Tensor &whole, int64_t i) {
    Tensor slice = Tensor::ofShape(ArrayRef<int64_t>(whole.shape).drop_front());
    std::copy_n(whole.elements.begin() + i * slice.count(), slice.count(), slice.elements.begin());
    return slice;
  };
  auto put = [](const Tensor &slice, int64_t i, Tensor &whole) {
    std::copy_n(slice.elements.begin(), slice.count(), whole.elements.begin() + i * slice.count());
  };
  int64_t count = op.getCount();
  for (int64_t turn = 0; turn < count; ++turn) {
    int64_t i = op.getReverse() ? count - 1 - turn : turn;
    std::vector<Weighed> inputs = {{Tensor{{}, {double(i)}}, Tensor{{}, {double(i)}}, true}};
    inputs.insert(inputs.end(), results.begin(), results.begin() + carriedCount);
    for (size_t k = carriedCount; k < carriedCount + stackedCount; ++k)
      inputs.push_back({sliceOf(operands[k].value, i), sliceOf(operands[k].terms, i), operands[k].isExact});
    inputs.insert(inputs.end(), operands.begin() + carriedCount + stackedCount, operands.end());
    std::vector<Weighed> yielded = weigh(op.getBody().front(), inputs);
    for (size_t k = 0; k < yielded.size(); ++k) {
      if (k < carriedCount) {
        results[k] = std::move(yielded[k]);
        continue;
      }
      put(yielded[k].value, i, results[k].value);
      put(yielded[k].terms, i, results[k].terms);
      results[k].isExact &= yielded[k].isExact;
    }
  }
  return results;
}

std::vector<Weighed> weigh(Operation *op, const std::vector<Weighed> &operands) {
  if (auto scan = dyn_cast<nn::ScanOp>(op))
    return weighScan(scan, operands);
  if (isa<dist::ConstrainOp, dist::ReshardOp>(op))
    return operands;
  if (auto call = dyn_cast<func::CallOp>(op))
    return weigh(SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(call, call.getCalleeAttr()).getBody().front(),
                 operands);
  std::vector<Tensor> values;
  for (const Weighed &operand : operands)
    values.push_back(operand.value);
  std::vector<Tensor> results = evaluate(op, values);
  std::vector<Weighed> weighed = termsOf(op, operands, results);
  for (size_t i = 0; i < weighed.size(); ++i)
    for (int64_t k = 0; k < results[i].count(); ++k)
      weighed[i].terms.elements[k] = std::fmax(weighed[i].terms.elements[k], std::fabs(results[i].elements[k]));
  return weighed;
}

std::vector<Weighed> weigh(Block &block, const std::vector<Weighed> &inputs) {
  DenseMap<Value, Weighed> values;
  for (auto [argument, input] : llvm::zip(block.getArguments(), inputs))
    values[argument] = input;
  for (Operation &op : block) {
    std::vector<Weighed> operands;
    for (Value operand : op.getOperands())
      operands.push_back(values.at(operand));
    if (op.hasTrait<OpTrait::IsTerminator>())
      return operands;
    for (auto [result, weighed] : llvm::zip(op.getResults(), weigh(&op, operands)))
      values[result] = weighed;
  }
  return {};
}

} // namespace

std::vector<Weighed> weigh(func::FuncOp function, const std::vector<Tensor> &inputs) {
  std::vector<Weighed> weighed;
  for (const Tensor &input : inputs)
    weighed.push_back({input, absolute(input), true});
  return weigh(function.getBody().front(), weighed);
}

double excess(const Tensor &found, const Weighed &wanted) {
  if (found.shape != wanted.value.shape || found.count() != wanted.value.count())
    return INFINITY;
  double worst = 0;
  for (int64_t i = 0; i < found.count(); ++i) {
    double a = found.elements[i], b = wanted.value.elements[i], terms = wanted.terms.elements[i];
    if (a == b || (std::isnan(a) && std::isnan(b)))
      continue;
    if (!std::isfinite(a) || !std::isfinite(b))
      return INFINITY;
    worst = std::fmax(worst, std::fabs(a - b) / terms);
  }
  return worst;
}

} // namespace weft::reference

//===- Scan.cpp - A loop, one turn after the other ------------------------===//

#include "test/reference/nn/Cases.h"

namespace weft::reference {
namespace {
using namespace mlir;

std::vector<Tensor> scan(nn::ScanOp op, const std::vector<Tensor> &operands) {
  size_t carriedCount = op.getCarried().size(), stackedCount = op.getStacked().size();
  std::vector<Tensor> results(operands.begin(), operands.begin() + carriedCount);
  for (Value output : op.getStackedOutputs())
    results.push_back(Tensor::ofShape(cast<RankedTensorType>(output.getType()).getShape()));
  int64_t count = op.getCount();
  for (int64_t turn = 0; turn < count; ++turn) {
    int64_t i = op.getReverse() ? count - 1 - turn : turn;
    std::vector<Tensor> inputs = {Tensor{{}, {double(i)}}};
    inputs.insert(inputs.end(), results.begin(), results.begin() + carriedCount);
    for (size_t k = carriedCount; k < carriedCount + stackedCount; ++k) {
      const Tensor &whole = operands[k];
      Tensor slice = Tensor::ofShape(ArrayRef<int64_t>(whole.shape).drop_front());
      std::copy_n(whole.elements.begin() + i * slice.count(), slice.count(), slice.elements.begin());
      inputs.push_back(std::move(slice));
    }
    inputs.insert(inputs.end(), operands.begin() + carriedCount + stackedCount, operands.end());
    std::vector<Tensor> yielded = evaluate(op.getBody().front(), inputs);
    for (size_t k = 0; k < yielded.size(); ++k)
      if (k < carriedCount)
        results[k] = std::move(yielded[k]);
      else
        std::copy_n(yielded[k].elements.begin(), yielded[k].count(),
                    results[k].elements.begin() + i * yielded[k].count());
  }
  return results;
}

} // namespace

Results evaluateScan(Operation *op, const std::vector<Tensor> &operands) {
  if (auto node = dyn_cast<nn::ScanOp>(op))
    return scan(node, operands);
  return {};
}

} // namespace weft::reference

//===- Activity.cpp - Which values a derivative has to do with ------------===//

#include "compiler/autodiff/Activity.h"

using namespace mlir;

namespace weft::autodiff {
namespace {

/// A scan's operands with the arguments of its body that stand for them, in order.
auto operandsAndArguments(nn::ScanOp scan) {
  return llvm::zip(scan->getOperands(), scan.getBody().front().getArguments().drop_front());
}

/// A carried value is varied from the first turn on, or made so by a turn: turns are walked until nothing is new.
void spreadThrough(nn::ScanOp scan, Values &varied) {
  for (auto [operand, argument] : operandsAndArguments(scan))
    if (varied.contains(operand))
      varied.insert(argument);
  for (bool isNew = true; isNew;) {
    isNew = false;
    autodiff::spreadVaried(scan.getBody().front(), varied);
    for (auto [next, argument] : llvm::zip(scan.getNextCarried(), scan.getBodyArguments().getCarried()))
      if (varied.contains(next))
        isNew |= varied.insert(argument).second;
  }
  for (auto [yielded, output] : llvm::zip(scan.getYielded(), scan.getOutputs()))
    if (varied.contains(yielded))
      varied.insert(output);
}

} // namespace

bool isFloat(Value value) { return isa<FloatType>(cast<RankedTensorType>(value.getType()).getElementType()); }

void spreadVaried(Block &block, Values &varied) {
  for (Operation &op : block) {
    if (auto scan = dyn_cast<nn::ScanOp>(op))
      spreadThrough(scan, varied);
    else if (llvm::any_of(op.getOperands(), [&](Value operand) { return varied.contains(operand); }))
      varied.insert(op.result_begin(), op.result_end());
  }
}

void spreadReached(Block &block, const Values &varied, Values &reached) {
  for (Operation &op : llvm::reverse(block)) {
    if (llvm::none_of(op.getResults(), [&](Value result) { return reached.contains(result); }))
      continue;
    if (auto scan = dyn_cast<nn::ScanOp>(op)) {
      spreadReached(scan, varied, reached);
      continue;
    }
    for (Value operand : op.getOperands())
      if (varied.contains(operand) && isFloat(operand))
        reached.insert(operand);
  }
}

void spreadReached(nn::ScanOp scan, const Values &varied, Values &reached) {
  auto reach = [&](Value value) { return varied.contains(value) && isFloat(value) && reached.insert(value).second; };
  for (auto [yielded, output] : llvm::zip(scan.getYielded(), scan.getOutputs()))
    if (reached.contains(output))
      reach(yielded);
  for (bool isNew = true; isNew;) {
    isNew = false;
    spreadReached(scan.getBody().front(), varied, reached);
    for (auto [next, argument] : llvm::zip(scan.getNextCarried(), scan.getBodyArguments().getCarried()))
      if (reached.contains(argument))
        isNew |= reach(next);
  }
  for (auto [operand, argument] : operandsAndArguments(scan))
    if (reached.contains(argument))
      reach(operand);
}

} // namespace weft::autodiff

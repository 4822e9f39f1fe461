//===- NnShardingMoves.cpp - How ops that move elements split -------------===//

#include "dialects/nn/NnFactors.h"

using namespace mlir;

namespace weft::nn {
namespace {

/// A dimension whose size changes would have to be cut in another place on each slot.
ShardingRule ruleOfResized(ArrayRef<int64_t> from, ArrayRef<int64_t> to) {
  ShardingRule rule;
  SmallVector<int, 4> all = addFactorsBut(rule, to, [&](int64_t dim) { return from[dim] != to[dim]; });
  rule.operands = {all};
  rule.results = {all};
  rule.linearIn = {true};
  return rule;
}

} // namespace

/// Walks both shapes from the left and closes a group where the products meet. A group of one dimension on each side
/// passes a split; of a longer group only the outermost dimensions do, as far as both are multiples of the split: their
/// factor has the greatest common divisor of the two sizes.
ShardingRule ReshapeOp::getShardingRule() {
  ShardingRule rule;
  ArrayRef<int64_t> from = shapeOf(getInput()), to = getType().getShape();
  SmallVector<int, 4> operand(from.size(), ShardingRule::whole), result(to.size(), ShardingRule::whole);
  size_t i = 0, j = 0;
  while (i < from.size() && j < to.size()) {
    if (from[i] == 1 && to[j] != 1) {
      ++i;
      continue;
    }
    if (to[j] == 1 && from[i] != 1) {
      ++j;
      continue;
    }
    operand[i] = result[j] = rule.addFactor(std::gcd(from[i], to[j]));
    int64_t left = from[i++], right = to[j++];
    while (left != right)
      left < right ? left *= from[i++] : right *= to[j++];
  }
  rule.operands = {operand};
  rule.results = {result};
  rule.linearIn = {true};
  return rule;
}

ShardingRule TransposeOp::getShardingRule() {
  ShardingRule rule;
  SmallVector<int, 4> operand = addFactors(rule, shapeOf(getInput())), result;
  for (int64_t dim : getPerm())
    result.push_back(operand[dim]);
  rule.operands = {operand};
  rule.results = {result};
  rule.linearIn = {true};
  return rule;
}

ShardingRule BroadcastOp::getShardingRule() {
  ShardingRule rule;
  SmallVector<int, 4> result = addFactors(rule, getType().getShape()), operand;
  for (int64_t dim : getDims())
    operand.push_back(result[dim]);
  rule.operands = {operand};
  rule.results = {result};
  rule.linearIn = {true};
  return rule;
}

ShardingRule SliceOp::getShardingRule() { return ruleOfResized(shapeOf(getInput()), getType().getShape()); }
ShardingRule PadOp::getShardingRule() { return ruleOfResized(shapeOf(getInput()), getType().getShape()); }

/// Linear in all operands together, in none alone.
ShardingRule ConcatOp::getShardingRule() {
  ShardingRule rule;
  auto dim = static_cast<int64_t>(getDim());
  SmallVector<int, 4> all = addFactorsBut(rule, getType().getShape(), [&](int64_t i) { return i == dim; });
  rule.operands.assign(getInputs().size(), all);
  rule.results = {all};
  rule.linearIn.assign(getInputs().size(), false);
  return rule;
}

ShardingRule UpdateSliceOp::getShardingRule() {
  ShardingRule rule;
  auto dim = static_cast<int64_t>(getDim());
  SmallVector<int, 4> all = addFactorsBut(rule, getType().getShape(), [&](int64_t i) { return i == dim; });
  rule.operands = {all, all, {}};
  rule.results = {all};
  rule.linearIn = {false, false, false};
  return rule;
}

ShardingRule GatherOp::getShardingRule() {
  ShardingRule rule;
  auto dim = static_cast<int64_t>(getDim());
  SmallVector<int, 4> input = addFactorsBut(rule, shapeOf(getInput()), [&](int64_t i) { return i == dim; });
  SmallVector<int, 4> ids = addFactors(rule, shapeOf(getIds())), result(input.begin(), input.begin() + dim);
  result.append(ids);
  result.append(input.begin() + dim + 1, input.end());
  rule.operands = {input, ids};
  rule.results = {result};
  rule.linearIn = {true, false};
  return rule;
}

/// Updates that are split by their ids give sums that are still to be made.
ShardingRule ScatterAddOp::getShardingRule() {
  ShardingRule rule;
  auto dim = static_cast<int64_t>(getDim());
  SmallVector<int, 4> result = addFactorsBut(rule, getType().getShape(), [&](int64_t i) { return i == dim; }), ids;
  for (int64_t size : shapeOf(getIds()))
    ids.push_back(rule.addFactor(size, FactorKind::reduce));
  SmallVector<int, 4> updates(result.begin(), result.begin() + dim);
  updates.append(ids);
  updates.append(result.begin() + dim + 1, result.end());
  rule.operands = {updates, ids};
  rule.results = {result};
  rule.linearIn = {true, false};
  return rule;
}

ShardingRule IotaOp::getShardingRule() {
  ShardingRule rule;
  auto dim = static_cast<int64_t>(getDim());
  rule.results = {addFactorsBut(rule, getType().getShape(), [&](int64_t i) { return i == dim; })};
  if (getStart()) {
    rule.operands = {{}};
    rule.linearIn = {false};
  }
  return rule;
}

} // namespace weft::nn

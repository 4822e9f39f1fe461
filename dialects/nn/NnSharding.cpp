//===- NnSharding.cpp - How each op of nn splits --------------------------===//

#include "dialects/nn/Nn.h"

using namespace mlir;

namespace weft::nn {
namespace {

ArrayRef<int64_t> shapeOf(Value value) { return cast<RankedTensorType>(value.getType()).getShape(); }

/// One factor for each dimension of `shape`, in order.
SmallVector<int, 4> addFactors(ShardingRule &rule, ArrayRef<int64_t> shape) {
  SmallVector<int, 4> factors;
  for (int64_t size : shape)
    factors.push_back(rule.addFactor(size));
  return factors;
}

} // namespace

ShardingRule ConstantOp::getShardingRule() {
  ShardingRule rule;
  if (isa<SplatElementsAttr>(getValue()))
    rule.results = {addFactors(rule, getType().getShape())};
  else
    rule.results = {SmallVector<int, 4>(getType().getRank(), ShardingRule::whole)};
  return rule;
}

ShardingRule ElementwiseOp::getShardingRule() {
  ShardingRule rule;
  SmallVector<int, 4> all = addFactors(rule, getType().getShape());
  rule.results = {all};
  rule.operands.assign(getInputs().size(), all);
  // A sum of x and a partial y is not the partial sum of x + y; products are linear in each operand.
  bool isMul = getKind() == ElementwiseKind::mul, isDiv = getKind() == ElementwiseKind::div;
  bool isFloat = isa<FloatType>(getType().getElementType());
  rule.linearIn.assign(getInputs().size(), isMul || getKind() == ElementwiseKind::neg);
  if (isDiv && isFloat)
    rule.linearIn[0] = true;
  return rule;
}

ShardingRule MatmulOp::getShardingRule() {
  ShardingRule rule;
  ArrayRef<int64_t> left = shapeOf(getLhs());
  SmallVector<int, 4> lhs = addFactors(rule, left.drop_back());
  int n = rule.addFactor(shapeOf(getRhs()).back());
  int k = rule.addFactor(left.back(), FactorKind::reduce);
  SmallVector<int, 4> result = lhs, rhs;
  if (shapeOf(getRhs()).size() > 2)
    rhs.append(lhs.begin(), lhs.end() - 1);
  lhs.push_back(k);
  rhs.append({k, n});
  result.push_back(n);
  rule.operands = {lhs, rhs};
  rule.results = {result};
  rule.linearIn = {true, true};
  return rule;
}

ShardingRule ReduceOp::getShardingRule() {
  ShardingRule rule;
  SmallVector<int, 4> operand, result;
  for (auto [dim, size] : llvm::enumerate(shapeOf(getInput()))) {
    bool reduced = llvm::is_contained(getDims(), static_cast<int64_t>(dim));
    operand.push_back(rule.addFactor(size, reduced ? FactorKind::reduce : FactorKind::pass));
    if (!reduced)
      result.push_back(operand.back());
  }
  rule.operands = {operand};
  rule.results = {result};
  rule.linearIn = {getKind() == ReduceKind::sum};
  rule.reduceKind = getKind();
  return rule;
}

ShardingRule SoftmaxOp::getShardingRule() {
  ShardingRule rule;
  SmallVector<int, 4> all;
  for (auto [dim, size] : llvm::enumerate(getType().getShape()))
    all.push_back(static_cast<int64_t>(dim) == getDim() ? ShardingRule::whole : rule.addFactor(size));
  rule.operands = {all};
  rule.results = {all};
  rule.linearIn = {false};
  return rule;
}

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

/// Rounding is not linear: a partial operand is summed before it is converted.
ShardingRule CastOp::getShardingRule() {
  ShardingRule rule;
  SmallVector<int, 4> all = addFactors(rule, getType().getShape());
  rule.operands = {all};
  rule.results = {all};
  rule.linearIn = {false};
  return rule;
}

} // namespace weft::nn

//===- NnSharding.cpp - How each op of nn splits --------------------------===//

#include "dialects/nn/NnFactors.h"

using namespace mlir;

namespace weft::nn {
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

ShardingRule CompareOp::getShardingRule() {
  ShardingRule rule;
  SmallVector<int, 4> all = addFactors(rule, getType().getShape());
  rule.results = {all};
  rule.operands = {all, all};
  rule.linearIn = {false, false};
  return rule;
}

/// Linear in each of the two only where the other is zero.
ShardingRule SelectOp::getShardingRule() {
  ShardingRule rule;
  SmallVector<int, 4> all = addFactors(rule, getType().getShape());
  rule.results = {all};
  rule.operands = {all, all, all};
  rule.linearIn = {false, false, false};
  return rule;
}

ShardingRule MatmulOp::getShardingRule() {
  ShardingRule rule;
  MatmulSizes sizes = matmulSizes(*this);
  SmallVector<int, 4> batch = addFactors(rule, shapeOf(getLhs()).drop_back(2));
  int m = rule.addFactor(sizes.m), n = rule.addFactor(sizes.n);
  int k = rule.addFactor(sizes.k, FactorKind::reduce);
  auto joined = [](SmallVector<int, 4> front, int rows, int columns, bool isTransposed) {
    front.append({isTransposed ? columns : rows, isTransposed ? rows : columns});
    return front;
  };
  SmallVector<int, 4> lhs = joined(batch, m, k, getTransposeLhs()), result = joined(batch, m, n, false);
  SmallVector<int, 4> rhs =
      joined(shapeOf(getRhs()).size() > 2 ? batch : SmallVector<int, 4>(), k, n, getTransposeRhs());
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

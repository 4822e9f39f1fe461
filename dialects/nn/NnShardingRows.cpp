//===- NnShardingRows.cpp - How ops on whole rows split -------------------===//

#include "dialects/nn/NnFactors.h"

using namespace mlir;

namespace weft::nn {
namespace {

/// One operand and one result of its shape, whole along `dim`.
ShardingRule rowsRule(ArrayRef<int64_t> shape, int64_t dim) {
  ShardingRule rule;
  SmallVector<int, 4> all = addFactorsBut(rule, shape, [&](int64_t i) { return i == dim; });
  rule.operands = {all};
  rule.results = {all};
  rule.linearIn = {false};
  return rule;
}

/// The factors of attention's values: batch, heads (as columns and by themselves) and, where each query sees every key,
/// queries.
struct HeadFactors {
  template <typename Op> HeadFactors(ShardingRule &rule, Op op, bool splitsQueries) {
    ArrayRef<int64_t> shape = shapeOf(op.getQueries());
    SmallVector<int, 4> batch = addFactors(rule, shape.drop_back(2));
    int head = rule.addFactor(op.getHeads());
    int query = splitsQueries ? rule.addFactor(shape[shape.size() - 2]) : ShardingRule::whole;
    queries = keys = lse = batch;
    queries.append({query, head});
    keys.append({ShardingRule::whole, head});
    lse.append({head, query});
  }
  SmallVector<int, 4> queries, keys, lse;
};

/// A slot that holds some of the columns holds whole heads, and has so many fewer.
template <typename Op> Operation *onHeads(Op op, OpBuilder &builder, ValueRange operands, TypeRange results, Type lse) {
  Operation *local = cloneOnShards(builder, op, operands, results);
  ArrayRef<int64_t> shape = cast<RankedTensorType>(lse).getShape();
  cast<Op>(local).setHeads(shape[shape.size() - 2]);
  return local;
}

} // namespace

ShardingRule SoftmaxOp::getShardingRule() { return rowsRule(getType().getShape(), getDim()); }
ShardingRule LayerNormOp::getShardingRule() { return rowsRule(getType().getShape(), getDim()); }
ShardingRule RmsNormOp::getShardingRule() { return rowsRule(getType().getShape(), getDim()); }

ShardingRule CrossEntropyOp::getShardingRule() {
  ShardingRule rule;
  SmallVector<int, 4> rows = addFactors(rule, getType().getShape()), logits = rows;
  logits.push_back(ShardingRule::whole);
  rule.operands = {logits, rows};
  rule.results = {rows};
  rule.linearIn = {false, false};
  return rule;
}

ShardingRule ArgmaxOp::getShardingRule() {
  ShardingRule rule = rowsRule(shapeOf(getInput()), getDim());
  rule.results[0].erase(rule.results[0].begin() + getDim());
  return rule;
}

ShardingRule TopKOp::getShardingRule() {
  ShardingRule rule = rowsRule(shapeOf(getInput()), getDim());
  rule.results.push_back(rule.results[0]);
  return rule;
}

ShardingRule AttentionOp::getShardingRule() {
  ShardingRule rule;
  HeadFactors factors(rule, *this, !getCausal());
  rule.operands = {factors.queries, factors.keys, factors.keys};
  rule.results = {factors.queries, factors.lse};
  if (getOffset())
    rule.operands.push_back({});
  rule.linearIn.assign(rule.operands.size(), false); // The log-sum-exp is not linear in the values.
  return rule;
}

Operation *AttentionOp::buildLocal(OpBuilder &builder, ValueRange operands, TypeRange resultTypes) {
  return onHeads(*this, builder, operands, resultTypes, resultTypes[1]);
}

/// The gradients for keys and values sum over queries, those for queries do not, so that queries stay whole.
ShardingRule AttentionGradOp::getShardingRule() {
  ShardingRule rule;
  HeadFactors factors(rule, *this, false);
  rule.operands = {factors.queries, factors.keys, factors.keys, factors.queries, factors.lse, factors.queries};
  rule.results = {factors.queries, factors.keys, factors.keys};
  if (getOffset())
    rule.operands.push_back({});
  rule.linearIn.assign(rule.operands.size(), false);
  rule.linearIn[5] = true; // In the cotangent.
  return rule;
}

Operation *AttentionGradOp::buildLocal(OpBuilder &builder, ValueRange operands, TypeRange resultTypes) {
  return onHeads(*this, builder, operands, resultTypes, operands[4].getType());
}

/// An element's number is its place in the whole, which a slot's part does not know.
ShardingRule RandomOp::getShardingRule() {
  ShardingRule rule;
  rule.operands = {{}};
  rule.results = {SmallVector<int, 4>(getType().getRank(), ShardingRule::whole)};
  rule.linearIn = {false};
  return rule;
}

ShardingRule FoldInOp::getShardingRule() {
  ShardingRule rule;
  rule.operands = {{}, {}};
  rule.results = {{}};
  rule.linearIn = {false, false};
  return rule;
}

} // namespace weft::nn

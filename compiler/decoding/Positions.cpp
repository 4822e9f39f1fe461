//===- Positions.cpp - Which dimension of a value counts positions --------===//

#include "compiler/decoding/Positions.h"

using namespace mlir;

namespace weft::decoding {

FailureOr<Positions> Positions::of(func::FuncOp function, Value tokens) {
  Positions positions;
  positions.dims[tokens] = 1;
  if (failed(positions.visit(function.getBody().front())))
    return failure();
  return positions;
}

std::optional<int64_t> Positions::dimOf(Value value) const {
  auto found = dims.find(value);
  return found == dims.end() ? std::nullopt : std::optional(found->second);
}

bool Positions::isCached(nn::AttentionOp op) const { return dimOf(op.getKeys()) || dimOf(op.getValues()); }

LogicalResult Positions::visit(Block &block) {
  for (Operation &op : block.without_terminator())
    if (failed(visit(op)))
      return failure();
  return success();
}

LogicalResult Positions::visit(Operation &op) {
  if (auto scan = dyn_cast<nn::ScanOp>(op))
    return visitScan(scan);
  auto attention = dyn_cast<nn::AttentionOp>(op);
  if (!attention || !isCached(attention))
    return visitRuled(op);
  int64_t rows = attention.getQueries().getType().getRank() - 2;
  bool fits = attention.getCausal() && !attention.getOffset() && dimOf(attention.getQueries()) == rows &&
              dimOf(attention.getKeys()) == rows && dimOf(attention.getValues()) == rows;
  if (!fits)
    return op.emitError() << "looks at positions that are still to come; wanted causal attention of a sequence on "
                             "itself, so that an answer can be made position by position";
  dims[attention.getResult()] = rows;
  dims[attention.getLse()] = attention.getLse().getType().getRank() - 1;
  return success();
}

LogicalResult Positions::visitScan(nn::ScanOp scan) {
  nn::ScanBody body = scan.getBodyArguments();
  auto enter = [&](ValueRange outside, ValueRange inside, int64_t less) -> LogicalResult {
    for (auto [from, to] : llvm::zip(outside, inside))
      if (std::optional<int64_t> dim = dimOf(from)) {
        if (*dim < less)
          return scan.emitError() << "takes one position after the other; wanted a loop over something else, so that "
                                     "each turn knows the positions at hand";
        dims[to] = *dim - less;
      }
    return success();
  };
  if (failed(enter(scan.getCarried(), body.getCarried(), 0)) || failed(enter(scan.getStacked(), body.getSlices(), 1)) ||
      failed(enter(scan.getShared(), body.getShared(), 0)) || failed(visit(scan.getBody().front())))
    return failure();
  for (auto [argument, next, last] : llvm::zip(body.getCarried(), scan.getNextCarried(), scan.getLastCarried())) {
    if (dimOf(argument) != dimOf(next))
      return scan.emitError() << "carries a value that depends on the tokens behind the first turn only, or along "
                                 "another dimension; wanted one that always does";
    if (std::optional<int64_t> dim = dimOf(next))
      dims[last] = *dim;
  }
  for (auto [slice, stacked] : llvm::zip(scan.getYieldedSlices(), scan.getStackedOutputs()))
    if (std::optional<int64_t> dim = dimOf(slice))
      dims[stacked] = *dim + 1;
  return success();
}

FailureOr<std::optional<int>> factorOf(Operation &op, const ShardingRule &rule, const Positions &positions) {
  std::optional<int> factor;
  for (auto [operand, factors] : llvm::zip(op.getOperands(), rule.operands))
    if (std::optional<int64_t> dim = positions.dimOf(operand)) {
      int found = factors[*dim];
      if (found == ShardingRule::whole || (factor && *factor != found) || rule.factors[found].kind != FactorKind::pass)
        return failure();
      factor = found;
    }
  return factor;
}

LogicalResult Positions::visitRuled(Operation &op) {
  if (llvm::none_of(op.getOperands(), [&](Value operand) { return dimOf(operand).has_value(); }))
    return success();
  auto ruled = dyn_cast<ShardingRuleInterface>(op);
  if (!ruled)
    return op.emitError() << "has no rule that says how positions pass through it; wanted ops of tensors";
  ShardingRule rule = ruled.getShardingRule();
  FailureOr<std::optional<int>> factor = factorOf(op, rule, *this);
  if (failed(factor))
    return op.emitError() << "needs several positions at once; wanted ops on each position alone, and causal "
                             "attention, so that an answer can be made position by position";
  for (auto [result, factors] : llvm::zip(op.getResults(), rule.results))
    for (auto [dim, found] : llvm::enumerate(factors))
      if (found == **factor)
        dims[result] = static_cast<int64_t>(dim);
  return success();
}

} // namespace weft::decoding

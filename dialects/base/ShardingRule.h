//===- ShardingRule.h - How a split of operands passes to results ---------===//
//
// A rule is data, so that propagation, insertion of reshardings and their
// verifiers read the same few numbers. Example, matmul [M,K] x [K,N] -> [M,N]:
//   factors   0: M pass, 1: N pass, 2: K reduce (sum)
//   operands  {{0, 2}, {2, 1}}     results  {{0, 1}}
//
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Operation.h"

// Generated headers expect what they use to be declared before them.
#include "dialects/base/BaseEnums.h.inc"

namespace mlir {
class OpBuilder;
}

namespace weft {

/// What a split of a factor means for the result.
enum class FactorKind {
  pass,   ///< Each slot computes its part of the result.
  reduce, ///< Each slot computes a partial result; they are combined by `ShardingRule::reduceKind`.
};

struct Factor {
  std::int64_t size; ///< Elements along the factor; a split over n slots divides it.
  FactorKind kind;
};

struct ShardingRule {
  /// Stands in place of a factor where a dimension must be whole.
  static constexpr int whole = -1;

  llvm::SmallVector<Factor, 4> factors;
  /// For each operand (result), for each dimension, its factor or `whole`.
  llvm::SmallVector<llvm::SmallVector<int, 4>, 3> operands;
  llvm::SmallVector<llvm::SmallVector<int, 4>, 1> results;
  /// Whether the op is linear in an operand alone: only then may it be partial. Empty: in none.
  llvm::SmallVector<bool, 3> linearIn;
  ReduceKind reduceKind = ReduceKind::sum;

  int addFactor(std::int64_t size, FactorKind kind = FactorKind::pass) {
    factors.push_back({size, kind});
    return static_cast<int>(factors.size()) - 1;
  }
};

/// Clones `op` with other operands and result types; see ShardingRuleInterface::buildLocal.
mlir::Operation *cloneOnShards(mlir::OpBuilder &builder, mlir::Operation *op, mlir::ValueRange operands,
                               mlir::TypeRange resultTypes);

} // namespace weft

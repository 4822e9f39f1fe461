//===- NnFactors.h - What the sharding rules of nn's ops share ------------===//
#pragma once

#include "dialects/nn/Nn.h"

namespace weft::nn {

inline mlir::ArrayRef<std::int64_t> shapeOf(mlir::Value value) {
  return mlir::cast<mlir::RankedTensorType>(value.getType()).getShape();
}

/// One factor for each dimension of `shape`, in order.
inline mlir::SmallVector<int, 4> addFactors(ShardingRule &rule, mlir::ArrayRef<std::int64_t> shape) {
  mlir::SmallVector<int, 4> factors;
  for (std::int64_t size : shape)
    factors.push_back(rule.addFactor(size));
  return factors;
}

/// One factor for each dimension of `shape` but those that must be whole.
inline mlir::SmallVector<int, 4> addFactorsBut(ShardingRule &rule, mlir::ArrayRef<std::int64_t> shape,
                                               mlir::function_ref<bool(std::int64_t)> isWhole) {
  mlir::SmallVector<int, 4> factors;
  for (auto [dim, size] : llvm::enumerate(shape))
    factors.push_back(isWhole(static_cast<std::int64_t>(dim)) ? ShardingRule::whole : rule.addFactor(size));
  return factors;
}

} // namespace weft::nn

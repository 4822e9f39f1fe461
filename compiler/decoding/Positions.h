//===- Positions.h - Which dimension of a value counts positions ----------===//
#pragma once

#include "dialects/nn/Nn.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <optional>

namespace weft::decoding {

/// Of every value of a function that depends on the tokens: the dimension along which its positions lie.
class Positions {
public:
  /// `tokens` is an argument of `function` whose dimension 1 counts positions. Errors are reported at the op that
  /// needs several positions at once.
  static mlir::FailureOr<Positions> of(mlir::func::FuncOp function, mlir::Value tokens);

  /// Nothing for a value that does not depend on the tokens.
  std::optional<std::int64_t> dimOf(mlir::Value value) const;
  /// Whether an attention looks back at positions that went before.
  bool isCached(nn::AttentionOp op) const;

private:
  mlir::LogicalResult visit(mlir::Block &block);
  mlir::LogicalResult visit(mlir::Operation &op);
  mlir::LogicalResult visitScan(nn::ScanOp scan);
  mlir::LogicalResult visitRuled(mlir::Operation &op);

  llvm::DenseMap<mlir::Value, std::int64_t> dims;
};

/// The factor of an op's rule that its positions pass through; nothing where no operand has positions. A failure, not
/// reported, where positions meet.
mlir::FailureOr<std::optional<int>> factorOf(mlir::Operation &op, const ShardingRule &rule, const Positions &positions);

} // namespace weft::decoding

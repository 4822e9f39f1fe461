//===- ReverseSweep.h - Cotangents of a block's values, last op first -----===//
//
// The ops of the derivative are built at the builder's place and read values of
// the forward block directly, also where they stand in another region: whoever
// starts a sweep brings these values there (Residuals.h).
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/autodiff/Activity.h"

namespace weft::autodiff {

/// What the pass was told, and what it did.
struct Accounts {
  std::uint64_t memoryLimitBytes = 0; ///< Bytes that one scan may keep; 0 is no limit.
  std::uint64_t derivatives = 0, scans = 0, recomputedScans = 0, keptBytes = 0;
};

class ReverseSweep {
public:
  /// `varied` (Activity.h) is kept up to date where forward scans are replaced by ones that give more results.
  ReverseSweep(mlir::OpBuilder &builder, Values &varied, Accounts &accounts)
      : builder(builder), varied(varied), accounts(accounts) {}

  /// Adds to a forward value's cotangent. A null cotangent is zeros, and so is that of a value that is not varied.
  void add(mlir::Value forward, mlir::Value cotangent);

  /// The sum of what was added; null where nothing was.
  mlir::Value cotangentOf(mlir::Value forward) const { return cotangents.lookup(forward); }

  /// Takes the ops of `forward` that stand in it now, the last first. A refusal is reported at the op that has no
  /// derivative.
  mlir::LogicalResult run(mlir::Block &forward);

private:
  mlir::LogicalResult pullBack(mlir::Operation *op);
  /// In ScanPullback.cpp.
  mlir::LogicalResult pullBack(nn::ScanOp scan);
  /// Erases a scan whose uses are those of `extended` already.
  void replaceForward(nn::ScanOp scan, nn::ScanOp extended);

  mlir::OpBuilder &builder;
  Values &varied;
  Accounts &accounts;
  llvm::DenseMap<mlir::Value, mlir::Value> cotangents;
};

} // namespace weft::autodiff

//===- EqualReads.h - Which reads of a block are still the same -----------===//
#pragma once

#include "compiler/analysis/FlowEffects.h"
#include "compiler/analysis/ValueNumbers.h"

namespace weft::analysis {

/// Whether a step is one that an equal one above it may stand for: a call, an activation or a look at the environment
/// that only reads, whose answer no chance decides and that its policy does not ask to make each time.
bool isMergeable(mlir::Operation *op, const Touch &touch);

/// Reads of one block, from above, that no write has ended. Each read goes in and out once.
class OpenReads {
public:
  /// The equal read that is open already, or null: then `op` is from now on.
  mlir::Operation *add(ValueNumbers::Number question, mlir::Operation *op, const Touch &touch);
  /// Ends those that read what `touch` writes.
  void close(const Touch &touch);

private:
  llvm::DenseMap<ValueNumbers::Number, mlir::Operation *> open;
  llvm::DenseMap<mlir::StringAttr, llvm::SmallVector<ValueNumbers::Number>> readers;
};

} // namespace weft::analysis

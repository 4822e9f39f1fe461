//===- Mosaic.h - Ops that put tensors together element by element --------===//
//
// Slices, joined and padded tensors, transposes, and simple arithmetic on them: each
// element of the result follows from elements at places that its own place names.
// A set of such ops is one kernel, in which nothing is moved but once.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/IR/Operation.h"
#include "llvm/ADT/SmallVector.h"

#include <tuple>

namespace weft::analysis {

/// Where the elements of a value come to lie in a result: index `d` of the value is index `dims[d]` of the result plus
/// `offsets[d]`.
struct Placement {
  llvm::SmallVector<int64_t, 6> dims, offsets;

  /// That of operand `number` of `op`, whose result has this one. A part that is joined or padded begins at its own 0.
  Placement ofOperand(mlir::Operation *op, unsigned number) const;
  bool operator<(const Placement &other) const { return std::tie(dims, offsets) < std::tie(other.dims, other.offsets); }
};

/// Ops that isMosaic may accept and that compute nothing: they say where elements lie.
bool isMove(mlir::Operation *op);

/// Whether `ops`, which stand in the order of their block, are one mosaic: moves and arithmetic that costs no more than
/// a load, with at least one move. A value that is repeated comes from outside or is a constant.
bool isMosaic(llvm::ArrayRef<mlir::Operation *> ops);

} // namespace weft::analysis

//===- RowShape.h - Ops that one pass over rows computes ------------------===//
//
// Softmax, norms, losses, their derivatives, bias and residual sums, optimizers:
// all run over the same rows, and combine along a row or over the rows. A set of
// such ops is one kernel; here is decided whether it is such a set, and what each
// of its values is of the rows.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/IR/Operation.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

#include <optional>

namespace weft::analysis {

/// Which of rows x columns elements a value has: all, one for each row, one for each column, one.
enum class Extent : std::uint8_t { full, row, column, scalar };

struct RowShape {
  std::int64_t rows = 1, columns = 1;
  /// No op looks at rows or columns, so that the elements can be cut anywhere; rows is 1 then.
  bool isFlat = true;
  llvm::DenseMap<mlir::Value, Extent> extents;
  /// Known only when all rows are done: sums over the rows, and what follows from them.
  llvm::DenseSet<mlir::Value> late;
};

/// The shape of `ops`, which stand in the order of their block, or nothing where they are not of one. At most one may
/// be a product of matrices: its result is full, its operands have no extent, and no op reduces then.
std::optional<RowShape> rowShapeOf(llvm::ArrayRef<mlir::Operation *> ops);

/// Ops that rowShapeOf may accept.
bool isOfRows(mlir::Operation *op);

} // namespace weft::analysis

//===- ElementWriter.h - The value of one element, written when asked for -===//
//
// What a kernel over rows computes at one row and column: loads from inputs, the
// arithmetic of nn's ops, memory for what was computed at this place already.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/analysis/RowShape.h"
#include "compiler/targets/cpu/PhaseBuilder.h"

namespace weft::cpu {

class ElementWriter {
public:
  /// `shape` is that of the ops of `kernel`; both outlive the writer.
  ElementWriter(PhaseBuilder &phase, mlir::func::FuncOp kernel, const analysis::RowShape &shape)
      : phase(phase), kernel(kernel), shape(shape) {}

  /// Where the next values are: `linear` is row x columns + column. Forgets what was computed for another place.
  void goToRow(mlir::Value row);
  void goTo(mlir::Value column, mlir::Value linear);

  /// The element of `value` here; writes at the builder's place what is not known yet. Values for each row must be
  /// asked for before the loop over columns, those of all elements before the loop over rows.
  mlir::Value operator()(mlir::Value value);

  /// Writes the values of all elements that the kernel's ops need, but the late ones; those of a row.
  void readScalars();
  void readRow();

  /// `element` is what `value` has here.
  void know(mlir::Value value, mlir::Value element) { memoOf(value)[value] = element; }
  /// From now on `value` is loaded from a buffer: at the column of a scratch, at the linear place of an output.
  void loadFrom(mlir::Value value, mlir::Value buffer, bool byColumn) { kept[value] = {buffer, byColumn}; }
  void forgetKept() { kept.clear(); }

  /// Stores the element where output `number` has it.
  void store(mlir::Value value, unsigned number);

private:
  using Memo = llvm::DenseMap<mlir::Value, mlir::Value>;
  struct Kept {
    mlir::Value buffer;
    bool byColumn;
  };

  analysis::Extent extentOf(mlir::Value value) const { return shape.extents.lookup(value); }
  void readAll(analysis::Extent extent);
  Memo &memoOf(mlir::Value value);
  mlir::Value placeOf(analysis::Extent extent);
  mlir::Value compute(mlir::Value value);
  mlir::Value indexAlong(mlir::Value value, int64_t dim);

  PhaseBuilder &phase;
  mlir::func::FuncOp kernel;
  const analysis::RowShape &shape;
  mlir::Value row, column, linear;
  Memo elements, ofRow, ofAll;
  llvm::DenseMap<mlir::Value, Kept> kept;
};

} // namespace weft::cpu

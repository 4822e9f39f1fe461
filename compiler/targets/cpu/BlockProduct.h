//===- BlockProduct.h - Products of blocks that lie in a cache ------------===//
#pragma once

#include "compiler/targets/cpu/PhaseBuilder.h"

namespace weft::cpu {

/// A block in a flat buffer: element (i, k) at `base` + i x rowStride + k x columnStride.
struct BlockView {
  mlir::Value buffer, base;
  std::int64_t rowStride, columnStride = 1;
};

/// What a product is added to: nothing, what `c` holds, or that times the element of `factors` for the row.
struct BlockStart {
  bool adds = false;
  mlir::Value factors = {};
};

/// Writes products of small blocks with the sums of a tile in registers, for one element type and ISA.
class BlockProduct {
public:
  BlockProduct(PhaseBuilder &phase, Isa isa, mlir::FloatType element);

  /// Rows are written in tiles: up to the next multiple of this, whatever the ISA.
  static constexpr std::int64_t rowsOfTiles = 8;
  std::int64_t lanes; ///< Elements of a vector.

  /// c (rows x columns) = start + a (rows x depth) x b (depth x columns). Elements of a row of `b` and of `c` lie one
  /// behind another; `a` and `c` have room for the rows of the last tile.
  void write(mlir::Value rows, std::int64_t columns, mlir::Value depth, const BlockView &a, const BlockView &b,
             const BlockView &c, const BlockStart &start = {});

  /// c (columns x rows) = the transposed of a (rows x columns), whose rows lie one behind another. All sizes are known.
  void transpose(std::int64_t rows, std::int64_t columns, const BlockView &a, const BlockView &c);

  /// Calls `body` with a first column and a width until all `columns` are covered: vectors, at the end narrower ones.
  void overColumns(std::int64_t columns, llvm::function_ref<void(mlir::Value, std::int64_t)> body);

private:
  void writeTile(mlir::Value row, mlir::Value column, std::int64_t vectors, std::int64_t width, mlir::Value depth,
                 const BlockView &a, const BlockView &b, const BlockView &c, const BlockStart &start);

  PhaseBuilder &phase;
  mlir::FloatType element;
  std::int64_t height;
};

/// `lanes` vectors of `lanes` elements, rows of a square, as its columns.
llvm::SmallVector<mlir::Value> transposed(PhaseBuilder &phase, llvm::SmallVector<mlir::Value> rows);

} // namespace weft::cpu

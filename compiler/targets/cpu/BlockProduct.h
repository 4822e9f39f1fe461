//===- BlockProduct.h - Products of blocks that lie in a cache ------------===//
#pragma once

#include "compiler/targets/cpu/PhaseBuilder.h"

namespace weft::cpu {

/// A block in a flat buffer: element (i, k) at `base` + i x rowStride + k x columnStride.
struct BlockView {
  mlir::Value buffer, base;
  std::int64_t rowStride, columnStride = 1;
};

/// Writes products of small blocks with the sums of a tile in registers, for one element type and ISA.
class BlockProduct {
public:
  BlockProduct(PhaseBuilder &phase, Isa isa, mlir::FloatType element);

  /// Rows of a block are a multiple of this.
  static constexpr std::int64_t rowsOfTile = 8;

  /// c (rows x columns) = a (rows x depth) x b (depth x columns), or c += it. Elements of a row of `b` and of `c` lie
  /// one behind another.
  void write(std::int64_t rows, std::int64_t columns, mlir::Value depth, const BlockView &a, const BlockView &b,
             const BlockView &c, bool adds);

  /// c (columns x rows) = the transposed of a (rows x columns), whose rows lie one behind another. All sizes are known.
  void transpose(std::int64_t rows, std::int64_t columns, const BlockView &a, const BlockView &c);

private:
  void writeTile(mlir::Value row, mlir::Value column, std::int64_t vectors, std::int64_t width, mlir::Value depth,
                 const BlockView &a, const BlockView &b, const BlockView &c, bool adds);

  PhaseBuilder &phase;
  mlir::FloatType element;
  std::int64_t height, lanes;
};

/// `lanes` vectors of `lanes` elements, rows of a square, as its columns.
llvm::SmallVector<mlir::Value> transposed(PhaseBuilder &phase, llvm::SmallVector<mlir::Value> rows);

} // namespace weft::cpu

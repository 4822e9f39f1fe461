//===- Product.h - A product of matrices as the code sees it --------------===//
#pragma once

#include "compiler/targets/cpu/KernelImage.h"
#include "dialects/nn/Nn.h"

namespace weft::cpu {

/// Registers of the inner loop: rows x columns sums, `lanes` of them in one vector.
struct Tile {
  std::int64_t rows, columns, lanes;
};

/// Two vectors wide and as high as the registers allow, with some left for the row of the panel and a spread element:
/// 24 sums of 32 registers, 12 of 16, 8 of 16.
Tile tileOf(Isa isa, mlir::Type element);

/// Rows and columns of a block are multiples of these, whatever the ISA.
inline constexpr std::int64_t rowsOfTiles = 12, columnsOfTiles = 32;

/// A nn.matmul: `batches` products of m x k by k x n. Batches that share their right operand are rows of one.
struct Product {
  std::int64_t batches = 1, m, n, k;
  bool transposedLeft, transposedRight, sharesRight = false;
  mlir::Type element;

  static Product of(nn::MatmulOp matmul);

  // How the work is cut. Blocks of the result are items.
  std::int64_t blockRows = 0, blockColumns = 0, depth = 0; ///< depth: of one pass over k.
  std::int64_t rowBlocks() const { return (m + blockRows - 1) / blockRows; }
  std::int64_t columnBlocks() const { return (n + blockColumns - 1) / blockColumns; }
  std::int64_t passes() const { return (k + depth - 1) / depth; }
  std::int64_t paddedK() const { return passes() * depth; }
  std::int64_t rightBatches() const { return sharesRight ? 1 : batches; }
  void cut();
};

} // namespace weft::cpu

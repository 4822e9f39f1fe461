//===- Product.h - A product of matrices as the code sees it --------------===//
#pragma once

#include "compiler/targets/cpu/KernelImage.h"
#include "dialects/nn/Nn.h"

namespace weft::cpu {

/// Registers of the inner loop: at most rows x columns sums, `lanes` of them in one vector.
struct Tile {
  std::int64_t rows, columns, lanes;
};

/// Two vectors wide and as high as the registers allow, with some left for the row of the panel and a spread element:
/// 28 sums of 32 registers, 12 of 16, 8 of 16.
Tile tileOf(Isa isa, mlir::Type element);

/// Blocks begin at multiples of so many columns, whatever the ISA; a tile's columns divide it.
inline constexpr std::int64_t columnsOfPanels = 32;

/// `extent` in as few parts as may be, none larger than `most` and none two smaller than another.
struct EvenParts {
  EvenParts(std::int64_t extent, std::int64_t most);
  std::int64_t count, least; ///< `larger` parts have one more than `least`, the first ones.
  std::int64_t larger;
  std::int64_t largest() const { return larger ? least + 1 : least; }
};

/// A nn.matmul: `batches` products of m x k by k x n. Batches that share their right operand are rows of one.
struct Product {
  std::int64_t batches = 1, m, n, k;
  bool transposedLeft, transposedRight, sharesRight = false;
  mlir::Type element;

  static Product of(nn::MatmulOp matmul);
  std::int64_t panels() const { return (n + columnsOfPanels - 1) / columnsOfPanels; }

  /// Decides the rest. `keepsSums`: those of a block lie in the scratch from one pass over k to the next.
  void cut(bool keepsSums);

  // How the work is cut: rowBlocks x columnBlocks blocks of each batch's result are the items, the same for every ISA.
  std::int64_t rowBlocks = 1, columnBlocks = 1;
  std::int64_t depth = 0;                   ///< Of one pass over k.
  bool packsLeft = true, packsRight = true; ///< Else the inner loop reads the operand where it lies.
  std::int64_t passes() const { return (k + depth - 1) / depth; }
  std::int64_t panelsOfBlock() const { return (panels() + columnBlocks - 1) / columnBlocks; } ///< At most.
};

} // namespace weft::cpu

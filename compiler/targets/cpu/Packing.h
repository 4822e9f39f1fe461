//===- Packing.h - Operands of a product as the inner loop reads them -----===//
#pragma once

#include "compiler/targets/cpu/PhaseBuilder.h"
#include "compiler/targets/cpu/Product.h"

namespace weft::cpu {

/// Fills the workspace of a product. A block of the left operand (blockRows x k) is one item, then a block of the right
/// one (k x blockColumns). Within a block pass after pass over k; in a pass panel after panel of a tile's rows or
/// columns, of `depth` for each of them; in a panel the elements of one k one behind another. What lies outside of the
/// operand is zero.
struct Packing {
  Product product;
  Tile tile;
  unsigned left, right; ///< Inputs of the kernel.
  Piece packedLeft, packedRight;

  std::int64_t items() const {
    return product.batches * product.rowBlocks() + product.rightBatches() * product.columnBlocks();
  }
  void write(PhaseBuilder &phase) const;
};

} // namespace weft::cpu

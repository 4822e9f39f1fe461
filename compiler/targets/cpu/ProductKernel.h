//===- ProductKernel.h - A kernel of one product and what follows on it ---===//
#pragma once

#include "compiler/targets/cpu/ElementWriter.h"
#include "compiler/targets/cpu/Product.h"

namespace weft::cpu {

/// A kernel of one nn.matmul of inputs `left` and `right`, and elementwise ops on its result.
struct ProductKernel {
  mlir::func::FuncOp kernel;
  nn::MatmulOp matmul;
  analysis::RowShape shape;
  Product product;
  Tile tile;
  unsigned left, right;
  llvm::SmallVector<mlir::Value> outputs;

  ProductKernel(mlir::func::FuncOp kernel, nn::MatmulOp matmul, analysis::RowShape shape, Isa isa);

  /// The output whose memory may hold sums before they are whole: of the same element type, and no input lies there
  /// that is read at the end.
  std::optional<unsigned> outputForSums() const;
  /// Nothing follows on the product.
  bool isPlain() const { return outputs.size() == 1 && outputs[0].getDefiningOp() == matmul; }
};

/// Writes what follows on elements of the product, in one phase.
class ProductEnd {
public:
  ProductEnd(PhaseBuilder &phase, const ProductKernel &product);

  /// `count` elements of `row`, which counts through all batches, from `column` on; `sum` gives the product's one at
  /// `column` + j.
  void write(mlir::Value row, mlir::Value column, mlir::Value count,
             llvm::function_ref<mlir::Value(mlir::Value j)> sum);

private:
  PhaseBuilder &phase;
  const ProductKernel &product;
  ElementWriter element;
};

/// A product of few rows, whose right operand is read once, as it lies, by each item.
inline constexpr std::int64_t fewRows = 4;
KernelFrame writeFewRows(const ProductKernel &product);

/// Any other one: tiles of sums in registers, operands packed in the caches.
KernelFrame writeTiles(ProductKernel product);

} // namespace weft::cpu

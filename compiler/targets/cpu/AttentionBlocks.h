//===- AttentionBlocks.h - What both kernels of attention do with blocks --===//
#pragma once

#include "compiler/targets/cpu/BlockProduct.h"
#include "dialects/nn/Nn.h"

#include <optional>

namespace weft::cpu {

struct AttentionShape {
  /// Queries and keys of a block.
  static constexpr std::int64_t block = 64;

  mlir::FloatType element;
  std::int64_t batches, heads, queries, keys, keyWidth, valueWidth; ///< Widths are of one head.
  bool causal;
  double scale;
  std::optional<unsigned> offset; ///< The kernel's argument that holds it.
  std::int64_t queryBlocks() const { return (queries + block - 1) / block; }
  std::int64_t keyBlocks() const { return (keys + block - 1) / block; }

  /// Of nn.attention or nn.attention_grad; nothing where an operand is no argument or no f32 or f64.
  template <typename Op> static std::optional<AttentionShape> of(Op op) {
    auto queries = mlir::cast<mlir::RankedTensorType>(op.getQueries().getType());
    auto keys = mlir::cast<mlir::RankedTensorType>(op.getKeys().getType());
    auto values = mlir::cast<mlir::RankedTensorType>(op.getValues().getType());
    mlir::Type element = queries.getElementType();
    if (!element.isF32() && !element.isF64())
      return {};
    for (mlir::Value operand : op->getOperands())
      if (!mlir::isa<mlir::BlockArgument>(operand))
        return {};
    auto heads = static_cast<std::int64_t>(op.getHeads());
    std::int64_t rows = queries.getShape()[queries.getRank() - 2];
    AttentionShape shape{mlir::cast<mlir::FloatType>(element),
                         queries.getNumElements() / (rows * queries.getShape().back()),
                         heads,
                         rows,
                         keys.getShape()[keys.getRank() - 2],
                         keys.getShape().back() / heads,
                         values.getShape().back() / heads,
                         op.getCausal(),
                         op.getScale().convertToDouble(),
                         {}};
    if (op.getOffset())
      shape.offset = mlir::cast<mlir::BlockArgument>(op.getOffset()).getArgNumber();
    return shape;
  }
};

/// Writes at the phase's place. A head of one batch is a `part`: its number is batch x heads + head.
class AttentionBlocks {
public:
  AttentionBlocks(PhaseBuilder &phase, const AttentionShape &shape, Isa isa)
      : phase(phase), shape(shape), product(phase, isa, shape.element) {}

  /// Row `row` of `part` in an operand with `rows` rows and `width` columns for each head.
  mlir::Value placeOf(mlir::Value part, mlir::Value row, std::int64_t rows, std::int64_t width);
  std::int64_t strideOf(std::int64_t width) const { return shape.heads * width; }

  /// Copies rows from `first` on, up to a block, to `to` with rows of `width`; zeros where there is none.
  void copyBlock(mlir::Value from, mlir::Value part, mlir::Value first, std::int64_t rows, std::int64_t width,
                 mlir::Value to);
  /// Copies the first rows of a block back, those that there are.
  void storeBlock(mlir::Value block, mlir::Value blockBase, mlir::Value to, mlir::Value part, mlir::Value first,
                  std::int64_t rows, std::int64_t width);

  /// How many of all keys query `query` sees, as i64 and not negative.
  mlir::Value keysSeenBy(mlir::Value query);
  /// `number` as an element.
  mlir::Value constant(double number);
  mlir::Value select(mlir::Value condition, mlir::Value a, mlir::Value b);
  /// a < b, of indices without sign.
  mlir::Value isBelow(mlir::Value a, mlir::Value b);
  mlir::Value minus(mlir::Value a, mlir::Value b);
  void fill(mlir::Value buffer, mlir::Value base, std::int64_t count, double number);

  PhaseBuilder &phase;
  const AttentionShape &shape;
  BlockProduct product;
};

} // namespace weft::cpu

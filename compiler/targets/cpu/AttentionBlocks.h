//===- AttentionBlocks.h - What both kernels of attention do with blocks --===//
//
// Scores lie turned, a row for each key: lanes of a vector are queries, so that the
// largest score, the sum of the weights and the mask are arithmetic on whole vectors.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/targets/cpu/BlockProduct.h"
#include "dialects/nn/Nn.h"

#include <optional>

namespace weft::cpu {

struct AttentionShape {
  mlir::FloatType element;
  std::int64_t batches, heads, queries, keys, keyWidth, valueWidth; ///< Widths are of one head.
  bool causal;
  double scale;
  std::optional<unsigned> offset; ///< The kernel's argument that holds it.

  /// How the work is cut: queries of a block are a multiple of every ISA's lanes.
  std::int64_t blockQueries = 0, blockKeys = 0;
  std::int64_t queryBlocks() const { return (queries + blockQueries - 1) / blockQueries; }
  std::int64_t keyBlocks() const { return (keys + blockKeys - 1) / blockKeys; }

  /// Of nn.attention or nn.attention_grad, not cut yet; nothing where an operand is no argument or no f32 or f64.
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
  AttentionBlocks(PhaseBuilder &phase, const AttentionShape &shape, Isa isa);

  /// An operand with `width` columns for each head, from row `row` of `part` on; `rows` are all rows of a batch.
  BlockView view(mlir::Value from, mlir::Value part, mlir::Value row, std::int64_t rows, std::int64_t width);

  /// Copies `count` rows of `width`, times `factor`.
  void copyRows(const BlockView &from, const BlockView &to, mlir::Value count, std::int64_t width,
                mlir::Value factor = {});
  /// Copies `count` rows of `width`, each times its element of `factors`.
  void scaleRows(const BlockView &from, const BlockView &to, mlir::Value count, std::int64_t width,
                 mlir::Value factors);
  /// to ([width x blockQueries]) = the turned `rows` ([blockQueries x width]), of which those from `valid` on are made
  /// 0.
  void turn(const BlockView &rows, mlir::Value valid, std::int64_t width, mlir::Value to, mlir::Value toBase);

  /// How many of all keys query `query` sees, as an index and not negative.
  mlir::Value keysSeenBy(mlir::Value query);
  /// Of the `count` keys from `firstKey` on, how many every query from `firstQuery` on sees.
  mlir::Value keysSeenByAll(mlir::Value firstQuery, mlir::Value firstKey, mlir::Value count);
  /// Which of the queries from `firstQuery` on, one in each lane, see `key`; all keys but the last ones are seen by
  /// all.
  mlir::Value sees(mlir::Value firstQuery, mlir::Value key);

  // Vectors with a lane for each of some queries.
  mlir::VectorType lanesType() const { return mlir::VectorType::get({product.lanes}, shape.element); }
  std::int64_t vectorsOfBlock() const { return shape.blockQueries / product.lanes; }
  mlir::Value lanesOf(double number);
  mlir::Value constant(double number);
  mlir::Value select(mlir::Value condition, mlir::Value a, mlir::Value b);
  mlir::Value minus(mlir::Value a, mlir::Value b);
  void fill(mlir::Value buffer, mlir::Value base, std::int64_t count, double number);

  PhaseBuilder &phase;
  const AttentionShape &shape;
  BlockProduct product;

private:
  mlir::Value spread(mlir::Value one, std::int64_t width);
  /// How many keys query 0 sees, less one.
  mlir::Value offset();
};

} // namespace weft::cpu

//===- Cases.h - The families of ops that the interpreter knows -----------===//
//
// Each function gives the results of an op of its family, or nothing where the op
// is of another one.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/nn/Nn.h"
#include "test/reference/nn/Interpreter.h"

#include <cmath>
#include <optional>

namespace weft::reference {

using Results = std::optional<std::vector<Tensor>>;

Results evaluateElements(mlir::Operation *op, const std::vector<Tensor> &operands);
Results evaluateMoves(mlir::Operation *op, const std::vector<Tensor> &operands);
Results evaluateRows(mlir::Operation *op, const std::vector<Tensor> &operands);
Results evaluateAttention(mlir::Operation *op, const std::vector<Tensor> &operands);
Results evaluateRandom(mlir::Operation *op, const std::vector<Tensor> &operands);
Results evaluateScan(mlir::Operation *op, const std::vector<Tensor> &operands);
/// Parts cut at a place that is a number: what becomes of dist.take_shard in kernels.
Results evaluateCuts(mlir::Operation *op, const std::vector<Tensor> &operands);

inline mlir::Type elementOf(mlir::Value value) {
  return mlir::cast<mlir::RankedTensorType>(value.getType()).getElementType();
}
inline bool isInteger(mlir::Value value) { return mlir::isa<mlir::IntegerType>(elementOf(value)); }

/// Zeros of a value's shape.
inline Tensor zerosOf(mlir::Value value) {
  return Tensor::ofShape(mlir::cast<mlir::RankedTensorType>(value.getType()).getShape());
}

/// The nearest place that a dimension of `size` has.
inline std::int64_t clamped(double place, std::int64_t size) {
  return static_cast<std::int64_t>(std::fmin(std::fmax(place, 0), double(size - 1)));
}

/// A shape as rows along one dimension: element `k` of row (before, after).
struct RowsAlong {
  RowsAlong(const std::vector<std::int64_t> &shape, std::int64_t dim) : size(shape[dim]) {
    for (std::int64_t i = 0; i < std::int64_t(shape.size()); ++i)
      (i < dim ? before : after) *= i == dim ? 1 : shape[i];
  }
  std::int64_t at(std::int64_t outer, std::int64_t k, std::int64_t inner) const {
    return (outer * size + k) * after + inner;
  }
  template <typename Body> void forEach(Body body) const {
    for (std::int64_t outer = 0; outer < before; ++outer)
      for (std::int64_t inner = 0; inner < after; ++inner)
        body(outer, inner);
  }
  std::int64_t size, before = 1, after = 1;
};

} // namespace weft::reference

//===- NnChecks.h - What the verifiers of nn's ops share ------------------===//
//
// Each reports at the op where it fails, with what was found and what was wanted.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/nn/Nn.h"

namespace weft::nn {

mlir::RankedTensorType typeOf(mlir::Value value);

/// A shape for messages: `4x8`, or `no dimensions`.
std::string textOf(mlir::ArrayRef<std::int64_t> shape);

/// `what` is a result or an operand: "result", "output".
mlir::LogicalResult shapeIs(mlir::Operation *op, mlir::RankedTensorType found, mlir::ArrayRef<std::int64_t> wanted,
                            mlir::StringRef what = "result");

mlir::LogicalResult sameElements(mlir::Operation *op, mlir::RankedTensorType found, mlir::RankedTensorType wanted);

/// Whether `dim` is a dimension of a tensor of `rank` dimensions.
mlir::LogicalResult dimIsWithin(mlir::Operation *op, std::int64_t dim, std::int64_t rank);

/// Whether `dims` increases strictly within `rank`.
mlir::LogicalResult increasing(mlir::Operation *op, mlir::ArrayRef<std::int64_t> dims, std::int64_t rank);

} // namespace weft::nn

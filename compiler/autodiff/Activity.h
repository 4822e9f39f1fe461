//===- Activity.h - Which values a derivative has to do with --------------===//
//
// A value is varied where it depends on what the derivative is by, and reached
// where the differentiated value depends on it and it is of floats. Only ops
// between are differentiated: a constant operand, a mask, a second output cost
// nothing.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/nn/Nn.h"
#include "llvm/ADT/DenseSet.h"

namespace weft::autodiff {

using Values = llvm::DenseSet<mlir::Value>;

bool isFloat(mlir::Value value);

/// Adds to `varied` what in `block` depends on what is there, bodies of scans included. A scan's result is varied only
/// if it depends on an operand that is.
void spreadVaried(mlir::Block &block, Values &varied);

/// Adds to `reached` what in `block` is varied and of floats, and needed for what is there. Bodies of scans are walked,
/// and the operands that they need are in `reached`.
void spreadReached(mlir::Block &block, const Values &varied, Values &reached);

/// The same for one scan, whose results are in `reached` already; afterwards the arguments of its body are besides.
void spreadReached(nn::ScanOp scan, const Values &varied, Values &reached);

} // namespace weft::autodiff

//===- Gradients.h - Derivatives against differences of the oracle --------===//
#pragma once

#include "test/reference/nn/Losses.h"
#include "test/reference/nn/OpCases.h"

#include "mlir/IR/BuiltinOps.h"

#include <gtest/gtest.h>

#include <string>

namespace weft::test {

using reference::Comparison;
using reference::FunctionCase;
using reference::makeLoss;

inline std::string nameOf(const ::testing::TestParamInfo<FunctionCase> &info) { return info.param.name; }

/// A context that knows the dialects of tensor programs.
mlir::MLIRContext &tensorContext();

/// Adds @gradient (reference::addGradient) and differentiates it.
mlir::LogicalResult differentiate(mlir::ModuleOp module, mlir::func::FuncOp loss, unsigned wrt,
                                  std::uint64_t memoryLimitBytes = 0);

/// Compares @gradient of a differentiated module with differences of @loss.
Comparison compareWithDifferences(mlir::ModuleOp module, unsigned wrt, const std::vector<reference::Tensor> &inputs,
                                  unsigned directions, std::uint64_t seed);

} // namespace weft::test

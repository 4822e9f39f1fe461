//===- Gradients.h - Derivatives against differences of the oracle --------===//
#pragma once

#include "test/reference/nn/Interpreter.h"

#include "mlir/IR/BuiltinOps.h"

#include <gtest/gtest.h>

#include <string>

namespace weft::test {

/// A test of one function, as text.
struct FunctionCase {
  const char *name;
  const char *function;
};
inline void PrintTo(const FunctionCase &function, std::ostream *out) { *out << function.name; }
inline std::string nameOf(const ::testing::TestParamInfo<FunctionCase> &info) { return info.param.name; }

/// A context that knows the dialects of tensor programs.
mlir::MLIRContext &tensorContext();

/// Makes the first result of `function` a value that can be differentiated: the sum of its elements times fixed weights
/// in [-1, 1], after which other results are dropped.
void makeLoss(mlir::func::FuncOp function);

/// Adds to the module a function @gradient of the arguments of `loss` that gives its value and the derivatives by the
/// first `wrt`, and differentiates it.
mlir::LogicalResult differentiate(mlir::ModuleOp module, mlir::func::FuncOp loss, unsigned wrt,
                                  std::uint64_t memoryLimitBytes = 0);

struct Comparison {
  double worst = 0;      ///< Largest |derivative - difference| over the scale of the derivatives.
  unsigned compared = 0; ///< Directions that were compared,
  unsigned atKinks = 0;  ///< and those left out, where differences of two step sizes disagree.
};

/// Compares @gradient of a differentiated module with central differences of @loss, in float64: along each element of
/// each of the first `wrt` arguments, or along `directions` random ones where that is not 0.
Comparison compareWithDifferences(mlir::ModuleOp module, unsigned wrt, const std::vector<reference::Tensor> &inputs,
                                  unsigned directions, std::uint64_t seed);

} // namespace weft::test

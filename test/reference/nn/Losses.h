//===- Losses.h - Functions to be differentiated, and differences ---------===//
#pragma once

#include "test/reference/nn/Interpreter.h"

#include "mlir/IR/BuiltinOps.h"

namespace weft::reference {

/// Makes the first result of `function` a value that can be differentiated: the sum of its elements times fixed weights
/// in [-1, 1], after which other results are dropped. It is called @loss then.
void makeLoss(mlir::func::FuncOp function);

/// Adds to the module a function @gradient of the arguments of `loss` that gives its value and the derivatives by the
/// first `wrt`: one nn.value_and_grad.
mlir::func::FuncOp addGradient(mlir::ModuleOp module, mlir::func::FuncOp loss, unsigned wrt);

struct Comparison {
  double worst = 0;      ///< Largest |derivative - difference| over the scale of the derivatives.
  unsigned compared = 0; ///< Directions that were compared,
  unsigned atKinks = 0;  ///< and those left out, where differences of two step sizes disagree.
};

/// Compares `gradients`, the derivatives of `loss` by its first arguments, with its central differences at `inputs`, in
/// float64: along each element of each argument, or along `directions` random ones where that is not 0.
Comparison compareWithDifferences(mlir::func::FuncOp loss, mlir::ArrayRef<Tensor> gradients,
                                  const std::vector<Tensor> &inputs, unsigned directions, std::uint64_t seed);

} // namespace weft::reference

//===- Interpreter.h - nn computed in float64, element by element ---------===//
//
// The oracle of tensor programs: every op by its definition, in float64, with
// libm's functions and sums in order. It shares nothing with the compiler: no
// linalg, no folding, no polynomial. Integers are kept exactly as far as float64
// does (2^53); bools are 0 and 1; what is of bf16 or f16 is rounded to it.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <vector>

namespace weft::reference {

struct Tensor {
  std::vector<std::int64_t> shape;
  std::vector<double> elements; ///< Row-major.

  static Tensor ofShape(mlir::ArrayRef<std::int64_t> shape);
  std::int64_t count() const { return static_cast<std::int64_t>(elements.size()); }
};

/// The results of one op of nn, or of a call; marks and changes of layout (dist.constrain, dist.reshard) change no
/// value. Another op ends the test process: the oracle must not guess.
std::vector<Tensor> evaluate(mlir::Operation *op, const std::vector<Tensor> &operands);

/// The results of a function on whole tensors.
std::vector<Tensor> evaluate(mlir::func::FuncOp function, const std::vector<Tensor> &inputs);

/// What the terminator of a block gives (func.return, nn.yield), its arguments being `inputs`.
std::vector<Tensor> evaluate(mlir::Block &block, const std::vector<Tensor> &inputs);

/// |a - b| / max(|b|, tiny) with the Euclidean norm over all elements; infinity where shapes or NaN places differ.
double distance(const Tensor &a, const Tensor &b);

/// Row-major place of `index` in a tensor of `shape`, and back.
std::int64_t placeOf(mlir::ArrayRef<std::int64_t> index, mlir::ArrayRef<std::int64_t> shape);
std::vector<std::int64_t> indexOf(std::int64_t place, mlir::ArrayRef<std::int64_t> shape);

} // namespace weft::reference

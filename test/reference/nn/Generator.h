//===- Generator.h - Random tensor programs from a seed -------------------===//
#pragma once

#include "test/reference/nn/Interpreter.h"

#include "mlir/IR/BuiltinOps.h"

#include <random>

namespace weft::reference {

struct GeneratorOptions {
  unsigned ops = 8;
  bool marks = false;   ///< Random dist.constrain on @grid {a = 2, b = 2}, which is then in the module.
  bool doubles = false; ///< f64 instead of f32.
  bool loops = false;   ///< nn.scan too, in each other's bodies as well.
};

/// A module with one function @f of two or three arguments and one or two results. The same seed gives the same module
/// on every machine. Values stay in a range where float32 is well conditioned: arguments of exp are bounded, divisors
/// are positive.
mlir::OwningOpRef<mlir::ModuleOp> generate(mlir::MLIRContext &context, std::uint64_t seed, GeneratorOptions options);

/// Arguments for a function, in [-2, 2), from the seed; rounded to f32 where that is the element type.
std::vector<Tensor> randomInputs(mlir::func::FuncOp function, std::uint64_t seed);

} // namespace weft::reference

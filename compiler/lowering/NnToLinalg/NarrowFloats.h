//===- NarrowFloats.h - bf16 and f16 to f32 and back ----------------------===//
//
// By moves of bits: the conversions of the compiler's back end call a library where
// the ISA has no instruction for them.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"

namespace weft::lowering {

/// A bf16 or f16 as f32; exact.
mlir::Value widenFloat(mlir::OpBuilder &builder, mlir::Location place, mlir::Value value);

/// An f32 or f64 as bf16 or f16, rounded once to nearest, ties to even; NaN stays NaN, and what is too large is
/// infinity.
mlir::Value narrowFloat(mlir::OpBuilder &builder, mlir::Location place, mlir::Value value, mlir::FloatType to);

} // namespace weft::lowering

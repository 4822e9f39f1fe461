//===- Nn.h - Tensor programs on whole values -----------------------------===//
#pragma once

#include "dialects/base/Base.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialects/nn/NnDialect.h.inc"
#include "dialects/nn/NnEnums.h.inc"
#include "dialects/nn/ScanBody.h"
#define GET_OP_CLASSES
#include "dialects/nn/NnOps.h.inc"

namespace weft::nn {

/// How many operands a kind takes: 1 or 2.
unsigned arity(ElementwiseKind kind);

/// Whether a kind is defined on f32 and f64 only.
bool isFloatKind(ElementwiseKind kind);

/// The sum over `dims` times 1/count, as two or three ops. `input` is of f32 or f64; `dims` as for nn.reduce.
mlir::Value buildMean(mlir::OpBuilder &builder, mlir::Location location, mlir::Value input,
                      mlir::ArrayRef<std::int64_t> dims);

/// `input` repeated to `shape` by NumPy's rule: shapes are aligned at their last dimensions, and a dimension of size 1
/// is repeated. Null, with no op built, where the shapes do not fit. Builds nothing where the shape is right already.
mlir::Value buildBroadcastTo(mlir::OpBuilder &builder, mlir::Location location, mlir::Value input,
                             mlir::ArrayRef<std::int64_t> shape);

/// One of the `count` slices of a stacked tensor, and the tensor that stacks `count` slices; both without an encoding.
mlir::RankedTensorType sliceType(mlir::RankedTensorType stacked);
mlir::RankedTensorType stackedType(mlir::RankedTensorType slice, std::int64_t count);

} // namespace weft::nn

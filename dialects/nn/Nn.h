//===- Nn.h - Tensor programs on whole values -----------------------------===//
#pragma once

#include "dialects/base/Base.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialects/nn/NnDialect.h.inc"
#include "dialects/nn/NnEnums.h.inc"
#include "dialects/nn/ScanBody.h"
#define GET_OP_CLASSES
#include "dialects/nn/NnOps.h.inc"

namespace weft::nn {

/// The attribute of a function of token ids [1, S] and more that gives logits [1, S, V]: it is asked position by
/// position, so many at a time as `chunks` says; see weft-make-decoders.
inline constexpr llvm::StringLiteral sequenceAttrName = "nn.sequence";

/// How many operands a kind takes: 1 or 2.
unsigned arity(ElementwiseKind kind);

/// Whether a kind is defined on float types only.
bool isFloatKind(ElementwiseKind kind);

/// What a product multiplies, read with its transpositions: [m, k] by [rightRows, n]; in a valid op rightRows is k.
struct MatmulSizes {
  std::int64_t m, n, k, rightRows;
};
MatmulSizes matmulSizes(MatmulOp op);

/// A constant of equal elements; `value` is rounded to the element type, the low bits of an integer kept.
mlir::Value buildSplat(mlir::OpBuilder &builder, mlir::Location location, mlir::RankedTensorType type, double value);

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

/// `ids`, of i32 or i64, with a last dimension of `count` elements: 1 (true) at the id, 0 elsewhere; all 0 for an id
/// out of range. `element` is any type that nn.cast converts i1 to.
mlir::Value buildOneHot(mlir::OpBuilder &builder, mlir::Location location, mlir::Value ids, std::int64_t count,
                        mlir::Type element);

/// Turns pairs of columns by an angle that grows with the place along `dim` (rotary position embedding). Heads are
/// consecutive columns of the last dimension; in a head of 2n columns, columns i and n + i are turned by
/// (place + start) * base^(-i/n) radians. `start` is a tensor<i32>, or null for 0. Angles are computed in f32, in f64
/// for f64. Null, with no op built, where `dim` is not before the last dimension or heads do not have an even number of
/// columns each.
mlir::Value buildRope(mlir::OpBuilder &builder, mlir::Location location, mlir::Value input, std::int64_t dim,
                      std::int64_t heads, double base, mlir::Value start = {});

} // namespace weft::nn

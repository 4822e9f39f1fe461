//===- Loops.h - What the linalg forms are made of ------------------------===//
//
// Loop nests over whole tensors whose body computes one element. Types are static and
// carry no encoding.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/nn/Nn.h"
#include "mlir/IR/AffineMap.h"

namespace weft::lowering {

using Values = mlir::FailureOr<mlir::SmallVector<mlir::Value>>;
using ElementBody = mlir::function_ref<mlir::Value(mlir::OpBuilder &, mlir::Location, mlir::ValueRange)>;

inline mlir::RankedTensorType typeOf(mlir::Value value) { return mlir::cast<mlir::RankedTensorType>(value.getType()); }

/// A tensor without contents.
mlir::Value emptyOf(mlir::OpBuilder &builder, mlir::Location place, mlir::RankedTensorType type);

/// A tensor of equal elements; `element` is signless.
mlir::Value filled(mlir::OpBuilder &builder, mlir::Location place, mlir::RankedTensorType type,
                   mlir::TypedAttr element);

/// The map from the loops of a nest to the dimensions of an operand: dimension i is loop `loops[i]`.
mlir::AffineMap mapOf(mlir::MLIRContext *context, std::int64_t loopCount, mlir::ArrayRef<std::int64_t> loops);

/// All dimensions of `rank` but `dim`, in order.
mlir::SmallVector<std::int64_t> dimsBut(std::int64_t rank, std::int64_t dim);

/// One loop nest over `output`; `body` gives an element from one element of each input.
mlir::Value mapped(mlir::OpBuilder &builder, mlir::Location place, mlir::RankedTensorType output,
                   mlir::ValueRange inputs, mlir::ArrayRef<mlir::AffineMap> inputMaps, ElementBody body);

/// The same where every input has the shape of `output`.
mlir::Value mappedAlike(mlir::OpBuilder &builder, mlir::Location place, mlir::RankedTensorType output,
                        mlir::ValueRange inputs, ElementBody body);

/// One loop nest of `loopCount` loops, of which those in `outputLoops` are the dimensions of `output`, in order; the
/// others are combined. `body` gives a term from one element of each input. Sums may be made in any order, so that they
/// are made in vectors.
mlir::Value contracted(mlir::OpBuilder &builder, mlir::Location place, mlir::RankedTensorType output,
                       std::int64_t loopCount, mlir::ArrayRef<std::int64_t> outputLoops, mlir::ValueRange inputs,
                       mlir::ArrayRef<mlir::AffineMap> inputMaps, ReduceKind kind, ElementBody body);

/// Combines `input` over `dims`.
mlir::Value reduced(mlir::OpBuilder &builder, mlir::Location place, mlir::RankedTensorType output, mlir::Value input,
                    mlir::ArrayRef<std::int64_t> dims, ReduceKind kind);

/// The same elements in another shape, through one dimension where shapes do not nest.
mlir::Value reshaped(mlir::OpBuilder &builder, mlir::Location place, mlir::Value input, mlir::RankedTensorType output);

/// Each element converted as by nn.cast.
mlir::Value converted(mlir::OpBuilder &builder, mlir::Location place, mlir::Value input, mlir::Type element);

/// An integer as an index of a dimension of `size`, moved to the nearest one that it has.
mlir::Value clampedIndex(mlir::OpBuilder &builder, mlir::Location place, mlir::Value integer, std::int64_t size);

/// The form of an op that computes: `Form::build(Op, builder, operands)` sees operands of bf16 and f16 as f32, and what
/// it gives is converted to the types of the op's results.
template <typename Form, typename Op>
struct ComputingForm : LinalgFormInterface::ExternalModel<ComputingForm<Form, Op>, Op> {
  Values buildLinalg(mlir::Operation *op, mlir::OpBuilder &builder, mlir::ValueRange operands) const {
    mlir::SmallVector<mlir::Value> wide;
    for (mlir::Value operand : operands) {
      mlir::Type element = typeOf(operand).getElementType();
      bool isNarrow = mlir::isa<mlir::FloatType>(element) && element.getIntOrFloatBitWidth() < 32;
      wide.push_back(isNarrow ? converted(builder, op->getLoc(), operand, builder.getF32Type()) : operand);
    }
    mlir::SmallVector<mlir::Value> results = Form::build(mlir::cast<Op>(op), builder, wide);
    for (auto [result, wanted] : llvm::zip(results, op->getResultTypes()))
      result = converted(builder, op->getLoc(), result, mlir::cast<mlir::RankedTensorType>(wanted).getElementType());
    return results;
  }
};

/// The form of an op that moves elements of any type.
template <typename Form, typename Op> struct MovingForm : LinalgFormInterface::ExternalModel<MovingForm<Form, Op>, Op> {
  Values buildLinalg(mlir::Operation *op, mlir::OpBuilder &builder, mlir::ValueRange operands) const {
    return mlir::SmallVector<mlir::Value>{Form::build(mlir::cast<Op>(op), builder, operands)};
  }
};

} // namespace weft::lowering

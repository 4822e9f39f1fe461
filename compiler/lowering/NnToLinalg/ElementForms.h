//===- ElementForms.h - What is computed of single elements ---------------===//
#pragma once

#include "dialects/nn/Nn.h"

namespace weft::lowering {

/// One element of an nn.elementwise of `kind`, f32, f64, i32 or i64.
mlir::Value applyElementwise(mlir::OpBuilder &builder, mlir::Location place, nn::ElementwiseKind kind,
                             mlir::ValueRange operands);

/// The neutral element of a reduction: what `combine` leaves as it is.
mlir::TypedAttr startOf(mlir::OpBuilder &builder, ReduceKind kind, mlir::Type element);

/// One step of a reduction. Steps of a sum may be reordered.
mlir::Value combine(mlir::OpBuilder &builder, mlir::Location place, ReduceKind kind, mlir::Value a, mlir::Value b);

/// One element of an nn.compare, an i1.
mlir::Value compareElements(mlir::OpBuilder &builder, mlir::Location place, nn::CompareKind kind, mlir::Value a,
                            mlir::Value b);

/// One element of an nn.cast.
mlir::Value convertElement(mlir::OpBuilder &builder, mlir::Location place, mlir::Value value, mlir::Type to);

} // namespace weft::lowering

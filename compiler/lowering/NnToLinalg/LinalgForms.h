//===- LinalgForms.h - What nn's ops compute, as linalg -------------------===//
#pragma once

namespace mlir {
class DialectRegistry;
class MLIRContext;
} // namespace mlir

namespace weft::lowering {

/// Attaches LinalgFormInterface to every op of nn when the dialect is loaded in a context made with `registry`.
void registerLinalgForms(mlir::DialectRegistry &registry);

/// Its parts, each a file: to a context in which nn is loaded.
void attachElementwiseForms(mlir::MLIRContext &context);
void attachMoveForms(mlir::MLIRContext &context);
void attachRowForms(mlir::MLIRContext &context);
void attachOrderForms(mlir::MLIRContext &context);
void attachAttentionForms(mlir::MLIRContext &context);
void attachRandomForms(mlir::MLIRContext &context);

} // namespace weft::lowering

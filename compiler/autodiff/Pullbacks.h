//===- Pullbacks.h - The derivatives of nn's ops, by op -------------------===//
//
// Attached from outside, as the linalg forms are: dialects/nn says what an op is,
// and each concern that needs more of it brings that itself. A plugin's op
// implements DifferentiableInterface in either way.
//
//===----------------------------------------------------------------------===//
#pragma once

namespace mlir {
class DialectRegistry;
class MLIRContext;
} // namespace mlir

namespace weft::autodiff {

/// Attaches DifferentiableInterface to the ops of nn and to dist.constrain when their dialects are loaded.
void registerPullbacks(mlir::DialectRegistry &registry);

/// One group each, in the file of its name.
void attachElementwisePullbacks(mlir::MLIRContext &context);
void attachMovePullbacks(mlir::MLIRContext &context);
void attachProductPullbacks(mlir::MLIRContext &context);
void attachRowPullbacks(mlir::MLIRContext &context);

} // namespace weft::autodiff

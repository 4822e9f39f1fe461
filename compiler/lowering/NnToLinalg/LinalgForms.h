//===- LinalgForms.h - What nn's ops compute, as linalg -------------------===//
#pragma once

namespace mlir {
class DialectRegistry;
}

namespace weft::lowering {

/// Attaches LinalgFormInterface to every op of nn when the dialect is loaded in a context made with `registry`.
void registerLinalgForms(mlir::DialectRegistry &registry);

} // namespace weft::lowering

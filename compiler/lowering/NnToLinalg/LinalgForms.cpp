//===- LinalgForms.cpp - What nn's ops compute, as linalg -----------------===//
//
// Attached from outside so that dialects/nn needs no heavy header. Forms are
// plain: loops over whole tensors with the body of one element; tiling, fusion and
// vectorisation are the target's.
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/NnToLinalg/LinalgForms.h"

#include "dialects/nn/Nn.h"

namespace weft::lowering {

void registerLinalgForms(mlir::DialectRegistry &registry) {
  registry.addExtension(+[](mlir::MLIRContext *context, nn::NnDialect *) {
    attachElementwiseForms(*context);
    attachMoveForms(*context);
    attachRowForms(*context);
    attachOrderForms(*context);
    attachAttentionForms(*context);
    attachRandomForms(*context);
  });
}

} // namespace weft::lowering

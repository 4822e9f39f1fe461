//===- Passes.h - Fewer bytes between slots -------------------------------===//
#pragma once

#include "mlir/Pass/Pass.h"

#include <memory>

namespace mlir::func {
class FuncOp;
}

namespace weft {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "compiler/communication/Passes.h.inc"

} // namespace weft

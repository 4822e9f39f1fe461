//===- Passes.h - Which ops run in one kernel -----------------------------===//
#pragma once

#include "mlir/Pass/Pass.h"

#include <memory>

namespace mlir::func {
class FuncOp;
}

namespace weft {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "compiler/fusion/Passes.h.inc"

} // namespace weft

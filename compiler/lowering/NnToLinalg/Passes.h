//===- Passes.h - From tensor ops to loops over elements ------------------===//
#pragma once

#include "mlir/Pass/Pass.h"

#include <memory>

namespace mlir::func {
class FuncOp;
}

namespace weft {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "compiler/lowering/NnToLinalg/Passes.h.inc"

} // namespace weft

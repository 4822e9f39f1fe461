//===- Passes.h - From marked tensors to one program per slot -------------===//
#pragma once

#include "mlir/Pass/Pass.h"

#include <memory>

namespace mlir::func {
class FuncOp;
}

namespace weft {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "compiler/sharding/Passes.h.inc"

} // namespace weft

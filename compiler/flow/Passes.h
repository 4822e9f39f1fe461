//===- Passes.h - Passes over workflows -----------------------------------===//
#pragma once

#include "dialects/expr/Expr.h"
#include "dialects/flow/Flow.h"
#include "mlir/Pass/Pass.h"

namespace weft {
#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "compiler/flow/Passes.h.inc"
} // namespace weft

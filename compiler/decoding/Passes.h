//===- Passes.h - A model of whole sequences answers position by position -===//
#pragma once

#include "mlir/Pass/Pass.h"

#include <memory>

namespace weft {

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "compiler/decoding/Passes.h.inc"

} // namespace weft

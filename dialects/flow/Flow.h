//===- Flow.h - Workflows as regions of steps -----------------------------===//
#pragma once

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/RegionKindInterface.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialects/flow/FlowDialect.h.inc"
#include "dialects/flow/FlowEnums.h.inc"
#define GET_ATTRDEF_CLASSES
#include "dialects/flow/FlowAttrs.h.inc"
#define GET_TYPEDEF_CLASSES
#include "dialects/flow/FlowTypes.h.inc"

namespace weft::flow {

/// Whether it changes something outside.
inline bool writes(Effect effect) { return effect >= Effect::write_idempotent; }
/// What doing both does; two different kinds of write are a plain one.
Effect join(Effect left, Effect right);

} // namespace weft::flow

#include "dialects/flow/FlowInterfaces.h.inc"
#define GET_OP_CLASSES
#include "dialects/flow/FlowOps.h.inc"

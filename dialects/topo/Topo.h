//===- Topo.h - The machines and the meshes on them -----------------------===//
#pragma once

#include "dialects/base/Base.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/SymbolTable.h"

#include "dialects/topo/TopoDialect.h.inc"
#define GET_OP_CLASSES
#include "dialects/topo/TopoOps.h.inc"

namespace weft::topo {

/// More slots than this in one mesh are refused: a plan holds a role for each.
inline constexpr std::int64_t maxSlots = 65536;

/// A group is a set of axes, one bit each in the plan's 32.
inline constexpr std::size_t maxAxes = 32;

} // namespace weft::topo

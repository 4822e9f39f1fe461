//===- Expr.h - The pure values of workflows ------------------------------===//
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

#include <optional>

namespace weft::expr {

/// What a value is; written in types as the spelling in `spelling`.
enum class Kind : std::uint8_t {
  none,
  boolean,
  integer,
  real,
  string,
  bytes,
  json,
  duration,
  size,
  money,
  file,
  rng,
  list,     ///< one element
  map,      ///< one element; keys are strings
  optional, ///< one element
  tuple,    ///< elements
  named,    ///< symbol of an expr.type
  function, ///< parameters, then the result
  agent,    ///< parameters, then the result
  parsed,   ///< one element: what expr.parse gives, a value or the text of an error
};

/// "int", "list", "fn".
llvm::StringRef spelling(Kind kind);

} // namespace weft::expr

#include "dialects/expr/ExprDialect.h.inc"
#include "dialects/expr/ExprEnums.h.inc"
#define GET_ATTRDEF_CLASSES
#include "dialects/expr/ExprAttrs.h.inc"
#define GET_TYPEDEF_CLASSES
#include "dialects/expr/ExprTypes.h.inc"

namespace weft::expr {

/// Whether the type is a value type of that kind.
inline bool isKind(mlir::Type type, Kind kind) {
  auto value = llvm::dyn_cast<ValueType>(type);
  return value && value.getKind() == kind;
}

// Makers of types.
ValueType simple(mlir::MLIRContext *context, Kind kind);
/// list, map, optional or parsed of one element.
ValueType of(Kind kind, mlir::Type element);
ValueType named(mlir::MLIRContext *context, llvm::StringRef symbol);

} // namespace weft::expr

#define GET_OP_CLASSES
#include "dialects/expr/ExprOps.h.inc"

//===- ConstantValue.h - Attributes of constants and runtime values -------===//
//
// The same facts in two forms: what IR prints, and what builtins compute with.
// The attribute describes itself, so neither way asks for the type.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/expr/Expr.h"
#include "runtime/base/ElementType.h"
#include "runtime/value/Value.h"

namespace weft::expr {

/// The value that a constant's attribute says; nothing for attributes that are no constant.
std::optional<value::Value> valueOf(mlir::Attribute attribute);

/// The attribute of a value; null where it has none (functions, files, rng, bytes).
mlir::Attribute attributeOf(mlir::MLIRContext *context, const value::Value &value);

/// What a tensor of these elements is made of; nothing for types that tensors of the language do not have. `ui8` is u8.
std::optional<base::ElementType> elementTypeOf(mlir::Type type);

} // namespace weft::expr

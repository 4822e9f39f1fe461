//===- Core.h - The core functions, by their definition -------------------===//
//
// Section 5 of the language, one function per signature of lang/sema's
// Builtins.def.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "test/reference/workflow/Value.h"

#include <functional>

namespace weft::reference::workflow {

/// Calls a value of function type.
using Apply = std::function<Value(const Value &function, Values arguments)>;

/// `result` is the type of the call, with type parameters replaced. `to_json` and `text` are not here: they need the
/// type of their argument. Throws Failure; Unsupported for what is no core function.
Value core(sema::BuiltinId id, const Values &arguments, sema::Type result, const Apply &apply);

/// `+ - * / %` and unary `-` of two values whose conversions are made.
Value arithmetic(syntax::BinaryOp op, const Value &left, const Value &right);
Value negated(const Value &value);

/// Throws Failure `failed` in the reference's own words.
[[noreturn]] void failed(const std::string &why);

/// Code points of a string in UTF-8.
std::u32string points(const std::string &text);
std::string utf8(const std::u32string &points);

Value listCore(sema::BuiltinId id, const Values &arguments, const Apply &apply, bool &known);
Value textCore(sema::BuiltinId id, const Values &arguments, bool &known);
Value numberCore(sema::BuiltinId id, const Values &arguments, sema::Type result, bool &known);

} // namespace weft::reference::workflow

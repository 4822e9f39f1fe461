//===- TypedJson.h - Values to JSON and back, and the text of `${}` -------===//
//
// Section 3 of the language: what a type looks like as JSON. `where`s are not
// looked at here; Interpreter::checkAll does that on what was read.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "test/reference/workflow/Json.h"
#include "test/reference/workflow/Value.h"

namespace weft::reference::workflow {

/// `value` is of `type`; type parameters of a generic `fn` are looked up in `scope` (may be null).
Json toJson(const Value &value, sema::Type type, const Scope *scope = nullptr);

/// Throws Failure `schema` with the place where the document is none of the type. `dropUnknown`: fields that a record
/// does not have are passed over, as in answers of tools.
Value fromJson(const Json &json, sema::Type type, bool dropUnknown = false, const std::string &place = "$");

/// Any document as a value of type json, and back.
Value jsonValue(const Json &json);
Json jsonOf(const Value &value);

/// What `${}` and `text(x)` give.
std::string textOf(const Value &value, sema::Type type, const Scope *scope = nullptr);

} // namespace weft::reference::workflow

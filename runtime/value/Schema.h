//===- Schema.h - The JSON Schema of a type -------------------------------===//
//
// What models are asked to answer with, and what MCP tools and A2A cards carry:
// JSON Schema 2020-12, derived from nothing but the type table.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Result.h"
#include "runtime/value/Types.h"

#include <span>
#include <string>

namespace weft::value {

/// Every value that toJson writes for `type` satisfies it, ints beyond 2^53 aside, which JSON Schema's integer cannot
/// say. Named types inside stand once under "$defs". Documentation and `where` texts are descriptions. One line,
/// stable. Functions, agents, rng and state have no JSON: `unsupported`, with the path.
base::Result<std::string> schemaOf(TypeId type, const TypeTable &types);

/// The schema of an argument object: one property per field; without "?" they are required, but for those in `mayMiss`.
base::Result<std::string> schemaOfFields(std::span<const Field> fields, const TypeTable &types,
                                         std::span<const std::string> mayMiss = {});

} // namespace weft::value

//===- ExtractiveDriver.h - The built-in model behind a binding -----------===//
#pragma once

#include "runtime/agent/PoolDriver.h"
#include "runtime/plan/Plan.h"

namespace weft::agent {

/// Calls of a model member have three arguments: system, prompt, and the JSON Schema of the answer, "" for a text. The
/// schema is one that `value::schemaOf` made, and names a type of the plan: its `where`s are checked by the plan's own
/// code before the answer leaves, so that no repair is ever asked for.
/// Failures: `schema` where nothing in the prompt satisfies the type, `refused` for a type that no text can fill or a
/// schema that is none of the plan's, `budget` where the shortest answer is longer than `maxTokensOut`.
std::unique_ptr<Driver> makeExtractiveDriver(io::Doors &doors, std::shared_ptr<const plan::Plan> plan,
                                             std::uint32_t binding);

} // namespace weft::agent

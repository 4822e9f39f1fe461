//===- Tests.h - Names of what tests ask ----------------------------------===//
//
// A test asks about its calls, and what answers is the harness that runs it.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/StringRef.h"

namespace weft::flow {

/// Provider of a binding whose member is called, or counted, in place of an agent or a workflow.
inline constexpr llvm::StringLiteral mockProvider = "mock";

/// Provider of a binding whose member is a question about the test's calls. It stands between all calls above it and
/// all below it, whatever they call.
inline constexpr llvm::StringLiteral asksProvider = "asks";

/// On `flow.scope`: what is emitted in the body stays in it, and is what the op gives in place of the body's value.
inline constexpr llvm::StringLiteral emittedName = "flow.emitted";

} // namespace weft::flow

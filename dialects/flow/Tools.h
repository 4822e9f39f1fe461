//===- Tools.h - Members that a model may have called first ---------------===//
//
// A `flow.member` of a model may carry the attribute `flow.tools`, a list of
// symbol paths. Before the model answers it may have any of these members called,
// so the member's effect is the join with theirs; `weft-verify-flow` proves it.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/StringRef.h"

namespace weft::flow {

inline constexpr llvm::StringLiteral toolsName = "flow.tools";

} // namespace weft::flow

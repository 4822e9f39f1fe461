//===- Tools.h - Calls that reach further than their member ---------------===//
//
// A `flow.member` of a model may carry the attribute `flow.tools`, a list of
// symbol paths. Before the model answers it may have any of these members called,
// so the member's effect is the join with theirs; `weft-verify-flow` proves it.
// Who writes a file of weights writes what other bindings read.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/StringRef.h"

namespace weft::flow {

inline constexpr llvm::StringLiteral toolsName = "flow.tools";

/// Providers of bindings that read files of weights: what `weights` and `save` call, and models made of a tensor
/// function.
inline constexpr llvm::StringLiteral weightsProvider = "safetensors";
inline constexpr llvm::StringLiteral compiledProvider = "compiled";

} // namespace weft::flow

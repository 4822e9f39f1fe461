//===- Tensors.h - Tensor functions in float64, by their definition -------===//
//
// The tree of a `fn` with tensors, element by element, with the C library's
// functions and sums in order: what the compiled kernels must come near to.
// Marks of sharding change no value.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "test/reference/workflow/Value.h"

namespace weft::reference::workflow {

/// The result of the tensor function on whole tensors. Throws Unsupported for an operation that is not here.
Value tensorCall(const sema::CheckedProgram &program, const sema::Symbol *fn, const Values &arguments);

} // namespace weft::reference::workflow

//===- DerivedIds.h - Names of steps that passes make ---------------------===//
#pragma once

#include "dialects/flow/Flow.h"

namespace weft {

/// An id made of two: the same in each compilation.
std::int64_t idOfBoth(std::int64_t first, std::int64_t second);

/// The id of what stands for `step` as its `part`; null where the step has none.
mlir::IntegerAttr derivedId(mlir::Operation *step, llvm::StringRef part);

} // namespace weft

//===- Beforehand.h - What forward turns compute for their derivative -----===//
#pragma once

#include "dialects/nn/Nn.h"

namespace weft::autodiff {

/// Before residuals are chosen: what `backward` computes of values of the forward body alone, by a dear function, is
/// moved to the end of that body where it takes no more room than what else would be kept for it. The slope of gelu is
/// an example: kept instead of gelu's operand, it needs no second error function.
void moveBeforehand(nn::ScanOp forward, mlir::Block &backward, llvm::MutableArrayRef<mlir::Value> yielded);

} // namespace weft::autodiff

//===- OpCases.h - A function for each op that has a derivative -----------===//
#pragma once

#include "test/unit/compiler/autodiff/Gradients.h"

#include "llvm/ADT/ArrayRef.h"

namespace weft::test {

/// One function each, whose arguments are all of floats, in f64; randomInputs of seed 7 are not near a kink.
llvm::ArrayRef<FunctionCase> elementwiseCases();
llvm::ArrayRef<FunctionCase> matmulCases();
llvm::ArrayRef<FunctionCase> rowCases();
llvm::ArrayRef<FunctionCase> moveCases();
llvm::ArrayRef<FunctionCase> otherCases();
std::vector<FunctionCase> allOpCases();

} // namespace weft::test

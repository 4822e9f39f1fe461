//===- OpCases.h - A function for each op that has a derivative -----------===//
#pragma once

#include "llvm/ADT/ArrayRef.h"

#include <ostream>
#include <vector>

namespace weft::reference {

/// One function, as text, to be tried.
struct FunctionCase {
  const char *name;
  const char *function;
};

inline void PrintTo(const FunctionCase &function, std::ostream *out) { *out << function.name; }

/// One function each, whose arguments are all of floats, in f64; randomInputs of seed 7 are not near a kink.
llvm::ArrayRef<FunctionCase> elementwiseCases();
llvm::ArrayRef<FunctionCase> matmulCases();
llvm::ArrayRef<FunctionCase> rowCases();
llvm::ArrayRef<FunctionCase> moveCases();
llvm::ArrayRef<FunctionCase> otherCases();
llvm::ArrayRef<FunctionCase> scanCases();
/// All of them.
std::vector<FunctionCase> allOpCases();

} // namespace weft::reference

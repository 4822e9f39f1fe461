//===- ValueNumbers.h - Equal numbers, equal values -----------------------===//
//
// Two reads are equal if they ask the same of the same; what they are given may
// be written twice, in the same words. So pure ops are numbered by what they
// compute and calls by what they ask. Nothing is changed in the IR.
//
// Numbers are given in program order: an op's operands come before it. A scope
// holds the values of one body; the same body may be numbered in several
// scopes, each time with other arguments.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/flow/Flow.h"

#include "llvm/ADT/DenseMap.h"

#include <unordered_map>
#include <vector>

namespace weft::analysis {

class ValueNumbers {
public:
  using Number = unsigned;
  using Scope = llvm::DenseMap<mlir::Value, Number>;

  /// Of a value; one that was not numbered is equal to nothing else.
  Number of(mlir::Value value, Scope &scope);
  /// Of what `op` computes or asks: its name, attributes, types and bodies, and the numbers of what it is given. Ids of
  /// steps do not count. O(op and its bodies).
  Number ofOp(mlir::Operation *op, Scope &scope);
  /// Numbers the results of an op of `expr` or of a `flow.step`; those of other ops are left alone.
  void add(mlir::Operation *op, Scope &scope);

private:
  using Key = std::vector<std::uintptr_t>;
  struct Hash {
    std::size_t operator()(const Key &key) const;
  };
  void describe(mlir::Operation *op, Scope &outer, Scope &inner, Key &key);

  std::unordered_map<Key, Number, Hash> numbers;
  Number next = 0;
};

} // namespace weft::analysis

//===- TensorInstance.h - What a signature's open things are --------------===//
#pragma once

#include "lang/sema/CheckedProgram.h"

#include "mlir/IR/BuiltinTypes.h"

#include <map>
#include <vector>

namespace weft::lowering {

/// What the sizes that a signature leaves open are in one instance.
using TensorSizes = std::map<const sema::DimSymbol *, std::int64_t>;

/// The type of a tensor, or the layouts of what a record or tuple holds.
struct TensorLayout {
  mlir::RankedTensorType tensor; ///< Null of a record or tuple.
  std::vector<TensorLayout> fields;

  void flatten(llvm::SmallVectorImpl<mlir::Type> &types) const;
  /// Equal layouts have equal texts.
  std::string text() const;
};

/// A size in numbers, where the sizes of the signature stand for these; the largest number where 64 bits do not hold
/// it.
std::int64_t sizeOf(const sema::Dim &dim, const TensorSizes &sizes);
/// As programs write it: "f32[4, 8]".
std::string shown(mlir::RankedTensorType type);

/// Names of the tensors in a type, in order, as files of weights have them: "blocks.q"; "params" of a tensor alone.
std::vector<std::string> namesOf(sema::Type type);

/// What one instance of a tensor function is made for.
struct TensorInstance {
  TensorSizes sizes;
  std::map<sema::Type, TensorLayout> types;       ///< Of type parameters.
  std::map<const sema::Symbol *, double> numbers; ///< Of parameters and names that are numbers.
  std::map<const sema::DimSymbol *, llvm::SmallVector<std::int64_t>> shapes; ///< Of the tensors that `each` is at.
};

} // namespace weft::lowering

//===- MapBodies.h - What the items of a map have in common ---------------===//
#pragma once

#include "compiler/analysis/FlowEffects.h"

namespace weft {

/// Calls `visit` for each value that `op` or its bodies take from around it, until it gives false; what it gave last.
bool forEachTaken(mlir::Operation *op, llvm::function_ref<bool(mlir::Value)> visit);

/// Whether the bodies of a map are unordered among each other: its window is a constant and not 1, or not given. A
/// window that is known at run time only may be 1.
bool isUnordered(flow::MapOp map);

/// Whether a read in a body of the form may be made for all items of a map around it: bodies of `switch`, `try` and of
/// unordered maps. What stands in a round, a sample or an arm, or under a policy of its own, is a read of that. `why`
/// is set otherwise.
bool letsReadsOut(mlir::Operation *form, llvm::StringRef &why);

/// Values of a map's body that are the same for all of its items, as far as the body is walked in program order. Of a
/// map inside whose list is fixed, each item is the same for all items of the map around: what is fixed but for it is
/// fixed by that key.
class FixedValues {
public:
  FixedValues(flow::MapOp map, analysis::FlowEffects &effects) : inside(&map.getBody()), effects(effects) {}

  /// Whether all that `op` and its bodies take from around it are the same for all items.
  bool isFixed(mlir::Operation *op) const;
  /// The item of a map inside by which `op` is fixed; null where there is none, or more than one.
  mlir::Value keyOf(mlir::Operation *op) const;
  bool isFixed(mlir::Value value) const {
    return isOutside(value) || (value.getDefiningOp() && fixed.contains(value.getDefiningOp()));
  }
  /// To be told of each op before those below it. Pure ops of fixed values that cannot fail are fixed, and so is what a
  /// cell outside gives; by a key likewise.
  void visit(mlir::Operation *op);
  /// The ops inside the map that work out what `op` is given, in program order. False: more than `most`.
  bool sliceOf(mlir::Operation *op, std::size_t most, llvm::SmallVectorImpl<mlir::Operation *> &slice) const;

private:
  bool isOutside(mlir::Value value) const { return !inside->isAncestor(value.getParentRegion()); }

  mlir::Region *inside;
  analysis::FlowEffects &effects;
  llvm::DenseSet<mlir::Operation *> fixed;
  llvm::DenseSet<mlir::Value> keys;
  llvm::DenseMap<mlir::Operation *, mlir::Value> fixedBy;
};

} // namespace weft

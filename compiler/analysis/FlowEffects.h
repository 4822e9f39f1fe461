//===- FlowEffects.h - What a step touches, bodies and callees included ---===//
//
// The order of steps, merging and dropping all ask the same question: which
// bindings does this step read, which does it write. Calls say it themselves;
// forms do what their bodies do, and an invoke does what its callee can reach.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/flow/Flow.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/MapVector.h"

namespace weft::analysis {

/// What one step does, everything below it included.
struct Touch {
  flow::Effect effect = flow::Effect::pure;
  llvm::MapVector<mlir::StringAttr, flow::Effect> bindings; ///< By name, with what is done to each.
  bool chance = false;                                      ///< Asking twice may answer differently by intent.
  bool emits = false;
  bool fails = false; ///< A `fail` stands in it; any step may fail otherwise.

  bool writes() const { return flow::writes(effect); }
  void add(const Touch &other);
};

/// Computed on demand and kept; the IR must not change meanwhile.
class FlowEffects {
public:
  explicit FlowEffects(mlir::ModuleOp module) : symbols(module) {}

  /// Of any op of a workflow; expr ops touch nothing but may fail.
  const Touch &of(mlir::Operation *op);
  /// Of one activation of a workflow, whatever it invokes included.
  const Touch &ofWorkflow(flow::WorkflowOp workflow);

private:
  Touch compute(mlir::Operation *op, llvm::SmallPtrSetImpl<mlir::Operation *> &open);
  Touch computeBody(mlir::Operation *op, llvm::SmallPtrSetImpl<mlir::Operation *> &open);

  mlir::SymbolTable symbols;
  llvm::DenseMap<mlir::Operation *, Touch> known;
};

} // namespace weft::analysis

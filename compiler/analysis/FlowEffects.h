//===- FlowEffects.h - What a step touches, bodies and callees included ---===//
//
// The order of steps, merging and dropping all ask the same question: which
// bindings does this step read, which does it write. Calls say it themselves;
// forms do what their bodies do, and an invoke does what its callee can reach.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/flow/Flow.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"

#include <unordered_map>

namespace weft::analysis {

/// What one step does, everything below it included.
struct Touch {
  flow::Effect effect = flow::Effect::pure;
  llvm::MapVector<mlir::StringAttr, flow::Effect> bindings; ///< By name, with what is done to each.
  bool chance = false;                                      ///< Asking twice may answer differently, or is asked for.
  bool people = false;                                      ///< A person answers, whenever that is.
  bool emits = false;
  bool fails = false; ///< A `fail` stands in it; any step may fail otherwise.

  bool writes() const { return flow::writes(effect); }
  void add(const Touch &other);
};

/// Computed on demand and kept. Ops may go meanwhile, but none may come: an answer is kept by the op's address. Answers
/// stay where they are as long as this lives. Asking for all ops costs one walk of the module.
class FlowEffects {
public:
  explicit FlowEffects(mlir::ModuleOp module) : symbols(module) {}

  /// Of any op of a workflow; expr ops touch nothing but may fail.
  const Touch &of(mlir::Operation *op);
  /// Of one activation of a workflow, whatever it can reach included.
  const Touch &ofWorkflow(flow::WorkflowOp workflow);

private:
  /// A workflow alone: what stands in it, and what it invokes.
  struct Own {
    Touch touch;
    llvm::SetVector<mlir::Operation *> callees;
  };
  const Own &ownOf(mlir::Operation *workflow);
  void addLocal(Touch &touch, mlir::Operation *op);

  mlir::SymbolTable symbols;
  std::unordered_map<mlir::Operation *, Touch> known;
  std::unordered_map<mlir::Operation *, Own> alone;
};

} // namespace weft::analysis

//===- FlowEffects.h - What a step touches, bodies and callees included ---===//
//
// The order of steps, merging and dropping all ask the same question: which
// bindings does this step read, which does it write. Calls say it themselves;
// forms do what their bodies do, and an invoke does what its callee can reach.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/analysis/CallOrder.h"

#include "llvm/ADT/MapVector.h"

#include <unordered_map>

namespace weft::analysis {

/// What one step does, everything below it included.
struct Touch {
  flow::Effect effect = flow::Effect::pure;
  llvm::MapVector<mlir::StringAttr, flow::Effect> bindings; ///< By name, with what is done to each.
  bool chance = false;                                      ///< Asking twice may answer differently, or is asked for.
  bool people = false;                                      ///< A person answers, whenever that is.
  bool emits = false;
  bool asserts = false; ///< As `fails`, but outside of agents: an agent that fails is a read that failed.
  bool fails = false;   ///< A `fail` or an assert stands in it or in what it calls; any step may fail otherwise.

  bool writes() const { return flow::writes(effect); }
  void add(const Touch &other);
};

/// Computed on demand and kept, by the op's address: whoever adds ops calls `forget`. Answers stay where they are until
/// then. Asking for all ops costs one walk of the module.
class FlowEffects {
public:
  explicit FlowEffects(mlir::ModuleOp module);

  /// Of any op of a workflow; expr ops touch nothing but may fail.
  const Touch &of(mlir::Operation *op);
  /// Of one activation of a workflow, whatever it can reach included.
  const Touch &ofWorkflow(flow::WorkflowOp workflow) const { return workflows.find(workflow)->second; }
  /// Of the module as it was at first.
  const CallOrder &callOrder() const { return calls; }
  /// Ops were added, by which no workflow does anything else than before.
  void forget() { known.clear(); }

private:
  void addLocal(Touch &touch, mlir::Operation *op);
  Touch alone(mlir::Operation *workflow);

  mlir::SymbolTable symbols;
  CallOrder calls;
  std::unordered_map<mlir::Operation *, Touch> known, workflows;
};

} // namespace weft::analysis

//===- WorkflowBodies.h - Bodies of workflows where they are called -------===//
#pragma once

#include "dialects/flow/Flow.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

namespace weft {

/// Which calls of workflows may be replaced by bodies, and how.
class WorkflowBodies {
public:
  /// Looks at all workflows once. O(ops).
  explicit WorkflowBodies(mlir::ModuleOp module);

  /// Workflows after all that they call; those that can reach a cycle come last.
  const std::vector<flow::WorkflowOp> &calleesFirst() const { return order; }

  /// True for a call without a policy of a workflow that only reads, and for which being called makes no difference: it
  /// has no budget, no depth and no stream of its own, no test replaces it, and it cannot reach itself. Agents stay
  /// calls: the answer of one is one read.
  bool allows(mlir::Operation *op) const;
  flow::WorkflowOp calleeOf(flow::InvokeOp invoke) const { return workflows.lookup(invoke.getCallee()); }
  /// Ops of the callee as it stands now, those of its bodies included.
  static unsigned opsIn(flow::WorkflowOp workflow);

  /// Puts a copy of the callee's body where it is called. The copies' ids are made of the call's and the body's, so
  /// they are the same in each compilation.
  void replace(flow::InvokeOp invoke) const;

private:
  void sort(const std::vector<flow::WorkflowOp> &all);

  llvm::DenseMap<llvm::StringRef, flow::WorkflowOp> workflows;
  llvm::DenseSet<mlir::Operation *> reading, mocked;
  llvm::DenseSet<mlir::Operation *> bounded; ///< Reach no cycle.
  std::vector<flow::WorkflowOp> order;
};

} // namespace weft

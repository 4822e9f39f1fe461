//===- WorkflowBodies.h - Bodies of workflows where they are called -------===//
#pragma once

#include "compiler/analysis/FlowEffects.h"

namespace weft {

/// Which calls of workflows may be replaced by bodies, and how.
class WorkflowBodies {
public:
  /// Looks at all workflows once.
  WorkflowBodies(mlir::ModuleOp module, const analysis::FlowEffects &effects);

  const analysis::CallOrder &calls() const { return order; }
  /// True for a call without a policy of a workflow that only reads, and for which being called makes no difference: it
  /// has no budget, no depth and no stream of its own, no test replaces it, and it cannot reach itself. Agents stay
  /// calls: the answer of one is one read.
  bool allows(mlir::Operation *op) const;
  /// Ops of the callee as it stands now, those of its bodies included.
  static unsigned opsIn(flow::WorkflowOp workflow);

  /// Puts a copy of the callee's body where it is called. The copies' ids are made of the call's and the body's, so
  /// they are the same in each compilation.
  void replace(flow::InvokeOp invoke) const;

private:
  analysis::CallOrder order;
  llvm::DenseSet<mlir::Operation *> reading, mocked;
};

} // namespace weft

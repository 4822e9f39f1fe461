//===- CallOrder.h - Who calls whom among workflows -----------------------===//
#pragma once

#include "dialects/flow/Flow.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SetVector.h"

#include <vector>

namespace weft::analysis {

/// The workflows of a module as it was looked at. O(ops).
class CallOrder {
public:
  explicit CallOrder(mlir::ModuleOp module);

  /// Null where the name is no workflow's.
  flow::WorkflowOp find(llvm::StringRef name) const { return named.lookup(name); }
  flow::WorkflowOp calleeOf(flow::InvokeOp invoke) const { return find(invoke.getCallee()); }
  /// Each after all that it calls; those that can reach a cycle come last, in the order of the module.
  const std::vector<flow::WorkflowOp> &calleesFirst() const { return order; }
  llvm::ArrayRef<mlir::Operation *> calleesOf(mlir::Operation *workflow) const {
    return callees.find(workflow)->second.getArrayRef();
  }
  /// Whether it can reach a cycle, one that it is on included.
  bool reachesCycle(mlir::Operation *workflow) const { return !bounded.contains(workflow); }

private:
  llvm::DenseMap<llvm::StringRef, flow::WorkflowOp> named;
  llvm::DenseMap<mlir::Operation *, llvm::SmallSetVector<mlir::Operation *, 4>> callees;
  llvm::DenseSet<mlir::Operation *> bounded;
  std::vector<flow::WorkflowOp> order;
};

} // namespace weft::analysis

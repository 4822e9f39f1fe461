//===- CallOrder.cpp - Who calls whom among workflows ---------------------===//

#include "compiler/analysis/CallOrder.h"

using namespace mlir;

namespace weft::analysis {

CallOrder::CallOrder(ModuleOp module) {
  std::vector<flow::WorkflowOp> all;
  for (auto workflow : module.getOps<flow::WorkflowOp>()) {
    all.push_back(workflow);
    named[workflow.getSymName()] = workflow;
  }
  llvm::DenseMap<Operation *, SmallVector<flow::WorkflowOp>> callers;
  llvm::DenseMap<Operation *, std::size_t> open;
  for (flow::WorkflowOp workflow : all) {
    auto &called = callees[workflow];
    workflow.walk([&](flow::InvokeOp invoke) {
      if (flow::WorkflowOp callee = calleeOf(invoke); callee && called.insert(callee))
        callers[callee].push_back(workflow);
    });
    open[workflow] = called.size();
    if (called.empty())
      order.push_back(workflow);
  }
  // Who has no callee that is not done is next; on and above a cycle nobody ever is.
  for (std::size_t at = 0; at < order.size(); ++at) // Grows meanwhile.
    for (flow::WorkflowOp caller : callers.lookup(order[at]))
      if (--open[caller] == 0)
        order.push_back(caller);
  bounded.insert(order.begin(), order.end());
  for (flow::WorkflowOp workflow : all)
    if (reachesCycle(workflow))
      order.push_back(workflow);
}

} // namespace weft::analysis

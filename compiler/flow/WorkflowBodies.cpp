//===- WorkflowBodies.cpp - Bodies of workflows where they are called -----===//

#include "compiler/flow/WorkflowBodies.h"

#include "compiler/analysis/FlowEffects.h"

#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/xxhash.h"

using namespace mlir;

namespace weft {
namespace {

std::int64_t idIn(IntegerAttr call, IntegerAttr step) {
  std::uint8_t both[16];
  llvm::support::endian::write64le(both, static_cast<std::uint64_t>(call.getInt()));
  llvm::support::endian::write64le(both + 8, static_cast<std::uint64_t>(step.getInt()));
  return static_cast<std::int64_t>(llvm::xxh3_64bits(both));
}

} // namespace

WorkflowBodies::WorkflowBodies(ModuleOp module) {
  analysis::FlowEffects effects(module);
  std::vector<flow::WorkflowOp> all(module.getOps<flow::WorkflowOp>().begin(), module.getOps<flow::WorkflowOp>().end());
  for (flow::WorkflowOp workflow : all)
    workflows[workflow.getSymName()] = workflow;
  for (flow::WorkflowOp workflow : all) {
    const analysis::Touch &touch = effects.ofWorkflow(workflow);
    if (!touch.writes() && !touch.emits)
      reading.insert(workflow);
    if (workflow.getMocks())
      for (auto mock : workflow.getMocks()->getAsRange<DictionaryAttr>())
        if (auto target = mock.getAs<SymbolRefAttr>("target"))
          mocked.insert(workflows.lookup(target.getRootReference().getValue()));
  }
  sort(all);
}

/// Who has no callee that is not done yet is next; on and above a cycle nobody ever is.
void WorkflowBodies::sort(const std::vector<flow::WorkflowOp> &all) {
  llvm::DenseMap<Operation *, unsigned> open;
  llvm::DenseMap<Operation *, SmallVector<flow::WorkflowOp>> callers;
  for (flow::WorkflowOp workflow : all) {
    llvm::SmallPtrSet<Operation *, 8> callees;
    workflow.walk([&](flow::InvokeOp invoke) {
      if (callees.insert(calleeOf(invoke)).second)
        callers[calleeOf(invoke)].push_back(workflow);
    });
    open[workflow] = callees.size();
    if (callees.empty())
      order.push_back(workflow);
  }
  for (std::size_t at = 0; at < order.size(); ++at) // Grows meanwhile.
    for (flow::WorkflowOp caller : callers.lookup(order[at]))
      if (--open[caller] == 0)
        order.push_back(caller);
  bounded.insert(order.begin(), order.end());
  for (flow::WorkflowOp workflow : all)
    if (!bounded.contains(workflow))
      order.push_back(workflow);
}

bool WorkflowBodies::allows(Operation *op) const {
  auto invoke = dyn_cast<flow::InvokeOp>(op);
  if (!invoke || (invoke.getPolicyAttr() && !invoke.getPolicyAttr().empty()))
    return false;
  flow::WorkflowOp callee = calleeOf(invoke);
  return callee.getKind() == flow::BlockKind::workflow && !callee.getBudgetAttr() && !callee.getDepth() &&
         reading.contains(callee) && bounded.contains(callee) && !mocked.contains(callee);
}

unsigned WorkflowBodies::opsIn(flow::WorkflowOp workflow) {
  unsigned count = 0;
  workflow.getBody().walk([&](Operation *) { ++count; });
  return count;
}

void WorkflowBodies::replace(flow::InvokeOp invoke) const {
  Block &body = calleeOf(invoke).getBody().front();
  IRMapping mapping;
  mapping.map(body.getArguments(), invoke.getArguments());
  OpBuilder builder(invoke);
  auto rename = [&](flow::StepInterface step) {
    if (step.getStepId() && invoke.getIdAttr())
      step.setStepId(builder.getI64IntegerAttr(idIn(invoke.getIdAttr(), step.getStepId())));
    step->removeAttr("merged"); // Ids of the callee's steps; here there are others.
  };
  for (Operation &op : body.without_terminator())
    builder.clone(op, mapping)->walk(rename);
  Value result = cast<flow::YieldOp>(body.getTerminator()).getValue();
  invoke.getResult().replaceAllUsesWith(mapping.lookupOrDefault(result));
  invoke.erase();
}

} // namespace weft

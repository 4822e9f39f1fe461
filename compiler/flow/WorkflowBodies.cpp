//===- WorkflowBodies.cpp - Bodies of workflows where they are called -----===//

#include "compiler/flow/WorkflowBodies.h"

#include "compiler/flow/DerivedIds.h"

#include "mlir/IR/IRMapping.h"

using namespace mlir;

namespace weft {
WorkflowBodies::WorkflowBodies(ModuleOp module, const analysis::FlowEffects &effects) : order(module) {
  for (flow::WorkflowOp workflow : order.calleesFirst()) {
    const analysis::Touch &touch = effects.ofWorkflow(workflow);
    if (!touch.writes() && !touch.emits)
      reading.insert(workflow);
    if (workflow.getMocks())
      for (auto mock : workflow.getMocks()->getAsRange<DictionaryAttr>())
        if (auto target = mock.getAs<SymbolRefAttr>("target"))
          mocked.insert(order.find(target.getRootReference().getValue()));
  }
}

bool WorkflowBodies::allows(Operation *op) const {
  auto invoke = dyn_cast<flow::InvokeOp>(op);
  if (!invoke || (invoke.getPolicyAttr() && !invoke.getPolicyAttr().empty()))
    return false;
  flow::WorkflowOp callee = order.calleeOf(invoke);
  return callee.getKind() == flow::BlockKind::workflow && !callee.getBudgetAttr() && !callee.getDepth() &&
         reading.contains(callee) && !order.reachesCycle(callee) && !mocked.contains(callee);
}

unsigned WorkflowBodies::opsIn(flow::WorkflowOp workflow) {
  unsigned count = 0;
  workflow.getBody().walk([&](Operation *) { ++count; });
  return count;
}

void WorkflowBodies::replace(flow::InvokeOp invoke) const {
  Block &body = order.calleeOf(invoke).getBody().front();
  IRMapping mapping;
  mapping.map(body.getArguments(), invoke.getArguments());
  OpBuilder builder(invoke);
  auto rename = [&](flow::StepInterface step) {
    if (step.getStepId() && invoke.getIdAttr())
      step.setStepId(builder.getI64IntegerAttr(idOfBoth(invoke.getIdAttr().getInt(), step.getStepId().getInt())));
    step->removeAttr("merged"); // Ids of the callee's steps; here there are others.
  };
  for (Operation &op : body.without_terminator())
    builder.clone(op, mapping)->walk(rename);
  Value result = cast<flow::YieldOp>(body.getTerminator()).getValue();
  invoke.getResult().replaceAllUsesWith(mapping.lookupOrDefault(result));
  invoke.erase();
}

} // namespace weft

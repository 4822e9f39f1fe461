//===- VerifyFlow.cpp - What holds at the end of the flow phase -----------===//

#include "compiler/analysis/FlowEffects.h"
#include "compiler/flow/Passes.h"

#include "llvm/ADT/SmallPtrSet.h"

namespace weft {
#define GEN_PASS_DEF_VERIFYFLOW
#include "compiler/flow/Passes.h.inc"

namespace {
using namespace mlir;

class FlowVerifier {
public:
  explicit FlowVerifier(ModuleOp module) : module(module), effects(module), symbols(module) {}

  LogicalResult run() {
    auto walked = module.walk([&](Operation *op) {
      return failed(ids(op)) || failed(invoke(op)) || failed(speculation(op)) ? WalkResult::interrupt()
                                                                              : WalkResult::advance();
    });
    if (walked.wasInterrupted())
      return failure();
    for (auto workflow : module.getOps<flow::WorkflowOp>())
      if (effects.callOrder().reachesCycle(workflow) && failed(recursion(workflow)))
        return failure();
    return success();
  }

private:
  LogicalResult ids(Operation *op) {
    auto step = dyn_cast<flow::StepInterface>(op);
    if (!step)
      return success();
    IntegerAttr id = step.getStepId();
    if (!id)
      return op->emitError() << "the step has no stable id";
    auto [entry, added] = owners.try_emplace(id.getInt(), op);
    if (added)
      return success();
    InFlightDiagnostic error = op->emitError() << "the stable id " << id.getInt() << " names two steps";
    error.attachNote(entry->second->getLoc()) << "the other step";
    return error;
  }

  LogicalResult invoke(Operation *op) {
    auto invoke = dyn_cast<flow::InvokeOp>(op);
    if (!invoke)
      return success();
    auto callee = symbols.lookup<flow::WorkflowOp>(invoke.getCallee());
    flow::Effect found = effects.ofWorkflow(callee).effect;
    if (flow::join(found, invoke.getEffect()) == invoke.getEffect())
      return success();
    return op->emitError() << "says " << flow::stringifyEffect(invoke.getEffect()) << ", but " << invoke.getCalleeAttr()
                           << " does " << flow::stringifyEffect(found);
  }

  LogicalResult speculation(Operation *op) {
    auto policy = op->getAttrOfType<DictionaryAttr>("policy");
    bool hedged = policy && policy.contains("hedge_ms");
    if (!isa<flow::RaceOp, flow::VoteOp>(op) && !hedged)
      return success();
    flow::Effect done = effects.of(op).effect;
    bool allowed = !flow::writes(done) || done == (hedged ? flow::Effect::write_idempotent : flow::Effect::write_undo);
    if (allowed)
      return success();
    return op->emitError() << "a write may not stand " << (hedged ? "under a hedge" : "in a race or a vote");
  }

  /// Whether `from` reaches itself through workflows without a depth.
  LogicalResult recursion(flow::WorkflowOp from) {
    llvm::SmallPtrSet<Operation *, 8> seen;
    SmallVector<flow::WorkflowOp> open{from};
    while (!open.empty()) {
      flow::WorkflowOp workflow = open.pop_back_val();
      if (workflow.getDepth())
        continue;
      WalkResult walked = workflow.walk([&](flow::InvokeOp invoke) {
        auto callee = symbols.lookup<flow::WorkflowOp>(invoke.getCallee());
        if (callee == from) {
          invoke.emitError() << "@" << from.getSymName() << " reaches itself, and no workflow on the way has a depth";
          return WalkResult::interrupt();
        }
        if (seen.insert(callee).second)
          open.push_back(callee);
        return WalkResult::advance();
      });
      if (walked.wasInterrupted())
        return failure();
    }
    return success();
  }

  ModuleOp module;
  analysis::FlowEffects effects;
  SymbolTable symbols;
  llvm::DenseMap<std::int64_t, Operation *> owners;
};

struct VerifyFlow : impl::VerifyFlowBase<VerifyFlow> {
  using VerifyFlowBase::VerifyFlowBase;

  void runOnOperation() override {
    if (failed(FlowVerifier(getOperation()).run()))
      signalPassFailure();
  }
};
} // namespace
} // namespace weft

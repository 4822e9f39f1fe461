//===- VerifyFlow.cpp - What holds at the end of the flow phase -----------===//

#include "compiler/analysis/FlowEffects.h"
#include "compiler/flow/Passes.h"
#include "dialects/flow/Tools.h"

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
      bool wrong =
          failed(ids(op)) || failed(tools(op)) || failed(invoke(op)) || failed(undo(op)) || failed(speculation(op));
      return wrong ? WalkResult::interrupt() : WalkResult::advance();
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

  /// Of a model's member: they are members, and it says what they do.
  LogicalResult tools(Operation *op) {
    auto member = dyn_cast<flow::MemberOp>(op);
    auto tools = member ? member->getAttrOfType<ArrayAttr>(flow::toolsName) : ArrayAttr();
    if (!tools)
      return success();
    for (Attribute tool : tools) {
      auto path = dyn_cast<SymbolRefAttr>(tool);
      auto binding = path ? symbols.lookup<flow::BindingOp>(path.getRootReference()) : flow::BindingOp();
      auto called =
          binding ? dyn_cast_or_null<flow::MemberOp>(SymbolTable::lookupSymbolIn(binding, path.getLeafReference()))
                  : flow::MemberOp();
      if (!called)
        return op->emitError() << "has the tool " << tool << "; wanted a flow.member";
      if (flow::join(called.getEffect(), member.getEffect()) != member.getEffect())
        return op->emitError() << "says " << flow::stringifyEffect(member.getEffect()) << ", but its tool " << tool
                               << " does " << flow::stringifyEffect(called.getEffect());
    }
    return success();
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

  LogicalResult undo(Operation *op) {
    auto member = dyn_cast<flow::MemberOp>(op);
    if (!member || !member.getUndo())
      return success();
    auto workflow = symbols.lookup<flow::WorkflowOp>(*member.getUndo());
    SmallVector<Type> wanted(member.getType().getInputs());
    if (workflow && llvm::equal(workflow.getArgumentTypes(), wanted))
      return success();
    wanted.push_back(member.getType().getResult(0));
    if (workflow && llvm::equal(workflow.getArgumentTypes(), wanted))
      return success();
    return op->emitError() << "is undone by @" << *member.getUndo()
                           << "; wanted a flow.workflow of its parameters, or of those and its result"; // C2
  }

  LogicalResult speculation(Operation *op) {
    auto policy = op->getAttrOfType<DictionaryAttr>("policy");
    bool hedged = policy && policy.contains("hedge_ms");
    if (!isa<flow::RaceOp, flow::VoteOp>(op) && !hedged)
      return success();
    flow::Effect done = effects.of(op).effect;
    bool allowed = hedged ? done == flow::Effect::write_idempotent : takenBack(op);
    if (!flow::writes(done) || allowed)
      return success();
    return op->emitError() << "a write may not stand " << (hedged ? "under a hedge" : "in a race or a vote");
  }

  /// Whether every write that `op` does, through workflows too, has an undo.
  bool takenBack(Operation *op) {
    llvm::SmallPtrSet<Operation *, 8> seen;
    SmallVector<Operation *> open{op};
    while (!open.empty()) {
      WalkResult walked = open.pop_back_val()->walk([&](Operation *inner) {
        if (auto invoke = dyn_cast<flow::InvokeOp>(inner))
          if (auto callee = symbols.lookup<flow::WorkflowOp>(invoke.getCallee()); seen.insert(callee).second)
            open.push_back(callee);
        auto call = dyn_cast<flow::CallOp>(inner);
        if (!call || !flow::writes(call.getEffect()))
          return WalkResult::advance();
        auto member = SymbolTable::lookupNearestSymbolFrom<flow::MemberOp>(call, call.getCalleeAttr());
        return member.getUndo() ? WalkResult::advance() : WalkResult::interrupt();
      });
      if (walked.wasInterrupted())
        return false;
    }
    return true;
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

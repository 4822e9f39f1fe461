//===- BatchCalls.cpp - Calls that may go in one request ------------------===//

#include "compiler/analysis/CallOrder.h"
#include "compiler/flow/Passes.h"
#include "mlir/IR/Remarks.h"

namespace weft {
#define GEN_PASS_DEF_BATCHCALLS
#include "compiler/flow/Passes.h.inc"

namespace {
using namespace mlir;

struct BatchCalls : impl::BatchCallsBase<BatchCalls> {
  using BatchCallsBase::BatchCallsBase;

  void runOnOperation() override {
    SymbolTable symbols(getOperation());
    llvm::SetVector<Operation *> beside = besideOthers();
    getOperation().walk([&](flow::CallOp call) {
      auto binding = symbols.lookup<flow::BindingOp>(call.getCallee().getRootReference());
      if (!binding || binding.getKind() != flow::BindingKind::model)
        return;
      std::string why = whyNot(call, binding, beside.contains(call->getParentOfType<flow::WorkflowOp>()));
      if (why.empty()) {
        call.setWithOthers(true);
        ++numMarked;
        remark::passed(call.getLoc(), remark::RemarkOpts::name("Together").category("batch-calls"))
            << remark::reason("up to {0} calls go in one request of '{1}'", *binding.getBatch(), binding.getSymName());
        return;
      }
      remark::missed(call.getLoc(), remark::RemarkOpts::name("Alone").category("batch-calls"))
          << remark::reason("{0}", why);
    });
  }

private:
  static bool runsBodiesAtOnce(Operation *op) { return isa<flow::MapOp, flow::VoteOp>(op); }

  static bool isBeside(Operation *op) {
    for (Operation *around = op->getParentOp(); around && !isa<flow::WorkflowOp>(around);
         around = around->getParentOp())
      if (runsBodiesAtOnce(around))
        return true;
    return false;
  }

  /// Workflows of which several activations may run at once, because a body of a map or a vote reaches them.
  llvm::SetVector<Operation *> besideOthers() {
    analysis::CallOrder calls(getOperation());
    llvm::SetVector<Operation *> reached;
    getOperation().walk([&](flow::InvokeOp invoke) {
      if (isBeside(invoke))
        reached.insert(calls.calleeOf(invoke));
    });
    for (std::size_t at = 0; at < reached.size(); ++at)
      reached.insert_range(calls.calleesOf(reached[at]));
    return reached;
  }

  static std::string whyNot(flow::CallOp call, flow::BindingOp binding, bool besideByCaller) {
    if (binding.getBatch().value_or(1) < 2)
      return ("'" + binding.getSymName() +
              "' takes one prompt in a request; `limit: { batch: 8 }` says that it takes more")
          .str();
    if (call.getEffect() != flow::Effect::read)
      return "it writes";
    if (DictionaryAttr policy = call.getPolicyAttr(); policy && policy.get("hedge_ms"))
      return "a hedge is to be apart from its first attempt";
    if (!besideByCaller && !isBeside(call))
      return "it stands in no map and no vote, so nothing is ready with it";
    return {};
  }
};
} // namespace
} // namespace weft

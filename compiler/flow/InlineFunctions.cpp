//===- InlineFunctions.cpp - Small functions where they are called --------===//
//
// Callees are looked at before their callers, so that a chain of small functions
// goes in one walk. What counts is the body as it stands after that.
//
//===----------------------------------------------------------------------===//

#include "compiler/flow/Passes.h"

#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/SmallPtrSet.h"

namespace weft {
#define GEN_PASS_DEF_INLINEFUNCTIONS
#include "compiler/flow/Passes.h.inc"

namespace {
using namespace mlir;

struct InlineFunctions : impl::InlineFunctionsBase<InlineFunctions> {
  using InlineFunctionsBase::InlineFunctionsBase;

  void runOnOperation() override {
    SymbolTable symbols(getOperation());
    llvm::SmallPtrSet<Operation *, 16> done;
    for (auto function : getOperation().getOps<expr::FunctionOp>())
      inlineInto(function, symbols, done);
    for (auto workflow : getOperation().getOps<flow::WorkflowOp>())
      inlineInto(workflow, symbols, done);
  }

private:
  void inlineInto(Operation *caller, SymbolTable &symbols, llvm::SmallPtrSetImpl<Operation *> &done) {
    if (!done.insert(caller).second)
      return;
    SmallVector<expr::CallOp> calls;
    caller->walk([&](expr::CallOp call) { calls.push_back(call); });
    for (expr::CallOp call : calls) {
      auto callee = symbols.lookup<expr::FunctionOp>(call.getCallee());
      inlineInto(callee, symbols, done);
      if (opsIn(callee) <= maxOps)
        replace(call, callee);
    }
  }

  static unsigned opsIn(expr::FunctionOp function) {
    unsigned count = 0;
    function.getBody().walk([&](Operation *) { ++count; });
    return count;
  }

  void replace(expr::CallOp call, expr::FunctionOp callee) {
    IRMapping mapping;
    Block &body = callee.getBody().front();
    mapping.map(body.getArguments(), call.getArguments());
    OpBuilder builder(call);
    for (Operation &op : body.without_terminator())
      builder.clone(op, mapping);
    Value result = cast<expr::YieldOp>(body.getTerminator()).getValue();
    call.getResult().replaceAllUsesWith(mapping.lookupOrDefault(result));
    call.erase();
    ++numInlined;
  }
};
} // namespace
} // namespace weft

//===- DropUnused.cpp - Steps whose value nobody uses ---------------------===//

#include "compiler/analysis/FlowEffects.h"
#include "compiler/flow/Passes.h"

#include "mlir/IR/Iterators.h"

namespace weft {
#define GEN_PASS_DEF_DROPUNUSED
#include "compiler/flow/Passes.h.inc"

namespace {
using namespace mlir;

struct DropUnused : impl::DropUnusedBase<DropUnused> {
  using DropUnusedBase::DropUnusedBase;

  void runOnOperation() override {
    // Judged before anything is erased: what is left of a form may do less than the form did, never more.
    analysis::FlowEffects effects(getOperation());
    SmallVector<Operation *> steps;
    getOperation().walk<WalkOrder::PostOrder, ReverseIterator>([&](Operation *op) {
      if (!isa<flow::FlowDialect, expr::ExprDialect>(op->getDialect()))
        return;
      if (op->getNumResults() == 0 || op->hasTrait<OpTrait::IsTerminator>())
        return;
      const analysis::Touch &touch = effects.of(op);
      if (!touch.writes() && !touch.emits && !touch.asserts)
        steps.push_back(op);
    });
    for (Operation *op : steps)
      drop(op);
  }

private:
  void drop(Operation *op) {
    if (!op->use_empty())
      return;
    if (isa<flow::StepInterface>(op))
      op->emitRemark() << "removed a step whose value nobody uses";
    op->erase();
    ++numDropped;
  }
};
} // namespace
} // namespace weft

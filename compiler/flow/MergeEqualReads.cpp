//===- MergeEqualReads.cpp - Equal reads of one block are made once -------===//

#include "compiler/analysis/EqualReads.h"
#include "compiler/flow/Passes.h"
#include "mlir/IR/Remarks.h"

namespace weft {
#define GEN_PASS_DEF_MERGEEQUALREADS
#include "compiler/flow/Passes.h.inc"

namespace {
using namespace mlir;

struct MergeEqualReads : impl::MergeEqualReadsBase<MergeEqualReads> {
  using MergeEqualReadsBase::MergeEqualReadsBase;

  void runOnOperation() override {
    analysis::FlowEffects effects(getOperation());
    analysis::ValueNumbers numbers;
    for (auto workflow : getOperation().getOps<flow::WorkflowOp>()) {
      analysis::ValueNumbers::Scope scope;
      // Merging changes operands and never what a step touches, so the effects stay right.
      merge(workflow.getBody().front(), effects, numbers, scope);
    }
  }

private:
  void merge(Block &block, analysis::FlowEffects &effects, analysis::ValueNumbers &numbers,
             analysis::ValueNumbers::Scope &scope) {
    analysis::OpenReads open;
    for (Operation &op : llvm::make_early_inc_range(block)) {
      if (isa<flow::FormInterface>(op))
        for (Region &region : op.getRegions())
          for (Block &body : region)
            merge(body, effects, numbers, scope);
      numbers.add(&op, scope);
      const analysis::Touch &touch = effects.of(&op);
      if (analysis::isMergeable(&op, touch)) {
        if (Operation *equal = open.add(numbers.ofOp(&op, scope), &op, touch))
          replace(&op, equal);
        continue;
      }
      open.close(touch);
    }
  }

  void replace(Operation *op, Operation *by) {
    auto listed = by->getAttrOfType<ArrayAttr>("merged");
    SmallVector<Attribute> merged(listed ? listed.begin() : nullptr, listed ? listed.end() : nullptr);
    if (Attribute id = cast<flow::StepInterface>(op).getStepId())
      merged.push_back(id);
    by->setAttr("merged", ArrayAttr::get(op->getContext(), merged));
    auto place = by->getLoc()->findInstanceOf<FileLineColLoc>();
    remark::passed(op->getLoc(), remark::RemarkOpts::name("Merged").category("merge-equal-reads"))
        << remark::reason("made once with the equal one{0}",
                          place ? llvm::formatv(" at {0}:{1}", place.getLine(), place.getColumn()).str() : "");
    op->replaceAllUsesWith(by);
    op->erase();
    ++numMerged;
  }
};
} // namespace
} // namespace weft

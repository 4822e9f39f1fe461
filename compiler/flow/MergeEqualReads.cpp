//===- MergeEqualReads.cpp - Equal reads of one block are made once -------===//

#include "compiler/analysis/FlowEffects.h"
#include "compiler/flow/Passes.h"

#include "mlir/IR/OperationSupport.h"

namespace weft {
#define GEN_PASS_DEF_MERGEEQUALREADS
#include "compiler/flow/Passes.h.inc"

namespace {
using namespace mlir;

/// What may differ between two equal calls: who they are.
bool equalCalls(Operation *left, Operation *right) {
  if (left->getName() != right->getName() || left->getOperands() != right->getOperands() ||
      left->getResultTypes() != right->getResultTypes())
    return false;
  auto described = [](Operation *op) {
    NamedAttrList attributes(op->getAttrDictionary());
    attributes.erase("id");
    attributes.erase("merged");
    return attributes.getDictionary(op->getContext());
  };
  return described(left) == described(right);
}

bool mayMerge(Operation *op, const analysis::Touch &touch) {
  if (!isa<flow::CallOp, flow::InvokeOp>(op) || touch.effect != flow::Effect::read || touch.chance || touch.emits)
    return false;
  auto policy = op->getAttrOfType<DictionaryAttr>("policy");
  auto cache = policy ? policy.getAs<StringAttr>("cache") : StringAttr();
  return !cache || cache.getValue() != "none";
}

struct MergeEqualReads : impl::MergeEqualReadsBase<MergeEqualReads> {
  using MergeEqualReadsBase::MergeEqualReadsBase;

  void runOnOperation() override {
    analysis::FlowEffects effects(getOperation());
    SmallVector<Block *> blocks;
    getOperation().walk([&](Operation *op) {
      if (isa<flow::WorkflowOp, flow::FormInterface>(op))
        for (Region &region : op->getRegions())
          for (Block &block : region)
            blocks.push_back(&block);
    });
    // Merging changes operands and never what a step touches, so the effects stay right.
    for (Block *block : blocks)
      merge(*block, effects);
  }

private:
  void merge(Block &block, analysis::FlowEffects &effects) {
    SmallVector<Operation *> open; // Reads that no write has ended.
    for (Operation &op : llvm::make_early_inc_range(block)) {
      const analysis::Touch &touch = effects.of(&op);
      if (mayMerge(&op, touch)) {
        auto equal = llvm::find_if(open, [&](Operation *other) { return equalCalls(other, &op); });
        if (equal != open.end()) {
          replace(&op, *equal);
          continue;
        }
        open.push_back(&op);
      }
      for (auto &[binding, effect] : touch.bindings)
        if (flow::writes(effect))
          llvm::erase_if(open, [&](Operation *read) { return effects.of(read).bindings.contains(binding); });
    }
  }

  void replace(Operation *op, Operation *by) {
    auto listed = by->getAttrOfType<ArrayAttr>("merged");
    SmallVector<Attribute> merged(listed ? listed.begin() : nullptr, listed ? listed.end() : nullptr);
    if (Attribute id = cast<flow::StepInterface>(op).getStepId())
      merged.push_back(id);
    by->setAttr("merged", ArrayAttr::get(op->getContext(), merged));
    op->replaceAllUsesWith(by);
    op->erase();
    ++numMerged;
  }
};
} // namespace
} // namespace weft

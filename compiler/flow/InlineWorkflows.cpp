//===- InlineWorkflows.cpp - Equal reads of two calls come together -------===//
//
// A dry run of weft-merge-equal-reads that looks through calls of workflows: two
// steps of a block that ask the same, at least one of them inside a callee, are
// a pair, and the calls of a pair are replaced by bodies. Everything else stays
// a call, so that a run is told in the program's words.
//
// Callees are looked at before their callers: what can be shared inside a callee
// is shared there.
//
//===----------------------------------------------------------------------===//

#include "compiler/analysis/EqualReads.h"
#include "compiler/flow/FixedReads.h"
#include "compiler/flow/Passes.h"
#include "compiler/flow/WorkflowBodies.h"

#include "mlir/IR/Remarks.h"

namespace weft {
#define GEN_PASS_DEF_INLINEWORKFLOWS
#include "compiler/flow/Passes.h.inc"

namespace {
using namespace mlir;
using analysis::ValueNumbers;

/// Whether what `user` is given, its bodies included, comes from an op of `block` for which `holds` does.
bool isGiven(Operation *user, Block *block, llvm::function_ref<bool(Operation *)> holds) {
  return user
      ->walk([&](Operation *inner) {
        for (Value operand : inner->getOperands())
          if (Operation *from = operand.getDefiningOp(); from && from->getBlock() == block && holds(from))
            return WalkResult::interrupt();
        return WalkResult::advance();
      })
      .wasInterrupted();
}

/// Calls below each other that are looked through; each needs a stack frame, and reads rarely hide so deep.
constexpr unsigned maxLevels = 64;

/// The dry run over one workflow: which calls to replace.
class SharedReads {
public:
  SharedReads(const WorkflowBodies &bodies, analysis::FlowEffects &effects, unsigned maxOps)
      : bodies(bodies), effects(effects), room(maxOps) {}

  llvm::SetVector<Operation *> run(flow::WorkflowOp workflow) {
    ValueNumbers::Scope scope;
    body(workflow.getBody().front(), scope);
    return std::move(calls);
  }
  /// Whether there was more to look at than `maxOps`.
  bool exhausted() const { return room == 0; }

private:
  /// Two steps of one block whose reads meet.
  struct Pair {
    Operation *above, *below;
    bool operator==(const Pair &) const = default;
  };

  void body(Block &block, ValueNumbers::Scope &scope) {
    analysis::OpenReads open;
    SmallVector<Pair> pairs;
    llvm::DenseSet<Operation *> late; // Wait for a write or a person, or for what does.
    for (Operation &op : block) {
      if (isa<flow::FormInterface>(op))
        for (Region &region : op.getRegions())
          for (Block &inner : region)
            body(inner, scope);
      const analysis::Touch &touch = effects.of(&op);
      bool isLate = isGiven(&op, &block, [&](Operation *from) { return late.contains(from); });
      if (isLate || touch.writes() || touch.people)
        late.insert(&op);
      look(&op, &op, isLate ? 0 : maxLevels, scope, open, pairs);
    }
    choose(pairs, block);
  }

  /// `holder` is the step of the block that `op` stands in, however deep. A call that comes after a write or a person
  /// is not looked into (`levels` is 0): its body would not.
  void look(Operation *op, Operation *holder, unsigned levels, ValueNumbers::Scope &scope, analysis::OpenReads &open,
            SmallVectorImpl<Pair> &pairs) {
    numbers.add(op, scope);
    if (!isa<flow::StepInterface>(op))
      return;
    const analysis::Touch &touch = effects.of(op);
    if (analysis::isMergeable(op, touch)) {
      ValueNumbers::Number question = numbers.ofOp(op, scope);
      // Reads that may become one have one value, so that what is asked with it is equal in its turn.
      scope[op->getResult(0)] = question;
      if (Operation *equal = open.add(question, holder, touch); equal && equal != holder)
        if (Pair pair{equal, holder}; pairs.empty() || pairs.back() != pair)
          pairs.push_back(pair);
    }
    open.close(touch);
    if (levels == 0 || !bodies.allows(op))
      return;
    ValueNumbers::Scope inside;
    auto invoke = cast<flow::InvokeOp>(op);
    Block &callee = bodies.calls().calleeOf(invoke).getBody().front();
    for (auto [argument, given] : llvm::zip(callee.getArguments(), invoke.getArguments()))
      inside[argument] = numbers.of(given, scope);
    for (Operation &one : callee) {
      if (room == 0)
        return;
      --room;
      look(&one, holder, levels - 1, inside, open, pairs);
    }
  }

  /// A call that waits for the other's answer comes after it, and stays a call.
  void choose(ArrayRef<Pair> pairs, Block &block) {
    llvm::DenseSet<Operation *> later;
    for (const Pair &pair : pairs)
      if (bodies.allows(pair.below) && waitsFor(pair, block))
        later.insert(pair.below);
    for (const Pair &pair : pairs)
      if (!later.contains(pair.above) && !later.contains(pair.below))
        for (Operation *one : {pair.above, pair.below})
          if (bodies.allows(one))
            calls.insert(one);
  }

  bool waitsFor(const Pair &pair, Block &block) {
    llvm::SmallPtrSet<Operation *, 16> seen{pair.below};
    SmallVector<Operation *> open{pair.below};
    while (!open.empty()) {
      if (room == 0)
        return true; // Not known; a call more is no harm.
      --room;
      bool found = isGiven(open.pop_back_val(), &block, [&](Operation *from) {
        if (!from->isBeforeInBlock(pair.above) && seen.insert(from).second)
          open.push_back(from);
        return from == pair.above;
      });
      if (found)
        return true;
    }
    return false;
  }

  const WorkflowBodies &bodies;
  analysis::FlowEffects &effects;
  ValueNumbers numbers;
  unsigned room;
  llvm::SetVector<Operation *> calls;
};

struct InlineWorkflows : impl::InlineWorkflowsBase<InlineWorkflows> {
  using InlineWorkflowsBase::InlineWorkflowsBase;

  void runOnOperation() override {
    analysis::FlowEffects effects(getOperation());
    WorkflowBodies bodies(getOperation(), effects);
    for (flow::WorkflowOp workflow : bodies.calls().calleesFirst())
      if (workflow.getKind() != flow::BlockKind::test) // Each workflow that a test calls is a run of its own.
        inlineInto(workflow, bodies, effects);
  }

private:
  /// Each round opens one level of calls; bodies that are copied reach no cycle, so rounds end.
  void inlineInto(flow::WorkflowOp workflow, const WorkflowBodies &bodies, analysis::FlowEffects &effects) {
    unsigned room = maxOps;
    for (;;) {
      SharedReads shared(bodies, effects, maxOps);
      llvm::SetVector<Operation *> calls = shared.run(workflow);
      calls.insert_range(FixedReads(bodies, effects, maxOps).run(workflow));
      bool fits = !shared.exhausted();
      for (Operation *call : calls) {
        unsigned size = WorkflowBodies::opsIn(bodies.calls().calleeOf(cast<flow::InvokeOp>(call)));
        fits &= size <= room;
        if (!fits)
          break;
        room -= size;
        bodies.replace(cast<flow::InvokeOp>(call));
        effects.forget();
        ++numInlined;
      }
      if (!fits) {
        auto name = remark::RemarkOpts::name("TooManySteps");
        remark::missed(workflow.getLoc(), name.category("inline-workflows")) << remark::reason(
            "callees of @{0} have more than max-ops = {1} ops", workflow.getSymName(), maxOps.getValue());
      }
      if (!fits || calls.empty())
        return;
    }
  }
};
} // namespace
} // namespace weft

//===- Fold.cpp - What is known while compiling ---------------------------===//
//
// Not the greedy driver: that one also removes dead calls, which is another
// pass's business and is reported there.
//
//===----------------------------------------------------------------------===//

#include "compiler/flow/Passes.h"

#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"

namespace weft {
#define GEN_PASS_DEF_FOLD
#include "compiler/flow/Passes.h.inc"

namespace {
using namespace mlir;

struct Fold : impl::FoldBase<Fold> {
  using FoldBase::FoldBase;

  void runOnOperation() override {
    // Each change removes an op or a hole of a text, so rounds end.
    while (foldOnce())
      ;
  }

private:
  bool foldOnce() {
    bool changed = false;
    SmallVector<Operation *> candidates;
    getOperation().walk<WalkOrder::PreOrder>([&](Operation *op) {
      if (isa<expr::ExprDialect>(op->getDialect()) && op->getNumResults() == 1 && !isa<expr::ConstantOp>(op))
        candidates.push_back(op);
    });
    for (Operation *op : candidates)
      if (isa<expr::SwitchOp>(op)) {
        // Its arms hold other candidates: the next round looks at them in their new place.
        PatternRewriter rewriter(op->getContext());
        rewriter.setInsertionPoint(op);
        if (succeeded(expr::SwitchOp::canonicalize(cast<expr::SwitchOp>(op), rewriter))) {
          ++numFolded;
          return true;
        }
      } else {
        changed |= fold(op);
      }
    return changed;
  }

  bool fold(Operation *op) {
    SmallVector<Attribute> known;
    for (Value operand : op->getOperands()) {
      Attribute value;
      matchPattern(operand, m_Constant(&value));
      known.push_back(value);
    }
    SmallVector<OpFoldResult> results;
    if (failed(op->fold(known, results)))
      return false;
    ++numFolded;
    if (results.empty()) // Changed in place.
      return true;
    Value value = dyn_cast<Value>(results[0]);
    if (!value) {
      OpBuilder builder(op);
      value = expr::ConstantOp::create(builder, op->getLoc(), op->getResult(0).getType(), cast<Attribute>(results[0]));
    }
    op->getResult(0).replaceAllUsesWith(value);
    op->erase();
    return true;
  }
};
} // namespace
} // namespace weft

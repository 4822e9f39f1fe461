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

  void runOnOperation() override { foldIn(getOperation()); }

private:
  /// In program order: an op's operands are folded before it.
  void foldIn(Operation *op) {
    for (Region &region : op->getRegions())
      for (Block &block : region)
        for (auto at = block.begin(); at != block.end();)
          at = foldAt(at);
  }

  /// Folds one op and gives what comes next: the ops of a switch's arm, where they stand in its place.
  Block::iterator foldAt(Block::iterator at) {
    Operation *op = &*at;
    Block &block = *op->getBlock();
    Block::iterator next = std::next(at);
    if (isa<expr::SwitchOp>(op)) {
      Operation *before = op->getPrevNode();
      PatternRewriter rewriter(op->getContext());
      rewriter.setInsertionPoint(op);
      if (succeeded(expr::SwitchOp::canonicalize(cast<expr::SwitchOp>(op), rewriter))) {
        ++numFolded;
        return before ? std::next(before->getIterator()) : block.begin();
      }
    }
    foldIn(op);
    if (isa<expr::ExprDialect>(op->getDialect()) && op->getNumResults() == 1 && !isa<expr::ConstantOp>(op))
      while (fold(op))
        ;
    return next;
  }

  /// True if the op was changed in place, and may fold again.
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
    return false;
  }
};
} // namespace
} // namespace weft

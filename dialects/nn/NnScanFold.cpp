//===- NnScanFold.cpp - Scans without what nobody reads -------------------===//
//
// Every carried or stacked value is memory, and in a derivative it is memory
// for each turn. What is dropped here changes no bit of what remains.
//
//===----------------------------------------------------------------------===//

#include "dialects/nn/Nn.h"

#include "mlir/IR/PatternMatch.h"

using namespace mlir;

namespace weft::nn {
namespace {

/// Which operands and results of a scan stay, by their groups. A carried value is one of both.
struct Kept {
  explicit Kept(ScanOp scan)
      : carried(scan.getCarried().size(), true), stacked(scan.getStacked().size(), true),
        shared(scan.getShared().size(), true), outputs(scan.getStackedOutputs().size(), true) {}

  bool isAll() const { return carried.all() && stacked.all() && shared.all() && outputs.all(); }

  BitVector carried, stacked, shared, outputs;
};

void keep(const BitVector &kept, ValueRange from, SmallVectorImpl<Value> &to) {
  for (auto [index, value] : llvm::enumerate(from))
    if (kept.test(index))
      to.push_back(value);
}

/// The scan with what is kept; its body's arguments that go have no reader left.
void rebuild(PatternRewriter &rewriter, ScanOp scan, const Kept &kept) {
  SmallVector<Value> carried, stacked, shared, yielded, replaced;
  keep(kept.carried, scan.getCarried(), carried);
  keep(kept.stacked, scan.getStacked(), stacked);
  keep(kept.shared, scan.getShared(), shared);
  keep(kept.carried, scan.getNextCarried(), yielded);
  keep(kept.outputs, scan.getYieldedSlices(), yielded);
  auto smaller =
      ScanOp::create(rewriter, scan.getLoc(), scan.getCount(), scan.getReverse(), carried, stacked, shared,
                     [&](OpBuilder &, ScanBody body) {
                       ScanBody old = scan.getBodyArguments();
                       SmallVector<Value> arguments(old.getBlock().getNumArguments());
                       arguments[0] = body.getIndex();
                       unsigned place = 1;
                       auto assign = [&](const BitVector &kept, ValueRange from) {
                         unsigned next = 0;
                         for (unsigned i = 0; i < kept.size(); ++i)
                           arguments[place++] = kept.test(i) ? from[next++] : Value();
                       };
                       assign(kept.carried, body.getCarried());
                       assign(kept.stacked, body.getSlices());
                       assign(kept.shared, body.getShared());
                       rewriter.eraseOp(old.getBlock().getTerminator());
                       // What computes only values that go still reads their arguments; it is dead after this rewrite.
                       for (auto [argument, value] : llvm::zip(old.getBlock().getArguments(), arguments))
                         if (!value)
                           value =
                               ConstantOp::create(rewriter, scan.getLoc(), cast<RankedTensorType>(argument.getType()),
                                                  cast<ElementsAttr>(rewriter.getZeroAttr(argument.getType())));
                       for (Value &value : yielded)
                         if (auto argument = dyn_cast<BlockArgument>(value))
                           value = arguments[argument.getArgNumber()];
                       rewriter.inlineBlockBefore(&old.getBlock(), &body.getBlock(), body.getBlock().end(), arguments);
                       return yielded;
                     });
  unsigned next = 0;
  for (auto [index, output] : llvm::enumerate(scan.getOutputs())) {
    bool stays =
        index < kept.carried.size() ? kept.carried.test(index) : kept.outputs.test(index - kept.carried.size());
    if (stays) {
      smaller->getResult(next).setType(output.getType());
      rewriter.replaceAllUsesWith(output, smaller->getResult(next++));
    }
  }
  rewriter.eraseOp(scan);
}

/// The carried values that reach a result that is read, by way of the body or of other carried values.
BitVector livingCarried(ScanOp scan) {
  BitVector living(scan.getCarried().size());
  SmallVector<Value> pending;
  auto revive = [&](unsigned index) {
    if (!living.test(index)) {
      living.set(index);
      pending.push_back(scan.getNextCarried()[index]);
    }
  };
  for (auto [index, output] : llvm::enumerate(scan.getLastCarried()))
    if (!output.use_empty())
      revive(index);
  for (auto [output, slice] : llvm::zip(scan.getStackedOutputs(), scan.getYieldedSlices()))
    if (!output.use_empty())
      pending.push_back(slice);
  DenseSet<Value> seen;
  auto carried = scan.getBodyArguments().getCarried();
  while (!pending.empty()) {
    Value value = pending.pop_back_val();
    if (!seen.insert(value).second)
      continue;
    if (auto argument = dyn_cast<BlockArgument>(value)) {
      if (auto found = llvm::find(carried, argument); found != carried.end())
        revive(found - carried.begin());
      continue;
    }
    llvm::append_range(pending, value.getDefiningOp()->getOperands());
  }
  return living;
}

/// Results that nobody reads, carried values that reach no other, and operands that the body does not read.
struct DropUnread : OpRewritePattern<ScanOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ScanOp scan, PatternRewriter &rewriter) const override {
    if (scan->use_empty())
      return rewriter.notifyMatchFailure(scan, "is dead as a whole");
    Kept kept(scan);
    kept.carried = livingCarried(scan);
    for (auto [index, output] : llvm::enumerate(scan.getStackedOutputs()))
      kept.outputs[index] = !output.use_empty();
    ScanBody body = scan.getBodyArguments();
    for (auto [index, slice] : llvm::enumerate(body.getSlices()))
      kept.stacked[index] = !slice.use_empty();
    for (auto [index, shared] : llvm::enumerate(body.getShared()))
      kept.shared[index] = !shared.use_empty();
    if (kept.isAll())
      return failure();
    rebuild(rewriter, scan, kept);
    return success();
  }
};

/// A value that every turn hands on as it is was never carried: the body reads the first one, and so do the readers.
struct ShareUnchanged : OpRewritePattern<ScanOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ScanOp scan, PatternRewriter &rewriter) const override {
    ScanBody body = scan.getBodyArguments();
    for (auto [index, carried] : llvm::enumerate(body.getCarried())) {
      Value first = scan.getCarried()[index], last = scan.getLastCarried()[index];
      if (scan.getNextCarried()[index] != carried || first.getType() != last.getType() ||
          (last.use_empty() && carried.hasOneUse()))
        continue;
      rewriter.replaceAllUsesWith(last, first);
      if (carried.hasOneUse())
        return success();
      rewriter.modifyOpInPlace(scan, [&] {
        BlockArgument shared = body.getBlock().addArgument(carried.getType(), carried.getLoc());
        scan.getSharedMutable().append(first);
        OpOperand &handedOn = body.getBlock().getTerminator()->getOpOperand(index);
        rewriter.replaceUsesWithIf(carried, shared, [&](OpOperand &use) { return &use != &handedOn; });
      });
      return success();
    }
    return failure();
  }
};

/// Operands of one group that are the same value are one argument.
struct MergeEqualOperands : OpRewritePattern<ScanOp> {
  using OpRewritePattern::OpRewritePattern;

  LogicalResult matchAndRewrite(ScanOp scan, PatternRewriter &rewriter) const override {
    ScanBody body = scan.getBodyArguments();
    bool hasChanged = merge(rewriter, scan.getStacked(), body.getSlices());
    hasChanged |= merge(rewriter, scan.getShared(), body.getShared());
    return success(hasChanged);
  }

  static bool merge(PatternRewriter &rewriter, OperandRange operands, Block::BlockArgListType arguments) {
    DenseMap<Value, BlockArgument> first;
    bool hasChanged = false;
    for (auto [operand, argument] : llvm::zip(operands, arguments)) {
      auto [entry, isFirst] = first.try_emplace(operand, argument);
      if (isFirst || argument.use_empty())
        continue;
      rewriter.replaceAllUsesWith(argument, entry->second);
      hasChanged = true;
    }
    return hasChanged;
  }
};

} // namespace

void ScanOp::getCanonicalizationPatterns(RewritePatternSet &patterns, MLIRContext *context) {
  patterns.add<DropUnread, ShareUnchanged, MergeEqualOperands>(context);
}

} // namespace weft::nn

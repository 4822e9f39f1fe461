//===- FuseCollectives.cpp - Stop sending what is cut away again ----------===//
//
// A collective that hands every member the whole tensor is wasted when each
// member then keeps only its shard. What is rewritten, when, and what it saves
// is told in Passes.td; this file holds the two patterns.
//
//===----------------------------------------------------------------------===//

#include "compiler/communication/Passes.h"

#include "dialects/dist/Dist.h"
#include "dialects/nn/Nn.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace weft {
#define GEN_PASS_DEF_FUSECOLLECTIVES
#include "compiler/communication/Passes.h.inc"

namespace {
using namespace mlir;
using namespace dist;

/// Axis order is slot order, so `["x", "y"]` and `["y", "x"]` do not match.
bool sameGroup(auto lhs, auto rhs) {
  return lhs.getMeshAttr() == rhs.getMeshAttr() && lhs.getAxesAttr() == rhs.getAxesAttr();
}

struct ShardsOfAllReduce : OpRewritePattern<AllReduceOp> {
  ShardsOfAllReduce(MLIRContext *context, unsigned maxShards, Pass::Statistic &fused)
      : OpRewritePattern(context), maxShards(maxShards), fused(fused) {}

  LogicalResult matchAndRewrite(AllReduceOp reduce, PatternRewriter &rewriter) const override {
    SmallVector<TakeShardOp> shards;
    for (Operation *user : reduce->getUsers()) {
      auto shard = dyn_cast<TakeShardOp>(user);
      if (!shard || !sameGroup(shard, reduce))
        return rewriter.notifyMatchFailure(user, "needs the whole tensor");
      shards.push_back(shard);
    }
    if (shards.empty())
      return rewriter.notifyMatchFailure(reduce, "has no user");
    if (shards.size() > maxShards) {
      auto name = remark::RemarkOpts::name("TooManyShards");
      remark::missed(reduce.getLoc(), name.category("fuse-collectives"))
          << remark::reason("{0} shards, max-shards is {1}", shards.size(), maxShards);
      return failure();
    }
    for (TakeShardOp shard : shards) {
      rewriter.setInsertionPoint(shard);
      rewriter.replaceOpWithNewOp<ReduceScatterOp>(shard, shard.getType(), reduce.getKindAttr(), reduce.getInput(),
                                                   reduce.getMeshAttr(), reduce.getAxesAttr(), shard.getDimAttr());
      ++fused;
    }
    rewriter.eraseOp(reduce);
    return success();
  }

  unsigned maxShards;
  Pass::Statistic &fused;
};

struct ShardOfAllGather : OpRewritePattern<TakeShardOp> {
  ShardOfAllGather(MLIRContext *context, Pass::Statistic &dropped) : OpRewritePattern(context), dropped(dropped) {}

  LogicalResult matchAndRewrite(TakeShardOp shard, PatternRewriter &rewriter) const override {
    auto gather = shard.getInput().getDefiningOp<AllGatherOp>();
    if (!gather || !sameGroup(gather, shard) || gather.getDim() != shard.getDim())
      return rewriter.notifyMatchFailure(shard, "does not undo a gather");
    rewriter.replaceOp(shard, gather.getInput());
    if (gather->use_empty())
      rewriter.eraseOp(gather);
    ++dropped;
    return success();
  }

  Pass::Statistic &dropped;
};

struct FuseCollectives : impl::FuseCollectivesBase<FuseCollectives> {
  using FuseCollectivesBase::FuseCollectivesBase;

  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<ShardsOfAllReduce>(&getContext(), maxShards, numReduceScatters);
    patterns.add<ShardOfAllGather>(&getContext(), numGathersDropped);
    // Do what the name says and nothing else: no folding on the way.
    auto config = GreedyRewriteConfig().enableFolding(false);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns), config)))
      signalPassFailure();
  }
};
} // namespace
} // namespace weft

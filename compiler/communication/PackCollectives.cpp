//===- PackCollectives.cpp - Makes every shard that is sent contiguous ----===//

#include "compiler/communication/Passes.h"

#include "dialects/dist/Dist.h"
#include "dialects/nn/Nn.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Interfaces/FunctionInterfaces.h"

namespace weft {
#define GEN_PASS_DEF_PACKCOLLECTIVES
#include "compiler/communication/Passes.h.inc"

namespace {
using namespace mlir;
using namespace dist;

/// Whether equal parts along `dim` are runs of memory.
bool isContiguous(Value whole, int64_t dim) {
  auto shape = cast<RankedTensorType>(whole.getType()).getShape();
  return llvm::all_of(shape.take_front(dim), [](int64_t size) { return size == 1; });
}

RankedTensorType shaped(Value like, ArrayRef<int64_t> shape) {
  return RankedTensorType::get(shape, cast<RankedTensorType>(like.getType()).getElementType());
}

/// Moves dimension `from` to place `to`; the others keep their order.
Value moveDim(OpBuilder &builder, Location place, Value value, int64_t from, int64_t to) {
  auto shape = cast<RankedTensorType>(value.getType()).getShape();
  auto perm = llvm::to_vector(llvm::seq<int64_t>(0, shape.size()));
  perm.erase(perm.begin() + from);
  perm.insert(perm.begin() + to, from);
  SmallVector<int64_t> moved;
  for (int64_t dim : perm)
    moved.push_back(shape[dim]);
  return nn::TransposeOp::create(builder, place, shaped(value, moved), value, perm);
}

void pack(AllGatherOp gather) {
  OpBuilder builder(gather);
  auto shard = gather.getInput().getType().getShape();
  int64_t dim = gather.getDim(), slots = gather.getType().getDimSize(dim) / shard[dim];
  SmallVector<int64_t> one(shard), all(shard);
  one.insert(one.begin(), 1);
  all.insert(all.begin(), slots);
  Location place = gather.getLoc();
  Value input = nn::ReshapeOp::create(builder, place, shaped(gather.getInput(), one), gather.getInput());
  Value joined = AllGatherOp::create(builder, place, shaped(input, all), input, gather.getMeshAttr(),
                                     gather.getAxesAttr(), builder.getI64IntegerAttr(0));
  Value ordered = moveDim(builder, place, joined, 0, dim);
  gather.replaceAllUsesWith(nn::ReshapeOp::create(builder, place, gather.getType(), ordered).getResult());
  gather.erase();
}

void pack(ReduceScatterOp scatter) {
  OpBuilder builder(scatter);
  auto shard = scatter.getType().getShape();
  int64_t dim = scatter.getDim(), slots = scatter.getInput().getType().getDimSize(dim) / shard[dim];
  SmallVector<int64_t> cut(shard), one(shard);
  cut.insert(cut.begin() + dim, slots);
  one.insert(one.begin(), 1);
  Location place = scatter.getLoc();
  Value input = nn::ReshapeOp::create(builder, place, shaped(scatter.getInput(), cut), scatter.getInput());
  Value ordered = moveDim(builder, place, input, dim, 0);
  Value part = ReduceScatterOp::create(builder, place, shaped(ordered, one), scatter.getKindAttr(), ordered,
                                       scatter.getMeshAttr(), scatter.getAxesAttr(), builder.getI64IntegerAttr(0));
  scatter.replaceAllUsesWith(nn::ReshapeOp::create(builder, place, scatter.getType(), part).getResult());
  scatter.erase();
}

struct PackCollectives : impl::PackCollectivesBase<PackCollectives> {
  using PackCollectivesBase::PackCollectivesBase;

  void runOnOperation() override {
    getOperation()->walk([](Operation *op) {
      if (auto gather = dyn_cast<AllGatherOp>(op); gather && !isContiguous(gather.getResult(), gather.getDim()))
        pack(gather);
      else if (auto scatter = dyn_cast<ReduceScatterOp>(op);
               scatter && !isContiguous(scatter.getInput(), scatter.getDim()))
        pack(scatter);
    });
  }
};
} // namespace
} // namespace weft

//===- MovePullbacks.cpp - Derivatives of ops that move elements ----------===//
//
// Each move has an adjoint that is a move, or a sum of what was moved from one
// place to several.
//
//===----------------------------------------------------------------------===//

#include "compiler/autodiff/PullbackBuilder.h"
#include "compiler/autodiff/Pullbacks.h"

using namespace mlir;

namespace weft::autodiff {
namespace {

/// A model for an op of which the first operand alone has a cotangent, which `Concrete::pullBack(op, build, g)` gives.
template <typename Concrete, typename Op> struct OfFirstOperand : PullbackOf<Concrete, Op> {
  Cotangents buildPullback(Operation *op, OpBuilder &builder, ArrayRef<Value> cotangents, ArrayRef<bool>) const {
    PullbackBuilder build(builder, op);
    SmallVector<Value> given(op->getNumOperands());
    given[0] = Concrete::pullBack(cast<Op>(op), build, cotangents[0]);
    return given;
  }
};

struct ReshapePullback : OfFirstOperand<ReshapePullback, nn::ReshapeOp> {
  static Value pullBack(nn::ReshapeOp op, PullbackBuilder &build, Value g) {
    return build.reshape(g, typeOf(op.getInput()).getShape());
  }
};

struct TransposePullback : OfFirstOperand<TransposePullback, nn::TransposeOp> {
  static Value pullBack(nn::TransposeOp op, PullbackBuilder &build, Value g) {
    SmallVector<int64_t> inverse(op.getPerm().size());
    for (auto [to, from] : llvm::enumerate(op.getPerm()))
      inverse[from] = static_cast<int64_t>(to);
    return build.transpose(g, inverse);
  }
};

struct BroadcastPullback : OfFirstOperand<BroadcastPullback, nn::BroadcastOp> {
  static Value pullBack(nn::BroadcastOp op, PullbackBuilder &build, Value g) {
    SmallVector<int64_t> added;
    for (int64_t dim = 0; dim < op.getType().getRank(); ++dim)
      if (!llvm::is_contained(op.getDims(), dim))
        added.push_back(dim);
    return build.sum(g, added);
  }
};

struct SlicePullback : OfFirstOperand<SlicePullback, nn::SliceOp> {
  static Value pullBack(nn::SliceOp op, PullbackBuilder &build, Value g) {
    return nn::PadOp::create(build.builder, build.place, op.getInput().getType(), g, op.getOffsets());
  }
};

struct PadPullback : OfFirstOperand<PadPullback, nn::PadOp> {
  static Value pullBack(nn::PadOp op, PullbackBuilder &build, Value g) {
    return nn::SliceOp::create(build.builder, build.place, op.getInput().getType(), g, op.getLow());
  }
};

struct GatherPullback : OfFirstOperand<GatherPullback, nn::GatherOp> {
  static Value pullBack(nn::GatherOp op, PullbackBuilder &build, Value g) {
    return nn::ScatterAddOp::create(build.builder, build.place, op.getInput().getType(), g, op.getIds(), op.getDim());
  }
};

struct ScatterAddPullback : OfFirstOperand<ScatterAddPullback, nn::ScatterAddOp> {
  static Value pullBack(nn::ScatterAddOp op, PullbackBuilder &build, Value g) {
    return nn::GatherOp::create(build.builder, build.place, op.getUpdates().getType(), g, op.getIds(), op.getDim());
  }
};

struct ConcatPullback : PullbackOf<ConcatPullback, nn::ConcatOp> {
  Cotangents buildPullback(Operation *op, OpBuilder &builder, ArrayRef<Value> cotangents, ArrayRef<bool> wanted) const {
    auto concat = cast<nn::ConcatOp>(op);
    SmallVector<int64_t> offsets(concat.getType().getRank(), 0);
    SmallVector<Value> given;
    for (auto [input, isWanted] : llvm::zip(concat.getInputs(), wanted)) {
      given.push_back(isWanted ? nn::SliceOp::create(builder, op->getLoc(), input.getType(), cotangents[0], offsets)
                               : Value());
      offsets[concat.getDim()] += typeOf(input).getShape()[concat.getDim()];
    }
    return given;
  }
};

/// What was overwritten has no cotangent; the part has that of the places where it was written.
struct UpdateSlicePullback : PullbackOf<UpdateSlicePullback, nn::UpdateSliceOp> {
  Cotangents buildPullback(Operation *op, OpBuilder &builder, ArrayRef<Value> cotangents, ArrayRef<bool> wanted) const {
    auto update = cast<nn::UpdateSliceOp>(op);
    PullbackBuilder build(builder, op);
    Value g = cotangents[0], start = update.getStart(), forInto, forPart;
    int64_t dim = update.getDim();
    if (wanted[0])
      forInto =
          nn::UpdateSliceOp::create(builder, op->getLoc(), g.getType(), g, build.zeros(update.getPart()), start, dim);
    if (wanted[1]) {
      int64_t count = typeOf(update.getPart()).getShape()[dim], size = typeOf(g).getShape()[dim];
      start = build.clamped(start, size - count);
      auto places = RankedTensorType::get({count}, builder.getI32Type());
      Value ids = nn::IotaOp::create(builder, op->getLoc(), places, 0, start);
      forPart = nn::GatherOp::create(builder, op->getLoc(), update.getPart().getType(), g, ids, dim);
    }
    return SmallVector<Value>{forInto, forPart, Value()};
  }
};

} // namespace

void attachMovePullbacks(MLIRContext &context) {
  nn::ReshapeOp::attachInterface<ReshapePullback>(context);
  nn::TransposeOp::attachInterface<TransposePullback>(context);
  nn::BroadcastOp::attachInterface<BroadcastPullback>(context);
  nn::SliceOp::attachInterface<SlicePullback>(context);
  nn::PadOp::attachInterface<PadPullback>(context);
  nn::ConcatOp::attachInterface<ConcatPullback>(context);
  nn::UpdateSliceOp::attachInterface<UpdateSlicePullback>(context);
  nn::GatherOp::attachInterface<GatherPullback>(context);
  nn::ScatterAddOp::attachInterface<ScatterAddPullback>(context);
}

} // namespace weft::autodiff

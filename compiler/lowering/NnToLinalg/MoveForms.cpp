//===- MoveForms.cpp - Ops that move elements, as linalg ------------------===//
//
// What lies in one box of another tensor is a slice of it, so that it costs nothing
// where the buffer is one and the same; ids are looked up by loads.
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/NnToLinalg/ElementForms.h"
#include "compiler/lowering/NnToLinalg/LinalgForms.h"
#include "compiler/lowering/NnToLinalg/Loops.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace weft::lowering {
namespace {
using namespace mlir;

SmallVector<OpFoldResult> indices(OpBuilder &builder, ArrayRef<int64_t> values) {
  return llvm::map_to_vector(values, [&](int64_t value) -> OpFoldResult { return builder.getIndexAttr(value); });
}

/// `part` written into `whole` at `offsets`.
Value inserted(OpBuilder &builder, Location place, Value part, Value whole, ArrayRef<OpFoldResult> offsets) {
  SmallVector<OpFoldResult> steps(offsets.size(), builder.getIndexAttr(1));
  return tensor::InsertSliceOp::create(builder, place, part, whole, offsets, indices(builder, typeOf(part).getShape()),
                                       steps);
}

Value first(OpBuilder &, Location, ValueRange x) { return x[0]; }

struct ReshapeForm : MovingForm<ReshapeForm, nn::ReshapeOp> {
  static Value build(nn::ReshapeOp op, OpBuilder &builder, ValueRange operands) {
    return reshaped(builder, op.getLoc(), operands[0], op.getType());
  }
};

struct TransposeForm : MovingForm<TransposeForm, nn::TransposeOp> {
  static Value build(nn::TransposeOp op, OpBuilder &builder, ValueRange operands) {
    // Result dimension i is operand dimension perm[i], so the operand is read at the inverse permutation.
    SmallVector<int64_t> loops(op.getPerm().size());
    for (auto [i, dim] : llvm::enumerate(op.getPerm()))
      loops[dim] = static_cast<int64_t>(i);
    AffineMap map = mapOf(builder.getContext(), op.getType().getRank(), loops);
    return mapped(builder, op.getLoc(), op.getType(), operands, map, first);
  }
};

struct BroadcastForm : MovingForm<BroadcastForm, nn::BroadcastOp> {
  static Value build(nn::BroadcastOp op, OpBuilder &builder, ValueRange operands) {
    AffineMap map = mapOf(builder.getContext(), op.getType().getRank(), op.getDims());
    return mapped(builder, op.getLoc(), op.getType(), operands, map, first);
  }
};

struct SliceForm : MovingForm<SliceForm, nn::SliceOp> {
  static Value build(nn::SliceOp op, OpBuilder &builder, ValueRange operands) {
    SmallVector<OpFoldResult> steps(op.getOffsets().size(), builder.getIndexAttr(1));
    return tensor::ExtractSliceOp::create(builder, op.getLoc(), op.getType(), operands[0],
                                          indices(builder, op.getOffsets()), indices(builder, op.getType().getShape()),
                                          steps);
  }
};

struct ConcatForm : MovingForm<ConcatForm, nn::ConcatOp> {
  static Value build(nn::ConcatOp op, OpBuilder &builder, ValueRange operands) {
    Value whole = emptyOf(builder, op.getLoc(), op.getType());
    SmallVector<int64_t> offsets(op.getType().getRank(), 0);
    for (Value operand : operands) {
      whole = inserted(builder, op.getLoc(), operand, whole, indices(builder, offsets));
      offsets[op.getDim()] += typeOf(operand).getShape()[op.getDim()];
    }
    return whole;
  }
};

struct PadForm : MovingForm<PadForm, nn::PadOp> {
  static Value build(nn::PadOp op, OpBuilder &builder, ValueRange operands) {
    Type element = op.getType().getElementType();
    Type bits = element.isUnsignedInteger() ? Type(builder.getIntegerType(element.getIntOrFloatBitWidth())) : element;
    Value zeros = filled(builder, op.getLoc(), op.getType(), cast<TypedAttr>(builder.getZeroAttr(bits)));
    return inserted(builder, op.getLoc(), operands[0], zeros, indices(builder, op.getLow()));
  }
};

struct UpdateSliceForm : MovingForm<UpdateSliceForm, nn::UpdateSliceOp> {
  static Value build(nn::UpdateSliceOp op, OpBuilder &builder, ValueRange operands) {
    int64_t dim = op.getDim(), room = op.getType().getShape()[dim] - typeOf(operands[1]).getShape()[dim] + 1;
    Value start = tensor::ExtractOp::create(builder, op.getLoc(), operands[2], ValueRange());
    SmallVector<OpFoldResult> offsets = indices(builder, SmallVector<int64_t>(op.getType().getRank(), 0));
    offsets[dim] = clampedIndex(builder, op.getLoc(), start, room);
    return inserted(builder, op.getLoc(), operands[1], operands[0], offsets);
  }
};

struct GatherForm : MovingForm<GatherForm, nn::GatherOp> {
  static Value build(nn::GatherOp op, OpBuilder &builder, ValueRange operands) {
    int64_t dim = op.getDim(), idRank = typeOf(operands[1]).getRank(), rank = typeOf(operands[0]).getRank();
    auto idLoops = llvm::to_vector(llvm::seq<int64_t>(dim, dim + idRank));
    AffineMap map = mapOf(builder.getContext(), op.getType().getRank(), idLoops);
    return mapped(builder, op.getLoc(), op.getType(), operands[1], map,
                  [&](OpBuilder &inner, Location at, ValueRange x) -> Value {
                    SmallVector<Value> places;
                    for (int64_t i = 0; i < rank; ++i)
                      if (i == dim)
                        places.push_back(clampedIndex(inner, at, x[0], typeOf(operands[0]).getShape()[dim]));
                      else
                        places.push_back(linalg::IndexOp::create(inner, at, i < dim ? i : i - 1 + idRank));
                    return tensor::ExtractOp::create(inner, at, operands[0], places);
                  });
  }
};

/// One id after the other, so that slices of one place are added in order.
struct ScatterAddForm : ComputingForm<ScatterAddForm, nn::ScatterAddOp> {
  static SmallVector<Value> build(nn::ScatterAddOp op, OpBuilder &builder, ValueRange operands) {
    Location place = op.getLoc();
    Type element = typeOf(operands[0]).getElementType();
    int64_t size = op.getType().getShape()[op.getDim()], count = typeOf(operands[1]).getNumElements(), before = 1;
    for (int64_t extent : op.getType().getShape().take_front(op.getDim()))
      before *= extent;
    int64_t after = op.getType().getNumElements() / (before * size);
    auto typeOfRows = [&](int64_t rows) { return RankedTensorType::get({before, rows, after}, element); };
    Value updates = reshaped(builder, place, operands[0], typeOfRows(count));
    Value ids =
        reshaped(builder, place, operands[1], RankedTensorType::get({count}, typeOf(operands[1]).getElementType()));
    Value zeros = filled(builder, place, typeOfRows(size), cast<TypedAttr>(builder.getZeroAttr(element)));
    auto bound = [&](int64_t value) -> Value { return arith::ConstantIndexOp::create(builder, place, value); };
    auto loop = scf::ForOp::create(
        builder, place, bound(0), bound(count), bound(1), zeros,
        [&](OpBuilder &inner, Location at, Value i, ValueRange sums) {
          Value id = tensor::ExtractOp::create(inner, at, ids, i);
          Value row = clampedIndex(inner, at, id, size);
          SmallVector<OpFoldResult> from = {inner.getIndexAttr(0), i, inner.getIndexAttr(0)}, to = from;
          to[1] = row;
          SmallVector<OpFoldResult> sizes = indices(inner, {before, 1, after}), steps = indices(inner, {1, 1, 1});
          Value update = tensor::ExtractSliceOp::create(inner, at, typeOfRows(1), updates, from, sizes, steps);
          Value there = tensor::ExtractSliceOp::create(inner, at, typeOfRows(1), sums[0], to, sizes, steps);
          AffineMap identity = inner.getMultiDimIdentityMap(3);
          SmallVector<utils::IteratorType> loops(3, utils::IteratorType::parallel);
          Value sum = linalg::GenericOp::create(
                          inner, at, TypeRange(typeOfRows(1)), ValueRange(update), ValueRange(there),
                          {identity, identity}, loops,
                          [&](OpBuilder &body, Location here, ValueRange x) {
                            Value both = applyElementwise(body, here, nn::ElementwiseKind::add, {x[1], x[0]});
                            linalg::YieldOp::create(body, here, both);
                          })
                          .getResult(0);
          scf::YieldOp::create(inner, at, inserted(inner, at, sum, sums[0], to));
        });
    return {reshaped(builder, place, loop.getResult(0), RankedTensorType::get(op.getType().getShape(), element))};
  }
};

struct IotaForm : MovingForm<IotaForm, nn::IotaOp> {
  static Value build(nn::IotaOp op, OpBuilder &builder, ValueRange operands) {
    Type element = op.getType().getElementType();
    Type counted = builder.getIntegerType(element.isInteger(64) ? 64 : 32);
    SmallVector<AffineMap> maps(operands.size(), mapOf(builder.getContext(), op.getType().getRank(), {}));
    return mapped(builder, op.getLoc(), op.getType(), operands, maps, [&](OpBuilder &inner, Location at, ValueRange x) {
      Value index = linalg::IndexOp::create(inner, at, op.getDim());
      Value number = arith::IndexCastOp::create(inner, at, counted, index);
      if (!x.empty())
        number = arith::AddIOp::create(inner, at, number, convertElement(inner, at, x[0], counted));
      return convertElement(inner, at, number, element);
    });
  }
};

} // namespace

void attachMoveForms(MLIRContext &context) {
  nn::ReshapeOp::attachInterface<ReshapeForm>(context);
  nn::TransposeOp::attachInterface<TransposeForm>(context);
  nn::BroadcastOp::attachInterface<BroadcastForm>(context);
  nn::SliceOp::attachInterface<SliceForm>(context);
  nn::ConcatOp::attachInterface<ConcatForm>(context);
  nn::PadOp::attachInterface<PadForm>(context);
  nn::UpdateSliceOp::attachInterface<UpdateSliceForm>(context);
  nn::GatherOp::attachInterface<GatherForm>(context);
  nn::ScatterAddOp::attachInterface<ScatterAddForm>(context);
  nn::IotaOp::attachInterface<IotaForm>(context);
}

} // namespace weft::lowering

//===- Moves.cpp - Elements moved, by their indices -----------------------===//

#include "test/reference/nn/Cases.h"

namespace weft::reference {
namespace {
using namespace mlir;

Tensor transpose(nn::TransposeOp op, const Tensor &input) {
  Tensor result = zerosOf(op.getResult());
  for (int64_t place = 0; place < result.count(); ++place) {
    std::vector<int64_t> at = indexOf(place, result.shape), from(at.size());
    for (size_t i = 0; i < at.size(); ++i)
      from[op.getPerm()[i]] = at[i];
    result.elements[place] = input.elements[placeOf(from, input.shape)];
  }
  return result;
}

Tensor broadcast(nn::BroadcastOp op, const Tensor &input) {
  Tensor result = zerosOf(op.getResult());
  for (int64_t place = 0; place < result.count(); ++place) {
    std::vector<int64_t> at = indexOf(place, result.shape), from;
    for (int64_t dim : op.getDims())
      from.push_back(at[dim]);
    result.elements[place] = input.elements[placeOf(from, input.shape)];
  }
  return result;
}

/// Copies all of `part` into `whole`, or what stands there out of it, at `offsets`.
template <typename Copy>
void forEachInBox(const std::vector<int64_t> &part, const std::vector<int64_t> &whole, ArrayRef<int64_t> offsets,
                  Copy copy) {
  int64_t count = 1;
  for (int64_t size : part)
    count *= size;
  for (int64_t place = 0; place < count; ++place) {
    std::vector<int64_t> at = indexOf(place, part);
    for (size_t i = 0; i < at.size(); ++i)
      at[i] += offsets[i];
    copy(place, placeOf(at, whole));
  }
}

Tensor slice(nn::SliceOp op, const Tensor &input) {
  Tensor result = zerosOf(op.getResult());
  forEachInBox(result.shape, input.shape, op.getOffsets(),
               [&](int64_t inPart, int64_t inWhole) { result.elements[inPart] = input.elements[inWhole]; });
  return result;
}

void write(Tensor &into, const Tensor &part, ArrayRef<int64_t> offsets) {
  forEachInBox(part.shape, into.shape, offsets,
               [&](int64_t inPart, int64_t inWhole) { into.elements[inWhole] = part.elements[inPart]; });
}

Tensor concat(nn::ConcatOp op, const std::vector<Tensor> &operands) {
  Tensor result = zerosOf(op.getResult());
  std::vector<int64_t> offsets(result.shape.size(), 0);
  for (const Tensor &operand : operands) {
    write(result, operand, offsets);
    offsets[op.getDim()] += operand.shape[op.getDim()];
  }
  return result;
}

Tensor pad(nn::PadOp op, const Tensor &input) {
  Tensor result = zerosOf(op.getResult());
  write(result, input, op.getLow());
  return result;
}

Tensor updateSlice(nn::UpdateSliceOp op, const std::vector<Tensor> &operands) {
  Tensor result = operands[0];
  std::vector<int64_t> offsets(result.shape.size(), 0);
  int64_t dim = op.getDim();
  offsets[dim] = clamped(operands[2].elements[0], result.shape[dim] - operands[1].shape[dim] + 1);
  write(result, operands[1], offsets);
  return result;
}

Tensor gather(nn::GatherOp op, const Tensor &input, const Tensor &ids) {
  Tensor result = zerosOf(op.getResult());
  RowsAlong from(input.shape, op.getDim());
  for (int64_t outer = 0; outer < from.before; ++outer)
    for (int64_t i = 0; i < ids.count(); ++i)
      for (int64_t inner = 0; inner < from.after; ++inner)
        result.elements[(outer * ids.count() + i) * from.after + inner] =
            input.elements[from.at(outer, clamped(ids.elements[i], from.size), inner)];
  return result;
}

Tensor scatterAdd(nn::ScatterAddOp op, const Tensor &updates, const Tensor &ids) {
  Tensor result = zerosOf(op.getResult());
  RowsAlong to(result.shape, op.getDim());
  for (int64_t outer = 0; outer < to.before; ++outer)
    for (int64_t i = 0; i < ids.count(); ++i)
      for (int64_t inner = 0; inner < to.after; ++inner)
        result.elements[to.at(outer, clamped(ids.elements[i], to.size), inner)] +=
            updates.elements[(outer * ids.count() + i) * to.after + inner];
  return result;
}

Tensor iota(nn::IotaOp op, const std::vector<Tensor> &operands) {
  Tensor result = zerosOf(op.getResult());
  RowsAlong rows(result.shape, op.getDim());
  rows.forEach([&](int64_t outer, int64_t inner) {
    for (int64_t k = 0; k < rows.size; ++k)
      result.elements[rows.at(outer, k, inner)] = double(k) + (operands.empty() ? 0 : operands[0].elements[0]);
  });
  return result;
}

} // namespace

Results evaluateMoves(Operation *op, const std::vector<Tensor> &operands) {
  if (auto node = dyn_cast<nn::TransposeOp>(op))
    return {{transpose(node, operands[0])}};
  if (auto node = dyn_cast<nn::BroadcastOp>(op))
    return {{broadcast(node, operands[0])}};
  if (auto node = dyn_cast<nn::ReshapeOp>(op))
    return {{Tensor{zerosOf(node.getResult()).shape, operands[0].elements}}};
  if (auto node = dyn_cast<nn::SliceOp>(op))
    return {{slice(node, operands[0])}};
  if (auto node = dyn_cast<nn::ConcatOp>(op))
    return {{concat(node, operands)}};
  if (auto node = dyn_cast<nn::PadOp>(op))
    return {{pad(node, operands[0])}};
  if (auto node = dyn_cast<nn::UpdateSliceOp>(op))
    return {{updateSlice(node, operands)}};
  if (auto node = dyn_cast<nn::GatherOp>(op))
    return {{gather(node, operands[0], operands[1])}};
  if (auto node = dyn_cast<nn::ScatterAddOp>(op))
    return {{scatterAdd(node, operands[0], operands[1])}};
  if (auto node = dyn_cast<nn::IotaOp>(op))
    return {{iota(node, operands)}};
  return {};
}

} // namespace weft::reference

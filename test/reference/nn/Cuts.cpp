//===- Cuts.cpp - A part whose place is a number --------------------------===//
//
// A kernel that cuts its slot's part out of a tensor reads the slot's number, and
// computes with it where the part begins. An index is a tensor without dimensions here.
//
//===----------------------------------------------------------------------===//

#include "test/reference/nn/Cases.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace weft::reference {
namespace {
using namespace mlir;

Tensor number(double value) { return {{}, {value}}; }

Tensor part(tensor::ExtractSliceOp op, const std::vector<Tensor> &operands) {
  Tensor result = Tensor::ofShape(op.getType().getShape());
  std::vector<int64_t> begin;
  size_t given = 1; // operands[0] is the whole
  for (int64_t offset : op.getStaticOffsets())
    begin.push_back(ShapedType::isDynamic(offset) ? int64_t(operands[given++].elements[0]) : offset);
  for (int64_t place = 0; place < result.count(); ++place) {
    std::vector<int64_t> at = indexOf(place, result.shape);
    for (size_t i = 0; i < at.size(); ++i)
      at[i] += begin[i];
    result.elements[place] = operands[0].elements[placeOf(at, operands[0].shape)];
  }
  return result;
}

} // namespace

Results evaluateCuts(Operation *op, const std::vector<Tensor> &operands) {
  if (isa<tensor::ExtractOp, arith::IndexCastOp>(op))
    return {{number(operands[0].elements[0])}};
  if (auto node = dyn_cast<arith::ConstantIndexOp>(op))
    return {{number(double(node.value()))}};
  if (isa<arith::MulIOp>(op))
    return {{number(operands[0].elements[0] * operands[1].elements[0])}};
  if (auto node = dyn_cast<tensor::ExtractSliceOp>(op))
    return {{part(node, operands)}};
  return {};
}

} // namespace weft::reference

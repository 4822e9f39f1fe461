//===- ExpandRowOps.cpp - Softmax, norms and losses as simpler ops --------===//
//
// Each is two or three passes over a row, which stays in the first cache between
// them. Divisions by a row's sum are products with its reciprocal.
//
//===----------------------------------------------------------------------===//

#include "compiler/targets/cpu/Rows.h"

#include "dialects/nn/Nn.h"
#include "llvm/ADT/TypeSwitch.h"

namespace weft::cpu {
namespace {
using namespace mlir;
using nn::ElementwiseKind;

/// Builds on [rows, columns], whatever the rank of what is expanded.
class RowOps {
public:
  RowOps(OpBuilder &builder, Location place, Value input) : builder(builder), place(place) {
    auto type = cast<RankedTensorType>(input.getType());
    element = type.getElementType();
    columns = type.getShape().back();
    whole = RankedTensorType::get({type.getNumElements() / columns, columns}, element);
    row = RankedTensorType::get({whole.getDimSize(0)}, element);
    x = reshaped(input, whole);
  }

  Value softmax() {
    Value weights = weightsBelow(top());
    Value share = apply(ElementwiseKind::div, constant(1.0, row), reduced(ReduceKind::sum, weights));
    return apply(ElementwiseKind::mul, weights, spread(share));
  }

  Value norm(bool takesMean, const APFloat &eps) {
    Value centered = takesMean ? apply(ElementwiseKind::sub, x, spread(mean(x))) : x;
    Value variance = mean(apply(ElementwiseKind::mul, centered, centered));
    Value shifted = apply(ElementwiseKind::add, variance, constant(eps.convertToDouble(), row));
    return apply(ElementwiseKind::mul, centered, spread(apply(ElementwiseKind::rsqrt, shifted)));
  }

  Value crossEntropy(Value ids) {
    Type integer = cast<RankedTensorType>(ids.getType()).getElementType();
    auto idRow = RankedTensorType::get(row.getShape(), integer),
         places = RankedTensorType::get(whole.getShape(), integer);
    Value id = reshaped(ids, idRow);
    id = apply(ElementwiseKind::max, id, integers(0, idRow));
    id = apply(ElementwiseKind::min, id, integers(columns - 1, idRow));
    Value top = this->top(), sum = reduced(ReduceKind::sum, weightsBelow(top));
    Value spreadId = nn::BroadcastOp::create(builder, place, places, id, builder.getDenseI64ArrayAttr({0}));
    Value place1 = nn::IotaOp::create(builder, place, places, builder.getI64IntegerAttr(1), Value());
    auto bools = RankedTensorType::get(whole.getShape(), builder.getI1Type());
    Value isPicked = nn::CompareOp::create(builder, place, bools, nn::CompareKind::eq, place1, spreadId);
    Value picked = reduced(ReduceKind::sum,
                           nn::SelectOp::create(builder, place, whole, isPicked, x, constant(0.0, whole)).getResult());
    // log Σ exp(x - top) - (picked - top): the difference of two large numbers is taken once.
    return apply(ElementwiseKind::sub, apply(ElementwiseKind::log, sum), apply(ElementwiseKind::sub, picked, top));
  }

  Value reshaped(Value value, RankedTensorType type) {
    return value.getType() == type ? value : nn::ReshapeOp::create(builder, place, type, value).getResult();
  }

private:
  /// The largest element, or any number where one is NaN: that one's weight is NaN still.
  Value top() {
    Value top = reduced(ReduceKind::max, x);
    top.getDefiningOp()->setAttr(hidesNanAttrName, builder.getUnitAttr());
    return top;
  }
  Value weightsBelow(Value top) {
    Value weights = apply(ElementwiseKind::exp, apply(ElementwiseKind::sub, x, spread(top)));
    weights.getDefiningOp()->setAttr(isNegativeAttrName, builder.getUnitAttr());
    return weights;
  }
  Value apply(ElementwiseKind kind, Value a, Value b = {}) {
    SmallVector<Value> operands = {a};
    if (b)
      operands.push_back(b);
    return nn::ElementwiseOp::create(builder, place, a.getType(), kind, operands);
  }
  Value reduced(ReduceKind kind, Value value) {
    return nn::ReduceOp::create(builder, place, row, kind, value, builder.getDenseI64ArrayAttr({1}));
  }
  Value mean(Value value) {
    return apply(ElementwiseKind::mul, reduced(ReduceKind::sum, value), constant(1.0 / double(columns), row));
  }
  Value spread(Value value) {
    return nn::BroadcastOp::create(builder, place, whole, value, builder.getDenseI64ArrayAttr({0}));
  }
  Value constant(double value, RankedTensorType type) {
    return nn::ConstantOp::create(builder, place, type,
                                  DenseElementsAttr::get(type, builder.getFloatAttr(element, value)));
  }
  Value integers(int64_t value, RankedTensorType type) {
    return nn::ConstantOp::create(builder, place, type,
                                  DenseElementsAttr::get(type, builder.getIntegerAttr(type.getElementType(), value)));
  }

  OpBuilder &builder;
  Location place;
  Type element;
  int64_t columns;
  RankedTensorType whole, row;
  Value x;
};

bool isLast(Value input, int64_t dim) { return dim == cast<RankedTensorType>(input.getType()).getRank() - 1; }

} // namespace

void expandRowOps(func::FuncOp kernel) {
  SmallVector<Operation *> ops;
  kernel.walk([&](Operation *op) {
    Type type = op->getNumResults() ? op->getResult(0).getType() : Type();
    if (isa<nn::SoftmaxOp, nn::LayerNormOp, nn::RmsNormOp, nn::CrossEntropyOp>(op) &&
        isa<Float32Type, Float64Type>(cast<RankedTensorType>(type).getElementType()))
      ops.push_back(op);
  });
  for (Operation *op : ops) {
    OpBuilder builder(op);
    Value input = op->getOperand(0);
    Value made =
        llvm::TypeSwitch<Operation *, Value>(op)
            .Case<nn::SoftmaxOp>([&](auto softmax) {
              return isLast(input, softmax.getDim()) ? RowOps(builder, op->getLoc(), input).softmax() : Value();
            })
            .Case<nn::LayerNormOp, nn::RmsNormOp>([&](auto norm) {
              return isLast(input, norm.getDim())
                         ? RowOps(builder, op->getLoc(), input).norm(isa<nn::LayerNormOp>(op), norm.getEps())
                         : Value();
            })
            .Case<nn::CrossEntropyOp>(
                [&](auto loss) { return RowOps(builder, op->getLoc(), input).crossEntropy(loss.getIds()); });
    if (!made)
      continue;
    auto type = cast<RankedTensorType>(op->getResult(0).getType());
    op->getResult(0).replaceAllUsesWith(
        made.getType() == type ? made : nn::ReshapeOp::create(builder, op->getLoc(), type, made).getResult());
    op->erase();
  }
}

} // namespace weft::cpu

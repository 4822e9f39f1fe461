//===- ElementWriter.cpp - The value of one element, written when asked for ===//

#include "compiler/targets/cpu/ElementWriter.h"

#include "compiler/lowering/NnToLinalg/ElementForms.h"
#include "compiler/lowering/NnToLinalg/ScalarForms.h"
#include "compiler/targets/cpu/Rows.h"
#include "dialects/nn/Nn.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/TypeSwitch.h"

namespace weft::cpu {
using namespace mlir;
using analysis::Extent;

namespace {

Type elementOf(Value value) { return cast<RankedTensorType>(value.getType()).getElementType(); }

Value compare(OpBuilder &builder, Location place, nn::CompareKind kind, Value a, Value b) {
  using Float = arith::CmpFPredicate;
  using Integer = arith::CmpIPredicate;
  static constexpr Float floats[] = {Float::OEQ, Float::UNE, Float::OLT, Float::OLE, Float::OGT, Float::OGE};
  static constexpr Integer integers[] = {Integer::eq,  Integer::ne,  Integer::slt,
                                         Integer::sle, Integer::sgt, Integer::sge};
  auto number = static_cast<unsigned>(kind);
  if (isa<FloatType>(a.getType()))
    return arith::CmpFOp::create(builder, place, floats[number], a, b);
  return arith::CmpIOp::create(builder, place, integers[number], a, b);
}

} // namespace

void ElementWriter::goToRow(Value newRow) {
  row = newRow;
  ofRow.clear();
  elements.clear();
}

void ElementWriter::goTo(Value newColumn, Value newLinear) {
  column = newColumn;
  linear = newLinear;
  elements.clear();
}

ElementWriter::Memo &ElementWriter::memoOf(Value value) {
  Extent extent = extentOf(value);
  return extent == Extent::scalar ? ofAll : extent == Extent::row ? ofRow : elements;
}

Value ElementWriter::placeOf(Extent extent) {
  switch (extent) {
  case Extent::full:
    return linear;
  case Extent::row:
    return row;
  case Extent::column:
    return column;
  case Extent::scalar:
    return phase.index(0);
  }
  llvm_unreachable("every extent is above");
}

Value ElementWriter::operator()(Value value) {
  if (Value known = memoOf(value).lookup(value))
    return known;
  Value element;
  if (auto place = kept.find(value); place != kept.end())
    element = phase.load(place->second.buffer, place->second.byColumn ? column : linear, elementOf(value));
  else if (auto argument = dyn_cast<BlockArgument>(value))
    element = phase.load(phase.input(argument.getArgNumber()), placeOf(extentOf(value)), elementOf(value));
  else
    element = compute(value);
  memoOf(value)[value] = element; // `compute` may have grown the map
  return element;
}

Value ElementWriter::compute(Value value) {
  Operation *op = value.getDefiningOp();
  OpBuilder &builder = phase.builder;
  Location place = phase.place;
  return llvm::TypeSwitch<Operation *, Value>(op)
      .Case<nn::ConstantOp>([&](auto constant) {
        return arith::ConstantOp::create(
                   builder, place, cast<SplatElementsAttr>(constant.getValue()).template getSplatValue<TypedAttr>())
            .getResult();
      })
      .Case<nn::ReshapeOp, nn::BroadcastOp>([&](auto move) { return (*this)(move.getInput()); })
      .Case<nn::ElementwiseOp>([&](auto elementwise) {
        SmallVector<Value> operands;
        for (Value operand : elementwise.getInputs())
          operands.push_back((*this)(operand));
        if (op->hasAttr(isNegativeAttrName))
          return lowering::ScalarForms(builder, place, elementOf(value)).expOfNegative(operands[0]);
        return lowering::applyElementwise(builder, place, elementwise.getKind(), operands);
      })
      .Case<nn::CompareOp>([&](auto op) {
        Value a = (*this)(op.getLhs()), b = (*this)(op.getRhs());
        return compare(builder, place, op.getKind(), a, b);
      })
      .Case<nn::SelectOp>([&](auto op) {
        Value condition = (*this)(op.getCondition()), a = (*this)(op.getOnTrue()), b = (*this)(op.getOnFalse());
        return arith::SelectOp::create(builder, place, condition, a, b).getResult();
      })
      .Case<nn::CastOp>([&](auto cast) {
        return lowering::convertElement(builder, place, (*this)(cast.getInput()), elementOf(cast.getResult()));
      })
      .Case<nn::IotaOp>([&](auto iota) {
        Type element = elementOf(value);
        Value at = indexAlong(value, iota.getDim());
        Type integer = element.isInteger(64) ? element : builder.getI32Type();
        Value number = arith::IndexCastOp::create(builder, place, integer, at);
        return lowering::convertElement(builder, place, number, element);
      });
}

void ElementWriter::readScalars() { readAll(Extent::scalar); }
void ElementWriter::readRow() { readAll(Extent::row); }

void ElementWriter::readAll(Extent extent) {
  auto read = [&](Value value) {
    if (shape.extents.contains(value) && extentOf(value) == extent && !shape.late.contains(value))
      (void)(*this)(value);
  };
  for (BlockArgument argument : kernel.getArguments())
    read(argument);
  for (Operation &op : kernel.getBody().front().without_terminator())
    for (Value result : op.getResults())
      read(result);
}

/// The index along `dim` of the element that stands here.
Value ElementWriter::indexAlong(Value value, int64_t dim) {
  ArrayRef<int64_t> sizes = cast<RankedTensorType>(value.getType()).getShape();
  int64_t behind = 1;
  for (int64_t size : sizes.drop_front(dim + 1))
    behind *= size;
  Extent extent = extentOf(value);
  // Within a row nothing needs to be divided.
  if (extent == Extent::full && behind * sizes[dim] == shape.columns && behind == 1)
    return column;
  return phase.rem(phase.div(placeOf(extent), behind), sizes[dim]);
}

void ElementWriter::store(Value value, unsigned number) {
  phase.store((*this)(value), phase.output(number), placeOf(extentOf(value)));
}

} // namespace weft::cpu

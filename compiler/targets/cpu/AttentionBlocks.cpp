//===- AttentionBlocks.cpp - What both kernels of attention do with blocks ===//

#include "compiler/targets/cpu/AttentionBlocks.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace weft::cpu {
using namespace mlir;

AttentionBlocks::AttentionBlocks(PhaseBuilder &phase, const AttentionShape &shape, Isa isa)
    : phase(phase), shape(shape), product(phase, isa, shape.element) {}

BlockView AttentionBlocks::view(Value from, Value part, Value row, int64_t rows, int64_t width) {
  Value batch = phase.div(part, shape.heads), head = phase.rem(part, shape.heads);
  Value line = phase.add(phase.mul(batch, rows), row);
  return {from, phase.add(phase.mul(line, shape.heads * width), phase.mul(head, width)), shape.heads * width};
}

void AttentionBlocks::copyRows(const BlockView &from, const BlockView &to, Value count, int64_t width, Value factor) {
  phase.loop(phase.index(0), count, 1, [&](Value i) {
    Value source = phase.add(from.base, phase.mul(i, from.rowStride)),
          target = phase.add(to.base, phase.mul(i, to.rowStride));
    product.overColumns(width, [&](Value column, int64_t lanes) {
      Value piece = phase.loadVector(from.buffer, phase.add(source, column), lanes);
      if (factor)
        piece = arith::MulFOp::create(phase.builder, phase.place, piece, spread(factor, lanes));
      phase.storeVector(piece, to.buffer, phase.add(target, column));
    });
  });
}

void AttentionBlocks::scaleRows(const BlockView &from, const BlockView &to, Value count, int64_t width, Value factors) {
  phase.loop(phase.index(0), count, 1, [&](Value i) {
    auto row = [&](const BlockView &view) {
      return BlockView{view.buffer, phase.add(view.base, phase.mul(i, view.rowStride)), view.rowStride};
    };
    copyRows(row(from), row(to), phase.index(1), width, phase.load(factors, i, shape.element));
  });
}

void AttentionBlocks::turn(const BlockView &rows, Value valid, int64_t width, Value to, Value toBase) {
  Value zero = constant(0);
  phase.loop(phase.mul(valid, width), phase.index(shape.blockQueries * width), 1,
             [&](Value at) { phase.store(zero, rows.buffer, phase.add(rows.base, at)); });
  product.transpose(shape.blockQueries, width, rows, {to, toBase, shape.blockQueries});
}

Value AttentionBlocks::offset() {
  if (!shape.offset)
    return phase.index(shape.keys - shape.queries);
  Value given = phase.load(phase.input(*shape.offset), phase.index(0), phase.builder.getI32Type());
  return arith::IndexCastOp::create(phase.builder, phase.place, phase.builder.getIndexType(), given);
}

Value AttentionBlocks::keysSeenBy(Value query) {
  if (!shape.causal)
    return phase.index(shape.keys);
  Value seen = phase.add(phase.add(query, offset()), 1);
  seen = arith::MaxSIOp::create(phase.builder, phase.place, seen, phase.index(0));
  return arith::MinSIOp::create(phase.builder, phase.place, seen, phase.index(shape.keys));
}

Value AttentionBlocks::keysSeenByAll(Value firstQuery, Value firstKey, Value count) {
  if (!shape.causal)
    return count;
  Value seen = minus(keysSeenBy(firstQuery), firstKey);
  seen = arith::MaxSIOp::create(phase.builder, phase.place, seen, phase.index(0));
  return arith::MinSIOp::create(phase.builder, phase.place, seen, count);
}

Value AttentionBlocks::sees(Value firstQuery, Value key) {
  OpBuilder &builder = phase.builder;
  // Query q sees keys up to q + offset.
  Value least = minus(minus(key, offset()), firstQuery);
  auto type = VectorType::get({product.lanes}, builder.getI64Type());
  SmallVector<int64_t> numbers(product.lanes);
  for (int64_t i = 0; i < product.lanes; ++i)
    numbers[i] = i;
  Value lane = arith::ConstantOp::create(builder, phase.place, DenseElementsAttr::get(type, ArrayRef(numbers)));
  least = arith::IndexCastOp::create(builder, phase.place, builder.getI64Type(), least);
  least = vector::BroadcastOp::create(builder, phase.place, type, least);
  return arith::CmpIOp::create(builder, phase.place, arith::CmpIPredicate::sge, lane, least);
}

Value AttentionBlocks::spread(Value one, int64_t width) {
  return vector::BroadcastOp::create(phase.builder, phase.place, VectorType::get({width}, shape.element), one);
}
Value AttentionBlocks::constant(double number) {
  return arith::ConstantOp::create(phase.builder, phase.place, phase.builder.getFloatAttr(shape.element, number));
}
Value AttentionBlocks::lanesOf(double number) {
  auto one = phase.builder.getFloatAttr(shape.element, number);
  return arith::ConstantOp::create(phase.builder, phase.place, DenseElementsAttr::get(lanesType(), one));
}
Value AttentionBlocks::select(Value condition, Value a, Value b) {
  return arith::SelectOp::create(phase.builder, phase.place, condition, a, b);
}
Value AttentionBlocks::minus(Value a, Value b) { return arith::SubIOp::create(phase.builder, phase.place, a, b); }
void AttentionBlocks::fill(Value buffer, Value base, int64_t count, double number) {
  auto one = phase.builder.getFloatAttr(shape.element, number);
  product.overColumns(count, [&](Value at, int64_t lanes) {
    auto type = VectorType::get({lanes}, shape.element);
    Value piece = arith::ConstantOp::create(phase.builder, phase.place, DenseElementsAttr::get(type, one));
    phase.storeVector(piece, buffer, phase.add(base, at));
  });
}

} // namespace weft::cpu

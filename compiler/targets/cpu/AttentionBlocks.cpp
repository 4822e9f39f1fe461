//===- AttentionBlocks.cpp - What both kernels of attention do with blocks ===//

#include "compiler/targets/cpu/AttentionBlocks.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

namespace weft::cpu {
using namespace mlir;

Value AttentionBlocks::placeOf(Value part, Value row, int64_t rows, int64_t width) {
  Value batch = phase.div(part, shape.heads), head = phase.rem(part, shape.heads);
  Value line = phase.add(phase.mul(batch, rows), row);
  return phase.add(phase.mul(line, strideOf(width)), phase.mul(head, width));
}

void AttentionBlocks::copyBlock(Value from, Value part, Value first, int64_t rows, int64_t width, Value to) {
  Value valid = phase.least(phase.index(AttentionShape::block), minus(phase.index(rows), first));
  phase.loop(phase.index(0), valid, 1, [&](Value i) {
    Value source = placeOf(part, phase.add(first, i), rows, width), target = phase.mul(i, width);
    phase.loop(0, width, 1, [&](Value j) {
      phase.store(phase.load(from, phase.add(source, j), shape.element), to, phase.add(target, j));
    });
  });
  Value zero = constant(0);
  phase.loop(phase.mul(valid, width), phase.index(AttentionShape::block * width), 1,
             [&](Value at) { phase.store(zero, to, at); });
}

void AttentionBlocks::storeBlock(Value block, Value blockBase, Value to, Value part, Value first, int64_t rows,
                                 int64_t width) {
  Value valid = phase.least(phase.index(AttentionShape::block), minus(phase.index(rows), first));
  phase.loop(phase.index(0), valid, 1, [&](Value i) {
    Value target = placeOf(part, phase.add(first, i), rows, width);
    Value source = phase.add(blockBase, phase.mul(i, width));
    phase.loop(0, width, 1, [&](Value j) {
      phase.store(phase.load(block, phase.add(source, j), shape.element), to, phase.add(target, j));
    });
  });
}

Value AttentionBlocks::keysSeenBy(Value query) {
  if (!shape.causal)
    return phase.index(shape.keys);
  OpBuilder &builder = phase.builder;
  Value behind = phase.index(shape.keys - shape.queries);
  if (shape.offset) {
    Value given = phase.load(phase.input(*shape.offset), phase.index(0), builder.getI32Type());
    behind = arith::IndexCastOp::create(builder, phase.place, builder.getIndexType(), given);
  }
  Value seen = phase.add(phase.add(query, behind), 1);
  seen = arith::MaxSIOp::create(builder, phase.place, seen, phase.index(0));
  return arith::MinSIOp::create(builder, phase.place, seen, phase.index(shape.keys));
}

Value AttentionBlocks::constant(double number) {
  return arith::ConstantOp::create(phase.builder, phase.place, phase.builder.getFloatAttr(shape.element, number));
}
Value AttentionBlocks::select(Value condition, Value a, Value b) {
  return arith::SelectOp::create(phase.builder, phase.place, condition, a, b);
}
Value AttentionBlocks::isBelow(Value a, Value b) {
  return arith::CmpIOp::create(phase.builder, phase.place, arith::CmpIPredicate::ult, a, b);
}
Value AttentionBlocks::minus(Value a, Value b) { return arith::SubIOp::create(phase.builder, phase.place, a, b); }
void AttentionBlocks::fill(Value buffer, Value base, int64_t count, double number) {
  Value element = constant(number);
  phase.loop(0, count, 1, [&](Value i) { phase.store(element, buffer, phase.add(base, i)); });
}

} // namespace weft::cpu

//===- Packing.cpp - Operands of a product as the inner loop reads them ---===//
//
// An operand whose panels lie across its rows in memory is turned in registers, a
// square of vectors at a time; else rows of a panel are copied.
//
//===----------------------------------------------------------------------===//

#include "compiler/targets/cpu/Packing.h"

#include "compiler/targets/cpu/BlockProduct.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

#include <algorithm>

namespace weft::cpu {
using namespace mlir;

namespace {

Value zeros(PhaseBuilder &phase, int64_t lanes, Type element) {
  auto type = VectorType::get({lanes}, element);
  return arith::ConstantOp::create(phase.builder, phase.place, phase.builder.getZeroAttr(type));
}

} // namespace

Value loadPart(PhaseBuilder &phase, Value buffer, Value at, int64_t valid, int64_t lanes) {
  if (valid >= lanes)
    return phase.loadVector(buffer, at, lanes);
  Type element = cast<MemRefType>(buffer.getType()).getElementType();
  Value part = phase.loadVector(buffer, at, valid);
  return vector::InsertStridedSliceOp::create(phase.builder, phase.place, part, zeros(phase, lanes, element),
                                              ArrayRef<int64_t>{0}, ArrayRef<int64_t>{1});
}

void storePart(PhaseBuilder &phase, Value vector, Value buffer, Value at, int64_t valid) {
  if (valid < cast<VectorType>(vector.getType()).getDimSize(0))
    vector = vector::ExtractStridedSliceOp::create(phase.builder, phase.place, vector, ArrayRef<int64_t>{0},
                                                   ArrayRef<int64_t>{valid}, ArrayRef<int64_t>{1});
  phase.storeVector(vector, buffer, at);
}

void PanelWriter::write(const Operand &from, Value firstPlace, Value firstK, Value depth, int64_t valid, int64_t width,
                        Value memory, Value target) const {
  Value source =
      phase.add(phase.add(from.base, phase.mul(firstPlace, from.placeStride())), phase.mul(firstK, from.kStride()));
  if (!from.runsAlongK)
    return phase.loop(phase.index(0), depth, 1, [&](Value k) {
      Value row = phase.add(source, phase.mul(k, from.stride)), to = phase.add(target, phase.mul(k, width));
      for (int64_t part = 0; part < width; part += lanes) {
        int64_t size = std::min(lanes, width - part);
        Value line = part < valid
                         ? loadPart(phase, from.buffer, phase.add(row, part), std::min(size, valid - part), size)
                         : zeros(phase, size, element);
        phase.storeVector(line, memory, phase.add(to, part));
      }
    });
  Value whole = phase.mul(phase.div(depth, lanes), lanes);
  phase.loop(phase.index(0), whole, lanes, [&](Value k) {
    turn(from, phase.add(source, k), valid, width, memory, phase.add(target, phase.mul(k, width)));
  });
  phase.loop(whole, depth, 1, [&](Value k) {
    Value to = phase.add(target, phase.mul(k, width)), row = phase.add(source, k);
    phase.loop(0, valid, 1, [&](Value place) {
      Value one = phase.load(from.buffer, phase.add(row, phase.mul(place, from.stride)), element);
      phase.store(one, memory, phase.add(to, place));
    });
    Value zero = arith::ConstantOp::create(phase.builder, phase.place, phase.builder.getZeroAttr(element));
    phase.loop(valid, width, 1, [&](Value place) { phase.store(zero, memory, phase.add(to, place)); });
  });
}

/// `lanes` k's of all places: squares whose rows become columns.
void PanelWriter::turn(const Operand &from, Value source, int64_t valid, int64_t width, Value memory,
                       Value target) const {
  for (int64_t part = 0; part < width; part += lanes) {
    SmallVector<Value> rows(lanes, zeros(phase, lanes, element));
    for (int64_t i = 0; i < std::min(lanes, valid - part); ++i)
      rows[i] = phase.loadVector(from.buffer, phase.add(source, (part + i) * from.stride), lanes);
    for (auto [k, column] : llvm::enumerate(transposed(phase, std::move(rows))))
      storePart(phase, column, memory, phase.add(target, static_cast<int64_t>(k) * width + part), width - part);
  }
}

} // namespace weft::cpu

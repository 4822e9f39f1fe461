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

namespace weft::cpu {
namespace {
using namespace mlir;

/// One operand, seen as k x `extent`: `width` of the extent are a panel.
struct Side {
  unsigned input;
  Piece packed;
  int64_t extent, block, width;
  bool runsAlongK; ///< Elements of one place of the extent lie one behind another.
};

class Packer {
public:
  Packer(PhaseBuilder &phase, const Packing &packing, Side side)
      : phase(phase), product(packing.product), lanes(packing.tile.lanes), side(side) {}

  /// `number` counts blocks through all batches.
  void write(Value number) {
    int64_t blocks = (side.extent + side.block - 1) / side.block;
    source = phase.mul(phase.div(number, blocks), side.extent * product.k);
    first = phase.mul(phase.rem(number, blocks), side.block);
    Value target = phase.mul(number, side.block * product.paddedK());
    phase.loop(0, product.passes(), 1, [&](Value pass) {
      Value done = phase.mul(pass, product.depth);
      Value depth = phase.least(phase.index(product.depth), difference(phase.index(product.k), done));
      phase.loop(0, side.block, side.width, [&](Value place) {
        Value at = phase.add(phase.add(target, phase.mul(done, side.block)), phase.mul(place, product.depth));
        writePanel(phase.add(first, place), done, depth, at);
      });
    });
  }

private:
  Value difference(Value a, Value b) { return arith::SubIOp::create(phase.builder, phase.place, a, b); }

  /// Where the element at `k` and `place` is in the operand.
  Value from(Value k, Value place) {
    Value at =
        side.runsAlongK ? phase.add(phase.mul(place, product.k), k) : phase.add(phase.mul(k, side.extent), place);
    return phase.add(source, at);
  }

  void writePanel(Value place, Value done, Value depth, Value at) {
    Value behind = phase.add(place, side.width);
    auto compare = [&](arith::CmpIPredicate predicate) {
      return arith::CmpIOp::create(phase.builder, phase.place, predicate, behind, phase.index(side.extent)).getResult();
    };
    phase.when(compare(arith::CmpIPredicate::ule), [&] {
      if (!side.runsAlongK)
        return copy(place, done, depth, at, phase.index(side.width));
      Value whole = phase.mul(phase.div(depth, lanes), lanes);
      phase.loop(phase.index(0), whole, lanes, [&](Value k) {
        for (int64_t part = 0; part < side.width; part += lanes)
          turn(phase.add(place, part), phase.add(done, k), phase.add(phase.add(at, phase.mul(k, side.width)), part),
               std::min(lanes, side.width - part));
      });
      copy(place, phase.add(done, whole), difference(depth, whole), phase.add(at, phase.mul(whole, side.width)),
           phase.index(side.width));
    });
    phase.when(compare(arith::CmpIPredicate::ugt), [&] {
      Value extent = phase.index(side.extent);
      Value valid = difference(phase.least(behind, extent), phase.least(place, extent));
      copy(place, done, depth, at, valid);
    });
  }

  /// One element after another; what is not valid becomes zero.
  void copy(Value place, Value firstK, Value depth, Value at, Value valid) {
    phase.loop(phase.index(0), depth, 1, [&](Value k) {
      Value target = phase.add(at, phase.mul(k, side.width)), row = phase.add(firstK, k);
      phase.loop(phase.index(0), valid, 1, [&](Value i) {
        Value element = phase.load(phase.input(side.input), from(row, phase.add(place, i)), product.element);
        phase.store(element, phase.piece(side.packed), phase.add(target, i));
      });
      Value zero = arith::ConstantOp::create(phase.builder, phase.place,
                                             cast<TypedAttr>(phase.builder.getZeroAttr(product.element)));
      phase.loop(valid, phase.index(side.width), 1,
                 [&](Value i) { phase.store(zero, phase.piece(side.packed), phase.add(target, i)); });
    });
  }

  /// `count` rows of `lanes` elements become columns.
  void turn(Value place, Value k, Value at, int64_t count) {
    OpBuilder &builder = phase.builder;
    auto type = VectorType::get({lanes}, product.element);
    Value zero = arith::ConstantOp::create(builder, phase.place, builder.getZeroAttr(type));
    SmallVector<Value> rows(lanes, zero);
    for (int64_t i = 0; i < count; ++i)
      rows[i] = phase.loadVector(phase.input(side.input), from(k, phase.add(place, i)), lanes);
    Value memory = phase.piece(side.packed);
    Value mask =
        vector::ConstantMaskOp::create(builder, phase.place, VectorType::get({lanes}, builder.getI1Type()), count);
    for (auto [i, column] : llvm::enumerate(transposed(phase, std::move(rows)))) {
      Value target = phase.add(at, static_cast<int64_t>(i) * side.width);
      if (count == lanes)
        phase.storeVector(column, memory, target);
      else
        vector::MaskedStoreOp::create(builder, phase.place, memory, target, mask, column);
    }
  }

  PhaseBuilder &phase;
  const Product &product;
  int64_t lanes;
  Side side;
  Value source, first;
};

} // namespace

void Packing::write(PhaseBuilder &phase) const {
  int64_t leftBlocks = product.batches * product.rowBlocks();
  phase.loop(phase.begin, phase.end, 1, [&](Value item) {
    auto is = [&](arith::CmpIPredicate predicate) {
      return arith::CmpIOp::create(phase.builder, phase.place, predicate, item, phase.index(leftBlocks)).getResult();
    };
    phase.when(is(arith::CmpIPredicate::ult), [&] {
      Packer(phase, *this, {left, packedLeft, product.m, product.blockRows, tile.rows, !product.transposedLeft})
          .write(item);
    });
    phase.when(is(arith::CmpIPredicate::uge), [&] {
      Value number = arith::SubIOp::create(phase.builder, phase.place, item, phase.index(leftBlocks));
      Packer(phase, *this, {right, packedRight, product.n, product.blockColumns, tile.columns, product.transposedRight})
          .write(number);
    });
  });
}

} // namespace weft::cpu

//===- NarrowFloats.cpp - bf16 and f16 to f32 and back --------------------===//
//
// bf16 is the upper half of an f32. f16 has a bias of 15 and 10 bits of fraction: its
// subnormal numbers come and go by adding a power of two in f32, whose rounding is the
// one that is asked for.
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/NnToLinalg/NarrowFloats.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

namespace weft::lowering {
namespace {
using namespace mlir;
using Predicate = arith::CmpIPredicate;

/// Words of 32 bits: an f32 as it lies in memory.
class Bits {
public:
  Bits(OpBuilder &builder, Location place) : builder(builder), place(place), i32(builder.getI32Type()) {}

  Value word(uint32_t value) {
    return arith::ConstantOp::create(builder, place, builder.getIntegerAttr(i32, APInt(32, value)));
  }
  Value of(Value f32) { return arith::BitcastOp::create(builder, place, i32, f32); }
  Value asFloat(Value bits) { return arith::BitcastOp::create(builder, place, builder.getF32Type(), bits); }
  Value add(Value a, Value b) { return arith::AddIOp::create(builder, place, a, b); }
  Value sub(Value a, Value b) { return arith::SubIOp::create(builder, place, a, b); }
  Value both(Value a, Value b) { return arith::AndIOp::create(builder, place, a, b); }
  Value either(Value a, Value b) { return arith::OrIOp::create(builder, place, a, b); }
  Value left(Value a, uint32_t by) { return arith::ShLIOp::create(builder, place, a, word(by)); }
  Value right(Value a, uint32_t by) { return arith::ShRUIOp::create(builder, place, a, word(by)); }
  Value is(Predicate predicate, Value a, Value b) { return arith::CmpIOp::create(builder, place, predicate, a, b); }
  Value select(Value condition, Value a, Value b) { return arith::SelectOp::create(builder, place, condition, a, b); }
  Value fromHalf(Value narrow) {
    Value bits = arith::BitcastOp::create(builder, place, builder.getI16Type(), narrow);
    return arith::ExtUIOp::create(builder, place, i32, bits);
  }
  Value toHalf(Value word, FloatType to) {
    Value bits = arith::TruncIOp::create(builder, place, builder.getI16Type(), word);
    return arith::BitcastOp::create(builder, place, to, bits);
  }

  OpBuilder &builder;
  Location place;
  Type i32;
};

/// An f64 as an f32 that rounds to a narrower type as the f64 itself does: rounded to zero, and odd where that lost
/// anything.
Value roundedToOdd(Bits &bits, Value value) {
  OpBuilder &builder = bits.builder;
  Value nearest = arith::TruncFOp::create(builder, bits.place, builder.getF32Type(), value);
  Value back = arith::ExtFOp::create(builder, bits.place, value.getType(), nearest);
  Value isInexact = arith::CmpFOp::create(builder, bits.place, arith::CmpFPredicate::ONE, back, value);
  Value isFarther = arith::CmpFOp::create(builder, bits.place, arith::CmpFPredicate::OGT,
                                          math::AbsFOp::create(builder, bits.place, back),
                                          math::AbsFOp::create(builder, bits.place, value));
  Value word = bits.of(nearest);
  Value inward = bits.select(isFarther, bits.sub(word, bits.word(1)), word);
  return bits.asFloat(bits.select(isInexact, bits.either(inward, bits.word(1)), word));
}

Value toBf16(Bits &bits, Value word) {
  Value isNan = bits.is(Predicate::ugt, bits.both(word, bits.word(0x7fffffff)), bits.word(0x7f800000));
  Value odd = bits.both(bits.right(word, 16), bits.word(1));
  Value rounded = bits.right(bits.add(bits.add(word, bits.word(0x7fff)), odd), 16);
  return bits.select(isNan, bits.either(bits.right(word, 16), bits.word(0x40)), rounded);
}

Value toF16(Bits &bits, Value word) {
  Value sign = bits.both(word, bits.word(0x80000000)), size = bits.both(word, bits.word(0x7fffffff));
  Value isNan = bits.is(Predicate::ugt, size, bits.word(0x7f800000));
  Value large = bits.select(isNan, bits.word(0x7e00), bits.word(0x7c00));
  // 1/2: the last bit of its fraction is the last one of a subnormal f16.
  Value magic = bits.word((127 - 15 + 23 - 10 + 1) << 23);
  Value sum = arith::AddFOp::create(bits.builder, bits.place, bits.asFloat(size), bits.asFloat(magic));
  Value small = bits.sub(bits.of(sum), magic);
  Value odd = bits.both(bits.right(size, 13), bits.word(1));
  Value rebased = bits.add(size, bits.word(uint32_t(15 - 127) * (1u << 23) + 0xfff));
  Value normal = bits.right(bits.add(rebased, odd), 13);
  Value result = bits.select(bits.is(Predicate::ult, size, bits.word(113u << 23)), small, normal);
  result = bits.select(bits.is(Predicate::uge, size, bits.word((127u + 16) << 23)), large, result);
  return bits.either(result, bits.right(sign, 16));
}

Value fromF16(Bits &bits, Value word) {
  Value moved = bits.left(bits.both(word, bits.word(0x7fff)), 13);
  Value exponent = bits.both(moved, bits.word(0x7c00u << 13));
  Value rebased = bits.add(moved, bits.word((127u - 15) << 23));
  Value large = bits.add(rebased, bits.word((128u - 16) << 23));
  Value magic = bits.asFloat(bits.word(113u << 23));
  Value lifted = bits.asFloat(bits.add(rebased, bits.word(1u << 23)));
  Value small = bits.of(arith::SubFOp::create(bits.builder, bits.place, lifted, magic));
  Value result = bits.select(bits.is(Predicate::eq, exponent, bits.word(0)), small, rebased);
  result = bits.select(bits.is(Predicate::eq, exponent, bits.word(0x7c00u << 13)), large, result);
  return bits.either(result, bits.left(bits.both(word, bits.word(0x8000)), 16));
}

} // namespace

Value widenFloat(OpBuilder &builder, Location place, Value value) {
  Bits bits(builder, place);
  Value word = bits.fromHalf(value);
  return bits.asFloat(value.getType().isBF16() ? bits.left(word, 16) : fromF16(bits, word));
}

Value narrowFloat(OpBuilder &builder, Location place, Value value, FloatType to) {
  Bits bits(builder, place);
  Value word = bits.of(value.getType().isF64() ? roundedToOdd(bits, value) : value);
  return bits.toHalf(to.isBF16() ? toBf16(bits, word) : toF16(bits, word), to);
}

} // namespace weft::lowering

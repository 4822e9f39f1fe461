//===- RandomForms.cpp - Philox4x32-10 and Box-Muller, as linalg ----------===//
//
// Integer operations and our own functions without fused products, so that every ISA
// and every device gives the same bits.
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/NnToLinalg/LinalgForms.h"
#include "compiler/lowering/NnToLinalg/Loops.h"
#include "compiler/lowering/NnToLinalg/ScalarForms.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

#include <array>
#include <cmath>

namespace weft::lowering {
namespace {
using namespace mlir;

/// Arithmetic on words of 32 bits, and numbers of 64 made of two.
class Words {
public:
  Words(OpBuilder &builder, Location place) : builder(builder), place(place) {}

  using Block = std::array<Value, 4>;

  /// Ten rounds of Philox on a counter, under a key of 64 bits.
  Block philox(Value key, Value counterLow, Value counterHigh) {
    Value k0 = low(key), k1 = high(key);
    Block x = {low(counterLow), high(counterLow), low(counterHigh), high(counterHigh)};
    for (int round = 0; round < 10; ++round) {
      auto a = arith::MulUIExtendedOp::create(builder, place, x[0], word(0xd2511f53));
      auto b = arith::MulUIExtendedOp::create(builder, place, x[2], word(0xcd9e8d57));
      x = {mixed(mixed(b.getHigh(), x[1]), k0), b.getLow(), mixed(mixed(a.getHigh(), x[3]), k1), a.getLow()};
      k0 = arith::AddIOp::create(builder, place, k0, word(0x9e3779b9));
      k1 = arith::AddIOp::create(builder, place, k1, word(0xbb67ae85));
    }
    return x;
  }

  Value number(int64_t value) { return arith::ConstantOp::create(builder, place, builder.getI64IntegerAttr(value)); }
  Value joined(Value low, Value high) {
    Value lower = arith::ExtUIOp::create(builder, place, builder.getI64Type(), low);
    Value upper = arith::ExtUIOp::create(builder, place, builder.getI64Type(), high);
    upper = arith::ShLIOp::create(builder, place, upper, number(32));
    return arith::OrIOp::create(builder, place, lower, upper);
  }
  /// The upper `count` bits of a word or number, as the low bits of one of its width.
  Value upperBits(Value value, unsigned count) {
    unsigned width = value.getType().getIntOrFloatBitWidth();
    Value by = arith::ConstantOp::create(builder, place, builder.getIntegerAttr(value.getType(), width - count));
    return arith::ShRUIOp::create(builder, place, value, by);
  }

private:
  Value word(uint32_t value) {
    return arith::ConstantOp::create(builder, place, builder.getIntegerAttr(builder.getI32Type(), APInt(32, value)));
  }
  Value mixed(Value a, Value b) { return arith::XOrIOp::create(builder, place, a, b); }
  Value low(Value value) { return arith::TruncIOp::create(builder, place, builder.getI32Type(), value); }
  Value high(Value value) { return low(arith::ShRUIOp::create(builder, place, value, number(32))); }

  OpBuilder &builder;
  Location place;
};

/// A number in [0, 1) or of the normal distribution; what is made of which bits is told at nn.random.
Value draw(OpBuilder &builder, Location place, nn::RandomKind kind, FloatType type, const Words::Block &x) {
  Words words(builder, place);
  ScalarForms forms(builder, place, type, /*mayFuse=*/false);
  bool isDouble = type.isF64();
  unsigned count = isDouble ? 53 : 24;
  Value first = words.upperBits(isDouble ? words.joined(x[0], x[1]) : x[0], count);
  Value unit = forms.constant(std::ldexp(1.0, -static_cast<int>(count)));
  if (kind == nn::RandomKind::uniform)
    return forms.mul(arith::SIToFPOp::create(builder, place, type, first), unit);
  Value one = arith::ConstantOp::create(builder, place, builder.getIntegerAttr(first.getType(), 1));
  Value next = arith::AddIOp::create(builder, place, first, one);
  Value u = forms.mul(arith::SIToFPOp::create(builder, place, type, next), unit);
  Value second = words.upperBits(isDouble ? words.joined(x[2], x[3]) : x[1], count);
  Value radius = forms.sqrt(forms.mul(forms.constant(-2.0), forms.log(u)));
  return forms.mul(radius, forms.cosOfTurn(second, count));
}

struct RandomForm : ComputingForm<RandomForm, nn::RandomOp> {
  static SmallVector<Value> build(nn::RandomOp op, OpBuilder &builder, ValueRange operands) {
    auto type = cast<RankedTensorType>(op.getType());
    AffineMap all = mapOf(builder.getContext(), type.getRank(), {});
    return {mapped(builder, op.getLoc(), type, operands, all, [&](OpBuilder &inner, Location at, ValueRange x) {
      Words words(inner, at);
      Value index = words.number(0);
      for (auto [dim, size] : llvm::enumerate(type.getShape())) {
        Value here = linalg::IndexOp::create(inner, at, dim);
        here = arith::IndexCastOp::create(inner, at, inner.getI64Type(), here);
        index = arith::MulIOp::create(inner, at, index, words.number(size));
        index = arith::AddIOp::create(inner, at, index, here);
      }
      Words::Block block = words.philox(x[0], index, words.number(op.getPlace()));
      return draw(inner, at, op.getKind(), cast<FloatType>(type.getElementType()), block);
    })};
  }
};

struct FoldInForm : ComputingForm<FoldInForm, nn::FoldInOp> {
  static SmallVector<Value> build(nn::FoldInOp op, OpBuilder &builder, ValueRange operands) {
    auto body = [](OpBuilder &inner, Location at, ValueRange x) -> Value {
      Words words(inner, at);
      Words::Block block = words.philox(x[0], x[1], words.number(-1));
      return arith::AndIOp::create(inner, at, words.joined(block[0], block[1]), words.number((int64_t(1) << 53) - 1));
    };
    return {mappedAlike(builder, op.getLoc(), typeOf(operands[0]), operands, body)};
  }
};

} // namespace

void attachRandomForms(MLIRContext &context) {
  nn::RandomOp::attachInterface<RandomForm>(context);
  nn::FoldInOp::attachInterface<FoldInForm>(context);
}

} // namespace weft::lowering

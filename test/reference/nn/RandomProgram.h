//===- RandomProgram.h - What the generator makes programs of -------------===//
#pragma once

#include "test/reference/nn/Generator.h"

#include "dialects/nn/Nn.h"

namespace weft::reference {

/// A function that grows by one op at a time; all values are of one float type.
class RandomProgram {
public:
  RandomProgram(mlir::MLIRContext &context, std::uint64_t seed, GeneratorOptions options)
      : builder(&context), random(seed), options(options), place(builder.getUnknownLoc()),
        element(options.doubles ? mlir::Type(builder.getF64Type()) : mlir::Type(builder.getF32Type())) {}

  mlir::OwningOpRef<mlir::ModuleOp> run();

private:
  using Value = mlir::Value;
  using ElementwiseKind = nn::ElementwiseKind;
  using Shape = mlir::ArrayRef<std::int64_t>;

  std::uint64_t pick(std::uint64_t count) { return random() % count; }
  mlir::RankedTensorType typeOf(Shape shape) { return mlir::RankedTensorType::get(shape, element); }
  static Shape shapeOf(Value value) { return mlir::cast<mlir::RankedTensorType>(value.getType()).getShape(); }
  mlir::SmallVector<std::int64_t> randomShape();

  Value unary(ElementwiseKind kind, Value x);
  Value binary(ElementwiseKind kind, Value x, Value y);
  Value splat(Shape shape, double value) { return nn::buildSplat(builder, place, typeOf(shape), value); }
  /// Constants: eighths in [-1, 1], and whole numbers from -1 to `count`.
  Value dense(Shape shape);
  Value ids(Shape shape, std::int64_t count);
  /// Bounded to about [-1, 1], so that chains of products do not run away.
  Value tame(Value x) { return unary(ElementwiseKind::tanh, x); }
  /// A value of the same shape: one that is there, or a constant.
  Value alike(Value x);
  /// Sometimes with a mark: each axis on one dimension that it divides, or on none.
  Value marked(Value value);

  Value next();
  Value nextElements(Value x);
  Value nextMatmul(Value x);
  Value nextShape(Value x);
  Value nextMove(Value x);
  Value nextRows(Value x);
  Value nextAttention(Value x);
  Value nextDraw(Value x);
  /// A loop over a value, constants and another value; its last carried value or what its turns give.
  Value loop();

  mlir::OpBuilder builder;
  std::mt19937_64 random;
  GeneratorOptions options;
  mlir::Location place;
  mlir::Type element;
  std::vector<Value> values; ///< Those that an op may read: in the body of a loop, its own.
  unsigned depth = 0;        ///< Of loops.
};

} // namespace weft::reference

//===- Generator.cpp - Random tensor programs from a seed -----------------===//

#include "test/reference/nn/Generator.h"

#include "dialects/dist/Dist.h"
#include "dialects/nn/Nn.h"
#include "dialects/topo/Topo.h"

#include <cstdlib>

namespace weft::reference {
namespace {
using namespace mlir;
using nn::ElementwiseKind;

class Generator {
public:
  Generator(MLIRContext &context, uint64_t seed, GeneratorOptions options)
      : builder(&context), random(seed), options(options), place(builder.getUnknownLoc()),
        element(options.doubles ? Type(builder.getF64Type()) : Type(builder.getF32Type())) {}

  OwningOpRef<ModuleOp> run() {
    OwningOpRef<ModuleOp> module(ModuleOp::create(place));
    builder.setInsertionPointToEnd(module->getBody());
    if (options.marks)
      topo::MeshOp::create(builder, place, builder.getStringAttr("grid"), FlatSymbolRefAttr(),
                           builder.getStrArrayAttr({"a", "b"}), builder.getDenseI64ArrayAttr({2, 2}),
                           builder.getDenseBoolArrayAttr({false, false}));
    SmallVector<Type> arguments(2 + pick(2));
    for (Type &type : arguments)
      type = typeOf(randomShape());
    auto function = func::FuncOp::create(builder, place, "f", builder.getFunctionType(arguments, {}));
    Block *entry = function.addEntryBlock();
    builder.setInsertionPointToStart(entry);
    for (Value argument : entry->getArguments())
      values.push_back(marked(argument));
    for (unsigned i = 0; i < options.ops; ++i)
      values.push_back(marked(next()));
    SmallVector<Value> results = {values.back()};
    if (pick(2))
      results.push_back(values[pick(values.size())]);
    func::ReturnOp::create(builder, place, results);
    SmallVector<Type> types;
    for (Value result : results)
      types.push_back(result.getType());
    function.setType(builder.getFunctionType(arguments, types));
    return module;
  }

private:
  uint64_t pick(uint64_t count) { return random() % count; }
  RankedTensorType typeOf(ArrayRef<int64_t> shape) { return RankedTensorType::get(shape, element); }
  static ArrayRef<int64_t> shapeOf(Value value) { return cast<RankedTensorType>(value.getType()).getShape(); }

  SmallVector<int64_t> randomShape() {
    static constexpr int64_t sizes[] = {4, 8, 12, 6, 5};
    SmallVector<int64_t> shape(2 + (pick(4) == 0));
    for (int64_t &size : shape)
      size = sizes[pick(5)];
    return shape;
  }

  Value unary(ElementwiseKind kind, Value x) {
    return nn::ElementwiseOp::create(builder, place, x.getType(), kind, ValueRange{x});
  }
  Value binary(ElementwiseKind kind, Value x, Value y) {
    return nn::ElementwiseOp::create(builder, place, x.getType(), kind, ValueRange{x, y});
  }
  Value splat(ArrayRef<int64_t> shape, double value) {
    auto type = typeOf(shape);
    return nn::ConstantOp::create(builder, place, type,
                                  DenseElementsAttr::get(type, builder.getFloatAttr(element, value)));
  }
  Value dense(ArrayRef<int64_t> shape) {
    auto type = typeOf(shape);
    SmallVector<Attribute> elements;
    for (int64_t i = 0; i < type.getNumElements(); ++i)
      elements.push_back(builder.getFloatAttr(element, double(int64_t(pick(17)) - 8) / 8));
    return nn::ConstantOp::create(builder, place, type, DenseElementsAttr::get(type, elements));
  }
  /// Bounded to about [-1, 1], so that chains of products do not run away.
  Value tame(Value x) { return unary(ElementwiseKind::tanh, x); }

  Value next() {
    if (options.loops && depth < 2 && pick(6) == 0)
      return loop();
    Value x = values[pick(values.size())];
    ArrayRef<int64_t> shape = shapeOf(x);
    switch (pick(12)) {
    case 0: {
      static constexpr ElementwiseKind kinds[] = {
          ElementwiseKind::gelu, ElementwiseKind::relu, ElementwiseKind::sigmoid, ElementwiseKind::silu,
          ElementwiseKind::erf,  ElementwiseKind::neg,  ElementwiseKind::abs,     ElementwiseKind::tanh};
      return unary(kinds[pick(8)], x);
    }
    case 1:
      return unary(ElementwiseKind::exp, tame(x));
    case 2: {
      static constexpr ElementwiseKind kinds[] = {ElementwiseKind::sqrt, ElementwiseKind::rsqrt, ElementwiseKind::log};
      return unary(kinds[pick(3)], binary(ElementwiseKind::add, unary(ElementwiseKind::abs, x), splat(shape, 0.5)));
    }
    case 3:
    case 4: {
      static constexpr ElementwiseKind kinds[] = {ElementwiseKind::add, ElementwiseKind::sub, ElementwiseKind::mul,
                                                  ElementwiseKind::min, ElementwiseKind::max};
      return binary(kinds[pick(5)], tame(x), alike(x));
    }
    case 5:
    case 6: {
      SmallVector<int64_t> right = {shape.back(), randomShape()[0]}, result(shape.drop_back());
      result.push_back(right[1]);
      if (shape.size() == 3 && pick(2))
        right.insert(right.begin(), shape[0]);
      if (shape.size() == 1)
        return tame(x);
      return nn::MatmulOp::create(builder, place, typeOf(result), tame(x), dense(right));
    }
    case 7: {
      if (shape.size() < 2)
        return tame(x);
      int64_t dim = pick(shape.size());
      SmallVector<int64_t> result(shape);
      result.erase(result.begin() + dim);
      auto kind = static_cast<ReduceKind>(pick(3));
      return nn::ReduceOp::create(builder, place, typeOf(result), kind, x, ArrayRef<int64_t>{dim});
    }
    case 8:
      if (shape.empty())
        return tame(x);
      return nn::SoftmaxOp::create(builder, place, x.getType(), x, builder.getI64IntegerAttr(pick(shape.size())));
    case 9: {
      auto perm = llvm::to_vector(llvm::seq<int64_t>(0, shape.size()));
      for (size_t i = perm.size(); i > 1; --i)
        std::swap(perm[i - 1], perm[pick(i)]);
      SmallVector<int64_t> result;
      for (int64_t dim : perm)
        result.push_back(shape[dim]);
      return nn::TransposeOp::create(builder, place, typeOf(result), x, perm);
    }
    case 10: {
      SmallVector<int64_t> result(shape);
      if (result.size() >= 2 && pick(2)) {
        result[1] *= result[0];
        result.erase(result.begin());
      } else if (!result.empty() && result[0] % 2 == 0) {
        result[0] /= 2;
        result.insert(result.begin() + pick(2), 2);
      }
      return nn::ReshapeOp::create(builder, place, typeOf(result), x);
    }
    default: {
      if (shape.size() > 2)
        return nn::buildMean(builder, place, x, {0});
      SmallVector<int64_t> result(shape), dims;
      size_t added = pick(shape.size() + 1);
      result.insert(result.begin() + added, 4);
      for (size_t i = 0; i < shape.size(); ++i)
        dims.push_back(i + (i >= added));
      return nn::BroadcastOp::create(builder, place, typeOf(result), x, dims);
    }
    }
  }

  /// A loop over a value, constants and another value; its last carried value or what its turns give.
  Value loop() {
    Value carried = tame(values[pick(values.size())]), shared = values[pick(values.size())];
    SmallVector<int64_t> shape(shapeOf(values[pick(values.size())]));
    int64_t count = 2 + pick(3);
    shape.insert(shape.begin(), count);
    ++depth;
    auto scan = nn::ScanOp::create(
        builder, place, count, pick(2) == 0, carried, dense(shape), shared, [&](OpBuilder &, nn::ScanBody body) {
          std::vector<Value> outside =
              std::exchange(values, {body.getCarried()[0], body.getSlices()[0], body.getShared()[0]});
          for (unsigned i = 0; i < 4; ++i)
            values.push_back(next());
          auto last = std::find_if(values.rbegin(), values.rend(),
                                   [&](Value value) { return value.getType() == carried.getType(); });
          SmallVector<Value> yielded = {tame(*last), values.back()};
          values = std::move(outside);
          return yielded;
        });
    --depth;
    return scan.getResult(pick(2));
  }

  /// A value of the same shape: one that is there, or a constant.
  Value alike(Value x) {
    for (unsigned tries = 0; tries < 4; ++tries)
      if (Value other = values[pick(values.size())]; other.getType() == x.getType())
        return other;
    return dense(shapeOf(x));
  }

  /// Sometimes with a mark: each axis on one dimension that it divides, or on none.
  Value marked(Value value) {
    ArrayRef<int64_t> shape = shapeOf(value);
    if (!options.marks || pick(3) != 0 || shape.empty())
      return value;
    dist::ShardingAttr::DimAxes axes(shape.size());
    SmallVector<int64_t> slots(shape.size(), 1);
    for (StringRef axis : {"a", "b"}) {
      size_t dim = pick(shape.size() + 1);
      if (dim == shape.size() || shape[dim] % (slots[dim] * 2) != 0)
        continue;
      slots[dim] *= 2;
      axes[dim].insert(axes[dim].begin() + pick(axes[dim].size() + 1), axis);
    }
    SmallVector<int64_t> open;
    for (size_t dim = 0; dim < shape.size(); ++dim)
      if (axes[dim].empty() && pick(2))
        open.push_back(static_cast<int64_t>(dim));
    auto mesh = FlatSymbolRefAttr::get(builder.getContext(), "grid");
    return dist::ConstrainOp::create(builder, place, value.getType(), value, dist::ShardingAttr::get(mesh, axes),
                                     builder.getDenseI64ArrayAttr(open));
  }

  OpBuilder builder;
  std::mt19937_64 random;
  GeneratorOptions options;
  Location place;
  Type element;
  std::vector<Value> values; ///< Those that an op may read: in the body of a loop, its own.
  unsigned depth = 0;        ///< Of loops.
};

} // namespace

OwningOpRef<ModuleOp> generate(MLIRContext &context, uint64_t seed, GeneratorOptions options) {
  context.loadDialect<nn::NnDialect, dist::DistDialect, topo::TopoDialect, func::FuncDialect>();
  return Generator(context, seed, options).run();
}

std::vector<Tensor> randomInputs(func::FuncOp function, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<Tensor> inputs;
  for (Type type : function.getArgumentTypes()) {
    auto tensor = cast<RankedTensorType>(type);
    Tensor input = Tensor::ofShape(tensor.getShape());
    for (double &value : input.elements) {
      value = double(int64_t(random() % (1 << 20)) - (1 << 19)) / (1 << 18);
      if (isa<IntegerType>(tensor.getElementType()))
        value = double(int64_t(random() % 41) - 20);
    }
    inputs.push_back(std::move(input));
  }
  return inputs;
}

} // namespace weft::reference

//===- Generator.cpp - Random tensor programs from a seed -----------------===//

#include "test/reference/nn/Generator.h"

#include "dialects/dist/Dist.h"
#include "dialects/topo/Topo.h"
#include "test/reference/nn/RandomProgram.h"

#include <cstdlib>

namespace weft::reference {
using namespace mlir;
using nn::ElementwiseKind;

OwningOpRef<ModuleOp> RandomProgram::run() {
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

SmallVector<int64_t> RandomProgram::randomShape() {
  static constexpr int64_t sizes[] = {4, 8, 12, 6, 5};
  SmallVector<int64_t> shape(2 + (pick(4) == 0));
  for (int64_t &size : shape)
    size = sizes[pick(5)];
  return shape;
}

Value RandomProgram::unary(ElementwiseKind kind, Value x) {
  return nn::ElementwiseOp::create(builder, place, x.getType(), kind, ValueRange{x});
}

Value RandomProgram::binary(ElementwiseKind kind, Value x, Value y) {
  return nn::ElementwiseOp::create(builder, place, x.getType(), kind, ValueRange{x, y});
}

Value RandomProgram::dense(ArrayRef<int64_t> shape) {
  auto type = typeOf(shape);
  SmallVector<Attribute> elements;
  for (int64_t i = 0; i < type.getNumElements(); ++i)
    elements.push_back(builder.getFloatAttr(element, double(int64_t(pick(17)) - 8) / 8));
  return nn::ConstantOp::create(builder, place, type, DenseElementsAttr::get(type, elements));
}

Value RandomProgram::alike(Value x) {
  for (unsigned tries = 0; tries < 4; ++tries)
    if (Value other = values[pick(values.size())]; other.getType() == x.getType())
      return other;
  return dense(shapeOf(x));
}

Value RandomProgram::loop() {
  Value carried = tame(values[pick(values.size())]), shared = values[pick(values.size())];
  SmallVector<int64_t> shape(shapeOf(values[pick(values.size())]));
  int64_t count = 2 + static_cast<int64_t>(pick(3));
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

Value RandomProgram::marked(Value value) {
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

namespace {

double randomElement(std::mt19937_64 &random, Type type) {
  auto whole = [&](int64_t low, int64_t count) { return double(low + int64_t(random() % uint64_t(count))); };
  if (type.isInteger(1))
    return whole(0, 2);
  if (type.isUnsignedInteger())
    return whole(0, 256);
  if (isa<IntegerType>(type))
    return whole(-20, 41);
  // Narrow floats get numbers that they hold.
  return type.getIntOrFloatBitWidth() == 16 ? whole(-64, 128) / 32 : whole(-(1 << 19), 1 << 20) / (1 << 18);
}

} // namespace

OwningOpRef<ModuleOp> generate(MLIRContext &context, uint64_t seed, GeneratorOptions options) {
  context.loadDialect<nn::NnDialect, dist::DistDialect, topo::TopoDialect, func::FuncDialect>();
  return RandomProgram(context, seed, options).run();
}

std::vector<Tensor> randomInputs(func::FuncOp function, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<Tensor> inputs;
  for (Type type : function.getArgumentTypes()) {
    auto tensor = cast<RankedTensorType>(type);
    Tensor input = Tensor::ofShape(tensor.getShape());
    for (double &value : input.elements)
      value = randomElement(random, tensor.getElementType());
    inputs.push_back(std::move(input));
  }
  return inputs;
}

} // namespace weft::reference

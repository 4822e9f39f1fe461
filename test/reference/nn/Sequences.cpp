//===- Sequences.cpp - Random models of sequences from a seed -------------===//

#include "test/reference/nn/Sequences.h"

#include "dialects/nn/Nn.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <random>

namespace weft::reference {
namespace {
using namespace mlir;
using nn::ElementwiseKind;

constexpr int64_t width = 8, layers = 2;

/// Values of [1, S, width] that grow by one op at a time.
class SequenceProgram {
public:
  SequenceProgram(MLIRContext &context, uint64_t seed, bool doubles)
      : builder(&context), random(seed), place(builder.getUnknownLoc()),
        element(doubles ? Type(builder.getF64Type()) : Type(builder.getF32Type())) {}

  OwningOpRef<ModuleOp> run(unsigned ops) {
    OwningOpRef<ModuleOp> module(ModuleOp::create(place));
    builder.setInsertionPointToEnd(module->getBody());
    auto ids = RankedTensorType::get({1, sequenceLength}, builder.getI32Type());
    SmallVector<Type> arguments = {typeOf({vocabularySize, width}), typeOf({layers, width, width}),
                                   typeOf({sequenceLength, width}), typeOf({width}), ids};
    auto logits = typeOf({1, sequenceLength, vocabularySize});
    auto model = func::FuncOp::create(builder, place, "model", builder.getFunctionType(arguments, logits));
    model->setAttr(nn::sequenceAttrName, builder.getDictionaryAttr({
                                             builder.getNamedAttr("argument", builder.getI64IntegerAttr(4)),
                                             builder.getNamedAttr("chunks", builder.getI64ArrayAttr({1, 3})),
                                         }));
    Block *entry = model.addEntryBlock();
    builder.setInsertionPointToStart(entry);
    table = entry->getArgument(0);
    weights = entry->getArgument(1);
    places = entry->getArgument(2);
    bias = entry->getArgument(3);
    values = {nn::GatherOp::create(builder, place, whole(), table, entry->getArgument(4), 0)};
    for (unsigned i = 0; i < ops; ++i)
      values.push_back(pick(5) == 0 ? loop() : next());
    Value last =
        nn::MatmulOp::create(builder, place, logits, tame(values.back()), table, UnitAttr(), builder.getUnitAttr());
    func::ReturnOp::create(builder, place, last);
    return module;
  }

private:
  uint64_t pick(uint64_t count) { return random() % count; }
  RankedTensorType typeOf(ArrayRef<int64_t> shape) { return RankedTensorType::get(shape, element); }
  RankedTensorType whole() { return typeOf({1, sequenceLength, width}); }
  Value any() { return values[pick(values.size())]; }
  Value unary(ElementwiseKind kind, Value x) {
    return nn::ElementwiseOp::create(builder, place, x.getType(), kind, ValueRange{x});
  }
  Value binary(ElementwiseKind kind, Value x, Value y) {
    return nn::ElementwiseOp::create(builder, place, x.getType(), kind, ValueRange{x, y});
  }
  Value tame(Value x) { return unary(ElementwiseKind::tanh, x); }

  Value next() {
    switch (pick(7)) {
    case 0:
      return nextElements(any());
    case 1: {
      Value x = tame(any());
      return binary(ElementwiseKind::add, x, known());
    }
    case 2:
      return nextProduct(tame(any()));
    case 3:
      return nextRows(any());
    case 4:
      return nextColumns(any());
    case 5:
      return nn::buildRope(builder, place, any(), 1, pick(2) + 1, 100.0);
    default:
      return nextAttention();
    }
  }

  Value nextElements(Value x) {
    static constexpr ElementwiseKind kinds[] = {ElementwiseKind::gelu, ElementwiseKind::relu, ElementwiseKind::silu,
                                                ElementwiseKind::sin, ElementwiseKind::neg};
    if (pick(2))
      return unary(kinds[pick(5)], x);
    Value y = any();
    auto bools = RankedTensorType::get({1, sequenceLength, width}, builder.getI1Type());
    Value condition = nn::CompareOp::create(builder, place, bools, nn::CompareKind::lt, x, y);
    return nn::SelectOp::create(builder, place, x.getType(), condition, x, y);
  }

  /// What does not depend on the ids: the same at each position, or of all of them.
  Value known() {
    switch (inLoop ? pick(2) : pick(5)) {
    case 0:
      return nn::buildSplat(builder, place, whole(), 0.25);
    case 1:
      return nn::BroadcastOp::create(builder, place, whole(), bias, ArrayRef<int64_t>{2});
    case 2:
      return nn::BroadcastOp::create(builder, place, whole(), places, ArrayRef<int64_t>{1, 2});
    case 3:
      return nn::IotaOp::create(builder, place, whole(), 1, Value());
    default: {
      Value key = nn::buildSplat(builder, place, RankedTensorType::get({}, builder.getI64Type()), double(pick(1000)));
      return nn::RandomOp::create(builder, place, whole(), nn::RandomKind::uniform, key, pick(100));
    }
    }
  }

  Value nextProduct(Value x) {
    Value matrix = weights;
    if (!inLoop) {
      Value slice = nn::SliceOp::create(builder, place, typeOf({1, width, width}), weights,
                                        ArrayRef<int64_t>{int64_t(pick(layers)), 0, 0});
      matrix = nn::ReshapeOp::create(builder, place, typeOf({width, width}), slice);
    }
    return nn::MatmulOp::create(builder, place, x.getType(), x, matrix, UnitAttr(),
                                pick(2) ? builder.getUnitAttr() : UnitAttr());
  }

  Value nextRows(Value x) {
    auto eps = builder.getF64FloatAttr(0.25);
    auto last = builder.getI64IntegerAttr(2);
    switch (pick(4)) {
    case 0:
      return nn::SoftmaxOp::create(builder, place, x.getType(), x, 2);
    case 1:
      return nn::LayerNormOp::create(builder, place, x.getType(), x, last, eps);
    case 2:
      return nn::RmsNormOp::create(builder, place, x.getType(), x, last, eps);
    default: {
      Value sum = nn::ReduceOp::create(builder, place, typeOf({1, sequenceLength}), static_cast<ReduceKind>(pick(3)), x,
                                       ArrayRef<int64_t>{2});
      return nn::BroadcastOp::create(builder, place, whole(), sum, ArrayRef<int64_t>{0, 1});
    }
    }
  }

  /// Columns exchanged, picked, or seen as heads.
  Value nextColumns(Value x) {
    auto half = typeOf({1, sequenceLength, width / 2});
    switch (pick(3)) {
    case 0: {
      Value left = nn::SliceOp::create(builder, place, half, x, ArrayRef<int64_t>{0, 0, 0});
      Value right = nn::SliceOp::create(builder, place, half, any(), ArrayRef<int64_t>{0, 0, width / 2});
      return nn::ConcatOp::create(builder, place, whole(), ValueRange{right, left}, 2);
    }
    case 1: {
      auto type = RankedTensorType::get({width}, builder.getI32Type());
      SmallVector<Attribute> ids;
      for (int64_t i = 0; i < width; ++i)
        ids.push_back(builder.getI32IntegerAttr(int32_t(pick(width))));
      Value order = nn::ConstantOp::create(builder, place, type, DenseElementsAttr::get(type, ids));
      return nn::GatherOp::create(builder, place, whole(), x, order, 2);
    }
    default: {
      auto heads = typeOf({1, sequenceLength, 2, width / 2}), apart = typeOf({1, 2, sequenceLength, width / 2});
      Value split = nn::ReshapeOp::create(builder, place, heads, x);
      split = nn::TransposeOp::create(builder, place, apart, split, ArrayRef<int64_t>{0, 2, 1, 3});
      split = nn::SoftmaxOp::create(builder, place, apart, split, 3);
      split = nn::TransposeOp::create(builder, place, heads, split, ArrayRef<int64_t>{0, 2, 1, 3});
      return nn::ReshapeOp::create(builder, place, whole(), split);
    }
    }
  }

  Value nextAttention() {
    int64_t heads = int64_t(pick(2)) + 1;
    Value q = tame(any()), k = tame(any()), v = tame(any());
    auto attention =
        nn::AttentionOp::create(builder, place, whole(), typeOf({1, heads, sequenceLength}), q, k, v, Value(),
                                builder.getI64IntegerAttr(heads), builder.getUnitAttr(), builder.getF64FloatAttr(0.5));
    return attention.getResult();
  }

  Value loop() {
    Value carried = tame(any());
    auto scan = nn::ScanOp::create(
        builder, place, layers, pick(2) == 0, carried, weights, bias, [&](OpBuilder &, nn::ScanBody body) {
          std::vector<Value> outside = std::exchange(values, {body.getCarried()[0]});
          Value stack = std::exchange(weights, body.getSlices()[0]), shared = std::exchange(bias, body.getShared()[0]);
          inLoop = true;
          for (unsigned i = 0; i < 4; ++i)
            values.push_back(next());
          inLoop = false;
          SmallVector<Value> yielded = {tame(values.back()), values[pick(values.size())]};
          values = std::move(outside);
          weights = stack;
          bias = shared;
          return yielded;
        });
    return scan.getResult(0);
  }

  OpBuilder builder;
  std::mt19937_64 random;
  Location place;
  Type element;
  Value table, weights, places, bias; ///< In the body of a loop, weights are of one layer.
  bool inLoop = false;
  std::vector<Value> values;
};

} // namespace

OwningOpRef<ModuleOp> generateSequence(MLIRContext &context, uint64_t seed, unsigned ops, bool doubles) {
  context.loadDialect<nn::NnDialect, func::FuncDialect>();
  return SequenceProgram(context, seed, doubles).run(ops);
}

} // namespace weft::reference

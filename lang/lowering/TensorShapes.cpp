//===- TensorShapes.cpp - Functions that move elements, and rows ----------===//

#include "lang/lowering/TensorEmitter.h"

#include <cmath>

using namespace mlir;

namespace weft::lowering {

using sema::BuiltinId;

/// The dimensions that a reduction names; all, where it names none.
SmallVector<std::int64_t> TensorEmitter::dimensions(const sema::CallInfo &info, RankedTensorType input) {
  SmallVector<std::int64_t> dims;
  for (const sema::BoundArgument &argument : llvm::drop_begin(info.arguments))
    if (argument.dimension >= 0)
      dims.push_back(argument.dimension);
  if (dims.empty())
    for (std::int64_t dim = 0; dim < input.getRank(); ++dim)
      dims.push_back(dim);
  llvm::sort(dims);
  return dims;
}

Value TensorEmitter::cut(source::Span span, Value input, std::int64_t dim, std::int64_t from, std::int64_t size) {
  auto type = cast<RankedTensorType>(input.getType());
  SmallVector<std::int64_t> offsets(static_cast<std::size_t>(type.getRank()), 0), shape(type.getShape());
  offsets[static_cast<std::size_t>(dim)] = from;
  shape[static_cast<std::size_t>(dim)] = size;
  return nn::SliceOp::create(builder, module.at(span), RankedTensorType::get(shape, type.getElementType()), input,
                             offsets);
}

Value TensorEmitter::transposed(source::Span span, const sema::CallInfo &info, Value input) {
  auto type = cast<RankedTensorType>(input.getType());
  SmallVector<std::int64_t> order;
  for (std::int64_t dim = 0; dim < type.getRank(); ++dim)
    order.push_back(dim);
  if (info.arguments.size() > 1 && info.arguments[1].value) {
    auto *list = syntax::as<syntax::ListExpr>(info.arguments[1].value);
    for (auto [index, place] : llvm::enumerate(list->elements))
      order[index] = syntax::as<syntax::IntExpr>(place)->value;
  } else {
    std::swap(order[type.getRank() - 1], order[type.getRank() - 2]);
  }
  return nn::TransposeOp::create(builder, module.at(span), typeOf(info.result), input, order);
}

Value TensorEmitter::indices(source::Span span, Value ids) {
  auto type = cast<RankedTensorType>(ids.getType());
  if (type.getElementType().isSignlessInteger(32) || type.getElementType().isSignlessInteger(64))
    return ids;
  return nn::CastOp::create(builder, module.at(span), type.clone(builder.getI32Type()), ids);
}

Value TensorEmitter::concat(source::Span span, const sema::CallInfo &info) {
  auto *list = syntax::as<syntax::ListExpr>(info.arguments[0].value);
  SmallVector<Value> parts;
  for (const syntax::Expr *part : list->elements)
    if (!parts.emplace_back(emitTensor(part)))
      return {};
  const sema::BoundArgument &second = info.arguments[1];
  std::int64_t dim = second.dimension >= 0 ? second.dimension : static_cast<std::int64_t>(numberOf(second.value));
  return nn::ConcatOp::create(builder, module.at(span), typeOf(info.result), parts, builder.getI64IntegerAttr(dim));
}

std::optional<TensorParts> TensorEmitter::split(source::Span span, const sema::CallInfo &info, Value input) {
  auto dim = info.arguments[1].dimension;
  auto count = static_cast<std::int64_t>(numberOf(info.arguments[2].value));
  std::int64_t size = cast<RankedTensorType>(input.getType()).getDimSize(static_cast<unsigned>(dim));
  if (size % count != 0) {
    module.engine.error(diagnostics::Code::badSize, span,
                        "`split` makes equal parts, and " + std::to_string(size) + " does not divide by " +
                            std::to_string(count));
    return std::nullopt;
  }
  if (count == 1)
    return TensorParts{input, {}};
  TensorParts parts;
  for (std::int64_t part = 0; part < count; ++part)
    parts.fields.push_back({cut(span, input, dim, part * (size / count), size / count), {}});
  return parts;
}

Value TensorEmitter::attention(source::Span span, const sema::CallInfo &info, Value queries) {
  Value keys = emitTensor(info.arguments[1].value), values = emitTensor(info.arguments[2].value);
  if (!keys || !values)
    return {};
  const syntax::Expr *headsGiven = info.arguments[3].value, *causalGiven = info.arguments[4].value;
  auto heads = headsGiven ? static_cast<std::int64_t>(numberOf(headsGiven)) : 1;
  auto *flag = causalGiven ? syntax::as<syntax::BoolExpr>(causalGiven) : nullptr;
  auto type = cast<RankedTensorType>(queries.getType()), valueType = cast<RankedTensorType>(values.getType());
  std::int64_t columns = type.getShape().back();
  if (heads < 1 || columns % heads != 0 || valueType.getShape().back() % heads != 0) {
    module.engine
        .error(diagnostics::Code::badSize, span,
               std::to_string(heads) + " heads do not divide " + shown(type) + " and " + shown(valueType))
        .hint("heads are consecutive columns of equal number");
    return {};
  }
  SmallVector<std::int64_t> sums(type.getShape().drop_back(2));
  sums.push_back(heads);
  sums.push_back(type.getDimSize(static_cast<unsigned>(type.getRank()) - 2));
  Type wide = type.getElementType().isF64() ? builder.getF64Type() : builder.getF32Type();
  double scale = 1.0 / std::sqrt(static_cast<double>(columns / heads));
  auto op =
      nn::AttentionOp::create(builder, module.at(span), typeOf(info.result), RankedTensorType::get(sums, wide), queries,
                              keys, values, Value(), builder.getI64IntegerAttr(heads),
                              flag && flag->value ? builder.getUnitAttr() : UnitAttr(), builder.getF64FloatAttr(scale));
  return op.getResult();
}

Value TensorEmitter::crossEntropy(source::Span span, const sema::CallInfo &info, Value logits) {
  Value ids = emitTensor(info.arguments[1].value);
  if (!ids)
    return {};
  Location at = module.at(span);
  ids = indices(span, ids);
  auto shape = cast<RankedTensorType>(ids.getType()).getShape();
  auto losses = RankedTensorType::get(shape, cast<RankedTensorType>(logits.getType()).getElementType());
  Value each = nn::CrossEntropyOp::create(builder, at, losses, logits, ids);
  SmallVector<std::int64_t> all;
  for (std::size_t dim = 0; dim < shape.size(); ++dim)
    all.push_back(static_cast<std::int64_t>(dim));
  return all.empty() ? each : nn::buildMean(builder, at, each, all);
}

Value TensorEmitter::moved(const syntax::Expr *expr, const sema::CallInfo &info, Value input) {
  source::Span span = expr->span;
  Location at = module.at(span);
  auto type = cast<RankedTensorType>(input.getType());
  auto dim = [&] { return builder.getI64IntegerAttr(info.arguments[1].dimension); };
  auto number = [&](std::size_t place, double standard) {
    bool given = place < info.arguments.size() && info.arguments[place].value;
    return given ? numberOf(info.arguments[place].value) : standard;
  };
  switch (info.builtin) {
  case BuiltinId::tensorSoftmax:
    return nn::SoftmaxOp::create(builder, at, type, input, dim());
  case BuiltinId::tensorLayerNorm:
    return nn::LayerNormOp::create(builder, at, type, input, dim(), builder.getF64FloatAttr(number(2, 1e-5)));
  case BuiltinId::tensorRmsNorm:
    return nn::RmsNormOp::create(builder, at, type, input, dim(), builder.getF64FloatAttr(number(2, 1e-5)));
  case BuiltinId::tensorRope: {
    auto heads = static_cast<std::int64_t>(number(2, 1));
    Value turned = nn::buildRope(builder, at, input, info.arguments[1].dimension, heads, number(3, 10000));
    if (!turned)
      module.engine
          .error(diagnostics::Code::badSize, span,
                 "`rope` turns pairs of columns, and " + shown(type) + " is not " + std::to_string(heads) +
                     " heads of an even number")
          .hint("give `heads` a number that divides half of the columns");
    return turned;
  }
  case BuiltinId::tensorTranspose:
    return transposed(span, info, input);
  case BuiltinId::tensorReshape:
    return nn::ReshapeOp::create(builder, at, typeOf(info.result), input);
  case BuiltinId::tensorCast:
    return nn::CastOp::create(builder, at, typeOf(info.result), input);
  case BuiltinId::tensorSlice: {
    auto from = static_cast<std::int64_t>(number(2, 0)), to = static_cast<std::int64_t>(number(3, 0));
    std::int64_t size = type.getDimSize(static_cast<unsigned>(info.arguments[1].dimension));
    if (to > size) {
      module.engine.error(diagnostics::Code::badSize, span,
                          "`slice` to " + std::to_string(to) + " of " + std::to_string(size) + " elements");
      return {};
    }
    return cut(span, input, info.arguments[1].dimension, from, to - from);
  }
  case BuiltinId::tensorPad: {
    SmallVector<std::int64_t> low(static_cast<std::size_t>(type.getRank()), 0);
    low[static_cast<std::size_t>(info.arguments[1].dimension)] = static_cast<std::int64_t>(number(2, 0));
    return nn::PadOp::create(builder, at, typeOf(info.result), input, low);
  }
  case BuiltinId::tensorArgmax:
    return nn::ArgmaxOp::create(builder, at, typeOf(info.result), input, dim());
  case BuiltinId::tensorEmbed:
  case BuiltinId::tensorGather: {
    bool embeds = info.builtin == BuiltinId::tensorEmbed;
    Value ids = emitTensor(info.arguments[embeds ? 1 : 2].value);
    if (!ids)
      return {};
    return nn::GatherOp::create(builder, at, typeOf(info.result), input, indices(span, ids),
                                embeds ? builder.getI64IntegerAttr(0) : dim());
  }
  case BuiltinId::tensorOneHot: {
    RankedTensorType result = typeOf(info.result);
    return nn::buildOneHot(builder, at, indices(span, input), result.getShape().back(), result.getElementType());
  }
  case BuiltinId::tensorCrossEntropy:
    return crossEntropy(span, info, input);
  case BuiltinId::tensorAttention:
    return attention(span, info, input);
  default:
    module.refuse(diagnostics::Code::notCarried, span, "`" + std::string(sema::nameOf(info.builtin)) + "` on tensors");
    return {};
  }
}

} // namespace weft::lowering

//===- TensorRecords.cpp - Records as wholes, stacks, derivatives ---------===//
//
// A walk over a stack is one nn.scan, so its body is one body; what the function
// uses of outside is handed in. Each place that draws has a number of its own, and
// each turn of a walk a key of its own.
//
//===----------------------------------------------------------------------===//

#include "lang/lowering/TensorEmitter.h"

using namespace mlir;

namespace weft::lowering {

using sema::BuiltinId;

Value TensorEmitter::keyOfPlace(source::Span span, Value key) {
  auto type = RankedTensorType::get({}, builder.getI64Type());
  Value place = nn::ConstantOp::create(builder, module.at(span), type,
                                       DenseElementsAttr::get(type, Attribute(builder.getI64IntegerAttr(places++))));
  return nn::FoldInOp::create(builder, module.at(span), type, key, place);
}

std::optional<TensorParts> TensorEmitter::fill(source::Span span, const sema::CallInfo &info) {
  std::optional<TensorLayout> layout = layoutOf(info.result);
  bool draws = info.builtin == BuiltinId::tensorNormal || info.builtin == BuiltinId::tensorUniform;
  Value key = draws ? emitTensor(info.arguments[0].value) : Value();
  if (!layout || (draws && !key))
    return std::nullopt;
  Location at = module.at(span);
  auto number = [&](std::size_t place, double standard) {
    bool given = place < info.arguments.size() && info.arguments[place].value;
    return given ? numberOf(info.arguments[place].value) : standard;
  };
  auto scaled = [&](Value value, double by, double plus) {
    auto type = cast<RankedTensorType>(value.getType());
    if (by != 1)
      value = elementwise(span, nn::ElementwiseKind::mul, {value, nn::buildSplat(builder, at, type, by)});
    if (plus != 0)
      value = elementwise(span, nn::ElementwiseKind::add, {value, nn::buildSplat(builder, at, type, plus)});
    return value;
  };
  auto drawn = [&](RankedTensorType type) -> Value {
    // What is kept in fewer bits is drawn in f32 and rounded.
    auto wide = type.getElementType().isF64() ? type : type.clone(builder.getF32Type());
    bool normal = info.builtin == BuiltinId::tensorNormal;
    Value value = nn::RandomOp::create(builder, at, wide, normal ? nn::RandomKind::normal : nn::RandomKind::uniform,
                                       key, static_cast<std::uint64_t>(places++));
    double low = number(1, 0), high = number(2, 1);
    value = normal ? scaled(value, number(1, 1), 0) : scaled(value, high - low, low);
    return wide == type ? value : nn::CastOp::create(builder, at, type, value).getResult();
  };
  auto counted = [&](RankedTensorType type) -> Value {
    Type element = type.getElementType();
    bool counts = element.isF32() || element.isF64() || element.isSignlessInteger(32) || element.isSignlessInteger(64);
    auto wide = counts ? type : type.clone(builder.getI32Type());
    Value value = nn::IotaOp::create(builder, at, wide, builder.getI64IntegerAttr(type.getRank() - 1), Value());
    return wide == type ? value : nn::CastOp::create(builder, at, type, value).getResult();
  };
  SmallVector<Type> types;
  layout->flatten(types);
  SmallVector<Value> made;
  for (Type one : types) {
    auto type = cast<RankedTensorType>(one);
    if (!computed(span, type))
      return std::nullopt;
    made.push_back(draws ? drawn(type)
                   : info.builtin == BuiltinId::tensorIota
                       ? counted(type)
                       : nn::buildSplat(builder, at, type, info.builtin == BuiltinId::tensorOnes));
  }
  std::size_t next = 0;
  return partsOf(*layout, made, next);
}

std::optional<TensorParts> TensorEmitter::each(const syntax::Expr *expr, const sema::CallInfo &info) {
  auto *lambda = syntax::as<syntax::LambdaExpr>(info.arguments.back().value);
  std::vector<SmallVector<Value>> columns;
  for (const sema::BoundArgument &argument : llvm::drop_end(info.arguments)) {
    std::optional<TensorParts> parts = emit(argument.value);
    if (!parts)
      return std::nullopt;
    columns.push_back(parts->flat());
  }
  std::optional<TensorLayout> layout = layoutOf(info.result);
  Type element = typeOf(module.program.of(lambda->body).finalType()).getElementType();
  SmallVector<Value> made;
  for (std::size_t row = 0; layout && row < columns.front().size(); ++row) {
    auto type = cast<RankedTensorType>(columns.front()[row].getType());
    if (type.getElementType() != element) {
      module.refuse(diagnostics::Code::tensorValueNotCarried, expr->span,
                    "`each` over any record, handed " + shown(type) + ",", "it walks over tensors of f32");
      return std::nullopt;
    }
    instance.shapes[info.shape] = SmallVector<std::int64_t>(type.getShape());
    std::vector<TensorParts> given;
    for (const SmallVector<Value> &column : columns)
      given.push_back({column[row], {}});
    std::optional<TensorParts> value = emitLambda(lambda, given);
    if (!value || !value->value)
      return std::nullopt;
    made.push_back(value->value);
  }
  instance.shapes.erase(info.shape);
  std::size_t next = 0;
  return layout ? std::optional(partsOf(*layout, made, next)) : std::nullopt;
}

std::optional<TensorParts> TensorEmitter::emitLambda(const syntax::LambdaExpr *lambda, ArrayRef<TensorParts> given) {
  for (auto [parameter, parts] : llvm::zip(lambda->parameters, given))
    if (const sema::Symbol *symbol = module.program.symbol(parameter))
      values[symbol] = parts;
  return emit(lambda->body);
}

SmallVector<Value> TensorEmitter::captured(const syntax::LambdaExpr *lambda) {
  SmallVector<Value> used;
  for (const sema::Symbol *symbol : module.program.captures(lambda))
    if (auto found = values.find(symbol); found != values.end())
      found->second.flatten(used);
  return used;
}

void TensorEmitter::bindCaptures(const syntax::LambdaExpr *lambda, ValueRange given) {
  std::size_t next = 0;
  std::function<TensorParts(const TensorParts &)> same = [&](const TensorParts &parts) {
    TensorParts out;
    if (parts.value)
      out.value = given[next++];
    for (const TensorParts &field : parts.fields)
      out.fields.push_back(same(field));
    return out;
  };
  for (const sema::Symbol *symbol : module.program.captures(lambda))
    if (auto found = values.find(symbol); found != values.end())
      found->second = same(found->second);
}

std::optional<TensorParts> TensorEmitter::fold(const syntax::Expr *expr, const sema::CallInfo &info) {
  source::Span span = expr->span;
  std::optional<TensorParts> stack = emit(info.arguments[0].value), start = emit(info.arguments[1].value);
  std::optional<TensorLayout> one = layoutOf(module.program.of(info.arguments[0].value).finalType()),
                              carried = layoutOf(info.result);
  if (!stack || !start || !one || !carried)
    return std::nullopt;
  const syntax::Expr *function = info.arguments[2].value;
  auto *lambda = syntax::as<syntax::LambdaExpr>(function);
  SmallVector<Value> slices = stack->flat(), shared = lambda ? captured(lambda) : SmallVector<Value>();
  std::int64_t count = cast<RankedTensorType>(slices.front().getType()).getDimSize(0);
  auto outer = values;
  bool sound = true;
  auto body = [&](OpBuilder &inner, nn::ScanBody arguments) {
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPoint(inner.getInsertionBlock(), inner.getInsertionPoint());
    std::size_t next = 0;
    TensorParts before = partsOf(*carried, ValueRange(arguments.getCarried()), next);
    next = 0;
    TensorParts slice = partsOf(*one, ValueRange(arguments.getSlices()), next);
    std::optional<TensorParts> after;
    if (lambda) {
      bindCaptures(lambda, ValueRange(arguments.getShared()));
      for (const sema::Symbol *symbol : module.program.captures(lambda))
        if (auto found = values.find(symbol);
            found != values.end() && sema::base(symbol->type)->is(sema::TypeKind::rng)) {
          auto key = RankedTensorType::get({}, builder.getI64Type());
          Value turn = nn::CastOp::create(builder, module.at(span), key, arguments.getIndex());
          found->second.value = nn::FoldInOp::create(builder, module.at(span), key, found->second.value, turn);
        }
      after = emitLambda(lambda, {before, slice});
    } else {
      after = callFunction(function->span, *module.program.call(function), {before, slice});
    }
    sound = after.has_value();
    // What was refused yields what it was given, so that the op stays whole until it is dropped.
    return sound ? after->flat() : before.flat();
  };
  auto scan = nn::ScanOp::create(builder, module.at(span), count, false, start->flat(), slices, shared, body);
  values = std::move(outer);
  if (!sound)
    return std::nullopt;
  std::size_t next = 0;
  return partsOf(*carried, ValueRange(scan.getOutputs()), next);
}

func::FuncOp TensorEmitter::lambdaFunction(const syntax::LambdaExpr *lambda, ArrayRef<TensorParts> given,
                                           const std::string &name) {
  SmallVector<Value> outside = captured(lambda), operands;
  for (const TensorParts &parts : given)
    parts.flatten(operands);
  operands.append(outside);
  Location at = module.at(lambda->span);
  OpBuilder end = OpBuilder::atBlockEnd(module.module.getBody());
  auto function =
      func::FuncOp::create(end, at, module.freshName(name), end.getFunctionType(TypeRange(ValueRange(operands)), {}));
  function.setPrivate();
  Block *entry = function.addEntryBlock();
  TensorEmitter body(module, instance);
  body.values = values;
  body.places = places;
  body.builder.setInsertionPointToEnd(entry);
  std::size_t next = 0;
  std::function<TensorParts(const TensorParts &)> same = [&](const TensorParts &parts) {
    TensorParts out;
    if (parts.value)
      out.value = entry->getArgument(static_cast<unsigned>(next++));
    for (const TensorParts &field : parts.fields)
      out.fields.push_back(same(field));
    return out;
  };
  std::vector<TensorParts> parameters;
  for (const TensorParts &parts : given)
    parameters.push_back(same(parts));
  body.bindCaptures(lambda, ValueRange(entry->getArguments()).drop_front(next));
  std::optional<TensorParts> value = body.emitLambda(lambda, parameters);
  places = body.places;
  if (!value) {
    function.erase();
    return {};
  }
  SmallVector<Value> results = value->flat();
  func::ReturnOp::create(body.builder, at, results);
  function.setType(end.getFunctionType(TypeRange(ValueRange(operands)), TypeRange(ValueRange(results))));
  return function;
}

std::optional<TensorParts> TensorEmitter::gradient(const syntax::Expr *expr, const sema::CallInfo &info) {
  if (info.callee)
    return called(expr, info);
  auto *outer = syntax::as<syntax::CallExpr>(syntax::as<syntax::CallExpr>(expr)->callee);
  auto *lambda = syntax::as<syntax::LambdaExpr>(outer->arguments.front().value);
  std::vector<TensorParts> given;
  for (const sema::BoundArgument &argument : info.arguments) {
    std::optional<TensorParts> parts = emit(argument.value);
    if (!parts)
      return std::nullopt;
    given.push_back(std::move(*parts));
  }
  SmallVector<Value> outside = captured(lambda), operands;
  for (const TensorParts &parts : given)
    parts.flatten(operands);
  operands.append(outside);
  func::FuncOp function = lambdaFunction(lambda, given, "derived");
  std::optional<TensorLayout> layout = layoutOf(info.result);
  if (!function || !layout)
    return std::nullopt;
  SmallVector<Value> by = given.front().flat();
  SmallVector<Type> results(function.getResultTypes());
  for (Value value : by)
    results.push_back(value.getType());
  auto op = nn::ValueAndGradOp::create(builder, module.at(expr->span), results, function.getSymName(), operands,
                                       static_cast<std::int64_t>(by.size()));
  std::size_t next = info.builtin == BuiltinId::tensorGrad ? 1 : 0;
  return partsOf(*layout, ValueRange(op.getOutputs()), next);
}

} // namespace weft::lowering

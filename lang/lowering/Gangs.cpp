//===- Gangs.cpp - Calls of tensor functions from workflows ---------------===//
//
// A gang takes and gives tensors; a record is taken apart before it and put
// together behind it. A training is a gang that is run many times.
//
//===----------------------------------------------------------------------===//

#include "lang/lowering/BodyEmitter.h"

#include "lang/sema/Evaluate.h"

using namespace mlir;

namespace weft::lowering {

using sema::CallInfo;

namespace {

/// What a type parameter stands for, by module types: whatever a workflow holds has numbers for sizes.
TensorLayout layoutOf(ModuleEmitter &module, sema::Type type) {
  sema::Type base = sema::base(type);
  TensorLayout layout;
  if (base->is(sema::TypeKind::tensor))
    layout.tensor = cast<RankedTensorType>(module.type(base));
  for (const sema::Field &field : base->fields)
    layout.fields.push_back(layoutOf(module, field.type));
  for (sema::Type element : base->elements)
    layout.fields.push_back(layoutOf(module, element));
  return layout;
}

bool isNumberType(sema::Type type) { return sema::isNumber(type) && !sema::base(type)->is(sema::TypeKind::error); }

} // namespace

Value BodyEmitter::gang(const syntax::Expr *expr, const CallInfo &info) {
  const std::vector<sema::Parameter> &parameters = info.callee->callable->parameters;
  TensorInstance instance;
  for (auto &[symbol, size] : info.dimArguments) {
    auto known = size.value();
    if (!known) {
      module.refuse(diagnostics::Code::openSizeNotCarried, expr->span,
                    "a tensor function whose size `" + symbol->name + "` is not known when it is compiled",
                    "give the dimension a number: `dim " + symbol->name + " = 4`");
      return none(expr->span, typeOf(info.result));
    }
    instance.sizes[symbol] = *known;
  }
  for (auto [parameter, argument] : llvm::zip(info.callee->callable->typeParameters, info.typeArguments))
    instance.types[parameter] = layoutOf(module, argument);
  for (auto [argument, parameter] : llvm::zip(info.arguments, parameters))
    if (isNumberType(parameter.type)) {
      std::optional<sema::Constant> known = sema::evaluate(module.program, argument.value);
      instance.numbers[parameter.symbol] = known && known->number() ? *known->number() : 0;
    }
  func::FuncOp function = module.tensorFunction(info.callee, instance);
  if (!function)
    return none(expr->span, typeOf(info.result));
  SmallVector<Value> operands;
  DictionaryAttr policy = std::exchange(nextPolicy, {});
  for (auto [argument, parameter] : llvm::zip(info.arguments, parameters)) {
    if (isNumberType(parameter.type))
      continue;
    sema::Type type = sema::base(parameter.type);
    if (type->is(sema::TypeKind::rng)) {
      operands.push_back(keyOf(argument.value));
      continue;
    }
    // What a parameter leaves open is said by what is handed in.
    sema::Type given = module.program.of(argument.value).finalType();
    bool isTensor = sema::base(given)->is(sema::TypeKind::tensor);
    Type wanted = isTensor ? function.getArgumentTypes()[operands.size()] : typeOf(given);
    addTensors(argument.value->span, emit(argument.value, wanted), given, function, operands);
  }
  nextPolicy = policy;
  return runGang(expr, function, function.getResultTypes(), operands, info.result, sema::Effect::compute);
}

Value BodyEmitter::runGang(const syntax::Expr *expr, func::FuncOp function, TypeRange results, ValueRange operands,
                           sema::Type given, sema::Effect effect) {
  function.setPublic();
  auto op =
      flow::GangOp::create(builder, module.at(expr->span), results, FlatSymbolRefAttr::get(function.getSymNameAttr()),
                           operands, sema::writes(effect) ? module.effect(effect) : flow::EffectAttr(),
                           std::exchange(nextPolicy, {}), stepId("gang " + function.getSymName().str()));
  std::size_t next = 0;
  return joined(expr->span, given, op.getOutputs(), next);
}

/// Makes what the parameters begin as, and runs the steps; what the optimizer kept stays behind.
Value BodyEmitter::training(const syntax::Expr *expr, const CallInfo &info) {
  const sema::TrainInfo &train = *info.callee->train;
  func::FuncOp step = module.training(info.callee);
  if (!step)
    return none(expr->span, typeOf(info.result));
  DictionaryAttr policy = std::exchange(nextPolicy, {});
  SmallVector<Value> operands;
  addTensors(train.params->span, emit(train.params, typeOf(train.paramsType)), train.paramsType, step, operands);
  nextPolicy = policy;
  return runGang(expr, step, step.getResultTypes().take_front(operands.size()), operands, train.paramsType,
                 info.callee->callable->effect);
}

/// The seed of an rng, as the tensor that a gang takes.
Value BodyEmitter::keyOf(const syntax::Expr *expr) {
  auto type = RankedTensorType::get({}, builder.getI64Type());
  std::optional<sema::Constant> known = sema::evaluate(module.program, expr);
  if (!known || !known->integer())
    return computedTensor(expr->span, emit(expr), type);
  return constant(expr->span, DenseElementsAttr::get(type, Attribute(builder.getI64IntegerAttr(*known->integer()))),
                  type);
}

/// A tensor as it is, a record or tuple as the tensors in it.
void BodyEmitter::addTensors(source::Span span, Value value, sema::Type type, func::FuncOp function,
                             SmallVectorImpl<Value> &operands) {
  sema::Type base = sema::base(type);
  if (base->is(sema::TypeKind::tensor)) {
    operands.push_back(value);
    return;
  }
  auto part = [&](std::size_t index, sema::Type of) {
    bool isTensor = sema::base(of)->is(sema::TypeKind::tensor);
    Type wanted = isTensor ? function.getArgumentTypes()[operands.size()] : module.type(of);
    Value taken = expr::FieldOp::create(builder, module.at(span), wanted, value, static_cast<std::uint32_t>(index));
    addTensors(span, taken, of, function, operands);
  };
  for (auto [index, field] : llvm::enumerate(base->fields))
    part(index, field.type);
  for (auto [index, element] : llvm::enumerate(base->elements))
    part(index, element);
}

/// The value of this type that has these tensors in it; `next` goes on to those behind.
Value BodyEmitter::joined(source::Span span, sema::Type type, ValueRange tensors, std::size_t &next) {
  sema::Type base = sema::base(type);
  if (base->is(sema::TypeKind::tensor))
    return tensors[next++];
  SmallVector<Value> parts;
  for (const sema::Field &field : base->fields)
    parts.push_back(joined(span, field.type, tensors, next));
  for (sema::Type element : base->elements)
    parts.push_back(joined(span, element, tensors, next));
  if (base->is(sema::TypeKind::tuple))
    return expr::ListOp::create(builder, module.at(span), typeOf(type), parts);
  return expr::RecordOp::create(builder, module.at(span), typeOf(type), parts);
}

} // namespace weft::lowering

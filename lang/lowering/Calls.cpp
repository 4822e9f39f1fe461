//===- Calls.cpp - Calls of everything that can be called -----------------===//

#include "lang/lowering/BodyEmitter.h"

using namespace mlir;

namespace weft::lowering {

using expr::Kind;
using sema::BuiltinId;
using sema::CalleeKind;
using sema::CallInfo;

namespace {

/// What stands for the callee where that is a value.
const syntax::Expr *calledBy(const syntax::Expr *expr) {
  const auto *vote = syntax::as<syntax::VoteExpr>(expr);
  return vote ? vote->judge : syntax::as<syntax::CallExpr>(expr)->callee;
}

} // namespace

SmallVector<Value> BodyEmitter::arguments(const CallInfo &info, ArrayRef<Type> types) {
  SmallVector<Value> values;
  // The policy is the call's, not that of calls among its arguments.
  DictionaryAttr policy = std::exchange(nextPolicy, {});
  for (auto [position, argument] : llvm::enumerate(info.arguments))
    if (argument.value)
      values.push_back(emit(argument.value, position < types.size() ? types[position] : Type()));
  nextPolicy = policy;
  return values;
}

/// `given` stands for the arguments where the program writes none: what `vote … by f` hands to f.
Value BodyEmitter::call(const syntax::Expr *expr, const CallInfo &info, ArrayRef<Value> given) {
  source::Span span = expr->span;
  Type result = typeOf(info.result);
  SmallVector<Type> parameters;
  if (info.callee && info.callee->callable) {
    // A generic function's parameters are known by its instance.
    if (info.callee->callable->typeParameters.empty())
      for (const sema::Parameter &parameter : info.callee->callable->parameters)
        parameters.push_back(module.type(parameter.type));
  }
  auto values = [&] {
    if (given.empty())
      return arguments(info, parameters);
    SmallVector<Value> list;
    for (auto [position, value] : llvm::enumerate(given))
      list.push_back(position < parameters.size() ? as(span, value, parameters[position]) : value);
    for (std::size_t position = given.size(); position < info.arguments.size(); ++position)
      list.push_back(
          emit(info.arguments[position].value, position < parameters.size() ? parameters[position] : Type()));
    return list;
  };
  switch (info.kind) {
  case CalleeKind::fn: {
    SmallVector<Type> typeArguments;
    for (sema::Type argument : info.typeArguments)
      typeArguments.push_back(typeOf(argument));
    return as(span, callFunction(span, info.callee, typeArguments, values()), result);
  }
  case CalleeKind::tensorFn:
    return gang(expr, info);
  case CalleeKind::train:
    return training(expr, info);
  case CalleeKind::workflow:
    return as(span,
              invoke(span, module.workflow(info.callee), *info.callee->callable, values(),
                     module.type(info.callee->callable->result)),
              result);
  case CalleeKind::agent: {
    sema::Type answer = info.callee->callable->result;
    return as(span,
              invoke(span, module.agent(info.callee, answer), *info.callee->callable, values(), module.type(answer)),
              result);
  }
  case CalleeKind::model: {
    Value prompt = values()[0];
    return askModel(span, info.callee, text(span, ""), prompt, text(span, ""));
  }
  case CalleeKind::member: {
    SymbolRefAttr callee = module.member(info.callee);
    SmallVector<Value> operands = values();
    auto op =
        flow::CallOp::create(builder, module.at(span), module.type(info.callee->callable->result), callee, operands,
                             module.effect(info.callee->callable->effect), UnitAttr(), std::exchange(nextPolicy, {}),
                             stepId("call " + module.symbolOf(info.callee->member->tool) + "." + info.callee->name));
    return as(span, op.getResult(), result);
  }
  case CalleeKind::core:
    if (isFold(expr))
      return fold(expr, info);
    return core(span, info.builtin, info.result, arguments(info, {}));
  case CalleeKind::system: {
    if (info.builtin == BuiltinId::weights || info.builtin == BuiltinId::save)
      return weightFile(expr, info);
    auto kind = info.builtin == BuiltinId::now      ? flow::SystemKind::now
                : info.builtin == BuiltinId::random ? flow::SystemKind::random
                : info.builtin == BuiltinId::uuid   ? flow::SystemKind::uuid
                                                    : flow::SystemKind::env;
    return flow::SystemOp::create(builder, module.at(span), result, kind, values(),
                                  stepId("system " + std::string(sema::nameOf(info.builtin))))
        .getResult();
  }
  case CalleeKind::closure: {
    SmallVector<Value> operands = values();
    Value function = emit(calledBy(expr));
    return expr::ApplyOp::create(builder, module.at(span), result, function, operands);
  }
  case CalleeKind::caseOf: {
    SmallVector<Value> fields = values();
    Value made =
        expr::VariantOp::create(builder, module.at(span), result, static_cast<std::uint32_t>(info.index), fields);
    return checked(span, sema::base(info.result)->cases[static_cast<std::size_t>(info.index)].fields, made);
  }
  case CalleeKind::copy: {
    Value record = emit(info.arguments[0].value, result);
    for (std::size_t i = 0; i < info.fields.size(); ++i)
      record = expr::WithFieldOp::create(builder, module.at(span), result, record,
                                         static_cast<std::uint32_t>(info.fields[i]), emit(info.arguments[i + 1].value));
    return checked(span, sema::base(info.result)->fields, record);
  }
  case CalleeKind::mock:
    return testCall(expr, info);
  case CalleeKind::agentValue: {
    SmallVector<Value> operands = values();
    return callValue(span, calledBy(expr), operands, result);
  }
  case CalleeKind::tensorCore:
    break;
  }
  llvm_unreachable("stands in tensor functions alone");
}

Value BodyEmitter::callFunction(source::Span span, const sema::Symbol *fn, ArrayRef<Type> typeArguments,
                                SmallVector<Value> operands) {
  std::string symbol = module.function(fn, typeArguments);
  auto function = module.module.lookupSymbol<expr::FunctionOp>(symbol);
  for (auto [operand, type] : llvm::zip(operands, function.getArgumentTypes()))
    operand = as(span, operand, type);
  return expr::CallOp::create(builder, module.at(span), function.getResultTypes()[0],
                              FlatSymbolRefAttr::get(builder.getContext(), symbol), operands);
}

/// Pure functions of the runtime; three of them need a type and are ops of their own.
Value BodyEmitter::core(source::Span span, BuiltinId id, sema::Type given, SmallVector<Value> values) {
  Type result = typeOf(given);
  switch (id) {
  case BuiltinId::toJson:
    return expr::ToJsonOp::create(builder, module.at(span), module.simple(Kind::string), values[0]);
  case BuiltinId::text: {
    ArrayAttr pieces = builder.getStrArrayAttr({"", ""});
    return expr::FormatOp::create(builder, module.at(span), module.simple(Kind::string), pieces, values[0]);
  }
  case BuiltinId::sum: { // The zero says what the sum of nothing is.
    auto *type = sema::base(given);
    Attribute zero = builder.getI64IntegerAttr(0);
    if (type->is(sema::TypeKind::floating))
      zero = builder.getF64FloatAttr(0);
    else if (type->is(sema::TypeKind::duration))
      zero = expr::QuantityAttr::get(builder.getContext(), expr::Measure::duration, 0);
    else if (type->is(sema::TypeKind::size))
      zero = expr::QuantityAttr::get(builder.getContext(), expr::Measure::size, 0);
    else if (type->is(sema::TypeKind::money))
      zero = expr::QuantityAttr::get(builder.getContext(), expr::Measure::money, 0);
    values.push_back(constant(span, zero, result));
    break;
  }
  default:
    break;
  }
  return builtin(span, sema::nameOf(id), values, result);
}

Value BodyEmitter::invoke(source::Span span, const std::string &callee, const sema::Callable &callable,
                          ValueRange values, Type result) {
  auto symbol = FlatSymbolRefAttr::get(builder.getContext(), callee);
  // Each call of a test is a run: two are never one.
  return flow::InvokeOp::create(builder, module.at(span), result, symbol, values, module.effect(callable.effect),
                                inTest ? builder.getUnitAttr() : UnitAttr(), std::exchange(nextPolicy, {}),
                                stepId("invoke " + callee))
      .getResult();
}

Value BodyEmitter::askModel(source::Span span, const sema::Symbol *whom, Value system, Value prompt, Value schema) {
  const sema::Symbol *model = whom->kind == sema::SymbolKind::agent ? whom->agent->model : whom;
  SymbolRefAttr member = module.model(whom);
  auto declared = dyn_cast_or_null<flow::MemberOp>(SymbolTable::lookupSymbolIn(module.module, member));
  if (!declared) // The model was refused.
    return {};
  return flow::CallOp::create(builder, module.at(span), module.simple(Kind::string), member,
                              ValueRange{system, prompt, schema}, declared.getEffectAttr(), declared.getChanceAttr(),
                              std::exchange(nextPolicy, {}), stepId("call " + module.symbolOf(model)))
      .getResult();
}

/// A JSON text, or json, as a value of the type; failure `schema` where it is none.
Value BodyEmitter::parsed(source::Span span, Value source, Type type, bool ofJson, bool dropsUnknown) {
  Location at = module.at(span);
  auto unit = [&](bool set) { return set ? builder.getUnitAttr() : UnitAttr(); };
  Value outcome =
      expr::ParseOp::create(builder, at, expr::of(Kind::parsed, type), source, unit(ofJson), unit(dropsUnknown));
  Value which = expr::CaseIndexOp::create(builder, at, module.simple(Kind::integer), outcome);
  return choose(span, which, type,
                {[&] { return expr::CaseFieldOp::create(builder, at, type, outcome, 0).getResult(); },
                 [&] {
                   Value why = expr::CaseFieldOp::create(builder, at, module.simple(Kind::string), outcome, 0);
                   return fail(span, "schema", why, type);
                 }});
}

Value BodyEmitter::asType(const syntax::AsExpr *expr) {
  sema::Type wanted = module.program.typeOf(expr->type);
  Type type = typeOf(wanted);
  const CallInfo &info = *module.program.call(expr->operand);
  bool fromTool = info.kind == CalleeKind::member;
  switch (module.program.answer(expr)) {
  case sema::AsKind::answer: {
    std::string callee = module.agent(info.callee, wanted, substitution);
    SmallVector<Value> values = arguments(info, module.simple(Kind::string));
    return invoke(expr->span, callee, *info.callee->callable, values, type);
  }
  case sema::AsKind::json:
    return parsed(expr->span, emit(expr->operand), type, true, fromTool);
  case sema::AsKind::text:
    return parsed(expr->span, emit(expr->operand), type, false, fromTool);
  case sema::AsKind::given:
    return emit(expr->operand, type);
  }
  llvm_unreachable("all kinds are told");
}

/// The policy of a call goes on its step; a form gets a scope of its own.
Value BodyEmitter::with(const syntax::WithExpr *expr, Type wanted) {
  DictionaryAttr policy = module.policy(module.program.policy(expr));
  bool onCall = (expr->operand->kind == syntax::ExprKind::call && !isFold(expr->operand)) ||
                expr->operand->kind == syntax::ExprKind::asType;
  if (onCall) {
    nextPolicy = policy;
    Value value = emit(expr->operand, wanted);
    nextPolicy = {};
    return value;
  }
  if (!wanted)
    wanted = typeOf(module.program.of(expr->operand).finalType());
  auto op = flow::ScopeOp::create(builder, module.at(expr->span), wanted, policy, ValueRange(), stepId("with"));
  fill(op.getBody(), {}, expr->span, wanted, [&](ValueRange) { return emit(expr->operand, wanted); });
  return op.getResult();
}

} // namespace weft::lowering

//===- TestCalls.cpp - What a test asks about its calls -------------------===//
//
// `calls` and `arguments` are questions to whoever answers the test's calls, and
// written as a write is: behind all that stands above them. `emitted` is a body
// that keeps what is emitted in it, `fails` one that must fail.
//
//===----------------------------------------------------------------------===//

#include "lang/lowering/BodyEmitter.h"

#include "dialects/flow/Tests.h"

using namespace mlir;

namespace weft::lowering {

using expr::Kind;
using sema::BuiltinId;
using sema::CallInfo;

Value BodyEmitter::testCall(const syntax::Expr *expr, const CallInfo &info) {
  switch (info.builtin) {
  case BuiltinId::testCalls:
  case BuiltinId::testArguments:
    return askCounted(expr->span, info);
  case BuiltinId::testEmitted:
    return askEmitted(expr->span, info);
  case BuiltinId::mockFailing: // in the lambda of a mock
    return mockFails(expr->span, info, typeOf(info.result));
  default:
    return askFailure(expr->span, info);
  }
}

Value BodyEmitter::askCounted(source::Span span, const CallInfo &info) {
  const sema::Symbol *target = module.program.of(info.arguments[0].value).symbol;
  std::string called =
      target->member ? module.symbolOf(target->member->tool) + "." + target->name : module.symbolOf(target);
  std::string question = std::string(sema::nameOf(info.builtin)) + " " + called;
  Type result = typeOf(info.result);
  SymbolRefAttr member = module.question(question, result, span);
  return flow::CallOp::create(builder, module.at(span), result, member, ValueRange(),
                              module.effect(sema::Effect::writeIdempotent), UnitAttr(), DictionaryAttr(),
                              stepId(question))
      .getResult();
}

SymbolRefAttr ModuleEmitter::question(const std::string &name, Type result, source::Span span) {
  MLIRContext *context = module.getContext();
  auto member = SymbolRefAttr::get(context, name, FlatSymbolRefAttr::get(context, name));
  if (!bindings.insert(name).second)
    return member;
  flow::BindingOp op = binding(name, flow::BindingKind::exec, flow::asksProvider.str(), {}, span);
  OpBuilder inside = OpBuilder::atBlockEnd(&op.getBody().front());
  flow::MemberOp::create(inside, at(span), builder.getStringAttr(name), builder.getStrArrayAttr({}),
                         TypeAttr::get(FunctionType::get(context, {}, result)), effect(sema::Effect::writeIdempotent),
                         FlatSymbolRefAttr(), ArrayAttr(), UnitAttr(), UnitAttr(), stepId(name, "", "member"));
  return member;
}

Value BodyEmitter::askEmitted(source::Span span, const CallInfo &info) {
  Location at = module.at(span);
  Type emits = typeOf(info.result);
  auto op = flow::ScopeOp::create(builder, at, emits, builder.getDictionaryAttr({}), ValueRange(), stepId("emitted"));
  op->setAttr(flow::emittedName, builder.getUnitAttr());
  fill(op.getBody(), {}, span, emits, [&](ValueRange) -> Value {
    emit(info.arguments[0].value);
    return expr::ListOp::create(builder, at, emits, ValueRange());
  });
  return op.getResult();
}

/// The error of a call that must fail.
Value BodyEmitter::askFailure(source::Span span, const CallInfo &info) {
  Location at = module.at(span);
  Type error = typeOf(module.program.types.failure());
  // What the call gives is part of what the body gives: a read whose value nobody uses would be removed.
  const syntax::Expr *argument = info.arguments[0].value;
  Type given = typeOf(module.program.of(argument).finalType());
  Type values = expr::of(Kind::list, given), maybe = expr::of(Kind::optional, error);
  auto both = expr::ValueType::get(builder.getContext(), Kind::tuple, FlatSymbolRefAttr(), {values, maybe});
  auto pair = [&](ValueRange made, Value failure) -> Value {
    Value list = expr::ListOp::create(builder, at, values, made);
    return expr::ListOp::create(builder, at, both, ValueRange{list, failure});
  };
  auto op = flow::TryOp::create(builder, at, both, ValueRange(), stepId("fails"));
  fill(op.getBody(), {}, span, both, [&](ValueRange) {
    Value made = emit(argument, given);
    return pair(made, none(span, maybe));
  });
  fill(op.getHandler(), error, span, both, [&](ValueRange failure) { return pair({}, as(span, failure[0], maybe)); });
  Value failure = expr::FieldOp::create(builder, at, maybe, op.getResult(), 1);
  Value present = expr::CaseIndexOp::create(builder, at, module.simple(Kind::integer), failure);
  std::string call(module.sources.file(argument->span.file).text(argument->span));
  std::string place = module.sources.file(span.file).name() + ":" +
                      std::to_string(module.sources.file(span.file).location(span.begin).line);
  Value why = text(span, place + ": assert fails(" + call + "): the call succeeded");
  return choose(span, present, error,
                {[&] { return fail(span, "failed", why, error); },
                 [&] { return expr::CaseFieldOp::create(builder, at, error, failure, 0).getResult(); }});
}

} // namespace weft::lowering

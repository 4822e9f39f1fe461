//===- Mocks.cpp - What answers the calls of a test -----------------------===//
//
// A mock is a function of what the call is sent. An agent or a workflow that is
// mocked, or counted, has a member that is called, or counts, in its place. An
// agent that is asked `as` a type is a block of its own for each type: what its
// mock says is then read as a model's answer is.
//
//===----------------------------------------------------------------------===//

#include "lang/lowering/BodyEmitter.h"

#include "dialects/flow/Tests.h"

using namespace mlir;

namespace weft::lowering {

using expr::Kind;
using sema::BuiltinId;

namespace {

/// `in_turn(…)`, `failing(…)`, `slow(…)`, `costing(…)`; null for a value.
const sema::CallInfo *formOf(const sema::CheckedProgram &program, const syntax::Expr *answer) {
  const auto *call = syntax::as<syntax::CallExpr>(answer);
  const sema::CallInfo *info = call ? program.call(call) : nullptr;
  return info && info->kind == sema::CalleeKind::mock ? info : nullptr;
}

} // namespace

ArrayAttr ModuleEmitter::mocks(const std::string &owner, const sema::TestInfo &test) {
  SmallVector<Attribute> made;
  std::set<const sema::Symbol *> mocked;
  for (const sema::MockInfo &one : test.mocks) {
    mocked.insert(one.target);
    const sema::Callable &callable = *one.target->callable;
    bool isModel = one.target->kind == sema::SymbolKind::model;
    SmallVector<Type> parameters(3, simple(Kind::string)); // system, prompt, schema
    if (!isModel) {
      parameters.clear();
      for (const sema::Parameter &parameter : callable.parameters)
        parameters.push_back(type(parameter.type));
    }
    for (const Asked &asked : askedOf(one.target)) {
      std::string name = owner + ".mock." + std::to_string(made.size());
      BodyEmitter body(*this, name, true);
      body.mockFunction(name, one, parameters, asked.result, isModel);
      NamedAttribute function = builder.getNamedAttr("function", FlatSymbolRefAttr::get(module.getContext(), name));
      SmallVector<NamedAttribute> entries{builder.getNamedAttr("target", asked.target), function};
      if (one.target->agent || one.target->workflow)
        entries.push_back(builder.getNamedAttr("member", standIn(owner, one.target, asked.result, made.size())));
      made.push_back(builder.getDictionaryAttr(entries));
      if (isAskedForMore(one.target))
        made.push_back(
            builder.getDictionaryAttr({builder.getNamedAttr("target", personForMore(one.target)), function}));
    }
  }
  for (const sema::Symbol *counted : test.counted)
    if (!mocked.contains(counted))
      for (const Asked &asked : askedOf(counted))
        made.push_back(builder.getDictionaryAttr(
            {builder.getNamedAttr("target", asked.target),
             builder.getNamedAttr("member", standIn(owner, counted, asked.result, made.size()))}));
  for (const std::string &recording : test.recordings)
    made.push_back(builder.getDictionaryAttr({builder.getNamedAttr("recording", builder.getStringAttr(recording))}));
  return builder.getArrayAttr(made);
}

std::vector<ModuleEmitter::Asked> ModuleEmitter::askedOf(const sema::Symbol *target) {
  MLIRContext *context = module.getContext();
  Type result = type(target->callable->result);
  if (target->kind == sema::SymbolKind::model)
    return {{model(target), result}};
  if (target->kind == sema::SymbolKind::member)
    return {{member(target), result}};
  if (target->kind == sema::SymbolKind::workflow)
    return {{FlatSymbolRefAttr::get(context, workflow(target)), result}};
  std::vector<Asked> all{{FlatSymbolRefAttr::get(context, agent(target, target->callable->result)), result}};
  std::string prefix = "agent " + symbolOf(target) + " as ";
  for (auto other = instances.lower_bound(prefix); other != instances.end() && other->first.starts_with(prefix);
       ++other)
    all.push_back({FlatSymbolRefAttr::get(context, other->second),
                   module.lookupSymbol<flow::WorkflowOp>(other->second).getResultTypes()[0]});
  return all;
}

bool ModuleEmitter::isAskedForMore(const sema::Symbol *agent) const {
  return llvm::any_of(program.order, [&](const sema::Symbol *symbol) {
    const sema::Budget *budget = symbol->workflow ? &symbol->workflow->budget
                                 : symbol->agent  ? &symbol->agent->budget
                                                  : nullptr;
    return budget && budget->onExceed == sema::OnExceed::ask && budget->fallback == agent;
  });
}

SymbolRefAttr ModuleEmitter::standIn(const std::string &owner, const sema::Symbol *target, Type result,
                                     std::size_t number) {
  std::string name = owner + ".mocked." + std::to_string(number), called = symbolOf(target);
  flow::BindingOp op = binding(name, flow::BindingKind::exec, flow::mockProvider.str(), {}, target->span);
  if (const sema::Symbol *model = target->agent ? target->agent->model : nullptr) {
    if (model->model->priceInputNano)
      op.setPriceInputAttr(builder.getI64IntegerAttr(*model->model->priceInputNano));
    if (model->model->priceOutputNano)
      op.setPriceOutputAttr(builder.getI64IntegerAttr(*model->model->priceOutputNano));
  }
  SmallVector<Attribute> names;
  SmallVector<Type> parameters;
  for (const sema::Parameter &parameter : target->callable->parameters) {
    names.push_back(builder.getStringAttr(parameter.name));
    parameters.push_back(type(parameter.type));
  }
  MLIRContext *context = module.getContext();
  OpBuilder inside = OpBuilder::atBlockEnd(&op.getBody().front());
  flow::MemberOp::create(inside, at(target->span), builder.getStringAttr(called), builder.getArrayAttr(names),
                         TypeAttr::get(FunctionType::get(context, parameters, result)), effect(sema::Effect::read),
                         FlatSymbolRefAttr(), ArrayAttr(), UnitAttr(), UnitAttr(), stepId(owner, name, "member"));
  return SymbolRefAttr::get(context, name, FlatSymbolRefAttr::get(context, called));
}

/// The forms are worked out here, from outside in: what is left to the function is which turn it is.
class BodyEmitter::MockAnswers {
public:
  MockAnswers(BodyEmitter &body, const sema::MockInfo &mock, Block *entry, Type result, bool isModel)
      : body(body), mock(mock), entry(entry), result(result), isModel(isModel), span(mock.value->span),
        at(body.module.at(span)), whole(body.module.simple(Kind::integer)),
        duration(body.module.simple(Kind::duration)), values(expr::of(Kind::list, result)) {}

  static Type type(BodyEmitter &body, Type result) {
    auto simple = [&](Kind kind) { return body.module.simple(kind); };
    return expr::ValueType::get(body.builder.getContext(), Kind::tuple, FlatSymbolRefAttr(),
                                {expr::of(Kind::list, result), simple(Kind::integer), simple(Kind::string),
                                 simple(Kind::duration), simple(Kind::integer), simple(Kind::integer)});
  }

  /// Of a value, a lambda, or a failure that stands alone.
  Value plain(const syntax::Expr *value) {
    if (const sema::CallInfo *failing = formOf(body.module.program, value))
      return body.mockFails(span, *failing, result);
    Type given = body.module.type(mock.target->callable->result);
    Value made;
    if (const auto *lambda = syntax::as<syntax::LambdaExpr>(value)) {
      // A model is asked with system and schema too; the program speaks of the prompt.
      SmallVector<Value> arguments(entry->getArguments());
      if (isModel)
        arguments = {entry->getArgument(1)};
      for (auto [parameter, argument] : llvm::zip(lambda->parameters, arguments))
        body.bind(body.module.program.symbol(parameter), argument);
      made = body.emit(lambda->body, given);
    } else {
      made = body.emit(value, given);
    }
    made = body.as(span, made, given);
    return given == result ? made : body.parsed(span, made, result, false, false);
  }

  /// The tuple of runtime/plan/MockAnswer.h.
  Value answer(const syntax::Expr *value) {
    auto zero = expr::QuantityAttr::get(body.builder.getContext(), expr::Measure::duration, 0);
    Value atOnce = expr::ConstantOp::create(body.builder, at, duration, zero);
    return answer(value, {atOnce, body.integer(span, 0), body.integer(span, 0)});
  }

private:
  struct Told {
    Value delay, input, output;
  };

  Value answer(const syntax::Expr *value, Told told) {
    const sema::CallInfo *form = formOf(body.module.program, value);
    if (!form)
      return tuple(plain(value), body.integer(span, -1), body.text(span, ""), told);
    llvm::ArrayRef<sema::BoundArgument> arguments = form->arguments;
    switch (form->builtin) {
    case BuiltinId::mockFailing:
      return tuple({}, body.integer(span, form->index), body.mockReason(span, *form), told);
    case BuiltinId::mockSlow:
      told.delay = body.builtin(span, "add", {told.delay, body.emit(arguments[0].value)}, duration);
      return answer(arguments[1].value, told);
    case BuiltinId::mockCosting:
      if (arguments[0].value)
        told.input = body.builtin(span, "add", {told.input, body.emit(arguments[0].value)}, whole);
      if (arguments[1].value)
        told.output = body.builtin(span, "add", {told.output, body.emit(arguments[1].value)}, whole);
      return answer(arguments[2].value, told);
    default: { // in_turn: the last turn stays.
      SmallVector<Maker> turns;
      for (const sema::BoundArgument &turn : arguments)
        turns.push_back([this, &turn, told] { return answer(turn.value, told); });
      if (turns.size() == 1)
        return turns[0]();
      Value last = body.integer(span, static_cast<std::int64_t>(turns.size()) - 1);
      Value turn = body.builtin(span, "min", {entry->getArguments().back(), last}, whole);
      return body.choose(span, turn, type(body, result), turns);
    }
    }
  }

  Value tuple(ValueRange made, Value kind, Value why, const Told &told) {
    Value list = expr::ListOp::create(body.builder, at, values, made);
    return expr::ListOp::create(body.builder, at, type(body, result),
                                ValueRange{list, kind, why, told.delay, told.input, told.output});
  }

  BodyEmitter &body;
  const sema::MockInfo &mock;
  Block *entry;
  Type result;
  bool isModel;
  source::Span span;
  Location at;
  Type whole, duration, values;
};

void BodyEmitter::mockFunction(const std::string &name, const sema::MockInfo &mock, ArrayRef<Type> parameters,
                               Type result, bool isModel) {
  source::Span span = mock.value->span;
  const sema::CallInfo *form = formOf(module.program, mock.value);
  bool isPlain = !form || form->builtin == BuiltinId::mockFailing;
  SmallVector<Type> takes(parameters);
  if (!isPlain)
    takes.push_back(module.simple(Kind::integer));
  OpBuilder atEnd = OpBuilder::atBlockEnd(module.module.getBody());
  auto function = expr::FunctionOp::create(
      atEnd, module.at(span), name,
      FunctionType::get(builder.getContext(), takes, isPlain ? result : MockAnswers::type(*this, result)), StringAttr(),
      ArrayAttr(), ArrayAttr());
  SmallVector<Location> places(takes.size(), module.at(span));
  Block *entry = atEnd.createBlock(&function.getBody(), {}, takes, places);
  enter(entry);
  MockAnswers answers(*this, mock, entry, result, isModel);
  yield(span, isPlain ? as(span, answers.plain(mock.value), result) : answers.answer(mock.value));
}

Value BodyEmitter::mockReason(source::Span span, const sema::CallInfo &failing) {
  return failing.arguments.size() > 1 ? emit(failing.arguments[1].value) : text(span, "the mock fails");
}

Value BodyEmitter::mockFails(source::Span span, const sema::CallInfo &failing, Type result) {
  return fail(span, sema::failureKinds[static_cast<std::size_t>(failing.index)], mockReason(span, failing), result);
}

} // namespace weft::lowering

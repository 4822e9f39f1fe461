//===- Calls.cpp - Who is called, with what -------------------------------===//
//
// `f(a)`, `tool.member(a)`, `x.f(a)` = `f(x, a)`, `x.field(a)`, `Sum.case(a)`. What
// leaves the program may be called from workflows and tests only.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Checker.h"

namespace weft::sema {
using syntax::as;

namespace {

bool isLocal(const Symbol *symbol) { return symbol->kind >= SymbolKind::parameter && symbol->kind <= SymbolKind::it; }

const char *placeText(Place place, bool lambda, bool mock) {
  if (lambda)
    return "a lambda";
  if (mock)
    return "a mock";
  switch (place) {
  case Place::fn:
    return "a fn";
  case Place::tensorFn:
    return "a tensor function";
  case Place::prompt:
    return "a prompt";
  case Place::where:
    return "a where";
  default:
    return "a constant";
  }
}
} // namespace

bool Checker::hasSteps() const {
  return (body.place == Place::workflow || body.place == Place::test) && body.lambdas == 0 && !body.inMock;
}

bool Checker::mayCall(const Symbol *symbol, Span span, const std::string &what) {
  if (hasSteps())
    return true;
  Diagnostic &report =
      error(Code::notPureHere, span,
            std::string(placeText(body.place, body.lambdas > 0, body.inMock)) + " may not call " + what);
  if (symbol && symbol->span.end)
    report.note(symbol->span, "declared here");
  if (body.inMock)
    report.hint("answer with a value or a lambda of the arguments that computes it");
  else if (body.place == Place::workflow || body.place == Place::test)
    report.hint("walk with `for x in xs { … }`, which may call");
  else if (body.place == Place::fn)
    report.hint("make it a workflow, or call before and hand in the result");
  return false;
}

Type Checker::inferCall(const syntax::CallExpr *expr, Type hint) {
  if (const auto *name = as<syntax::NameExpr>(expr->callee)) {
    const std::string &word = name->name.text;
    Symbol *symbol = lookUp(word);
    if (symbol && isLocal(symbol))
      return callValue(expr, infer(name), hint);
    if (Type sum = sumOf(hint))
      if (int index = sum->caseIndex(word); index >= 0)
        return callCase(expr, sum, index);
    if (symbol && !isOfTensors(symbol, word))
      return callSymbol(expr, symbol, nullptr, hint);
    note(name);
    if (!builtins.find(word, BuiltinFamily::mock).empty())
      return callTest(expr, word);
    if (isBuiltin(word) && !isLost(body.module, word))
      return callCore(expr, word, nullptr, hint);
    if (word == "some") {
      inferArguments(expr);
      error(Code::unknownName, name->span, "`some` stands in patterns")
          .hint("a value goes where a `T?` is asked: write it alone");
      return fail();
    }
    inferArguments(expr);
    return unknownName(name->name, "function");
  }
  const auto *member = as<syntax::MemberExpr>(expr->callee);
  if (const auto *made = as<syntax::CallExpr>(expr->callee))
    if (const auto *name = as<syntax::NameExpr>(made->callee);
        name && (name->name.text == "grad" || name->name.text == "value_and_grad") && !lookUp(name->name.text))
      return callGradient(expr, made,
                          name->name.text == "grad" ? BuiltinId::tensorGrad : BuiltinId::tensorValueAndGrad);
  if (!member)
    return callValue(expr, infer(expr->callee), hint);
  Path path = pathOf(member);
  if (path.found) {
    note(member, path.symbol);
    if (path.sum)
      return callCase(expr, path.sum, path.index);
    if (path.symbol)
      return callSymbol(expr, path.symbol, nullptr, hint);
    inferArguments(expr);
    return fail();
  }
  Type object = seen(infer(member->object));
  const std::string &word = member->member.text;
  if (object->is(TypeKind::record))
    if (int index = object->fieldIndex(word); index >= 0) {
      info(member).denotes = Denotes::field;
      info(member).index = index;
      info(member).type = object->fields[static_cast<std::size_t>(index)].type;
      body.exprs.push_back(member);
      return callValue(expr, info(member).type, hint);
    }
  note(member);
  if (object->is(TypeKind::record) && word == "copy")
    return callCopy(expr, member->object, object);
  if (Symbol *symbol = lookUp(word); symbol && !isOfTensors(symbol, word)) {
    info(member).symbol = symbol;
    if (!isLocal(symbol))
      return callSymbol(expr, symbol, member->object, hint);
    if (seen(symbol->type)->is(TypeKind::function) || seen(symbol->type)->is(TypeKind::agent)) {
      inferArguments(expr);
      error(Code::notCallable, member->member.span,
            "`" + word + "` is a value; only declared functions are called after a dot")
          .hint("`" + word + "(x, …)`");
      return fail();
    }
  }
  if (object->is(TypeKind::error)) {
    inferArguments(expr);
    return fail();
  }
  if (isBuiltin(word))
    return callCore(expr, word, member->object, hint);
  inferArguments(expr);
  return unknownField(member->member, object, true);
}

void Checker::inferArguments(const syntax::CallExpr *expr) {
  for (const syntax::Argument &argument : expr->arguments)
    if (!as<syntax::LambdaExpr>(argument.value)) // Its parameters would be of unknown types.
      infer(argument.value);
}

Type Checker::resultOf(Symbol *fn, Span use) {
  if (fn->callable->result)
    return fn->callable->result;
  if (openBodies.contains(fn)) {
    error(Code::recursiveFunction, use, "`" + fn->name + "` calls itself, and a fn does not recurse")
        .note(fn->span, "declared here");
    return fail();
  }
  checkFn(fn);
  return fn->callable->result ? fn->callable->result : fail();
}

Type Checker::callSymbol(const syntax::CallExpr *expr, Symbol *symbol, const syntax::Expr *receiver, Type hint) {
  ExprInfo &callee = info(expr->callee);
  callee.denotes = Denotes::callable;
  callee.symbol = symbol;
  if (!callee.type)
    callee.type = simple(TypeKind::none);
  CallInfo call;
  call.callee = symbol;
  call.receiver = receiver != nullptr;
  std::string what = "`" + symbol->name + "`";
  switch (symbol->kind) {
  case SymbolKind::fn:
    if (symbol->fn->tensor)
      return callTensorFn(expr, symbol, receiver, hint);
    call.kind = CalleeKind::fn;
    break;
  case SymbolKind::workflow:
    call.kind = CalleeKind::workflow;
    what = "the workflow " + what;
    break;
  case SymbolKind::agent:
    call.kind = CalleeKind::agent;
    what = "the agent " + what;
    break;
  case SymbolKind::model:
    call.kind = CalleeKind::model;
    what = "the model " + what;
    break;
  case SymbolKind::member:
    call.kind = CalleeKind::member;
    what = "`" + symbol->member->tool->name + "." + symbol->name + "`";
    break;
  case SymbolKind::train:
    return callTrain(expr, symbol);
  case SymbolKind::refused:
    inferArguments(expr);
    return fail();
  case SymbolKind::type: {
    inferArguments(expr);
    Diagnostic &report = error(Code::notCallable, expr->callee->span, what + " is a type, not a function");
    if (base(symbol->type ? symbol->type : fail())->is(TypeKind::record))
      report.hint("make one: `" + symbol->name + " { … }`");
    return fail();
  }
  default:
    inferArguments(expr);
    error(Code::notCallable, expr->callee->span, what + " cannot be called").note(symbol->span, "declared here");
    return fail();
  }
  if (call.kind != CalleeKind::fn && !mayCall(symbol, expr->callee->span, what)) {
    inferArguments(expr);
    return symbol->callable->result ? symbol->callable->result : fail();
  }
  Type result = symbol->kind == SymbolKind::fn ? resultOf(symbol, expr->callee->span) : symbol->callable->result;
  std::map<Type, Type> fresh;
  for (Type parameter : symbol->callable->typeParameters)
    call.typeArguments.push_back(fresh[parameter] = inference.fresh());
  std::vector<Slot> slots;
  for (const Parameter &parameter : symbol->callable->parameters)
    slots.push_back(
        {parameter.name, inference.substitute(parameter.type, fresh), parameter.defaultValue, parameter.span});
  std::optional<std::vector<BoundArgument>> arguments = bindArguments(expr, receiver, slots, what, symbol->span);
  result = inference.substitute(result, fresh);
  if (!arguments) {
    inferArguments(expr);
    return result;
  }
  checkArguments(*arguments, slots);
  checkArgumentConstants(*symbol->callable, *arguments);
  for (Type argument : call.typeArguments)
    if (Type type = inference.settle(argument); !Inference::open(type) && !isComparable(type))
      error(Code::notComparable, expr->callee->span, what + " takes values that can be compared, not " + text(type));
  call.arguments = std::move(*arguments);
  call.result = result;
  module().calls[expr->id] = std::move(call);
  body.calls.push_back(expr);
  return result;
}

Type Checker::callValue(const syntax::CallExpr *expr, Type callee, Type) {
  Type type = seen(callee);
  bool agent = type->is(TypeKind::agent);
  if (!agent && !type->is(TypeKind::function)) {
    inferArguments(expr);
    if (!type->is(TypeKind::error)) {
      Diagnostic &report = error(Code::notCallable, expr->callee->span, a(callee) + " cannot be called");
      if (const Symbol *symbol = info(expr->callee).symbol; symbol && symbol->span.end)
        report.note(symbol->span, "bound here");
    }
    return fail();
  }
  if (agent && !mayCall(nullptr, expr->callee->span, "an agent")) {
    inferArguments(expr);
    return type->element;
  }
  std::vector<Slot> slots;
  for (Type parameter : type->elements)
    slots.push_back({"", parameter, nullptr, expr->callee->span});
  std::optional<std::vector<BoundArgument>> arguments =
      bindArguments(expr, nullptr, slots, "the " + std::string(agent ? "agent" : "function"), expr->callee->span);
  if (!arguments) {
    inferArguments(expr);
    return type->element;
  }
  checkArguments(*arguments, slots);
  CallInfo call;
  call.kind = agent ? CalleeKind::agentValue : CalleeKind::closure;
  call.arguments = std::move(*arguments);
  call.result = type->element;
  module().calls[expr->id] = std::move(call);
  body.calls.push_back(expr);
  return type->element;
}

Type Checker::callCase(const syntax::CallExpr *expr, Type sum, int index) {
  const Case &one = sum->cases[static_cast<std::size_t>(index)];
  note(expr->callee);
  info(expr->callee).denotes = Denotes::caseOf;
  info(expr->callee).index = index;
  if (one.fields.empty()) {
    inferArguments(expr);
    error(Code::wrongArguments, expr->span, "the case `" + one.name + "` has no fields")
        .note(one.span, "declared here")
        .hint("`" + one.name + "`");
    return sum;
  }
  std::vector<Slot> slots;
  for (const Field &field : one.fields)
    slots.push_back({field.name, field.type, nullptr, field.span});
  std::optional<std::vector<BoundArgument>> arguments =
      bindArguments(expr, nullptr, slots, "the case `" + one.name + "`", one.span);
  if (!arguments) {
    inferArguments(expr);
    return sum;
  }
  checkArguments(*arguments, slots);
  std::vector<const syntax::Expr *> values;
  for (const BoundArgument &argument : *arguments)
    values.push_back(argument.value);
  checkFieldConstants(one.fields, values);
  CallInfo call;
  call.kind = CalleeKind::caseOf;
  call.index = index;
  call.arguments = std::move(*arguments);
  call.result = sum;
  module().calls[expr->id] = std::move(call);
  body.calls.push_back(expr);
  return sum;
}

Type Checker::callCopy(const syntax::CallExpr *expr, const syntax::Expr *receiver, Type record) {
  CallInfo call;
  call.kind = CalleeKind::copy;
  call.receiver = true;
  call.arguments.push_back({receiver});
  std::vector<const syntax::Expr *> values(record->fields.size(), nullptr);
  for (const syntax::Argument &argument : expr->arguments) {
    int index = argument.name.empty() ? -1 : record->fieldIndex(argument.name.text);
    if (index < 0) {
      infer(argument.value);
      if (argument.name.empty())
        error(Code::wrongArguments, argument.span, "`copy` takes fields by name").hint("`copy(title: \"x\")`");
      else
        unknownField(argument.name, record, false);
      continue;
    }
    const Field &field = record->fields[static_cast<std::size_t>(index)];
    check(argument.value, field.type, {"the field `" + field.name + "`", field.span});
    if (values[static_cast<std::size_t>(index)])
      error(Code::duplicateKey, argument.name.span, "`" + field.name + "` is given twice");
    values[static_cast<std::size_t>(index)] = argument.value;
    call.arguments.push_back({argument.value});
    call.fields.push_back(index);
  }
  checkFieldConstants(record->fields, values);
  call.result = record;
  module().calls[expr->id] = std::move(call);
  body.calls.push_back(expr);
  return record;
}

} // namespace weft::sema

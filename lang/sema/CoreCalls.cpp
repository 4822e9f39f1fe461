//===- CoreCalls.cpp - Overloads and constraints of core functions --------===//
//
// One name may have several signatures; the first argument and the number of
// arguments choose. `min`, `max` and `pow` look at both of their numbers, since an
// int beside a float is a float.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Checker.h"

#include <algorithm>

namespace weft::sema {
using syntax::as;

namespace {

bool satisfies(Type type, Constraint constraint) {
  switch (constraint) {
  case Constraint::nothing:
    return true;
  case Constraint::comparable:
    return isComparable(type);
  case Constraint::ordered:
    return isOrdered(type);
  case Constraint::number:
    return isNumber(type);
  case Constraint::additive:
    return isOrdered(type) && !base(type)->is(TypeKind::string);
  case Constraint::tensors:
    return isTensors(base(type));
  }
  return false;
}

const char *constraintText(Constraint constraint) {
  switch (constraint) {
  case Constraint::comparable:
    return "values that can be compared";
  case Constraint::ordered:
    return "values with an order: int, float, string, duration, size, money";
  case Constraint::number:
    return "numbers";
  case Constraint::tensors:
    return "tensors, and records and tuples of them";
  default:
    return "numbers or amounts";
  }
}

/// How well a value of `found` suits a parameter: 2 as it is, 1 converted, 0 not.
int suits(Type found, Type wanted) {
  if (wanted->is(TypeKind::parameter) || found->is(TypeKind::variable) || found->is(TypeKind::error))
    return 2;
  if (found->kind == wanted->kind) // `mean` of durations and of numbers differ in the element alone.
    return found->is(TypeKind::list) && !suits(base(found->element), base(wanted->element)) ? 1 : 2;
  if (wanted->is(TypeKind::optional))
    return 1;
  bool scalar = found->is(TypeKind::tensor) && found->dims.empty();
  return wanted->is(TypeKind::floating) && (found->is(TypeKind::integer) || scalar) ? 1 : 0;
}
} // namespace

const Builtin *Checker::chooseOverload(const std::vector<const Builtin *> &candidates, Type first, std::size_t count) {
  const Builtin *best = nullptr;
  int bestScore = 0;
  if (first)
    first = base(inference.settle(first));
  for (const Builtin *candidate : candidates) {
    if (candidate->parameters.empty()) {
      if (count == 0)
        return candidate;
      continue;
    }
    int score = first ? suits(first, seen(candidate->parameters[0].type)) : 1;
    if (score && candidate->parameters.size() == count)
      score += 2;
    if (score > bestScore) {
      best = candidate;
      bestScore = score;
    }
  }
  return best;
}

bool Checker::isBuiltin(const std::string &name) const {
  return builtins.isName(name) || (isLibrary(body.module) && !builtins.find(name, BuiltinFamily::library).empty());
}

bool Checker::isOfTensors(const Symbol *symbol, const std::string &name) const {
  return body.place == Place::tensorFn && symbol->kind == SymbolKind::fn && !symbol->fn->tensor &&
         !builtins.find(name, BuiltinFamily::tensor).empty();
}

Type Checker::callCore(const syntax::CallExpr *expr, const std::string &name, const syntax::Expr *receiver, Type hint) {
  std::vector<const Builtin *> tensor = builtins.find(name, BuiltinFamily::tensor);
  if (body.place == Place::tensorFn) {
    if (!tensor.empty())
      return callTensorCore(expr, *tensor.front(), receiver, hint);
    inferArguments(expr);
    error(Code::notTensorCode, expr->callee->span, "`" + name + "` works on values, not on tensors")
        .hint("compute it in a workflow and hand the result in");
    return fail();
  }
  bool system = !builtins.find(name, BuiltinFamily::system).empty();
  std::vector<const Builtin *> candidates = builtins.find(name, system ? BuiltinFamily::system : BuiltinFamily::core);
  if (candidates.empty())
    candidates = builtins.find(name, BuiltinFamily::library);
  if (system && !mayCall(nullptr, expr->callee->span, "`" + name + "`")) {
    inferArguments(expr);
    return fail();
  }
  std::vector<const syntax::Expr *> given;
  if (receiver)
    given.push_back(receiver);
  for (const syntax::Argument &argument : expr->arguments)
    given.push_back(argument.value);
  Type first = nullptr;
  if (!given.empty() && !as<syntax::LambdaExpr>(given[0]) && (receiver || expr->arguments[0].name.empty()))
    first = seen(receiver ? info(receiver).type : infer(given[0]));
  if (candidates.empty() || (first && first->is(TypeKind::tensor) && !tensor.empty() && !first->dims.empty())) {
    for (std::size_t i = 1; i < given.size(); ++i)
      if (!as<syntax::LambdaExpr>(given[i]))
        infer(given[i]);
    error(Code::tensorOutside, expr->callee->span,
          "`" + name + "` computes on tensors, and this is not a tensor function")
        .hint("put it into a `fn` with tensors in its signature and call that");
    return fail();
  }
  bool looksAtBoth = given.size() == 2 && (name == "min" || name == "max" || name == "pow") && first;
  if (looksAtBoth && seen(infer(given[1]))->is(TypeKind::floating) && first->is(TypeKind::integer))
    first = simple(TypeKind::floating);
  const Builtin *chosen = chooseOverload(candidates, first, given.size());
  if (!chosen) {
    for (std::size_t i = first ? 1 : 0; i < given.size(); ++i)
      if (!as<syntax::LambdaExpr>(given[i]) && !info(given[i]).type)
        infer(given[i]);
    if (first && first->is(TypeKind::error))
      return fail();
    Diagnostic &report =
        error(Code::typeMismatch, receiver ? receiver->span : expr->span,
              first ? "`" + name + "` does not take " + show(first) : "`" + name + "` needs an argument");
    for (const Builtin *candidate : candidates)
      report.hint("`" + candidate->signature + "`");
    if (first && first->is(TypeKind::optional))
      report.hint("it may be absent: say what stands in for it, `… ?? d`");
    return fail();
  }
  Type result = applyCore(expr, *chosen, receiver, first, looksAtBoth);
  // What a file holds is said by where the call stands; a hint that fits in no way is told there.
  if (chosen->id == BuiltinId::weights && hint && isTensors(seen(hint)))
    inference.unify(result, hint);
  return result;
}

void Checker::checkWeights(const syntax::Expr *expr, const CallInfo &call) {
  Type type = call.typeArguments.front();
  if (type->is(TypeKind::error) || isTensors(base(type)))
    return;
  error(Code::tensorOperands, expr->span,
        "`weights` gives tensors, and records and tuples of them, and " + a(type) + " is asked here");
}

Type Checker::applyCore(const syntax::CallExpr *expr, const Builtin &builtin, const syntax::Expr *receiver, Type first,
                        bool firstDecides) {
  CallInfo call;
  call.kind = builtin.family == BuiltinFamily::system ? CalleeKind::system : CalleeKind::core;
  call.builtin = builtin.id;
  call.receiver = receiver != nullptr;
  std::map<Type, Type> fresh;
  for (Type parameter : builtin.typeParameters)
    call.typeArguments.push_back(fresh[parameter] = inference.fresh());
  std::vector<Slot> slots;
  for (const BuiltinParameter &parameter : builtin.parameters)
    slots.push_back({parameter.name, inference.substitute(parameter.type, fresh), nullptr, {}});
  if (firstDecides && !slots.empty() && slots[0].type->is(TypeKind::variable))
    inference.unify(slots[0].type, first);
  Type result = inference.substitute(builtin.result, fresh);
  std::optional<std::vector<BoundArgument>> arguments =
      bindArguments(expr, receiver, slots, "`" + builtin.signature + "`", expr->callee->span);
  if (!arguments) {
    for (const syntax::Argument &argument : expr->arguments)
      if (!as<syntax::LambdaExpr>(argument.value) && !info(argument.value).type)
        infer(argument.value);
    return result;
  }
  if (builtin.id == BuiltinId::reduce && hasSteps())
    checkFold(*arguments, slots);
  else
    checkArguments(*arguments, slots);
  checkConstraints(builtin, fresh, expr->span);
  call.arguments = std::move(*arguments);
  call.result = result;
  module().calls[expr->id] = std::move(call);
  body.calls.push_back(expr);
  return result;
}

void Checker::checkConstraints(const Builtin &builtin, const std::map<Type, Type> &bound, Span span) {
  for (std::size_t i = 0; i < builtin.typeParameters.size(); ++i) {
    Type type = inference.settle(bound.at(builtin.typeParameters[i]));
    if (Inference::open(type) || satisfies(type, builtin.constraints[i]))
      continue;
    error(builtin.constraints[i] == Constraint::tensors ? Code::tensorOperands : Code::notComparable, span,
          "`" + builtin.name + "` takes " + constraintText(builtin.constraints[i]) + ", not " + text(type));
  }
}

Type Checker::coreValue(const syntax::Expr *expr, const std::string &name, Type hint) {
  std::vector<const Builtin *> candidates = builtins.find(name, BuiltinFamily::core);
  Type wanted = hint ? seen(hint) : nullptr;
  const Builtin *chosen = nullptr;
  if (wanted && wanted->is(TypeKind::function) && !wanted->elements.empty())
    chosen = chooseOverload(candidates, seen(wanted->elements[0]), wanted->elements.size());
  else if (candidates.size() == 1)
    chosen = candidates.front();
  if (!chosen) {
    error(Code::notAValue, expr->span, "`" + name + "` is a function, and which one is meant is not known here")
        .hint("call it, or write a lambda: `|x| " + name + "(x)`");
    return fail();
  }
  info(expr).denotes = Denotes::callable;
  info(expr).builtin = chosen->id;
  std::map<Type, Type> fresh;
  for (Type parameter : chosen->typeParameters)
    fresh[parameter] = inference.fresh();
  std::vector<Type> parameters;
  for (const BuiltinParameter &parameter : chosen->parameters)
    parameters.push_back(inference.substitute(parameter.type, fresh));
  Type type = program.types.function(std::move(parameters), inference.substitute(chosen->result, fresh));
  if (wanted && wanted->is(TypeKind::function)) {
    inference.fits(type, wanted);
    checkConstraints(*chosen, fresh, expr->span);
  }
  return type;
}

} // namespace weft::sema

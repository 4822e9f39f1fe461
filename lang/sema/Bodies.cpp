//===- Bodies.cpp - One body after the other ------------------------------===//
//
// Types may stay open while a body is walked; at its end everything it touched is
// settled, and what is still open is told at the literal that left it so.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Checker.h"

namespace weft::sema {
using syntax::as;

void Checker::checkBodies(std::uint32_t index) {
  body = Body{};
  body.module = index;
  body.scope = &moduleScopes[index];
  for (const syntax::Decl *decl : program.modules[index]->tree->decls) {
    if (const auto *test = as<syntax::TestDecl>(decl)) {
      checkTest(index, test);
      continue;
    }
    auto found = module().symbols.find(decl->id);
    if (found == module().symbols.end())
      continue;
    Symbol *symbol = found->second;
    switch (symbol->kind) {
    case SymbolKind::fn:
      if (!checkedBodies.contains(symbol))
        checkFn(symbol);
      break;
    case SymbolKind::workflow:
      checkWorkflow(symbol);
      break;
    case SymbolKind::train:
      checkTrain(symbol);
      break;
    case SymbolKind::model:
      checkModel(symbol);
      break;
    case SymbolKind::agent:
      checkAgent(symbol);
      break;
    case SymbolKind::tool:
      for (Symbol *member : symbol->tool->members)
        checkMember(member);
      break;
    default:
      break;
    }
  }
}

namespace {
/// Where the header says what is given.
Span resultSpan(const Callable &callable) {
  const Symbol *symbol = callable.symbol;
  const syntax::TypeExpr *result = symbol->fn         ? symbol->fn->decl->result
                                   : symbol->workflow ? symbol->workflow->decl->result
                                                      : nullptr;
  return result ? result->span : symbol->span;
}
} // namespace

Type Checker::bodyBlock(const syntax::BlockExpr *block, Callable &callable, Type expected) {
  return inScope([&] {
    // Parameters stand in the scope of the body: a `let` of the same name is a second binding.
    for (const Parameter &parameter : callable.parameters)
      if (parameter.symbol && parameter.name != "_")
        body.scope->bind(parameter.symbol);
    dropped = false;
    Type found = inferBlock(block, expected);
    info(block).type = found;
    body.exprs.push_back(block);
    if (!expected || expected->is(TypeKind::none))
      return found;
    if (!convert(block, expected))
      mismatch(block, expected, found, {"the result", resultSpan(callable)});
    return expected;
  });
}

void Checker::checkFn(Symbol *symbol) {
  checkedBodies.insert(symbol);
  openBodies.insert(symbol);
  auto outerParameters = std::exchange(typeParameters, {});
  unsigned outerDepth = std::exchange(depth, 0);
  for (Type parameter : symbol->callable->typeParameters)
    typeParameters[parameter->name] = parameter;
  Place place = symbol->fn->tensor ? Place::tensorFn : Place::fn;
  if (symbol->fn->tensor)
    checkTensorFn(symbol);
  Type result = nullptr;
  withBody(place, symbol->module, symbol->callable, [&] {
    Type found = bodyBlock(symbol->fn->decl->body, *symbol->callable, symbol->callable->result);
    result = inference.settle(found);
  });
  if (!symbol->callable->result) {
    if (Inference::open(result)) {
      error(Code::typeNotKnown, symbol->span, "the result of `" + symbol->name + "` is not known; write it: `-> T`");
      result = fail();
    }
    symbol->callable->result = result->is(TypeKind::never) ? simple(TypeKind::none) : result;
    if (!symbol->fn->tensor && holdsTensor(result))
      error(Code::notTensorCode, symbol->span, "a tensor function says what it gives")
          .hint("`-> " + text(result) + "`");
  }
  typeParameters = std::move(outerParameters);
  depth = outerDepth;
  openBodies.erase(symbol);
  program.order.push_back(symbol);
}

void Checker::checkWorkflow(Symbol *symbol) {
  const syntax::WorkflowDecl *decl = symbol->workflow->decl;
  WorkflowInfo &workflow = *symbol->workflow;
  if (decl->clauses.hasEffect)
    workflow.promised = static_cast<Effect>(decl->clauses.effect == syntax::Effect::pure   ? Effect::pure
                                            : decl->clauses.effect == syntax::Effect::read ? Effect::read
                                                                                           : Effect::write);
  withBody(Place::constant, symbol->module, symbol->callable, [&] {
    if (decl->clauses.hasBudget)
      workflow.budget = readBudget(decl->clauses.budget, decl->clauses.budgetSpan, false);
    if (decl->clauses.depth) {
      workflow.depth = amountOf(decl->clauses.depth, TypeKind::integer, "`depth`");
      checkBound(decl->clauses.depth, 1, "`depth`");
    }
  });
  withBody(Place::workflow, symbol->module, symbol->callable, [&] {
    body.emits = workflow.emits;
    bodyBlock(decl->body, *symbol->callable, symbol->callable->result);
  });
  program.order.push_back(symbol);
}

void Checker::settleBody() {
  CheckedModule &current = module();
  bool told = false;
  auto settle = [&](Type &type) {
    if (type)
      type = inference.settle(type);
  };
  auto open = [&](Span span, const char *what, const char *help) {
    // One per body: what is open usually leaves everything open that it flows into.
    if (!std::exchange(told, true))
      error(Code::typeNotKnown, span, std::string("the type of ") + what + " is not known here").hint(help);
  };
  for (const syntax::Expr *expr : body.exprs) {
    ExprInfo &entry = current.exprs[expr->id];
    settle(entry.type);
    settle(entry.conversion.to);
    settle(entry.conversion.check);
    if (!Inference::open(entry.type))
      continue;
    if (as<syntax::NoneExpr>(expr))
      entry.type = simple(TypeKind::none); // Absent, of whatever.
    else if (const auto *list = as<syntax::ListExpr>(expr); list && list->elements.empty())
      open(expr->span, "this list", "say it: `let xs: list<Note> = []`");
    else if (const auto *map = as<syntax::MapExpr>(expr); map && map->entries.empty())
      open(expr->span, "this map", "say it: `let m: map<int> = {}`; what does nothing is `none`");
  }
  auto isWeights = [&](const CallInfo &call) {
    return call.kind == CalleeKind::system && call.builtin == BuiltinId::weights;
  };
  for (const syntax::Expr *expr : body.calls)
    if (isWeights(current.calls[expr->id]) && Inference::open(inference.settle(current.calls[expr->id].result)))
      open(expr->span, "what this file holds",
           "say it: `weights(\"lm.safetensors\") as Lm`, or `let p: Lm = weights(…)`");
  for (Symbol *local : body.locals) {
    settle(local->type);
    if (Inference::open(local->type))
      open(local->span, ("`" + local->name + "`").c_str(), "say it: `let x: Note? = none`");
  }
  // What is open and was not told can only be absent: of whatever type, its one value is none.
  for (const syntax::Expr *expr : body.exprs) {
    ExprInfo &entry = current.exprs[expr->id];
    if (Inference::open(entry.type))
      entry.type = told ? fail() : inference.close(entry.type);
    if (entry.conversion.to && Inference::open(entry.conversion.to))
      entry.conversion.to = told ? fail() : inference.close(entry.conversion.to);
    if (auto found = current.instances.find(expr->id); found != current.instances.end())
      for (Type &argument : found->second)
        argument = inference.close(inference.settle(argument));
  }
  for (const syntax::Pattern *pattern : body.patterns)
    if (auto found = current.patterns.find(pattern->id); found != current.patterns.end()) {
      settle(found->second.type);
      found->second.type = inference.close(found->second.type);
    }
  for (const syntax::Expr *expr : body.calls) {
    CallInfo &call = current.calls[expr->id];
    settle(call.result);
    call.result = inference.close(call.result);
    for (Type &argument : call.typeArguments)
      argument = inference.close(inference.settle(argument));
    if (isWeights(call) && !told)
      checkWeights(expr, call);
  }
}

void Checker::reportUnused(const Scope &scope) {
  for (const auto &[name, symbol] : scope.own())
    if (symbol->kind == SymbolKind::local && !symbol->used && !name.starts_with("_") && symbol->span.end)
      engine.warning(Code::unusedBinding, symbol->span, "`" + name + "` is not used")
          .hint("`_" + name + "` says that this is meant");
}

} // namespace weft::sema

//===- CallGraph.cpp - Who may call whom ----------------------------------===//

#include "lang/sema/CallGraph.h"

#include "lang/sema/Walk.h"

namespace weft::sema {

namespace {
/// Whether a value of type `from` could be one of type `to`. Saying yes too often finds more callees than there are.
bool couldBe(Type from, Type to) {
  from = base(from);
  to = base(to);
  if (to->is(TypeKind::optional) && !from->is(TypeKind::optional))
    return couldBe(from, to->element);
  if (from->kind != to->kind || from->elements.size() != to->elements.size())
    return false;
  for (std::size_t i = 0; i < from->elements.size(); ++i)
    if (!couldBe(from->elements[i], to->elements[i]) && !couldBe(to->elements[i], from->elements[i]))
      return false;
  if (from->is(TypeKind::record) || from->is(TypeKind::sum))
    return from == to;
  return !from->element || !to->element || couldBe(from->element, to->element);
}

/// The agent that an agentValue call or a vote's judge names: null where its type is not told.
Type calledType(const CheckedProgram &program, const syntax::Expr *expr) {
  const syntax::Expr *callee = nullptr;
  if (const auto *call = syntax::as<syntax::CallExpr>(expr))
    callee = call->callee;
  else if (const auto *vote = syntax::as<syntax::VoteExpr>(expr))
    callee = vote->judge;
  return callee ? program.of(callee).type : nullptr;
}
} // namespace

std::set<const Symbol *> findAgentValues(const CheckedProgram &program) {
  std::set<const Symbol *> values, seen;
  std::vector<const Symbol *> open;
  auto look = [&](const syntax::Expr *expr) {
    const ExprInfo &info = program.of(expr);
    const CallInfo *call = program.call(expr);
    if (info.denotes == Denotes::callable && info.symbol && info.type && info.type->is(TypeKind::agent))
      values.insert(info.symbol);
    for (const Symbol *named : {info.symbol, call ? call->callee : nullptr})
      if (named && named->callable && seen.insert(named).second)
        open.push_back(named);
  };
  for (const syntax::Decl *decl : program.modules.front()->tree->decls)
    forEachRoot(decl, [&](const syntax::Expr *root) { forEachExpr(root, look); });
  while (!open.empty()) {
    const Symbol *symbol = open.back();
    open.pop_back();
    if (const syntax::Expr *body = CallGraph::bodyOf(symbol))
      forEachExpr(body, look);
    for (const Parameter &parameter : symbol->callable->parameters)
      if (parameter.defaultValue)
        forEachExpr(parameter.defaultValue, look);
  }
  return values;
}

std::vector<const Symbol *> CallGraph::callees(const syntax::Expr *expr) const {
  const CallInfo *call = program.call(expr);
  if (!call)
    return {};
  if (call->callee)
    return {call->callee};
  std::vector<const Symbol *> out;
  if (call->kind != CalleeKind::agentValue)
    return out;
  Type called = calledType(program, expr);
  bool told = called && base(called)->is(TypeKind::agent);
  for (const Symbol *symbol : values) {
    const std::vector<Parameter> &parameters = symbol->callable->parameters;
    bool fits = parameters.size() == call->arguments.size();
    for (std::size_t i = 0; fits && told && i < parameters.size(); ++i)
      fits = couldBe(base(called)->elements[i], parameters[i].type);
    if (fits && told && symbol->callable->result)
      fits = couldBe(symbol->callable->result, base(called)->element);
    if (fits)
      out.push_back(symbol);
  }
  return out;
}

Effect CallGraph::effectOf(const syntax::Expr *expr) const {
  const CallInfo *call = program.call(expr);
  if (!call)
    return Effect::pure;
  switch (call->kind) {
  case CalleeKind::tensorFn:
    return Effect::compute;
  case CalleeKind::system:
    return call->builtin == BuiltinId::save ? Effect::writeIdempotent : Effect::read;
  case CalleeKind::model:
    return Effect::read;
  case CalleeKind::agentValue: {
    Effect effect = Effect::read;
    for (const Symbol *symbol : callees(expr))
      effect = join(effect, symbol->callable->effect);
    return effect;
  }
  case CalleeKind::workflow:
  case CalleeKind::agent:
  case CalleeKind::member:
  case CalleeKind::train:
    return call->callee->callable->effect;
  default:
    return Effect::pure;
  }
}

const syntax::Expr *CallGraph::bodyOf(const Symbol *symbol) {
  if (symbol->workflow)
    return symbol->workflow->decl->body;
  return symbol->fn ? symbol->fn->decl->body : nullptr;
}

} // namespace weft::sema

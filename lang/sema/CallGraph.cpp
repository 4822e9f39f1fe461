//===- CallGraph.cpp - Who may call whom ----------------------------------===//

#include "lang/sema/CallGraph.h"

namespace weft::sema {

std::vector<const Symbol *> CallGraph::callees(const syntax::Expr *expr) const {
  const CallInfo *call = program.call(expr);
  if (!call)
    return {};
  if (call->callee)
    return {call->callee};
  std::vector<const Symbol *> out;
  if (call->kind == CalleeKind::agentValue)
    for (const Symbol *symbol : values)
      if (symbol->callable->parameters.size() == call->arguments.size())
        out.push_back(symbol);
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

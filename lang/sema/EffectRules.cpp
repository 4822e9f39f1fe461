//===- EffectRules.cpp - What may not happen twice ------------------------===//
//
// Effects of workflows depend on each other, so they are found as a least fixed
// point; then every expression gets its own, and the rules about writes are
// looked at: races, votes, failures that are caught, promises; PolicyRules.cpp
// has what is hedged and tried again.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Checker.h"

#include "lang/sema/CallGraph.h"
#include "lang/sema/Walk.h"

#include <algorithm>

namespace weft::sema {
using syntax::as;

namespace {

void addResource(std::vector<Resource> &resources, const Resource &more, bool &changed) {
  for (Resource &one : resources)
    if (one.tool == more.tool) {
      Effect both = join(one.effect, more.effect);
      changed |= both != one.effect;
      one.effect = both;
      return;
    }
  resources.push_back(more);
  changed = true;
}
} // namespace

void Checker::checkEffects() {
  CallGraph graph(program, values);
  for (Symbol &symbol : program.symbols) {
    if (symbol.member && symbol.callable)
      symbol.callable->resources = {{symbol.member->tool, symbol.callable->effect}};
    if (symbol.model && symbol.callable)
      symbol.callable->effect = Effect::read;
  }
  for (bool changed = true; changed;) {
    changed = false;
    for (const Symbol *symbol : program.order) {
      Callable &callable = *symbol->callable;
      Effect effect = symbol->agent ? Effect::read : symbol->fn && symbol->fn->tensor ? Effect::compute : Effect::pure;
      auto reach = [&](const Symbol *callee) {
        effect = join(effect, callee->callable->effect);
        for (const Resource &resource : callee->callable->resources)
          addResource(callable.resources, resource, changed);
        changed |= callee->callable->paid && !callable.paid;
        callable.paid |= callee->callable->paid;
      };
      if (symbol->agent) {
        // What somebody else's agent does nobody here can see: it does what is promised for it.
        if (symbol->agent->remote)
          effect = join(effect, symbol->agent->promised.value_or(Effect::read));
        for (const Symbol *tool : symbol->agent->tools)
          reach(tool);
        if (symbol->agent->model)
          reach(symbol->agent->model);
      } else if (symbol->workflow) {
        forEachExpr(CallGraph::bodyOf(symbol), [&](const syntax::Expr *expr) {
          effect = join(effect, graph.effectOf(expr));
          for (const Symbol *callee : graph.callees(expr))
            if (callee->callable)
              reach(callee);
        });
      }
      changed |= effect != callable.effect;
      callable.effect = effect;
    }
  }
  std::function<Effect(const syntax::Expr *)> settle = [&](const syntax::Expr *expr) {
    Effect effect = graph.effectOf(expr);
    forEachChild(expr, [&](const syntax::Expr *child) { effect = join(effect, settle(child)); });
    program.modules[program.moduleOfFile[expr->span.file]]->exprs[expr->id].effect = effect;
    return effect;
  };
  for (const auto &one : program.modules)
    for (const syntax::Decl *decl : one->tree->decls)
      forEachRoot(decl, [&](const syntax::Expr *root) {
        settle(root);
        forEachExpr(root, [&](const syntax::Expr *expr) { checkSpeculation(expr, graph); });
      });
  for (const Symbol *symbol : program.order)
    checkPromise(symbol, graph);
}

const syntax::Expr *Checker::writingCall(const syntax::Expr *expr, const CallGraph &graph) const {
  const syntax::Expr *found = nullptr;
  forEachExpr(expr, [&](const syntax::Expr *one) {
    if (!found && writes(graph.effectOf(one)))
      found = one;
  });
  return found;
}

void Checker::explainWrite(Diagnostic &report, const syntax::Expr *call, const CallGraph &graph) const {
  std::vector<const Symbol *> callees = graph.callees(call);
  auto writer =
      std::find_if(callees.begin(), callees.end(), [](const Symbol *one) { return writes(one->callable->effect); });
  if (writer == callees.end())
    return;
  const Symbol *symbol = *writer;
  if (symbol->agent)
    for (const Symbol *tool : symbol->agent->tools)
      if (writes(tool->callable->effect)) {
        report.note(symbol->span,
                    "`" + symbol->name + "` may call `" + tool->member->tool->name + "." + tool->name + "`");
        symbol = tool;
        break;
      }
  report.note(symbol->span, "`" + (symbol->member ? symbol->member->tool->name + "." : "") + symbol->name +
                                "`: effect " + std::string(text(symbol->callable->effect)));
}

void Checker::checkSpeculation(const syntax::Expr *expr, const CallGraph &graph) {
  auto refuse = [&](const syntax::Expr *inside, std::string message, const char *help) {
    const syntax::Expr *call = writingCall(inside, graph);
    if (!call)
      return;
    Diagnostic &report = error(Code::speculativeWrite, call->span, std::move(message));
    explainWrite(report, call, graph);
    report.hint(help);
  };
  auto harmful = [&](const syntax::Expr *inside) { return !undoes(program.of(inside).effect); };
  if (const auto *race = as<syntax::RaceExpr>(expr)) {
    for (const syntax::Expr *alternative : race->alternatives)
      if (harmful(alternative))
        refuse(alternative, "a call that writes cannot race: the losers would have written too",
               "race for a text made without tools and write once after it, or declare the member `effect write undo "
               "t.m(…)`");
  } else if (const auto *vote = as<syntax::VoteExpr>(expr)) {
    if (harmful(vote->body)) {
      std::optional<Constant> count = known(vote->samples ? vote->samples : vote->keep);
      std::string times =
          count && count->integer() ? (*count->integer() == 3 ? "three" : count->text()) + " times" : "several times";
      refuse(vote->body, "a call that writes cannot be made " + times + " to keep one answer",
             "vote on a text made without tools and write once after it, or declare the member `effect write undo "
             "t.m(…)`");
    }
  } else if (const auto *with = as<syntax::WithExpr>(expr)) {
    checkPolicy(with, graph);
  } else if (const auto *attempt = as<syntax::TryExpr>(expr)) {
    checkRepeated(attempt, graph);
  }
}

std::vector<const Symbol *> Checker::unsafeWriters(std::vector<const Symbol *> open, const CallGraph &graph) const {
  std::vector<const Symbol *> writers;
  std::set<const Symbol *> reached;
  while (!open.empty()) {
    const Symbol *symbol = open.back();
    open.pop_back();
    Effect effect = symbol->callable ? symbol->callable->effect : Effect::pure;
    if (repeats(effect) || !reached.insert(symbol).second)
      continue;
    if (symbol->member)
      writers.push_back(symbol);
    if (symbol->agent)
      open.insert(open.end(), symbol->agent->tools.begin(), symbol->agent->tools.end());
    if (symbol->workflow)
      forEachExpr(CallGraph::bodyOf(symbol), [&](const syntax::Expr *one) {
        for (const Symbol *callee : graph.callees(one))
          open.push_back(callee);
      });
  }
  return writers;
}

void Checker::checkRepeated(const syntax::TryExpr *attempt, const CallGraph &graph) {
  std::vector<const Symbol *> called;
  forEachExpr(attempt->body, [&](const syntax::Expr *one) {
    for (const Symbol *callee : graph.callees(one))
      called.push_back(callee);
  });
  std::vector<const Symbol *> writers = unsafeWriters(std::move(called), graph);
  if (writers.empty())
    return;
  std::set<const Symbol *> tried(writers.begin(), writers.end());
  const syntax::Expr *single = attempt->body;
  for (const syntax::Expr *outer = nullptr; outer != single;) {
    outer = single;
    if (const auto *with = as<syntax::WithExpr>(single))
      single = with->operand;
    else if (const auto *block = as<syntax::BlockExpr>(single); block && block->statements.size() == 1)
      single = as<syntax::ExprStmt>(block->statements[0]) ? as<syntax::ExprStmt>(block->statements[0])->expr : single;
  }
  const CallInfo *call = program.call(single);
  bool alone = call && call->kind == CalleeKind::member;
  for (const syntax::Arm *arm : attempt->arms) {
    const PatternInfo &pattern = program.pattern(arm->pattern);
    // rate_limit, refused and budget come before the call did anything; where there are more calls, before the last
    // did.
    bool sure = alone && pattern.match == Match::failureKind && pattern.index >= 2 && pattern.index <= 4;
    if (sure)
      continue;
    forEachExpr(arm->body, [&](const syntax::Expr *one) {
      for (const Symbol *writer : unsafeWriters(graph.callees(one), graph))
        if (tried.contains(writer)) {
          Diagnostic &report = error(Code::unsafeRetry, one->span,
                                     "after this failure nobody knows whether " + writer->member->tool->name + "." +
                                         writer->name + " happened, so it cannot be done again");
          report.note(arm->pattern->span, "this arm catches it");
          explainWrite(report, one, graph);
          report.hint("catch `rate_limit` alone, or declare the member `effect write idempotent`");
          break;
        }
    });
  }
}

void Checker::checkPromise(const Symbol *symbol, const CallGraph &graph) {
  std::optional<Effect> promised = symbol->workflow ? symbol->workflow->promised
                                   : symbol->agent  ? symbol->agent->promised
                                                    : std::nullopt;
  if (!promised || within(symbol->callable->effect, *promised))
    return;
  const syntax::Expr *culprit = nullptr;
  if (const syntax::Expr *inside = CallGraph::bodyOf(symbol))
    forEachExpr(inside, [&](const syntax::Expr *expr) {
      if (!culprit && !within(graph.effectOf(expr), *promised))
        culprit = expr;
    });
  Span clause = symbol->workflow ? symbol->workflow->decl->clauses.effectSpan : symbol->agent->decl->clauses.effectSpan;
  Diagnostic &report = error(Code::brokenPromise, clause,
                             "`" + symbol->name + "` promises `effect " + std::string(text(*promised)) +
                                 "`, and does `" + std::string(text(symbol->callable->effect)) + "`");
  if (culprit)
    report.note(culprit->span, "this is `" + std::string(text(graph.effectOf(culprit))) + "`");
  else if (symbol->agent)
    report.note(symbol->span,
                symbol->agent->tools.empty() ? "asking a model or a person is a read" : "its tools write");
  report.hint("promise `effect " + std::string(symbol->callable->effect == Effect::read ? "read" : "write") + "`");
}

} // namespace weft::sema

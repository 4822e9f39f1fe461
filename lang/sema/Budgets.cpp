//===- Budgets.cpp - What cannot be paid for ------------------------------===//
//
// What a body costs at least (Cost.h) against what its budget allows.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Checker.h"

#include "lang/sema/CallGraph.h"
#include "lang/sema/Cost.h"
#include "lang/sema/Walk.h"

#include <cstdio>

namespace weft::sema {
using syntax::as;

namespace {

std::string dollars(double nano) {
  char buffer[48];
  std::snprintf(buffer, sizeof buffer, "$%.6f", nano / 1e9);
  std::string out = buffer;
  out.erase(out.find_last_not_of('0') + 1);
  return out.back() == '.' ? out.substr(0, out.size() - 1) : out;
}

std::string count(double number) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.0f", number);
  return buffer;
}
} // namespace

void Checker::checkBudgets() {
  CallGraph graph(program, values);
  for (const Symbol *symbol : program.order) {
    if (symbol->agent)
      checkContext(symbol);
    const Budget *budget = symbol->workflow ? &symbol->workflow->budget
                           : symbol->agent  ? &symbol->agent->budget
                                            : nullptr;
    if (!budget || budget->empty())
      continue;
    if (budget->costNano)
      checkPrices(symbol, *budget, graph);
    checkInner(symbol, *budget, graph);
    // A person may say more.
    if (!symbol->workflow || budget->onExceed == OnExceed::ask)
      continue;
    LeastCost least = leastCost(program, *symbol);
    bool cost = budget->costNano && least.nano > static_cast<double>(*budget->costNano);
    bool tokens = budget->tokens && least.tokens > static_cast<double>(*budget->tokens);
    if (!cost && !tokens)
      continue;
    std::string message = cost ? "`" + symbol->name + "` costs at least " + dollars(least.nano) + ", its budget is " +
                                     dollars(static_cast<double>(*budget->costNano))
                               : "`" + symbol->name + "` takes at least " + count(least.tokens) +
                                     " tokens, its budget is " + std::to_string(*budget->tokens);
    Diagnostic &report = error(Code::budgetTooSmall, budget->span, message);
    if (least.heaviest)
      report.note(least.heaviest->span, "at least " + count(least.heaviestCalls) +
                                            (least.heaviestCalls == 1 ? " call" : " calls") +
                                            priceText(least.heaviest));
  }
}

void Checker::checkContext(const Symbol *symbol) {
  const AgentInfo &agent = *symbol->agent;
  std::optional<std::int64_t> context = agent.model ? agent.model->model->contextTokens : std::nullopt;
  double least = leastTokens(agent.system) + leastTokens(agent.prompt);
  if (!context || least <= static_cast<double>(*context))
    return;
  error(Code::promptTooLong, agent.prompt ? agent.prompt->span : agent.system->span,
        "the prompt of `" + symbol->name + "` has at least " + count(least) + " tokens, its model takes " +
            std::to_string(*context))
      .note(agent.model->span, "declared here");
}

std::string Checker::priceText(const syntax::Expr *call) const {
  const CallInfo *info = program.call(call);
  const Symbol *callee = info->callee;
  const Symbol *model = callee->model ? callee : callee->agent->model;
  double in = callee->agent ? leastTokens(callee->agent->system) + leastTokens(callee->agent->prompt) : 0;
  if (!info->arguments.empty() && (callee->model || !callee->agent->prompt))
    in += leastTokens(info->arguments[0].value);
  std::string out = " × (" + count(in) + " tokens in";
  if (model->model->priceInputNano)
    out += " × " + dollars(static_cast<double>(*model->model->priceInputNano)) + "/M";
  out += " + 1 out";
  if (model->model->priceOutputNano)
    out += " × " + dollars(static_cast<double>(*model->model->priceOutputNano)) + "/M";
  return out + ")";
}

void Checker::forEachReached(const Symbol *symbol, const CallGraph &graph,
                             const std::function<void(const Symbol *)> &look) const {
  std::set<const Symbol *> seenSymbols;
  std::vector<const Symbol *> open{symbol};
  while (!open.empty()) {
    const Symbol *one = open.back();
    open.pop_back();
    if (!seenSymbols.insert(one).second)
      continue;
    look(one);
    if (one->workflow)
      forEachExpr(one->workflow->decl->body, [&](const syntax::Expr *expr) {
        for (const Symbol *callee : graph.callees(expr))
          open.push_back(callee);
      });
  }
}

void Checker::checkPrices(const Symbol *symbol, const Budget &budget, const CallGraph &graph) {
  auto modelOf = [](const Symbol *one) { return one->model ? one : one->agent ? one->agent->model : nullptr; };
  std::set<const Symbol *> models;
  forEachReached(symbol, graph, [&](const Symbol *one) { models.insert(modelOf(one)); });
  const Symbol *fallback = budget.onExceed == OnExceed::use ? budget.fallback : nullptr;
  bool cheaper = false, known = true;
  models.erase(nullptr);
  models.erase(fallback);
  for (const Symbol *model : models)
    if (fallback) {
      cheaper |= fallback->model->priceInputNano.value_or(0) < model->model->priceInputNano.value_or(0) ||
                 fallback->model->priceOutputNano.value_or(0) < model->model->priceOutputNano.value_or(0);
      known &= isPriced(model);
    }
  if (fallback)
    models.insert(fallback);
  for (const Symbol *model : models)
    if (!isPriced(model))
      error(Code::unpricedModel, model->span,
            "`" + model->name + "` has no price, and " + "`" + symbol->name + "` has a budget of money")
          .note(budget.span, "the budget")
          .hint("`price: { input: $0.15 per Mtok, output: $0.60 per Mtok }`");
  if (fallback && isPriced(fallback) && known && !cheaper)
    engine
        .warning(Code::fallbackNotCheaper, budget.span,
                 "`" + fallback->name + "` is no cheaper than the models that it stands in for, so it changes nothing")
        .note(fallback->span, "declared here");
}

bool Checker::isPriced(const Symbol *model) {
  return model->model->provider == "extractive" || model->model->priceInputNano;
}

/// An inner budget that allows more than an outer one allows for all.
void Checker::checkInner(const Symbol *symbol, const Budget &budget, const CallGraph &graph) {
  using Bound = std::optional<std::int64_t>;
  auto larger = [](const Bound &inner, const Bound &outer) { return inner && outer && *inner > *outer; };
  forEachReached(symbol, graph, [&](const Symbol *one) {
    const Budget *inner = one == symbol   ? nullptr
                          : one->agent    ? &one->agent->budget
                          : one->workflow ? &one->workflow->budget
                                          : nullptr;
    if (!inner)
      return;
    const char *what = larger(inner->costNano, budget.costNano) ? "cost"
                       : larger(inner->tokens, budget.tokens)   ? "tokens"
                       : larger(inner->timeNs, budget.timeNs)   ? "time"
                                                                : nullptr;
    if (what)
      engine
          .warning(Code::innerBudgetLarger, inner->span,
                   "the " + std::string(what) + " of this budget is more than that of `" + symbol->name +
                       "`, so it is never reached")
          .note(budget.span, "the outer one");
  });
}

} // namespace weft::sema

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
    if (!symbol->workflow)
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

void Checker::checkPrices(const Symbol *symbol, const Budget &budget, const CallGraph &graph) {
  std::set<const Symbol *> seenSymbols;
  std::function<void(const Symbol *, Span)> look = [&](const Symbol *one, Span span) {
    if (!seenSymbols.insert(one).second)
      return;
    const Symbol *model = one->model ? one : one->agent ? one->agent->model : nullptr;
    if (model && model->model->provider != "extractive" && !model->model->priceInputNano)
      error(Code::unpricedModel, model->span,
            "`" + model->name + "` has no price, and " + "`" + symbol->name + "` has a budget of money")
          .note(budget.span, "the budget")
          .hint("`price: { input: $0.15 per Mtok, output: $0.60 per Mtok }`");
    if (one->agent && one != symbol && one->agent->budget.costNano && *one->agent->budget.costNano > *budget.costNano)
      engine
          .warning(Code::innerBudgetLarger, one->agent->budget.span,
                   "this budget is larger than the one of `" + symbol->name + "`, so it is never reached")
          .note(budget.span, "the outer one");
    if (one->workflow)
      forEachExpr(one->workflow->decl->body, [&](const syntax::Expr *expr) {
        for (const Symbol *callee : graph.callees(expr))
          look(callee, expr->span);
      });
  };
  look(symbol, budget.span);
}

} // namespace weft::sema

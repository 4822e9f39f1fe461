//===- Budgets.cpp - What cannot be paid for ------------------------------===//
//
// A lower bound of what a body costs, from what is certain: calls that are always
// made, lists whose least length a where says, the fixed text of prompts. Five
// bytes count as one token at most, so the bound is never too high.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Checker.h"

#include "lang/sema/CallGraph.h"
#include "lang/sema/Walk.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace weft::sema {
using syntax::as;
using syntax::BinaryOp;

namespace {

struct Least {
  double nano = 0, tokens = 0, calls = 0;
  const syntax::Expr *heaviest = nullptr; ///< The call that costs most.
  double heaviestNano = -1, heaviestCalls = 0;

  void add(const Least &other, double times = 1) {
    nano += other.nano * times;
    tokens += other.tokens * times;
    calls += other.calls * times;
    if (other.heaviest && other.heaviestNano * times > heaviestNano) {
      heaviest = other.heaviest;
      heaviestNano = other.heaviestNano * times;
      heaviestCalls = other.heaviestCalls * times;
    }
  }
};

class LowerBound {
public:
  LowerBound(const CheckedProgram &program, const std::function<std::optional<Constant>(const syntax::Expr *)> &known)
      : program(program), known(known) {}

  Least of(const syntax::Expr *expr) {
    Least least;
    if (const auto *e = as<syntax::IfExpr>(expr)) {
      least = of(e->condition);
      if (e->otherwise)
        least.add(smaller(of(e->thenBlock), of(e->otherwise)));
    } else if (const auto *e = as<syntax::MatchExpr>(expr)) {
      least = of(e->subject);
      std::optional<Least> arms;
      for (const syntax::Arm *arm : e->arms) {
        Least one = of(arm->body);
        arms = arms ? smaller(*arms, one) : one;
      }
      if (arms)
        least.add(*arms);
    } else if (const auto *e = as<syntax::ForExpr>(expr)) {
      least = of(e->items);
      least.add(of(e->body), shortest(e->items));
    } else if (const auto *e = as<syntax::RaceExpr>(expr)) {
      std::optional<Least> all;
      for (const syntax::Expr *alternative : e->alternatives) {
        Least one = of(alternative);
        all = all ? smaller(*all, one) : one;
      }
      least = all.value_or(Least{});
    } else if (const auto *e = as<syntax::VoteExpr>(expr)) {
      std::optional<Constant> keep = known(e->keep);
      least.add(of(e->body), keep && keep->integer() ? static_cast<double>(*keep->integer()) : 1);
      if (program.call(e))
        least.add(call(e));
    } else if (const auto *e = as<syntax::LoopExpr>(expr)) {
      least = of(e->init);
      least.add(of(e->body));
    } else if (const auto *e = as<syntax::BinaryExpr>(expr);
               e && (e->op == BinaryOp::orElse || e->op == BinaryOp::logicalAnd || e->op == BinaryOp::logicalOr)) {
      least = of(e->left);
    } else if (as<syntax::TryExpr>(expr) || as<syntax::LambdaExpr>(expr)) {
      // A failure may come before anything was paid; a lambda makes no call.
    } else {
      forEachChild(expr, [&](const syntax::Expr *child) { least.add(of(child)); });
      if (as<syntax::CallExpr>(expr))
        least.add(call(expr));
    }
    return least;
  }

  static double tokens(const syntax::Expr *text) {
    const auto *string = text ? as<syntax::StringExpr>(text) : nullptr;
    double bytes = 0;
    if (string)
      for (const syntax::StringPiece &piece : string->pieces)
        bytes += piece.hole ? 0 : static_cast<double>(piece.text.size());
    return std::ceil(bytes / 5);
  }

private:
  static Least smaller(const Least &a, const Least &b) {
    return a.nano < b.nano || (a.nano == b.nano && a.tokens <= b.tokens) ? a : b;
  }

  Least call(const syntax::Expr *expr) {
    const CallInfo *info = program.call(expr);
    Least least;
    if (!info || !info->callee)
      return least;
    const Symbol *callee = info->callee;
    if (callee->workflow) {
      if (!open.insert(callee).second)
        return least; // In a cycle: what the first activation costs is counted already.
      least = of(callee->workflow->decl->body);
      open.erase(callee);
      return least;
    }
    const Symbol *model = callee->model ? callee : callee->agent ? callee->agent->model : nullptr;
    if (!model)
      return least;
    double in = callee->agent ? tokens(callee->agent->system) + tokens(callee->agent->prompt) : 0;
    if (!info->arguments.empty() && (callee->model || !callee->agent->prompt))
      in += tokens(info->arguments[0].value);
    least.tokens = in + 1;
    least.calls = 1;
    least.nano = (in * static_cast<double>(model->model->priceInputNano.value_or(0)) +
                  static_cast<double>(model->model->priceOutputNano.value_or(0))) /
                 1e6;
    least.heaviest = expr;
    least.heaviestNano = least.nano;
    least.heaviestCalls = 1;
    return least;
  }

  /// The least length of a list.
  double shortest(const syntax::Expr *items) {
    if (const auto *list = as<syntax::ListExpr>(items))
      return static_cast<double>(list->elements.size());
    if (std::optional<Constant> value = known(items); value && value->list())
      return static_cast<double>(value->list()->size());
    if (const CallInfo *call = program.call(items);
        call && call->builtin == BuiltinId::rangeTo && call->kind == CalleeKind::core)
      if (std::optional<Constant> to = known(call->arguments[0].value); to && to->integer())
        return static_cast<double>(std::max<std::int64_t>(0, *to->integer()));
    const ExprInfo &info = program.of(items);
    if (info.denotes == Denotes::field) {
      Type record = base(program.of(as<syntax::MemberExpr>(items)->object).type);
      const Field &field = record->fields[static_cast<std::size_t>(info.index)];
      return field.check ? promised(field.check, field.checkSees.back()) : 0;
    }
    if (info.denotes == Denotes::local && info.symbol->kind == SymbolKind::parameter)
      if (const auto *param = static_cast<const syntax::Param *>(info.symbol->node); param && param->where)
        return promised(param->where, info.symbol);
    return 0;
  }

  /// n of `len(x) >= n` in a condition.
  double promised(const syntax::Expr *where, const Symbol *symbol) {
    const auto *e = as<syntax::BinaryExpr>(where);
    if (!e)
      return 0;
    if (e->op == BinaryOp::logicalAnd)
      return std::max(promised(e->left, symbol), promised(e->right, symbol));
    auto isLength = [&](const syntax::Expr *one) {
      const CallInfo *call = program.call(one);
      return call && call->builtin == BuiltinId::lenList && call->kind == CalleeKind::core &&
             program.of(call->arguments[0].value).symbol == symbol;
    };
    bool leftIsLength = isLength(e->left), rightIsLength = isLength(e->right);
    if (leftIsLength == rightIsLength)
      return 0;
    std::optional<Constant> bound = known(leftIsLength ? e->right : e->left);
    if (!bound || !bound->integer())
      return 0;
    BinaryOp atLeast = leftIsLength ? BinaryOp::greaterEqual : BinaryOp::lessEqual;
    BinaryOp moreThan = leftIsLength ? BinaryOp::greater : BinaryOp::less;
    double value = static_cast<double>(*bound->integer());
    return e->op == atLeast || e->op == BinaryOp::equal ? value : e->op == moreThan ? value + 1 : 0;
  }

  const CheckedProgram &program;
  std::function<std::optional<Constant>(const syntax::Expr *)> known;
  std::set<const Symbol *> open;
};

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
    LowerBound bound(program, [this](const syntax::Expr *expr) { return known(expr); });
    Least least = bound.of(symbol->workflow->decl->body);
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
  double least = LowerBound::tokens(agent.system) + LowerBound::tokens(agent.prompt);
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
  double in = callee->agent ? LowerBound::tokens(callee->agent->system) + LowerBound::tokens(callee->agent->prompt) : 0;
  if (!info->arguments.empty() && (callee->model || !callee->agent->prompt))
    in += LowerBound::tokens(info->arguments[0].value);
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

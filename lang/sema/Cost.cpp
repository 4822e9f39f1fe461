//===- Cost.cpp - What is paid at least -----------------------------------===//
//
// From what is certain: calls that are always made, lists whose least length a
// where says, the fixed text of prompts. Five bytes count as one token at most, so
// the bound is never too high.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Cost.h"

#include "lang/sema/Evaluate.h"
#include "lang/sema/Walk.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace weft::sema {
using syntax::as;
using syntax::BinaryOp;

void LeastCost::add(const LeastCost &other, double times) {
  nano += other.nano * times;
  tokens += other.tokens * times;
  calls += other.calls * times;
  if (other.heaviest && other.heaviestNano * times > heaviestNano) {
    heaviest = other.heaviest;
    heaviestNano = other.heaviestNano * times;
    heaviestCalls = other.heaviestCalls * times;
  }
}

double leastTokens(const syntax::Expr *text) {
  const auto *string = text ? as<syntax::StringExpr>(text) : nullptr;
  double bytes = 0;
  if (string)
    for (const syntax::StringPiece &piece : string->pieces)
      bytes += piece.hole ? 0 : static_cast<double>(piece.text.size());
  return std::ceil(bytes / 5);
}

namespace {

class LowerBound {
public:
  LowerBound(const CheckedProgram &program, const ModelInfo *fallback) : program(program), fallback(fallback) {}

  LeastCost of(const syntax::Expr *expr) {
    LeastCost least;
    if (const auto *e = as<syntax::IfExpr>(expr)) {
      least = of(e->condition);
      if (e->otherwise)
        least.add(smaller(of(e->thenBlock), of(e->otherwise)));
    } else if (const auto *e = as<syntax::MatchExpr>(expr)) {
      least = of(e->subject);
      std::optional<LeastCost> arms;
      for (const syntax::Arm *arm : e->arms) {
        LeastCost one = of(arm->body);
        arms = arms ? smaller(*arms, one) : one;
      }
      if (arms)
        least.add(*arms);
    } else if (const auto *e = as<syntax::ForExpr>(expr)) {
      least = of(e->items);
      least.add(of(e->body), shortest(e->items));
    } else if (const auto *e = as<syntax::RaceExpr>(expr)) {
      std::optional<LeastCost> all;
      for (const syntax::Expr *alternative : e->alternatives) {
        LeastCost one = of(alternative);
        all = all ? smaller(*all, one) : one;
      }
      least = all.value_or(LeastCost{});
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

  /// One call of a model or an agent, with so many tokens of argument.
  LeastCost of(const Symbol &callee, double argumentTokens = 0) const {
    LeastCost least;
    const Symbol *model = callee.model ? &callee : callee.agent ? callee.agent->model : nullptr;
    if (!model)
      return least;
    double in = argumentTokens;
    if (callee.agent)
      in += leastTokens(callee.agent->system) + leastTokens(callee.agent->prompt);
    least.tokens = in + 1;
    least.calls = 1;
    auto asked = [&](const ModelInfo &one) {
      return (in * static_cast<double>(one.priceInputNano.value_or(0)) +
              static_cast<double>(one.priceOutputNano.value_or(0))) /
             1e6;
    };
    least.nano = fallback ? std::min(asked(*model->model), asked(*fallback)) : asked(*model->model);
    return least;
  }

private:
  static LeastCost smaller(const LeastCost &a, const LeastCost &b) {
    return a.nano < b.nano || (a.nano == b.nano && a.tokens <= b.tokens) ? a : b;
  }

  LeastCost call(const syntax::Expr *expr) {
    const CallInfo *info = program.call(expr);
    LeastCost least;
    if (!info || !info->callee)
      return least;
    const Symbol *callee = info->callee;
    if (callee->workflow) {
      // Entered as nothing first: in a cycle, what the first activation costs is counted already.
      auto [known, isNew] = workflows.try_emplace(callee);
      if (isNew) {
        least = of(callee->workflow->decl->body);
        workflows[callee] = least;
        return least;
      }
      return known->second;
    }
    double argument = 0;
    if (!info->arguments.empty() && (callee->model || (callee->agent && !callee->agent->prompt)))
      argument = leastTokens(info->arguments[0].value);
    least = of(*callee, argument);
    if (least.calls == 0)
      return least;
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

  std::optional<Constant> known(const syntax::Expr *expr) const { return evaluate(program, expr); }

  const CheckedProgram &program;
  const ModelInfo *fallback;                     ///< May answer in place of each model; null: none does.
  std::map<const Symbol *, LeastCost> workflows; ///< Of those called so far: each body is looked at once.
};
} // namespace

LeastCost leastCost(const CheckedProgram &program, const Symbol &symbol) {
  const Budget *budget = symbol.workflow ? &symbol.workflow->budget : symbol.agent ? &symbol.agent->budget : nullptr;
  bool uses = budget && budget->onExceed == OnExceed::use && budget->fallback;
  LowerBound bound(program, uses ? budget->fallback->model : nullptr);
  if (symbol.workflow)
    return bound.of(symbol.workflow->decl->body);
  return symbol.agent ? bound.of(symbol) : LeastCost{};
}

} // namespace weft::sema

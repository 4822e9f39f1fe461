//===- Choices.cpp - race and vote ----------------------------------------===//
//
// Forms that make several calls for one value. The plan refuses more
// alternatives than one record of the journal names; here a program is told
// where it says so.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Checker.h"

namespace weft::sema {
using syntax::as;

namespace {

/// As the runtime takes: runtime/plan says why.
constexpr int maxAlternatives = 3000;

} // namespace

Type Checker::inferRace(const syntax::RaceExpr *expr, Type hint) {
  bool drop = dropped;
  onlyWhereCallsAre(expr, "race");
  std::vector<const syntax::Expr *> alternatives(expr->alternatives.begin(), expr->alternatives.end());
  LoopFrame *outer = std::exchange(body.loop, nullptr);
  if (alternatives.size() < 2)
    error(Code::badBound, expr->span, "a race of one has nothing to win against").hint("write the call alone");
  if (static_cast<int>(alternatives.size()) > maxAlternatives)
    error(Code::badBound, expr->span,
          "a race of " + std::to_string(alternatives.size()) + " alternatives; at most " +
              std::to_string(maxAlternatives) + " run against each other");
  Type type = inferBranches(alternatives, hint, "the alternatives", drop);
  body.loop = outer;
  return type;
}

Type Checker::inferVote(const syntax::VoteExpr *expr, Type hint) {
  onlyWhereCallsAre(expr, "vote on");
  check(expr->keep, simple(TypeKind::integer));
  checkBound(expr->keep, 1, "`vote`");
  if (expr->samples) {
    check(expr->samples, simple(TypeKind::integer));
    std::optional<Constant> keep = known(expr->keep), samples = known(expr->samples);
    if (keep && samples && keep->integer() && samples->integer() && *keep->integer() > *samples->integer())
      error(Code::badBound, expr->keep->span,
            "`vote " + keep->text() + " of " + samples->text() + "` can never keep as many")
          .hint("`vote " + samples->text() + " of " + keep->text() + "`");
  }
  if (std::optional<Constant> count = known(expr->samples ? expr->samples : expr->keep); count && count->integer()) {
    if (*count->integer() == 1)
      error(Code::badBound, expr->span, "a vote of one has nothing to compare").hint("write the call alone");
    if (*count->integer() > maxAlternatives)
      error(Code::badBound, expr->span,
            "a vote on " + count->text() + " samples; at most " + std::to_string(maxAlternatives) + " are taken");
  }
  LoopFrame *outer = std::exchange(body.loop, nullptr);
  Type sample = infer(expr->body);
  body.loop = outer;
  if (!expr->judge)
    return program.types.list(sample);
  return callJudge(expr, sample, hint);
}

Type Checker::callJudge(const syntax::VoteExpr *vote, Type sample, Type) {
  Type list = program.types.list(sample);
  Symbol *symbol = nullptr;
  if (const auto *member = as<syntax::MemberExpr>(vote->judge)) {
    Path path = pathOf(member);
    note(member, path.symbol);
    if (path.found && !path.symbol)
      return fail();
    symbol = path.symbol;
  } else {
    symbol = staticName(vote->judge);
  }
  CallInfo call;
  call.arguments.push_back({nullptr});
  if (symbol && symbol->callable && symbol->kind != SymbolKind::model && !(symbol->fn && symbol->fn->tensor)) {
    note(vote->judge, symbol);
    info(vote->judge).denotes = Denotes::callable;
    call.callee = symbol;
    call.kind = symbol->fn         ? CalleeKind::fn
                : symbol->workflow ? CalleeKind::workflow
                : symbol->member   ? CalleeKind::member
                                   : CalleeKind::agent;
    std::map<Type, Type> fresh;
    for (Type parameter : symbol->callable->typeParameters)
      call.typeArguments.push_back(fresh[parameter] = inference.fresh());
    const auto &parameters = symbol->callable->parameters;
    Type result = symbol->fn ? resultOf(symbol, vote->judge->span) : symbol->callable->result;
    if (parameters.empty() || !inference.fits(list, inference.substitute(parameters[0].type, fresh))) {
      error(Code::typeMismatch, vote->judge->span,
            "`" + symbol->name + "` is handed the answers, " + show(list) +
                (parameters.empty() ? ", and takes nothing" : ", and takes " + text(parameters[0].type)))
          .note(symbol->span, "declared here");
      return fail();
    }
    for (std::size_t i = 1; i < parameters.size(); ++i) {
      if (!parameters[i].defaultValue) {
        error(Code::wrongArguments, vote->judge->span,
              "`" + symbol->name + "` also needs `" + parameters[i].name + "`, and a vote hands over the answers alone")
            .note(symbol->span, "declared here");
        return fail();
      }
      call.arguments.push_back({parameters[i].defaultValue, true});
    }
    call.result = inference.substitute(result, fresh);
  } else {
    Type judge = seen(infer(vote->judge, program.types.function({list}, inference.fresh())));
    if (judge->is(TypeKind::error))
      return fail();
    bool callable = (judge->is(TypeKind::function) || judge->is(TypeKind::agent)) && judge->elements.size() == 1;
    if (!callable || !inference.fits(list, judge->elements[0])) {
      error(Code::typeMismatch, vote->judge->span, "expected what takes " + show(list) + ", found " + show(judge));
      return fail();
    }
    call.kind = judge->is(TypeKind::agent) ? CalleeKind::agentValue : CalleeKind::closure;
    call.result = judge->element;
  }
  Type result = call.result;
  module().calls[vote->id] = std::move(call);
  body.calls.push_back(vote);
  return result;
}

} // namespace weft::sema

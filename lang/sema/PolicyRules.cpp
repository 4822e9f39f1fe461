//===- PolicyRules.cpp - What a policy may stand on -----------------------===//
//
// A policy makes a thing happen more than once: again after a failure, or
// beside itself. Whether that does harm depends on what it writes.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Checker.h"

#include "lang/sema/CallGraph.h"
#include "lang/sema/Walk.h"

#include <algorithm>

namespace weft::sema {
using syntax::as;

namespace {

constexpr std::uint16_t unsureKinds = 1u << 0 | 1u << 1; // transport, timeout

bool writesIn(const syntax::Expr *body, const CallGraph &graph) {
  bool found = false;
  forEachExpr(body, [&](const syntax::Expr *one) { found |= writes(graph.effectOf(one)); });
  return found;
}

/// The first race or vote in it that writes, through whatever it calls; null: none.
const syntax::Expr *choiceThatWrites(const syntax::Expr *inside, const CallGraph &graph) {
  std::vector<const syntax::Expr *> open{inside};
  std::set<const Symbol *> reached;
  const syntax::Expr *found = nullptr;
  while (!open.empty() && !found) {
    const syntax::Expr *root = open.back();
    open.pop_back();
    forEachExpr(root, [&](const syntax::Expr *one) {
      const auto *race = as<syntax::RaceExpr>(one);
      const auto *vote = as<syntax::VoteExpr>(one);
      bool here = (vote && writesIn(vote->body, graph)) ||
                  (race && std::ranges::any_of(race->alternatives, [&](auto *arm) { return writesIn(arm, graph); }));
      if (here && !found)
        found = one;
      for (const Symbol *callee : graph.callees(one))
        if (callee->workflow && writes(callee->callable->effect) && reached.insert(callee).second)
          open.push_back(CallGraph::bodyOf(callee));
    });
  }
  return found;
}

} // namespace

void Checker::checkPolicy(const syntax::WithExpr *with, const CallGraph &graph) {
  const Policy &policy = program.policy(with);
  Effect effect = program.of(with->operand).effect;
  const CheckedModule &one = program.moduleOf(with);
  if (!one.policies.contains(with->id) || program.of(with->operand).type->is(TypeKind::error))
    return;
  if (effect < Effect::read) {
    error(Code::policyWithoutCall, with->operand->span, "a policy says how a call is made, and no call is made here");
    return;
  }
  const syntax::Expr *operand = with->operand;
  bool asks = false; // For a type: that is a turn and its repairs.
  if (const auto *typed = as<syntax::AsExpr>(operand)) {
    operand = typed->operand;
    asks = program.answer(typed) == AsKind::answer;
  }
  const CallInfo *call = program.call(operand);
  if (call && call->kind == CalleeKind::member)
    warnOfIdleRetry(with, *call->callee);
  // What an agent answers follows from its arguments and the answers of its model, so these are what is kept.
  bool direct = call && (call->kind == CalleeKind::member || call->kind == CalleeKind::model);
  bool single = direct && !asks;
  bool known = direct || (call && call->kind == CalleeKind::agent && !call->callee->agent->human);
  if (policy.cache == Cache::run && !known)
    error(Code::policyNotCarried, with->operand->span,
          "`cache` on something that is not one call of a tool, a model or an agent is not carried by this build")
        .hint("put the policy on the calls in it");
  if (!writes(effect))
    return;
  const syntax::Expr *writer = writingCall(with->operand, graph);
  if (policy.hedgeNs && !repeats(effect)) {
    Diagnostic &report = error(Code::speculativeWrite, writer->span,
                               "a call that writes cannot be hedged: both attempts may have written");
    explainWrite(report, writer, graph);
    report.hint("if the service takes an idempotency key, declare the member `effect write idempotent`");
  }
  bool again = policy.retry.value_or(0) > 0;
  if (repeats(effect)) {
    // It decides anew in each attempt, under the keys of the one before.
    const syntax::Expr *choice = again || policy.hedgeNs ? choiceThatWrites(with->operand, graph) : nullptr;
    if (!choice)
      return;
    std::string what = as<syntax::RaceExpr>(choice) ? "race" : "vote";
    error(Code::unsafeRetry, with->span,
          "another attempt would " + what + " again: another one may win, and what the first winner wrote stays")
        .note(choice->span, "this " + what + " writes")
        .hint("put the policy on the calls, or write once behind the " + what);
    return;
  }
  if (!again)
    return;
  std::string name = writer ? calleeText(writer) : "the write";
  if (!single) {
    Diagnostic &report =
        error(Code::unsafeRetry, with->span,
              "trying this again would write again: " + name + " may have written when something after it failed");
    explainWrite(report, writer, graph);
    report.hint("put the retry on the calls that read");
  } else if (policy.retryOn && (*policy.retryOn & unsureKinds)) {
    const char *kind = *policy.retryOn & 2u ? "a timeout" : "a broken connection";
    Diagnostic &report =
        error(Code::unsafeRetry, with->span,
              "after " + std::string(kind) + " nobody knows whether " + name + " happened, so it cannot be retried");
    explainWrite(report, writer, graph);
    report.hint("if the service takes an idempotency key, declare `effect write idempotent`; otherwise remove `" +
                std::string(*policy.retryOn & 2u ? "timeout" : "transport") + "`");
  }
}

/// Programs and folders fail with kinds of their own, never with those that are tried again unless others are named.
void Checker::warnOfIdleRetry(const syntax::WithExpr *with, const Symbol &member) {
  const Policy &policy = program.policy(with);
  const std::string &provider = member.member->tool->tool->provider;
  bool here = provider == "exec" || provider == "files";
  std::int64_t retries = policy.retry.value_or(0);
  std::uint16_t kinds = policy.retryOn.value_or(retryOnDefault);
  if (!here || retries <= 0 || kinds == 0 || (kinds & ~retryOnDefault))
    return;
  engine
      .warning(Code::idleRetry, with->span,
               "`" + member.member->tool->name + "." + member.name +
                   "` is never tried again: " + (provider == "exec" ? "a program" : "a folder") + " fails with `tool`" +
                   (policy.timeoutNs ? " or `timeout`" : "") + ", and what is tried again is " +
                   (policy.retryOn ? "what `retry_on` names" : "`transport` and `rate_limit`"))
      .hint(std::string("`retry_on: [tool") +
            (policy.timeoutNs && !writes(member.callable->effect) ? ", timeout" : "") + "]`");
}

std::string Checker::calleeText(const syntax::Expr *call) const {
  const auto *written = as<syntax::CallExpr>(call);
  return written ? std::string(sources.file(written->callee->span.file).text(written->callee->span)) : "the write";
}

} // namespace weft::sema

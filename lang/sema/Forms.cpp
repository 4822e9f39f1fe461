//===- Forms.cpp - if, for, loop, try -------------------------------------===//
//
// A form is an expression: its branches give one type. Bounds are numbers that
// allow something.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Checker.h"

#include "lang/diagnostics/Nearest.h"

namespace weft::sema {
using syntax::as;

namespace {

/// Of types that are no use after a form.
std::vector<const syntax::Expr *> bodies(const std::vector<syntax::Arm *> &arms) {
  std::vector<const syntax::Expr *> out;
  for (const syntax::Arm *arm : arms)
    out.push_back(arm->body);
  return out;
}
} // namespace

Type Checker::inferIf(const syntax::IfExpr *expr, Type hint) {
  bool drop = dropped;
  check(expr->condition, simple(TypeKind::boolean));
  if (!expr->otherwise) {
    inferDiscarded(expr->thenBlock);
    return simple(TypeKind::none);
  }
  return inferBranches({expr->thenBlock, expr->otherwise}, hint, "the branches", drop);
}

Type Checker::inferFor(const syntax::ForExpr *expr, Type hint) {
  Type items = seen(infer(expr->items));
  Type element = fail();
  if (items->is(TypeKind::list))
    element = items->element;
  else if (items->is(TypeKind::map))
    element = program.types.tuple({simple(TypeKind::string), items->element});
  else if (!items->is(TypeKind::error)) {
    Diagnostic &report = error(Code::notIterable, expr->items->span, "`for` takes a list or a map, not " + show(items));
    if (items->is(TypeKind::integer))
      report.hint("`range(n)`");
    else if (items->is(TypeKind::optional))
      report.hint("it may be absent: `(xs ?? [])`");
  }
  if (expr->parallel) {
    check(expr->parallel, simple(TypeKind::integer), {"`parallel` takes a number of iterations", expr->parallel->span});
    checkBound(expr->parallel, 1, "`parallel`");
  }
  Type wanted = hint ? seen(hint) : nullptr;
  Type one = wanted && wanted->is(TypeKind::list) ? resolved(wanted->element) : nullptr;
  LoopFrame *outer = std::exchange(body.loop, nullptr);
  Type result = inScope([&] {
    bindPattern(expr->pattern, element);
    return infer(expr->body, one && !one->is(TypeKind::variable) ? one : nullptr);
  });
  body.loop = outer;
  if (one && convert(expr->body, one))
    result = one;
  return program.types.list(resolved(result)->is(TypeKind::never) ? simple(TypeKind::none) : result);
}

void Checker::markEnds(const syntax::Expr *expr, LoopFrame &frame) {
  if (as<syntax::BreakExpr>(expr) || as<syntax::ContinueExpr>(expr) || as<syntax::FailExpr>(expr)) {
    frame.ends.insert(expr);
  } else if (const auto *block = as<syntax::BlockExpr>(expr)) {
    if (const auto *last = as<syntax::ExprStmt>(block->statements.back()))
      return markEnds(last->expr, frame);
    error(Code::loopWithoutEnd, block->statements.back()->span, "this round ends in neither `break` nor `continue`")
        .note(frame.loop->pattern->span, "of this loop");
  } else if (const auto *branch = as<syntax::IfExpr>(expr)) {
    markEnds(branch->thenBlock, frame);
    if (branch->otherwise)
      markEnds(branch->otherwise, frame);
    else
      error(Code::loopWithoutEnd, branch->span, "without `else`, this round ends in neither `break` nor `continue`")
          .note(frame.loop->pattern->span, "of this loop");
  } else if (const auto *match = as<syntax::MatchExpr>(expr)) {
    for (const syntax::Arm *arm : match->arms)
      markEnds(arm->body, frame);
  } else {
    error(Code::loopWithoutEnd, expr->span, "this round ends in neither `break` nor `continue`")
        .note(frame.loop->pattern->span, "of this loop")
        .hint("`break v` gives the loop's value, `continue v` the next round's");
  }
}

Type Checker::inferLoop(const syntax::LoopExpr *expr, Type hint) {
  LoopFrame frame;
  frame.loop = expr;
  frame.carried = infer(expr->init);
  check(expr->max, simple(TypeKind::integer), {"`max` takes a number of rounds", expr->max->span});
  checkBound(expr->max, 1, "`max`");
  markEnds(expr->body, frame);
  LoopFrame *outer = std::exchange(body.loop, &frame);
  // What carries on into the next round is what the pattern binds.
  inScope([&] {
    bindPattern(expr->pattern, frame.carried);
    inferDiscarded(expr->body);
  });
  body.loop = outer;
  std::vector<const syntax::Expr *> values = frame.breaks;
  if (expr->otherwise) {
    infer(expr->otherwise, hint);
    values.push_back(expr->otherwise);
  }
  if (values.empty())
    return simple(TypeKind::never);
  if (Type type = joined(values, hint))
    return type;
  error(Code::branchesDisagree, values.back()->span,
        "the values of the loop disagree: " + show(info(values.front()).type) + " here, " +
            show(info(values.back()).type) + " there")
      .note(values.front()->span, show(info(values.front()).type));
  return fail();
}

Type Checker::inferEnd(const syntax::Expr *expr, const syntax::Expr *value) {
  LoopFrame *frame = body.loop;
  if (!frame || !frame->ends.contains(expr)) {
    infer(value);
    std::string word = as<syntax::BreakExpr>(expr) ? "`break`" : "`continue`";
    Diagnostic &report = error(
        Code::misplacedBreak, expr->span,
        word + (frame ? " is not the last thing on its way through the loop's body" : " stands in a `loop` only"));
    if (frame)
      report.note(frame->loop->pattern->span, "of this loop");
    else
      report.hint("`for` walks to its end; `xs.find(…)`, `xs.take(n)` or `xs.filter(…)` stop earlier");
    return simple(TypeKind::never);
  }
  if (as<syntax::ContinueExpr>(expr)) {
    check(value, frame->carried, {"the loop begins with " + show(frame->carried), frame->loop->init->span});
  } else {
    infer(value);
    frame->breaks.push_back(value);
  }
  return simple(TypeKind::never);
}

void Checker::onlyWhereCallsAre(const syntax::Expr *expr, const char *what) {
  if (!hasSteps())
    error(Code::notPureHere, expr->span, std::string("no calls are made here, so there is nothing to ") + what)
        .hint("move it into a workflow");
}

Type Checker::inferTry(const syntax::TryExpr *expr, Type hint) {
  bool drop = dropped;
  bool inPrompt = body.place == Place::prompt && body.callable->symbol->agent && body.lambdas == 0;
  if (!hasSteps() && !inPrompt)
    error(Code::tryInFunctionNotCarried, expr->span, "`try` in pure code is not carried by this build")
        .hint("move it into a workflow, or ask before: `if n == 0 { … } else { div(1, n) }`");
  infer(expr->body, hint);
  std::set<std::string> named;
  bool rest = false;
  std::vector<const syntax::Expr *> branches = {expr->body};
  for (const syntax::Arm *arm : expr->arms) {
    inScope([&] {
      catchPattern(arm->pattern, named, rest);
      discard = drop;
      infer(arm->body, hint);
    });
    branches.push_back(arm->body);
  }
  if (drop)
    return simple(TypeKind::none);
  if (Type type = joined(branches, hint))
    return type;
  for (const syntax::Expr *branch : bodies(expr->arms)) {
    Conversion ignored;
    if (!conversion(info(branch).type, info(expr->body).type, ignored)) {
      error(Code::branchesDisagree, branch->span,
            "the arms of `catch` give what `try` gives: " + show(info(expr->body).type) + ", not " +
                show(info(branch).type))
          .note(expr->body->span, show(info(expr->body).type));
      break;
    }
  }
  return fail();
}

void Checker::catchPattern(const syntax::Pattern *pattern, std::set<std::string> &named, bool &rest) {
  PatternInfo entry;
  entry.type = program.types.failure();
  if (rest)
    error(Code::unreachableArm, pattern->span, "the arms above already catch every failure");
  if (as<syntax::WildcardPattern>(pattern)) {
    rest = true;
  } else if (const auto *name = as<syntax::NamePattern>(pattern)) {
    int kind = program.types.failureKind()->caseIndex(name->name.text);
    if (kind >= 0) {
      entry.match = Match::failureKind;
      entry.index = kind;
      if (!named.insert(name->name.text).second)
        error(Code::unreachableArm, pattern->span, "`" + name->name.text + "` is already caught above");
    } else {
      std::vector<std::string> kinds(std::begin(failureKinds), std::end(failureKinds));
      bool isNearly = name->name.text == diagnostics::placeholder || diagnostics::nearest(name->name.text, kinds);
      if (isNearly)
        error(Code::nearlyKind, pattern->span,
              "`" + name->name.text + "` is no kind of failure: as a name for the failure it catches all of them")
            .offer(name->name.text, kinds);
      entry.match = Match::failure;
      Symbol *failure = bindLocal(name, name->name, entry.type);
      failure->used |= isNearly;
      entry.symbol = failure;
      rest = !isNearly; // What follows is judged as if the kind stood here.
    }
  } else {
    std::string kinds;
    for (std::string_view kind : failureKinds)
      kinds += (kinds.empty() ? "" : " ") + std::string(kind);
    error(Code::wrongPattern, pattern->span, "an arm of `catch` is a kind of failure, `_`, or a name for the error")
        .hint(kinds);
  }
  module().patterns[pattern->id] = entry;
}

void Checker::checkBound(const syntax::Expr *expr, std::int64_t least, const char *what) {
  std::optional<Constant> value = known(expr);
  if (value && value->integer() && *value->integer() < least)
    error(Code::badBound, expr->span,
          std::string(what) + " is " + value->text() + ", and must be at least " + std::to_string(least));
}

} // namespace weft::sema

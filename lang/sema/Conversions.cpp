//===- Conversions.cpp - What goes where something else is asked ----------===//
//
// Few things are converted silently: an int to a float, a `T` to a `T?`, an alias
// to its base and back (checked), a number to a rank-0 tensor and back, an int to
// an rng, any value to json. Each is noted at the expression.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Checker.h"

#include "lang/sema/Evaluate.h"

namespace weft::sema {

Type Checker::check(const syntax::Expr *expr, Type expected, const Reason &reason) {
  Type found = infer(expr, expected);
  if (!convert(expr, expected))
    mismatch(expr, expected, found, reason);
  return expected;
}

bool Checker::convert(const syntax::Expr *expr, Type to) {
  Conversion made;
  if (!conversion(info(expr).type, to, made))
    return false;
  made.to = made.any() || resolved(info(expr).type) != resolved(to) ? to : nullptr;
  info(expr).conversion = made;
  if (made.check)
    checkConstant(expr, to);
  return true;
}

bool Checker::conversion(Type from, Type to, Conversion &out) {
  from = resolved(from);
  to = resolved(to);
  if (from == to || from->is(TypeKind::error) || to->is(TypeKind::error) || from->is(TypeKind::never))
    return true;
  if (from->is(TypeKind::variable) || to->is(TypeKind::variable))
    return inference.unify(from, to);
  if (from->is(TypeKind::alias) && to->is(TypeKind::alias)) {
    // The same base under another condition: checked on the way in.
    for (Type below = from; below->is(TypeKind::alias); below = resolved(below->element))
      if (below == to)
        return true;
  }
  if (to->is(TypeKind::alias)) {
    if (!conversion(from, to->element, out))
      return false;
    out.check = to;
    return true;
  }
  if (to->is(TypeKind::optional))
    return from->is(TypeKind::optional) ? entersInside(from, to, out) : conversion(from, to->element, out);
  if (from->is(TypeKind::alias))
    return conversion(from->element, to, out);
  if (to->is(TypeKind::floating) && from->is(TypeKind::integer))
    return out.intToFloat = true;
  if (to->is(TypeKind::rng) && from->is(TypeKind::integer))
    return out.intToRng = true;
  if (to->is(TypeKind::tensor) && to->dims.empty() && (from->is(TypeKind::integer) || from->is(TypeKind::floating)))
    return out.numberToTensor = isFloat(to->elementType) || from->is(TypeKind::integer);
  if (to->is(TypeKind::tensor) && to->dims.empty() && from->is(TypeKind::boolean))
    return out.numberToTensor = to->elementType == ElementType::boolean;
  if (from->is(TypeKind::tensor) && from->dims.empty()) {
    if (to->is(TypeKind::floating)) {
      out.intToFloat = !isFloat(from->elementType);
      return out.tensorToNumber = from->elementType != ElementType::boolean;
    }
    if (to->is(TypeKind::integer) || to->is(TypeKind::boolean))
      return out.tensorToNumber = (from->elementType == ElementType::boolean) == to->is(TypeKind::boolean) &&
                                  !isFloat(from->elementType);
  }
  if (to->is(TypeKind::json) && isJson(from))
    return out.toJson = true;
  return entersInside(from, to, out);
}

bool Checker::entersInside(Type from, Type to, Conversion &out) {
  if (inference.fits(from, to))
    return true;
  if (!inference.enters(from, to))
    return false;
  out.check = to;
  return true;
}

bool Checker::isJson(Type type) {
  bool can = true;
  walk(inference.settle(type), [&](Type part) {
    can &= !part->is(TypeKind::function) && !part->is(TypeKind::agent) && !part->is(TypeKind::rng) &&
           !part->is(TypeKind::never) && !part->is(TypeKind::parameter);
  });
  return can;
}

void Checker::mismatch(const syntax::Expr *expr, Type expected, Type found, const Reason &reason) {
  Type from = seen(found), to = seen(expected);
  expr = valueOf(expr);
  bool isNone = from->is(TypeKind::optional) && resolved(from->element)->is(TypeKind::variable);
  std::string wanted = show(expected), got = show(found);
  if (from->is(TypeKind::tensor) && to->is(TypeKind::tensor)) {
    shapeMismatch(expr, to, from, reason);
    return;
  }
  Diagnostic *report = nullptr;
  bool lastIsNoValue =
      from->is(TypeKind::none) && (expr->kind == syntax::ExprKind::block ||
                                   expr->kind == syntax::ExprKind::assertThat || expr->kind == syntax::ExprKind::emit);
  if (lastIsNoValue && reason.note == "the result")
    report = &error(Code::missingResult, expr->span, "the body gives no value, and " + wanted + " is promised");
  else
    report = &error(Code::typeMismatch, expr->span, "expected " + wanted + ", found " + got);
  if (!reason.note.empty() && reason.note != "the result")
    report->note(reason.span, reason.note);
  else if (!reason.note.empty())
    report->note(reason.span, "the result is declared here");
  Type inner = from->is(TypeKind::optional) ? resolved(from->element) : nullptr;
  if (isNone)
    report->hint("what may be absent has the type `" + wanted + "?`");
  else if (inner && inference.fits(inner, to))
    report->hint("it may be absent: say what stands in for it, `… ?? d`");
  else if (from->is(TypeKind::floating) && to->is(TypeKind::integer))
    report->hint("`round(x)`, `floor(x)` or `ceil(x)`");
  else if (from->is(TypeKind::string) && to->is(TypeKind::integer))
    report->hint("`parse_int(x)` gives an `int?`");
  else if (from->is(TypeKind::string) && to->is(TypeKind::floating))
    report->hint("`parse_float(x)` gives a `float?`");
  else if (from->is(TypeKind::json) && !to->is(TypeKind::json))
    report->hint("ask for the type after the call: `call(…) as " + wanted + "`");
  else if (to->is(TypeKind::string) && isNumber(from))
    report->hint("put it into a string: `\"${x}\"`");
  else if (to->is(TypeKind::duration) && isNumber(from))
    report->hint("a number with a unit: `30s`, `200ms`");
  else if (to->is(TypeKind::boolean) && reason.note.empty())
    report->hint("only a bool is true or false: `n != 0`, `s != \"\"`, `len(xs) > 0`, `x != none`");
}

std::optional<Constant> Checker::known(const syntax::Expr *expr) { return evaluate(program, expr); }

Type Checker::joined(const std::vector<const syntax::Expr *> &branches, Type hint) {
  Type result = hint ? resolved(hint) : nullptr;
  auto typeOf = [&](const syntax::Expr *expr) { return resolved(info(expr).type); };
  if (!result || result->is(TypeKind::variable) || Inference::open(inference.settle(result))) {
    result = nullptr;
    for (const syntax::Expr *branch : branches) {
      Type next = typeOf(branch);
      if (next->is(TypeKind::never) || next->is(TypeKind::error))
        continue;
      if (!result) {
        result = next;
        continue;
      }
      Type now = resolved(result);
      bool nowOptional = now->is(TypeKind::optional), nextOptional = next->is(TypeKind::optional);
      Conversion ignored;
      // A value and an absent one make an optional of the value.
      if (nextOptional && !nowOptional && inference.fits(now, next->element))
        result = next;
      else if (inference.fits(next, now) || conversion(next, now, ignored))
        continue;
      else if (inference.fits(now, next) || conversion(now, next, ignored = {}))
        result = next;
      else if (seen(now) == seen(next))
        result = seen(now); // Two aliases of one base.
      else
        return nullptr;
    }
    if (!result)
      return branches.empty() || typeOf(branches[0])->is(TypeKind::error) ? fail() : simple(TypeKind::never);
  }
  for (const syntax::Expr *branch : branches)
    if (!convert(branch, result))
      return nullptr;
  return result;
}

Type Checker::inferBranches(const std::vector<const syntax::Expr *> &branches, Type hint, const char *what, bool drop) {
  bool known = hint && !Inference::open(inference.settle(hint));
  for (const syntax::Expr *branch : branches) {
    discard = drop;
    infer(branch, known ? hint : nullptr);
  }
  if (drop) {
    // Nobody looks at the value, so branches of different types are no mistake.
    for (const syntax::Expr *branch : branches)
      if (!resolved(info(branch).type)->is(TypeKind::never))
        return simple(TypeKind::none);
    return simple(TypeKind::never);
  }
  return joinedOrTold(branches, hint, what);
}

Type Checker::joinedOrTold(const std::vector<const syntax::Expr *> &branches, Type hint, const char *what) {
  if (Type type = joined(branches, hint))
    return type;
  bool known = hint && !Inference::open(inference.settle(hint));
  const syntax::Expr *first = nullptr;
  for (const syntax::Expr *branch : branches) {
    Type type = info(branch).type;
    if (resolved(type)->is(TypeKind::never) || resolved(type)->is(TypeKind::error))
      continue;
    if (known) {
      if (!convert(branch, hint))
        mismatch(branch, hint, type);
      continue;
    }
    if (!first) {
      first = branch;
      continue;
    }
    Conversion ignored;
    if (!conversion(type, info(first).type, ignored)) {
      const syntax::Expr *one = valueOf(first), *other = valueOf(branch);
      error(Code::branchesDisagree, other->span,
            std::string(what) + " disagree: " + show(info(first).type) + " and " + show(type))
          .mark(show(type))
          .note(one->span, show(info(first).type));
      break;
    }
  }
  return fail();
}

const syntax::Expr *Checker::valueOf(const syntax::Expr *expr) const {
  while (const auto *block = syntax::as<syntax::BlockExpr>(expr)) {
    const auto *last = syntax::as<syntax::ExprStmt>(block->statements.back());
    if (!last)
      return expr;
    expr = last->expr;
  }
  return expr;
}

} // namespace weft::sema

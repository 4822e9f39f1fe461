//===- Expressions.cpp - What an expression is: dispatch ------------------===//
//
// Every expression passes through `infer` once, and its type is noted there, so
// that no table has holes.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Checker.h"

namespace weft::sema {
using syntax::as;
using syntax::ExprKind;

namespace {
/// Deeper trees than people write: operators in a chain nest without brackets.
constexpr unsigned maxDepth = 1'500;
} // namespace

Type Checker::seen(Type type) const {
  type = inference.resolve(type);
  while (type->is(TypeKind::alias) && type->element)
    type = inference.resolve(type->element);
  return type;
}

Symbol *Checker::original(Symbol *symbol) const {
  auto found = aliasOf.find(symbol);
  if (found == aliasOf.end())
    return symbol;
  found->second->used = true;
  return found->second;
}

Symbol *Checker::inModule(const std::string &name) {
  Symbol *symbol = moduleScopes[body.module].find(name);
  return symbol ? original(symbol) : nullptr;
}

Type Checker::infer(const syntax::Expr *expr, Type hint) {
  if (depth >= maxDepth) {
    error(Code::notCarried, expr->span, "the expression nests deeper than " + std::to_string(maxDepth) + " levels")
        .hint("name a part of it with `let`");
    info(expr).type = fail();
    return fail();
  }
  ++depth;
  dropped = std::exchange(discard, false);
  Type type = body.place == Place::tensorFn && !allowedInTensorFn(expr) ? fail() : inferAny(expr, hint);
  --depth;
  info(expr).type = type;
  body.exprs.push_back(expr);
  return type;
}

Type Checker::inferAny(const syntax::Expr *expr, Type hint) {
  switch (expr->kind) {
  case ExprKind::none:
    if (hint && seen(hint)->is(TypeKind::none))
      return simple(TypeKind::none); // What a call without a result gives: its one value.
    return program.types.optional(hint && seen(hint)->is(TypeKind::optional) ? seen(hint)->element : inference.fresh());
  case ExprKind::boolean:
    return simple(TypeKind::boolean);
  case ExprKind::integer:
    return simple(TypeKind::integer);
  case ExprKind::floating:
    return simple(TypeKind::floating);
  case ExprKind::quantity:
    return quantityType(as<syntax::QuantityExpr>(expr));
  case ExprKind::rate:
    error(Code::notAValue, expr->span, "a rate stands in the body of a model or a cluster only");
    return fail();
  case ExprKind::string:
    return inferString(as<syntax::StringExpr>(expr));
  case ExprKind::list:
    return inferList(as<syntax::ListExpr>(expr), hint);
  case ExprKind::tuple:
    return inferTuple(as<syntax::TupleExpr>(expr), hint);
  case ExprKind::record:
    return inferRecord(as<syntax::RecordExpr>(expr), hint);
  case ExprKind::map:
    return inferMap(as<syntax::MapExpr>(expr), hint);
  case ExprKind::name:
    return inferName(as<syntax::NameExpr>(expr), hint);
  case ExprKind::member:
    return inferMember(as<syntax::MemberExpr>(expr), hint);
  case ExprKind::tupleIndex:
    return inferTupleIndex(as<syntax::TupleIndexExpr>(expr));
  case ExprKind::index:
    return inferIndex(as<syntax::IndexExpr>(expr));
  case ExprKind::call:
    return inferCall(as<syntax::CallExpr>(expr), hint);
  case ExprKind::asType:
    return inferAs(as<syntax::AsExpr>(expr));
  case ExprKind::with:
    return inferWith(as<syntax::WithExpr>(expr), hint);
  case ExprKind::unary:
    return inferUnary(as<syntax::UnaryExpr>(expr));
  case ExprKind::binary:
    return inferBinary(as<syntax::BinaryExpr>(expr), hint);
  case ExprKind::lambda:
    return inferLambda(as<syntax::LambdaExpr>(expr), hint);
  case ExprKind::block:
    return inScope([&] { return inferBlock(as<syntax::BlockExpr>(expr), hint); });
  case ExprKind::ifElse:
    return inferIf(as<syntax::IfExpr>(expr), hint);
  case ExprKind::match:
    return inferMatch(as<syntax::MatchExpr>(expr), hint);
  case ExprKind::forEach:
    return inferFor(as<syntax::ForExpr>(expr), hint);
  case ExprKind::loop:
    return inferLoop(as<syntax::LoopExpr>(expr), hint);
  case ExprKind::race:
    return inferRace(as<syntax::RaceExpr>(expr), hint);
  case ExprKind::vote:
    return inferVote(as<syntax::VoteExpr>(expr), hint);
  case ExprKind::tryCatch:
    return inferTry(as<syntax::TryExpr>(expr), hint);
  case ExprKind::atomic:
    error(Code::atomicNotCarried, expr->span, "atomic blocks are not carried by this build");
    return fail();
  case ExprKind::breakLoop:
    return inferEnd(expr, as<syntax::BreakExpr>(expr)->value);
  case ExprKind::continueLoop:
    return inferEnd(expr, as<syntax::ContinueExpr>(expr)->value);
  case ExprKind::fail:
    check(as<syntax::FailExpr>(expr)->why, simple(TypeKind::string));
    return simple(TypeKind::never);
  case ExprKind::assertThat: {
    const auto *e = as<syntax::AssertExpr>(expr);
    check(e->condition, simple(TypeKind::boolean));
    if (e->why)
      check(e->why, simple(TypeKind::string));
    return simple(TypeKind::none);
  }
  case ExprKind::emit: {
    const auto *e = as<syntax::EmitExpr>(expr);
    if (body.place == Place::workflow && body.emits && body.lambdas) {
      infer(e->value);
      error(Code::notPureHere, expr->span, "a lambda may not emit").hint("walk with `for x in xs { … }`, which may");
      return simple(TypeKind::none);
    }
    if (body.place != Place::workflow || !body.emits) {
      infer(e->value);
      Diagnostic &report = error(Code::emitWithoutType, expr->span, "the header does not say what is emitted");
      if (body.callable && body.place == Place::workflow)
        report.note(body.callable->symbol->span, "add `emits T` to this workflow");
      return simple(TypeKind::none);
    }
    check(e->value, body.emits, {"what the workflow emits", body.callable->symbol->span});
    return simple(TypeKind::none);
  }
  }
  return fail();
}

Type Checker::inferBlock(const syntax::BlockExpr *block, Type hint) {
  bool drop = dropped || (hint && hint->is(TypeKind::none));
  const auto &statements = block->statements;
  for (std::size_t i = 0; i + 1 < statements.size(); ++i) {
    checkStatement(statements[i]);
    const auto *plain = as<syntax::ExprStmt>(statements[i]);
    if (plain && info(plain->expr).type && resolved(info(plain->expr).type)->is(TypeKind::never) &&
        plain->expr->kind != ExprKind::breakLoop && plain->expr->kind != ExprKind::continueLoop) {
      error(Code::unreachableCode, statements[i + 1]->span, "this is never reached")
          .note(plain->expr->span, "what stands here always fails");
      // What follows is still checked: names and types there are mistakes of their own.
    }
  }
  const auto *last = as<syntax::ExprStmt>(statements.back());
  if (last && !drop) {
    Type type = infer(last->expr, hint);
    if (hint && !Inference::open(inference.settle(hint)) && convert(last->expr, hint))
      return hint;
    return type;
  }
  checkStatement(statements.back());
  return last && resolved(info(last->expr).type)->is(TypeKind::never) ? simple(TypeKind::never)
                                                                      : simple(TypeKind::none);
}

void Checker::checkStatement(const syntax::Stmt *stmt) {
  if (const auto *let = as<syntax::LetStmt>(stmt)) {
    Type type = let->type ? resolveType(let->type) : nullptr;
    if (type)
      check(let->value, type, {"the type is given here", let->type->span});
    else
      type = infer(let->value);
    if (resolved(type)->is(TypeKind::never)) {
      error(Code::unreachableCode, let->value->span, "this always fails, so nothing is ever bound");
      type = fail();
    }
    bindPattern(let->pattern, type);
    if (const auto *named = as<syntax::NamePattern>(let->pattern))
      if (auto found = module().symbols.find(named->id); found != module().symbols.end())
        found->second->constant = known(let->value);
  } else if (const auto *plain = as<syntax::ExprStmt>(stmt)) {
    inferDiscarded(plain->expr);
  } else if (!body.test) {
    error(Code::testOnly, stmt->span, "this stands in tests only");
  } else if (const auto *mock = as<syntax::MockStmt>(stmt)) {
    checkMock(mock, *body.test);
  } else if (const auto *replay = as<syntax::ReplayStmt>(stmt)) {
    body.test->recordings.push_back(replay->recording->plainText());
  } else if (as<syntax::CrashStmt>(stmt)) {
    body.test->crashEverywhere = true;
  }
}

void Checker::inferDiscarded(const syntax::Expr *expr) {
  discard = true;
  infer(expr);
}

} // namespace weft::sema

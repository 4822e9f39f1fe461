//===- Forms.cpp - if, match, for, race, vote, try ------------------------===//

#include "lang/lowering/BodyEmitter.h"

using namespace mlir;

namespace weft::lowering {

using expr::Kind;
using syntax::ExprKind;

namespace {

/// Visits the expressions directly below one.
void visitParts(const syntax::Expr *expr, const std::function<void(const syntax::Expr *)> &visit);

} // namespace

/// Whether it can be computed in `expr`: no call that reaches outside, and no form that only `flow` has.
bool BodyEmitter::isPlain(const syntax::Expr *expr) {
  if (module.program.of(expr).effect != sema::Effect::pure)
    return false;
  switch (expr->kind) {
  case ExprKind::loop:
  case ExprKind::race:
  case ExprKind::vote:
  case ExprKind::tryCatch:
  case ExprKind::atomic:
  case ExprKind::emit:
  case ExprKind::with:
    return false;
  default:
    break;
  }
  // A workflow that calls nothing is pure, and is a step all the same.
  if (const sema::CallInfo *call = module.program.call(expr))
    switch (call->kind) {
    case sema::CalleeKind::fn:
    case sema::CalleeKind::core:
    case sema::CalleeKind::closure:
    case sema::CalleeKind::caseOf:
    case sema::CalleeKind::copy:
      break;
    default:
      return false;
    }
  bool plain = true;
  visitParts(expr, [&](const syntax::Expr *part) { plain &= isPlain(part); });
  return plain;
}

void BodyEmitter::fill(Region &region, TypeRange arguments, source::Span span, Type wanted, const RegionMaker &make) {
  OpBuilder::InsertionGuard guard(builder);
  SmallVector<Location> places(arguments.size(), module.at(span));
  Block *body = builder.createBlock(&region, region.end(), arguments, places);
  Value value = make(body->getArguments());
  yield(span, wanted ? as(span, value, wanted) : value);
}

/// A choice between bodies: in `expr` where `expr` is plain, else a step.
Value BodyEmitter::branch(const syntax::Expr *expr, Value selector, Type wanted, ArrayRef<Maker> makers) {
  if (pure || isPlain(expr))
    return choose(expr->span, selector, wanted, makers);
  auto op = flow::SwitchOp::create(builder, module.at(expr->span), wanted, selector, ValueRange(), stepId("choice"),
                                   makers.size());
  for (auto [region, make] : llvm::zip(op.getArms(), makers))
    fill(region, {}, expr->span, wanted, [&make = make](ValueRange) { return make(); });
  return op.getResult();
}

Value BodyEmitter::ifElse(const syntax::IfExpr *expr, Type wanted) {
  Value condition = emit(expr->condition);
  return branch(expr, condition, wanted,
                {[&] { return emit(expr->thenBlock, wanted); },
                 [&] { return expr->otherwise ? emit(expr->otherwise, wanted) : none(expr->span, wanted); }});
}

Value BodyEmitter::match(const syntax::MatchExpr *expr, Type wanted) {
  Value subject = emit(expr->subject);
  SmallVector<Maker> makers;
  for (const syntax::Arm *arm : expr->arms)
    makers.push_back([this, arm, subject, wanted] {
      bindPattern(arm->pattern, subject);
      return emit(arm->body, wanted);
    });
  // The subject was computed before; whether the arms wait decides.
  bool plain = llvm::all_of(expr->arms, [&](const syntax::Arm *arm) { return isPlain(arm->body); });
  Value selector = selectArm(expr, expr->arms, subject);
  return plain ? choose(expr->span, selector, wanted, makers) : branch(expr, selector, wanted, makers);
}

Value BodyEmitter::forEach(const syntax::ForExpr *expr) {
  source::Span span = expr->span;
  Value items = emit(expr->items);
  sema::Type itemsType = sema::base(module.program.of(expr->items).finalType());
  Type item = typeOf(module.program.pattern(expr->pattern).type), result = typeOf(module.program.of(expr).type);
  if (itemsType->is(sema::TypeKind::map))
    items = builtin(span, "entries", items, expr::of(Kind::list, item));
  Type element = cast<expr::ValueType>(result).getElements()[0];
  if (pure || isPlain(expr->body)) {
    auto function = expr::ValueType::get(builder.getContext(), Kind::function, FlatSymbolRefAttr(), {item, element});
    auto op = expr::LambdaOp::create(builder, module.at(span), function);
    bool outside = std::exchange(pure, true);
    fill(op.getBody(), item, span, element, [&](ValueRange given) {
      bindPattern(expr->pattern, given[0]);
      return emit(expr->body, element);
    });
    pure = outside;
    return builtin(span, "map", {items, op.getResult()}, result);
  }
  Value window = expr->parallel ? emit(expr->parallel) : Value();
  auto op = flow::MapOp::create(builder, module.at(span), result, items, window, ValueRange(), stepId("for"));
  fill(op.getBody(), item, span, element, [&](ValueRange given) {
    bindPattern(expr->pattern, given[0]);
    return emit(expr->body, element);
  });
  return op.getResult();
}

bool BodyEmitter::isFold(const syntax::Expr *expr) {
  const sema::CallInfo *call = module.program.call(expr);
  return call && call->kind == sema::CalleeKind::core && call->builtin == sema::BuiltinId::reduce && !pure &&
         !isPlain(call->arguments[2].value);
}

/// `reduce` over calls. The function is a lambda with steps, or named and has a call of its own.
Value BodyEmitter::fold(const syntax::Expr *expr, const sema::CallInfo &info) {
  source::Span span = expr->span;
  const syntax::Expr *function = info.arguments[2].value;
  const auto *lambda = syntax::as<syntax::LambdaExpr>(function);
  Type carried = typeOf(info.result);
  Value items = emit(info.arguments[0].value), init = emit(info.arguments[1].value, carried);
  Type item = cast<expr::ValueType>(items.getType()).getElements()[0];
  bool tree = module.program.foldsAsTree(function);
  auto op = flow::FoldOp::create(builder, module.at(span), carried, items, init, ValueRange(),
                                 tree ? builder.getUnitAttr() : UnitAttr(), stepId("reduce"));
  fill(op.getBody(), {carried, item}, span, carried, [&](ValueRange given) {
    if (!lambda)
      return call(function, *module.program.call(function), {given[0], given[1]});
    for (auto [parameter, value] : llvm::zip(lambda->parameters, given))
      bind(module.program.symbol(parameter), value);
    return emit(lambda->body, carried);
  });
  return op.getResult();
}

Value BodyEmitter::race(const syntax::RaceExpr *expr, Type wanted) {
  auto op = flow::RaceOp::create(builder, module.at(expr->span), wanted, ValueRange(), stepId("race"),
                                 expr->alternatives.size());
  for (auto [region, alternative] : llvm::zip(op.getArms(), expr->alternatives))
    fill(region, {}, expr->span, wanted,
         [&, alternative = alternative](ValueRange) { return emit(alternative, wanted); });
  return op.getResult();
}

Value BodyEmitter::vote(const syntax::VoteExpr *expr) {
  source::Span span = expr->span;
  Value keep = emit(expr->keep), samples = expr->samples ? emit(expr->samples) : keep;
  Type sample = typeOf(module.program.of(expr->body).finalType()), list = expr::of(Kind::list, sample);
  auto op = flow::VoteOp::create(builder, module.at(span), list, keep, samples, ValueRange(), stepId("vote"));
  fill(op.getBody(), {}, span, sample, [&](ValueRange) { return emit(expr->body, sample); });
  const sema::CallInfo *judge = expr->judge ? module.program.call(expr) : nullptr;
  return judge ? call(expr, *judge, op.getResult()) : op.getResult();
}

Value BodyEmitter::tryCatch(const syntax::TryExpr *expr, Type wanted) {
  source::Span span = expr->span;
  Type error = typeOf(module.program.types.failure());
  auto op = flow::TryOp::create(builder, module.at(span), wanted, ValueRange(), stepId("try"));
  fill(op.getBody(), {}, span, wanted, [&](ValueRange) { return emit(expr->body, wanted); });
  fill(op.getHandler(), error, span, wanted, [&](ValueRange given) {
    Value caught = given[0];
    SmallVector<Maker> makers;
    for (const syntax::Arm *arm : expr->arms)
      makers.push_back([this, arm, caught, wanted] {
        bindPattern(arm->pattern, caught);
        return emit(arm->body, wanted);
      });
    // What no arm names goes on up.
    makers.push_back([&] {
      flow::FailOp::create(builder, module.at(span), flow::FailKindAttr(), caught, stepId("raise"));
      return none(span, wanted);
    });
    auto choice = flow::SwitchOp::create(builder, module.at(span), wanted, selectFailure(expr->arms, caught),
                                         ValueRange(), stepId("catch"), makers.size());
    for (auto [region, make] : llvm::zip(choice.getArms(), makers))
      fill(region, {}, span, wanted, [&make = make](ValueRange) { return make(); });
    return choice.getResult();
  });
  return op.getResult();
}

namespace {

void visitBlock(const syntax::BlockExpr *block, const std::function<void(const syntax::Expr *)> &visit) {
  for (const syntax::Stmt *stmt : block->statements)
    if (auto *expression = syntax::as<syntax::ExprStmt>(stmt))
      visit(expression->expr);
    else if (auto *let = syntax::as<syntax::LetStmt>(stmt))
      visit(let->value);
}

void visitParts(const syntax::Expr *expr, const std::function<void(const syntax::Expr *)> &visit) {
  using syntax::as;
  if (auto *block = as<syntax::BlockExpr>(expr))
    return visitBlock(block, visit);
  if (auto *choice = as<syntax::IfExpr>(expr)) {
    visit(choice->condition);
    visit(choice->thenBlock);
    if (choice->otherwise)
      visit(choice->otherwise);
  } else if (auto *match = as<syntax::MatchExpr>(expr)) {
    visit(match->subject);
    for (const syntax::Arm *arm : match->arms)
      visit(arm->body);
  } else if (auto *each = as<syntax::ForExpr>(expr)) {
    visit(each->items);
    visit(each->body);
  } else if (auto *call = as<syntax::CallExpr>(expr)) {
    visit(call->callee);
    for (const syntax::Argument &argument : call->arguments)
      visit(argument.value);
  } else if (auto *binary = as<syntax::BinaryExpr>(expr)) {
    visit(binary->left);
    visit(binary->right);
  } else if (auto *unary = as<syntax::UnaryExpr>(expr)) {
    visit(unary->operand);
  } else if (auto *lambda = as<syntax::LambdaExpr>(expr)) {
    visit(lambda->body); // That of a `reduce` may call.
  } else if (auto *member = as<syntax::MemberExpr>(expr)) {
    visit(member->object);
  } else if (auto *tuple = as<syntax::TupleIndexExpr>(expr)) {
    visit(tuple->object);
  } else if (auto *index = as<syntax::IndexExpr>(expr)) {
    visit(index->object);
    visit(index->index);
  } else if (auto *cast = as<syntax::AsExpr>(expr)) {
    visit(cast->operand);
  } else if (auto *list = as<syntax::ListExpr>(expr)) {
    llvm::for_each(list->elements, visit);
  } else if (auto *made = as<syntax::TupleExpr>(expr)) {
    llvm::for_each(made->elements, visit);
  } else if (auto *record = as<syntax::RecordExpr>(expr)) {
    for (const syntax::Entry *entry : record->entries)
      visit(entry->value);
  } else if (auto *map = as<syntax::MapExpr>(expr)) {
    for (const syntax::MapEntry &entry : map->entries)
      visit(entry.value);
  } else if (auto *string = as<syntax::StringExpr>(expr)) {
    for (const syntax::StringPiece &piece : string->pieces)
      if (piece.hole)
        visit(piece.hole);
  } else if (auto *assertion = as<syntax::AssertExpr>(expr)) {
    visit(assertion->condition);
    if (assertion->why)
      visit(assertion->why);
  } else if (auto *failure = as<syntax::FailExpr>(expr)) {
    visit(failure->why);
  } else if (auto *stops = as<syntax::BreakExpr>(expr)) {
    visit(stops->value);
  } else if (auto *goesOn = as<syntax::ContinueExpr>(expr)) {
    visit(goesOn->value);
  }
}

} // namespace

} // namespace weft::lowering

//===- Walk.cpp - The expressions below an expression ---------------------===//

#include "lang/sema/Walk.h"

namespace weft::sema {
using namespace syntax;

namespace {

using Visit = std::function<void(const Expr *)>;

void ifThere(const Expr *expr, const Visit &visit) {
  if (expr)
    visit(expr);
}

void statements(const BlockExpr *block, const Visit &visit) {
  for (const Stmt *stmt : block->statements) {
    if (const auto *let = as<LetStmt>(stmt))
      visit(let->value);
    else if (const auto *plain = as<ExprStmt>(stmt))
      visit(plain->expr);
    else if (const auto *mock = as<MockStmt>(stmt)) {
      visit(mock->target);
      visit(mock->value);
    }
  }
}

template <typename List> void entries(const List &list, const Visit &visit) {
  for (const Entry *entry : list)
    visit(entry->value);
}

void parameters(const std::vector<Param *> &list, const Visit &visit) {
  for (const Param *param : list) {
    ifThere(param->where, visit);
    ifThere(param->defaultValue, visit);
  }
}

void clusterItems(const std::vector<ClusterItem *> &items, const Visit &visit) {
  for (const ClusterItem *item : items) {
    ifThere(item->value, visit);
    clusterItems(item->items, visit);
  }
}
} // namespace

void forEachChild(const Expr *expr, const Visit &visit) {
  if (const auto *e = as<RateExpr>(expr)) {
    visit(e->amount);
  } else if (const auto *e = as<StringExpr>(expr)) {
    for (const StringPiece &piece : e->pieces)
      ifThere(piece.hole, visit);
  } else if (const auto *e = as<ListExpr>(expr)) {
    for (const Expr *element : e->elements)
      visit(element);
  } else if (const auto *e = as<TupleExpr>(expr)) {
    for (const Expr *element : e->elements)
      visit(element);
  } else if (const auto *e = as<RecordExpr>(expr)) {
    entries(e->entries, visit);
  } else if (const auto *e = as<MapExpr>(expr)) {
    for (const MapEntry &entry : e->entries) {
      visit(entry.key);
      visit(entry.value);
    }
  } else if (const auto *e = as<MemberExpr>(expr)) {
    visit(e->object);
  } else if (const auto *e = as<TupleIndexExpr>(expr)) {
    visit(e->object);
  } else if (const auto *e = as<IndexExpr>(expr)) {
    visit(e->object);
    visit(e->index);
  } else if (const auto *e = as<CallExpr>(expr)) {
    visit(e->callee);
    for (const Argument &argument : e->arguments)
      visit(argument.value);
  } else if (const auto *e = as<AsExpr>(expr)) {
    visit(e->operand);
  } else if (const auto *e = as<WithExpr>(expr)) {
    visit(e->operand);
    entries(e->policy, visit);
  } else if (const auto *e = as<UnaryExpr>(expr)) {
    visit(e->operand);
  } else if (const auto *e = as<BinaryExpr>(expr)) {
    visit(e->left);
    visit(e->right);
  } else if (const auto *e = as<LambdaExpr>(expr)) {
    visit(e->body);
  } else if (const auto *e = as<BlockExpr>(expr)) {
    statements(e, visit);
  } else if (const auto *e = as<IfExpr>(expr)) {
    visit(e->condition);
    visit(e->thenBlock);
    ifThere(e->otherwise, visit);
  } else if (const auto *e = as<MatchExpr>(expr)) {
    visit(e->subject);
    for (const Arm *arm : e->arms)
      visit(arm->body);
  } else if (const auto *e = as<ForExpr>(expr)) {
    visit(e->items);
    ifThere(e->parallel, visit);
    visit(e->body);
  } else if (const auto *e = as<LoopExpr>(expr)) {
    visit(e->init);
    visit(e->max);
    visit(e->body);
    ifThere(e->otherwise, visit);
  } else if (const auto *e = as<RaceExpr>(expr)) {
    for (const Expr *alternative : e->alternatives)
      visit(alternative);
  } else if (const auto *e = as<VoteExpr>(expr)) {
    visit(e->keep);
    ifThere(e->samples, visit);
    visit(e->body);
    ifThere(e->judge, visit);
  } else if (const auto *e = as<TryExpr>(expr)) {
    visit(e->body);
    for (const Arm *arm : e->arms)
      visit(arm->body);
  } else if (const auto *e = as<AtomicExpr>(expr)) {
    visit(e->body);
  } else if (const auto *e = as<BreakExpr>(expr)) {
    visit(e->value);
  } else if (const auto *e = as<ContinueExpr>(expr)) {
    visit(e->value);
  } else if (const auto *e = as<FailExpr>(expr)) {
    visit(e->why);
  } else if (const auto *e = as<AssertExpr>(expr)) {
    visit(e->condition);
    ifThere(e->why, visit);
  } else if (const auto *e = as<EmitExpr>(expr)) {
    visit(e->value);
  }
}

void forEachExpr(const Expr *expr, const Visit &visit) {
  visit(expr);
  forEachChild(expr, [&](const Expr *child) { forEachExpr(child, visit); });
}

void forEachRoot(const Decl *decl, const Visit &visit) {
  if (const auto *d = as<RecordDecl>(decl)) {
    for (const syntax::Field *field : d->fields)
      ifThere(field->where, visit);
  } else if (const auto *d = as<SumDecl>(decl)) {
    for (const syntax::Case *one : d->cases)
      parameters(one->fields, visit);
  } else if (const auto *d = as<AliasDecl>(decl)) {
    ifThere(d->where, visit);
  } else if (const auto *d = as<DimDecl>(decl)) {
    for (const DimBinding *binding : d->bindings)
      visit(binding->value);
  } else if (const auto *d = as<ModelDecl>(decl)) {
    entries(d->entries, visit);
  } else if (const auto *d = as<ToolDecl>(decl)) {
    entries(d->entries, visit);
    for (const Member *member : d->members) {
      parameters(member->parameters, visit);
      ifThere(member->undo, visit);
      ifThere(member->request, visit);
    }
  } else if (const auto *d = as<AgentDecl>(decl)) {
    parameters(d->parameters, visit);
    entries(d->clauses.budget, visit);
    entries(d->entries, visit);
  } else if (const auto *d = as<FnDecl>(decl)) {
    parameters(d->parameters, visit);
    visit(d->body);
  } else if (const auto *d = as<WorkflowDecl>(decl)) {
    parameters(d->parameters, visit);
    entries(d->clauses.budget, visit);
    ifThere(d->clauses.depth, visit);
    visit(d->body);
  } else if (const auto *d = as<TestDecl>(decl)) {
    visit(d->body);
  } else if (const auto *d = as<MeshDecl>(decl)) {
    entries(d->axes, visit);
  } else if (const auto *d = as<TrainDecl>(decl)) {
    entries(d->entries, visit);
  } else if (const auto *d = as<ClusterDecl>(decl)) {
    clusterItems(d->items, visit);
  }
}

} // namespace weft::sema

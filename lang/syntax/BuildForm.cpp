//===- BuildForm.cpp - Blocks, statements and the forms that hold them ----===//
//
// `if match for loop race vote try atomic`, and what stands in a block.
//
//===----------------------------------------------------------------------===//

#include "lang/syntax/AstBuilder.h"

namespace weft::syntax {

Expr *AstBuilder::form(Grammar::FormContext *tree) {
  if (auto *found = dynamic_cast<Grammar::BlockFormContext *>(tree))
    return block(found->block());
  if (auto *found = dynamic_cast<Grammar::IfElseFormContext *>(tree))
    return ifElse(found->ifForm());
  if (auto *found = dynamic_cast<Grammar::ForFormContext *>(tree))
    return forEach(found);
  if (auto *found = dynamic_cast<Grammar::LoopFormContext *>(tree))
    return loop(found);
  if (auto *found = dynamic_cast<Grammar::VoteFormContext *>(tree))
    return vote(found);
  if (auto *found = dynamic_cast<Grammar::MatchFormContext *>(tree)) {
    auto *made = make<MatchExpr>(tree);
    made->subject = expr(found->expr());
    made->arms = arms(found->arms());
    return made;
  }
  if (auto *found = dynamic_cast<Grammar::RaceFormContext *>(tree)) {
    auto *made = make<RaceExpr>(tree);
    for (auto *part : found->expr())
      made->alternatives.push_back(expr(part));
    return made;
  }
  auto *made = make<AtomicExpr>(tree);
  made->body = block(dynamic_cast<Grammar::AtomicFormContext *>(tree)->block());
  return made;
}

Expr *AstBuilder::ifElse(Grammar::IfFormContext *tree) {
  auto *made = make<IfExpr>(tree);
  made->condition = expr(tree->expr());
  made->thenBlock = block(tree->block(0));
  if (tree->ifForm())
    made->otherwise = ifElse(tree->ifForm());
  else if (tree->block(1))
    made->otherwise = block(tree->block(1));
  return made;
}

Expr *AstBuilder::forEach(Grammar::ForFormContext *tree) {
  auto *made = make<ForExpr>(tree);
  made->pattern = pattern(tree->pattern());
  made->items = expr(tree->expr(0));
  if (tree->PARALLEL())
    made->parallel = expr(tree->expr(1));
  made->body = block(tree->block());
  return made;
}

Expr *AstBuilder::loop(Grammar::LoopFormContext *tree) {
  auto *made = make<LoopExpr>(tree);
  made->pattern = pattern(tree->pattern());
  made->init = expr(tree->expr(0));
  made->max = expr(tree->expr(1));
  made->body = block(tree->block(0));
  if (tree->block(1))
    made->otherwise = block(tree->block(1));
  return made;
}

Expr *AstBuilder::vote(Grammar::VoteFormContext *tree) {
  auto *made = make<VoteExpr>(tree);
  made->keep = expr(tree->expr(0));
  if (tree->OF())
    made->samples = expr(tree->expr(1));
  made->body = block(tree->block());
  if (tree->name())
    made->judge = path(tree->name(), tree->anyName());
  return made;
}

std::vector<Arm *> AstBuilder::arms(Grammar::ArmsContext *tree) {
  std::vector<Arm *> made;
  for (auto *part : tree->arm()) {
    auto *arm = make<Arm>(part);
    arm->pattern = pattern(part->pattern());
    arm->body = action(part->action());
    made.push_back(arm);
  }
  return made;
}

BlockExpr *AstBuilder::block(Grammar::BlockContext *tree) {
  auto *made = make<BlockExpr>(tree);
  for (auto *part : tree->statement())
    made->statements.push_back(statement(part));
  return made;
}

Stmt *AstBuilder::statement(Grammar::StatementContext *tree) {
  if (auto *found = dynamic_cast<Grammar::ActionStatementContext *>(tree)) {
    auto *made = make<ExprStmt>(tree);
    made->expr = action(found->action());
    return made;
  }
  if (auto *found = dynamic_cast<Grammar::LetStatementContext *>(tree)) {
    auto *made = make<LetStmt>(tree);
    made->pattern = pattern(found->pattern());
    if (found->type())
      made->type = type(found->type());
    made->value = expr(found->expr());
    return made;
  }
  if (auto *found = dynamic_cast<Grammar::MockStatementContext *>(tree)) {
    auto *made = make<MockStmt>(tree);
    made->target = path(found->name(), found->anyName());
    made->value = value(found->value());
    return made;
  }
  if (auto *found = dynamic_cast<Grammar::ReplayStatementContext *>(tree)) {
    auto *made = make<ReplayStmt>(tree);
    made->recording = plainString(found->string(), "the name of a recording");
    return made;
  }
  return make<CrashStmt>(tree);
}

Expr *AstBuilder::action(Grammar::ActionContext *tree) {
  if (auto *found = dynamic_cast<Grammar::ValueActionContext *>(tree))
    return expr(found->expr());
  if (auto *found = dynamic_cast<Grammar::BreakActionContext *>(tree)) {
    auto *made = make<BreakExpr>(tree);
    made->value = expr(found->expr());
    return made;
  }
  if (auto *found = dynamic_cast<Grammar::ContinueActionContext *>(tree)) {
    auto *made = make<ContinueExpr>(tree);
    made->value = expr(found->expr());
    return made;
  }
  if (auto *found = dynamic_cast<Grammar::FailActionContext *>(tree)) {
    auto *made = make<FailExpr>(tree);
    made->why = expr(found->expr());
    return made;
  }
  if (auto *found = dynamic_cast<Grammar::AssertActionContext *>(tree)) {
    auto *made = make<AssertExpr>(tree);
    made->condition = expr(found->expr(0));
    if (found->expr(1))
      made->why = expr(found->expr(1));
    return made;
  }
  auto *made = make<EmitExpr>(tree);
  made->value = expr(dynamic_cast<Grammar::EmitActionContext *>(tree)->expr());
  return made;
}

} // namespace weft::syntax

//===- TypeWalk.cpp - The types that a declaration writes down ------------===//

#include "lang/sema/TypeWalk.h"

#include "lang/sema/Walk.h"

namespace weft::sema {
using namespace syntax;

namespace {

using Visit = std::function<void(const NamedType *)>;

void named(const TypeExpr *type, const Visit &visit) {
  if (const auto *one = as<NamedType>(type)) {
    visit(one);
    for (const TypeExpr *argument : one->arguments)
      named(argument, visit);
  } else if (const auto *optional = as<OptionalType>(type)) {
    named(optional->inner, visit);
  } else if (const auto *tuple = as<TupleType>(type)) {
    for (const TypeExpr *element : tuple->elements)
      named(element, visit);
  } else if (const auto *function = as<FunctionType>(type)) {
    for (const TypeExpr *parameter : function->parameters)
      named(parameter, visit);
    named(function->result, visit);
  }
}

/// Parameters, and the fields of records and of cases.
template <typename List> void each(const List &list, const Visit &visit) {
  for (const auto *one : list)
    named(one->type, visit);
}

void ofHeader(const Decl *decl, const Visit &visit) {
  if (const auto *record = as<RecordDecl>(decl)) {
    each(record->fields, visit);
  } else if (const auto *sum = as<SumDecl>(decl)) {
    for (const syntax::Case *one : sum->cases)
      each(one->fields, visit);
  } else if (const auto *alias = as<AliasDecl>(decl)) {
    named(alias->type, visit);
  } else if (const auto *tool = as<ToolDecl>(decl)) {
    for (const Member *member : tool->members) {
      each(member->parameters, visit);
      named(member->result, visit);
    }
  } else if (const auto *agent = as<AgentDecl>(decl)) {
    each(agent->parameters, visit);
    named(agent->result, visit);
  } else if (const auto *fn = as<FnDecl>(decl)) {
    each(fn->parameters, visit);
    named(fn->result, visit);
  } else if (const auto *workflow = as<WorkflowDecl>(decl)) {
    each(workflow->parameters, visit);
    named(workflow->result, visit);
    named(workflow->clauses.emits, visit);
  } else if (const auto *store = as<StoreDecl>(decl)) {
    named(store->type, visit);
  }
}

} // namespace

void forEachNamedType(const Decl *decl, const Visit &visit) {
  ofHeader(decl, visit);
  forEachRoot(decl, [&](const Expr *root) {
    forEachExpr(root, [&](const Expr *expr) {
      if (const auto *typed = as<AsExpr>(expr))
        named(typed->type, visit);
      if (const auto *block = as<BlockExpr>(expr))
        for (const Stmt *stmt : block->statements)
          if (const auto *let = as<LetStmt>(stmt))
            named(let->type, visit);
    });
  });
}

} // namespace weft::sema

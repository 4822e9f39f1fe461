//===- PrintPattern.cpp - Patterns and statements as text -----------------===//
//
// A pattern's parts stand below it, as an expression's do.
//
//===----------------------------------------------------------------------===//

#include "lang/syntax/TreeWriter.h"

namespace weft::syntax {

void TreeWriter::pattern(const Pattern &node) {
  if (auto *name = as<NamePattern>(&node)) {
    line("pattern " + name->name.text, node);
  } else if (auto *literal = as<LiteralPattern>(&node)) {
    line("pattern literal", node);
    Deeper deeper(*this);
    expr(*literal->value);
  } else if (auto *caseOf = as<CasePattern>(&node)) {
    std::string type = caseOf->type.empty() ? "" : caseOf->type.text + ".";
    line("pattern case " + type + caseOf->name.text, node);
    Deeper deeper(*this);
    for (const Pattern *argument : caseOf->arguments)
      pattern(*argument);
  } else if (auto *tuple = as<TuplePattern>(&node)) {
    line("pattern tuple", node);
    Deeper deeper(*this);
    for (const Pattern *element : tuple->elements)
      pattern(*element);
  } else if (auto *record = as<RecordPattern>(&node)) {
    line("pattern record " + record->type.text, node);
    Deeper deeper(*this);
    for (const NamePattern *field : record->fields)
      pattern(*field);
  } else {
    line("pattern _", node);
  }
}

void TreeWriter::statement(const Stmt &node) {
  switch (node.kind) {
  case StmtKind::expression:
    expr(*as<ExprStmt>(&node)->expr);
    break;
  case StmtKind::let: {
    auto *let = as<LetStmt>(&node);
    line(let->type ? "let: " + spelling(*let->type) : "let", node);
    Deeper deeper(*this);
    pattern(*let->pattern);
    expr(*let->value);
    break;
  }
  case StmtKind::mock: {
    line("mock", node);
    Deeper deeper(*this);
    expr(*as<MockStmt>(&node)->target);
    part("with", as<MockStmt>(&node)->value);
    break;
  }
  case StmtKind::replay:
    line("replay " + quoted(as<ReplayStmt>(&node)->recording->plainText()), node);
    break;
  case StmtKind::crash:
    line("crash everywhere", node);
    break;
  }
}

} // namespace weft::syntax

//===- PrintForm.cpp - Forms, statements, patterns ------------------------===//
//
// Every block decides for itself whether it stands on one line.
//
//===----------------------------------------------------------------------===//

#include "lang/format/Printer.h"

#include "lang/syntax/AstPrinter.h"

namespace weft::format {

using namespace syntax;

Printer::Item Printer::statementItem(const Stmt &node) {
  bool goesOn = false;
  if (auto *plain = as<ExprStmt>(&node))
    goesOn = exprItem(*plain->expr).needsSeparator;
  return {node.span, {}, [this, &node] { return statement(node); }, goesOn};
}

Doc Printer::block(const BlockExpr &node) {
  std::vector<Item> items;
  for (const Stmt *each : node.statements)
    items.push_back(statementItem(*each));
  return bracketed(blockBraces, std::move(items), node.span.end);
}

Doc Printer::statement(const Stmt &node) {
  switch (node.kind) {
  case StmtKind::expression:
    return expr(*as<ExprStmt>(&node)->expr);
  case StmtKind::let: {
    auto *let = as<LetStmt>(&node);
    Doc head = pattern(*let->pattern);
    std::string type = let->type ? ": " + spelling(*let->type) : "";
    return concat({text("let "), head, text(type + " = "), expr(*let->value)});
  }
  case StmtKind::mock: {
    auto *mock = as<MockStmt>(&node);
    Doc target = expr(*mock->target);
    return concat({text("mock "), target, text(" => "), expr(*mock->value)});
  }
  case StmtKind::replay:
    return concat({text("replay "), expr(*as<ReplayStmt>(&node)->recording)});
  case StmtKind::crash:
    break;
  }
  return text("crash everywhere");
}

Doc Printer::ifElse(const IfExpr &node) {
  Doc condition = expr(*node.condition);
  std::vector<Doc> parts{text("if "), condition, text(" "), block(*node.thenBlock)};
  if (auto *next = as<IfExpr>(node.otherwise)) {
    parts.insert(parts.end(), {text(" else "), ifElse(*next)});
  } else if (auto *last = as<BlockExpr>(node.otherwise)) {
    parts.insert(parts.end(), {text(" else "), block(*last)});
  }
  return concat(std::move(parts));
}

Doc Printer::arms(const std::vector<Arm *> &nodes, std::uint32_t end) {
  std::vector<Item> items;
  for (const Arm *arm : nodes) {
    auto *name = as<NamePattern>(arm->pattern);
    bool goesOn = name && name->name.text == "by";
    items.push_back({arm->span,
                     {},
                     [this, arm] {
                       Doc left = pattern(*arm->pattern);
                       return concat({left, text(" => "), expr(*arm->body)});
                     },
                     goesOn});
  }
  return bracketed(entryBraces, std::move(items), end);
}

Doc Printer::form(const Expr &node) {
  auto word = [this](const char *before, const Expr *value) { return concat({text(before), expr(*value)}); };
  switch (node.kind) {
  case ExprKind::block:
    return block(*as<BlockExpr>(&node));
  case ExprKind::ifElse:
    return ifElse(*as<IfExpr>(&node));
  case ExprKind::match: {
    auto *match = as<MatchExpr>(&node);
    Doc subject = word("match ", match->subject);
    return concat({subject, text(" "), arms(match->arms, node.span.end)});
  }
  case ExprKind::tryCatch: {
    auto *attempt = as<TryExpr>(&node);
    Doc body = word("try ", attempt->body);
    return concat({body, text(" catch "), arms(attempt->arms, node.span.end)});
  }
  case ExprKind::forEach: {
    auto *each = as<ForExpr>(&node);
    std::vector<Doc> parts{text("for "), pattern(*each->pattern)};
    parts.push_back(word(" in ", each->items));
    if (each->parallel)
      parts.push_back(word(" parallel ", each->parallel));
    parts.push_back(text(" "));
    parts.push_back(block(*each->body));
    return concat(std::move(parts));
  }
  case ExprKind::loop: {
    auto *loop = as<LoopExpr>(&node);
    std::vector<Doc> parts{text("loop "), pattern(*loop->pattern)};
    parts.push_back(word(" = ", loop->init));
    parts.push_back(word(" max ", loop->max));
    parts.push_back(text(" "));
    parts.push_back(block(*loop->body));
    if (loop->otherwise) {
      parts.push_back(text(" else "));
      parts.push_back(block(*loop->otherwise));
    }
    return concat(std::move(parts));
  }
  case ExprKind::race: {
    std::vector<Item> items;
    for (const Expr *alternative : as<RaceExpr>(&node)->alternatives)
      items.push_back(exprItem(*alternative));
    return concat({text("race "), bracketed(entryBraces, std::move(items), node.span.end)});
  }
  case ExprKind::vote: {
    auto *vote = as<VoteExpr>(&node);
    std::vector<Doc> parts{word("vote ", vote->keep)};
    if (vote->samples)
      parts.push_back(word(" of ", vote->samples));
    parts.push_back(text(" "));
    parts.push_back(block(*vote->body));
    if (vote->judge)
      parts.push_back(word(" by ", vote->judge));
    return concat(std::move(parts));
  }
  case ExprKind::atomic:
    return concat({text("atomic "), block(*as<AtomicExpr>(&node)->body)});
  case ExprKind::breakLoop:
    return word("break ", as<BreakExpr>(&node)->value);
  case ExprKind::continueLoop:
    return word("continue ", as<ContinueExpr>(&node)->value);
  case ExprKind::fail:
    return word("fail ", as<FailExpr>(&node)->why);
  case ExprKind::emit:
    return word("emit ", as<EmitExpr>(&node)->value);
  default: {
    auto *check = as<AssertExpr>(&node);
    Doc condition = word("assert ", check->condition);
    return check->why ? concat({condition, word(", ", check->why)}) : condition;
  }
  }
}

Doc Printer::pattern(const Pattern &node) {
  auto list = [this](const std::vector<Pattern *> &parts) {
    std::vector<Doc> docs;
    for (const Pattern *part : parts)
      docs.push_back(pattern(*part));
    return concat({text("("), join(docs, text(", ")), text(")")});
  };
  switch (node.kind) {
  case PatternKind::wildcard:
    return text("_");
  case PatternKind::name:
    return text(as<NamePattern>(&node)->name.text);
  case PatternKind::literal:
    return expr(*as<LiteralPattern>(&node)->value);
  case PatternKind::caseOf: {
    auto *found = as<CasePattern>(&node);
    std::string type = found->type.empty() ? "" : found->type.text + ".";
    Doc name = text(type + found->name.text);
    return found->hasArguments ? concat({name, list(found->arguments)}) : name;
  }
  case PatternKind::tuple:
    return list(as<TuplePattern>(&node)->elements);
  case PatternKind::record: {
    std::string names;
    for (const NamePattern *field : as<RecordPattern>(&node)->fields)
      names += (names.empty() ? "" : ", ") + field->name.text;
    return text(as<RecordPattern>(&node)->type.text + " { " + names + " }");
  }
  }
  return text("");
}

} // namespace weft::format

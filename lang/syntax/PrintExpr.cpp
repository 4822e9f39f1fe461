//===- PrintExpr.cpp - Expressions as text --------------------------------===//
//
// Operands below their operator, parts of forms below a word that names them.
//
//===----------------------------------------------------------------------===//

#include "lang/syntax/TreeWriter.h"

#include <cstdio>
#include <cstdlib>

namespace weft::syntax {
namespace {

const char *unitOf(Quantity quantity) {
  switch (quantity) {
  case Quantity::duration:
    return "ns";
  case Quantity::size:
    return "bytes";
  case Quantity::money:
    return "nano-dollars";
  case Quantity::bandwidth:
    return "bits/s";
  case Quantity::compute:
    return "operations/s";
  }
  return "";
}

const char *baseOf(RateBase base) {
  return base == RateBase::time ? "ns" : base == RateBase::tokens ? "tokens" : "calls";
}

/// The shortest form that reads back as the same number.
std::string shortest(double value) {
  char text[40];
  for (int digits = 1; digits <= 17; ++digits) {
    std::snprintf(text, sizeof text, "%.*g", digits, value);
    if (std::strtod(text, nullptr) == value)
      break;
  }
  return text;
}

} // namespace

void TreeWriter::part(const char *label, const Expr *child) {
  if (!child)
    return;
  line(label);
  Deeper deeper(*this);
  expr(*child);
}

void TreeWriter::literal(const Expr &node) {
  if (auto *boolean = as<BoolExpr>(&node))
    line(boolean->value ? "true" : "false", node);
  else if (auto *integer = as<IntExpr>(&node))
    line("int " + std::to_string(integer->value), node);
  else if (auto *floating = as<FloatExpr>(&node))
    line("float " + shortest(floating->value), node);
  else if (auto *quantity = as<QuantityExpr>(&node))
    line("quantity " + std::to_string(quantity->amount) + " " + unitOf(quantity->quantity) + " `" + quantity->text +
             "`",
         node);
  else if (auto *rate = as<RateExpr>(&node)) {
    line("rate per " + std::to_string(rate->perAmount) + " " + baseOf(rate->base), node);
    Deeper deeper(*this);
    expr(*rate->amount);
  } else {
    line("none", node);
  }
}

void TreeWriter::string(const StringExpr &node) {
  if (node.isPlain()) {
    line("string " + quoted(node.plainText()), node);
    return;
  }
  line("string of", node);
  Deeper deeper(*this);
  for (const StringPiece &piece : node.pieces) {
    if (piece.hole)
      expr(*piece.hole);
    else
      line("text " + quoted(piece.text));
  }
}

void TreeWriter::entry(const Entry &node) {
  line("entry " + node.key.text, node);
  Deeper deeper(*this);
  documentation(node.doc);
  expr(*node.value);
}

void TreeWriter::entries(const std::vector<Entry *> &nodes) {
  for (const Entry *each : nodes)
    entry(*each);
}

void TreeWriter::access(const Expr &node) {
  if (auto *name = as<NameExpr>(&node)) {
    line("name " + name->name.text, node);
  } else if (auto *member = as<MemberExpr>(&node)) {
    line("member " + member->member.text, node);
    Deeper deeper(*this);
    expr(*member->object);
  } else if (auto *place = as<TupleIndexExpr>(&node)) {
    line("place " + std::to_string(place->index), node);
    Deeper deeper(*this);
    expr(*place->object);
  } else if (auto *index = as<IndexExpr>(&node)) {
    line("index", node);
    Deeper deeper(*this);
    expr(*index->object);
    expr(*index->index);
  } else if (auto *call = as<CallExpr>(&node)) {
    line("call", node);
    Deeper deeper(*this);
    expr(*call->callee);
    for (const Argument &argument : call->arguments) {
      line(argument.name.empty() ? "argument" : "argument " + argument.name.text, argument.span);
      Deeper inArgument(*this);
      expr(*argument.value);
    }
  } else if (auto *typed = as<AsExpr>(&node)) {
    line("as " + spelling(*typed->type), node);
    Deeper deeper(*this);
    expr(*typed->operand);
  } else if (auto *with = as<WithExpr>(&node)) {
    line("with", node);
    Deeper deeper(*this);
    expr(*with->operand);
    entries(with->policy);
  }
}

void TreeWriter::operators(const Expr &node) {
  if (auto *unary = as<UnaryExpr>(&node)) {
    line(std::string("unary ") + spelling(unary->op), node);
    Deeper deeper(*this);
    expr(*unary->operand);
  } else if (auto *binary = as<BinaryExpr>(&node)) {
    line(std::string("binary ") + spelling(binary->op), node);
    Deeper deeper(*this);
    expr(*binary->left);
    expr(*binary->right);
  } else if (auto *lambda = as<LambdaExpr>(&node)) {
    std::string names;
    for (const LambdaParam *param : lambda->parameters)
      names += " " + param->name.text;
    line("lambda" + names, node);
    Deeper deeper(*this);
    expr(*lambda->body);
  }
}

void TreeWriter::arms(const std::vector<Arm *> &nodes) {
  for (const Arm *arm : nodes) {
    line("arm", *arm);
    Deeper deeper(*this);
    pattern(*arm->pattern);
    expr(*arm->body);
  }
}

void TreeWriter::form(const Expr &node) {
  auto head = [&](const char *text) { line(text, node); };
  if (auto *block = as<BlockExpr>(&node)) {
    head("block");
    Deeper deeper(*this);
    for (const Stmt *each : block->statements)
      statement(*each);
  } else if (auto *choice = as<IfExpr>(&node)) {
    head("if");
    Deeper deeper(*this);
    expr(*choice->condition);
    part("then", choice->thenBlock);
    part("else", choice->otherwise);
  } else if (auto *match = as<MatchExpr>(&node)) {
    head("match");
    Deeper deeper(*this);
    expr(*match->subject);
    arms(match->arms);
  } else if (auto *each = as<ForExpr>(&node)) {
    head("for");
    Deeper deeper(*this);
    pattern(*each->pattern);
    part("in", each->items);
    part("parallel", each->parallel);
    expr(*each->body);
  } else if (auto *loop = as<LoopExpr>(&node)) {
    head("loop");
    Deeper deeper(*this);
    pattern(*loop->pattern);
    part("from", loop->init);
    part("max", loop->max);
    expr(*loop->body);
    part("else", loop->otherwise);
  } else if (auto *race = as<RaceExpr>(&node)) {
    head("race");
    Deeper deeper(*this);
    for (const Expr *alternative : race->alternatives)
      expr(*alternative);
  } else if (auto *vote = as<VoteExpr>(&node)) {
    head("vote");
    Deeper deeper(*this);
    part("keep", vote->keep);
    part("of", vote->samples);
    expr(*vote->body);
    part("by", vote->judge);
  } else if (auto *attempt = as<TryExpr>(&node)) {
    head("try");
    Deeper deeper(*this);
    expr(*attempt->body);
    arms(attempt->arms);
  } else if (auto *atomic = as<AtomicExpr>(&node)) {
    head("atomic");
    Deeper deeper(*this);
    expr(*atomic->body);
  }
}

void TreeWriter::expr(const Expr &node) {
  auto one = [&](const char *text, const Expr *child) {
    line(text, node);
    Deeper deeper(*this);
    expr(*child);
  };
  switch (node.kind) {
  case ExprKind::none:
  case ExprKind::boolean:
  case ExprKind::integer:
  case ExprKind::floating:
  case ExprKind::quantity:
  case ExprKind::rate:
    return literal(node);
  case ExprKind::string:
    return string(*as<StringExpr>(&node));
  case ExprKind::list:
  case ExprKind::tuple: {
    auto *list = as<ListExpr>(&node);
    line(list ? "list" : "tuple", node);
    Deeper deeper(*this);
    for (const Expr *element : list ? list->elements : as<TupleExpr>(&node)->elements)
      expr(*element);
    return;
  }
  case ExprKind::record: {
    auto *record = as<RecordExpr>(&node);
    line(record->type.empty() ? "record" : "record " + record->type.text, node);
    Deeper deeper(*this);
    return entries(record->entries);
  }
  case ExprKind::map: {
    line("map", node);
    Deeper deeper(*this);
    for (const MapEntry &each : as<MapExpr>(&node)->entries) {
      part("key", each.key);
      part("value", each.value);
    }
    return;
  }
  case ExprKind::name:
  case ExprKind::member:
  case ExprKind::tupleIndex:
  case ExprKind::index:
  case ExprKind::call:
  case ExprKind::asType:
  case ExprKind::with:
    return access(node);
  case ExprKind::unary:
  case ExprKind::binary:
  case ExprKind::lambda:
    return operators(node);
  case ExprKind::block:
  case ExprKind::ifElse:
  case ExprKind::match:
  case ExprKind::forEach:
  case ExprKind::loop:
  case ExprKind::race:
  case ExprKind::vote:
  case ExprKind::tryCatch:
  case ExprKind::atomic:
    return form(node);
  case ExprKind::breakLoop:
    return one("break", as<BreakExpr>(&node)->value);
  case ExprKind::continueLoop:
    return one("continue", as<ContinueExpr>(&node)->value);
  case ExprKind::fail:
    return one("fail", as<FailExpr>(&node)->why);
  case ExprKind::emit:
    return one("emit", as<EmitExpr>(&node)->value);
  case ExprKind::assertThat:
    one("assert", as<AssertExpr>(&node)->condition);
    Deeper deeper(*this);
    return part("why", as<AssertExpr>(&node)->why);
  }
}

} // namespace weft::syntax

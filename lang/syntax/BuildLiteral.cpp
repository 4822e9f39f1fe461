//===- BuildLiteral.cpp - Numbers, strings, records, maps, paths ----------===//

#include "lang/syntax/AstBuilder.h"

#include "lang/syntax/Literals.h"

#include <limits>

namespace weft::syntax {

using diagnostics::Code;

Expr *AstBuilder::word(antlr4::Token *token) {
  if (token->getType() == Grammar::NONE)
    return module.make<NoneExpr>(span(token));
  auto *made = module.make<BoolExpr>(span(token));
  made->value = token->getType() == Grammar::TRUE;
  return made;
}

Expr *AstBuilder::number(antlr4::Token *token) {
  NumberValue read = readNumber(text(token), span(token), diagnostics);
  switch (read.form) {
  case NumberValue::Form::integer: {
    auto *made = module.make<IntExpr>(span(token));
    made->value = read.integer;
    return made;
  }
  case NumberValue::Form::floating: {
    auto *made = module.make<FloatExpr>(span(token));
    made->value = read.floating;
    return made;
  }
  case NumberValue::Form::quantity:
    break;
  }
  auto *made = module.make<QuantityExpr>(span(token));
  made->quantity = read.quantity;
  made->amount = read.integer;
  made->text = text(token);
  return made;
}

IntExpr *AstBuilder::leastInt(antlr4::ParserRuleContext *tree) {
  antlr4::Token *minus = tree->getStart(), *digits = tree->getStop();
  if (minus->getType() != Grammar::MINUS || digits->getType() != Grammar::NUMBER || !isLeastMagnitude(text(digits)) ||
      span(minus).end != span(digits).begin)
    return nullptr;
  auto *made = make<IntExpr>(tree);
  made->value = std::numeric_limits<std::int64_t>::min();
  return made;
}

Expr *AstBuilder::numberOrRate(Grammar::NumberPrimaryContext *tree) {
  Expr *amount = number(tree->getStart());
  if (!tree->PER())
    return amount;
  auto *quantity = as<QuantityExpr>(amount);
  if (quantity && quantity->quantity != Quantity::money)
    error(Code::unknownUnit, amount->span, "a rate counts plain numbers or money, not `" + quantity->text + "`")
        .hint("link speeds are one literal: `10MBps`");
  auto *made = make<RateExpr>(tree);
  antlr4::Token *unit = tree->getStop();
  RateUnit read = readRateUnit(text(unit), span(unit), diagnostics);
  made->amount = amount;
  made->base = read.base;
  made->perAmount = read.amount;
  made->text = std::string(file.text(made->span));
  return made;
}

StringExpr *AstBuilder::string(Grammar::StringContext *tree) {
  auto *made = make<StringExpr>(tree);
  made->isBlock = tree->BLOCK_QUOTE() != nullptr;
  std::vector<StringPart> parts;
  for (auto *child : tree->children) {
    if (auto *hole = dynamic_cast<Grammar::ExprContext *>(child)) {
      Expr *inside = expr(hole);
      parts.push_back({inside->span, {}, inside, false});
      continue;
    }
    antlr4::Token *token = dynamic_cast<antlr4::tree::TerminalNode *>(child)->getSymbol();
    if (token->getType() == Grammar::TEXT)
      parts.push_back({span(token), text(token), nullptr, false});
    else if (token->getType() == Grammar::ESCAPE)
      parts.push_back({span(token), readEscape(text(token), span(token), diagnostics), nullptr, true});
  }
  made->pieces = assemble(std::move(parts), made->isBlock);
  return made;
}

StringExpr *AstBuilder::plainString(Grammar::StringContext *tree, const char *what) {
  StringExpr *made = string(tree);
  for (const StringPiece &piece : made->pieces)
    if (piece.hole) {
      error(Code::plainStringNeeded, piece.span, std::string(what) + " holds no `${…}`")
          .hint("write the text itself; a dollar before a brace is `\\$`");
      break;
    }
  return made;
}

Entry *AstBuilder::entry(Grammar::EntryContext *tree) {
  auto *made = make<Entry>(tree);
  made->doc = doc(tree->getStart());
  made->key = name(tree->anyName());
  made->value = value(tree->value());
  return made;
}

std::vector<Entry *> AstBuilder::entries(Grammar::RecordContext *tree) {
  std::vector<Entry *> made;
  for (auto *part : tree->entry())
    made.push_back(entry(part));
  return made;
}

RecordExpr *AstBuilder::record(Grammar::RecordContext *tree) {
  auto *made = make<RecordExpr>(tree);
  made->entries = entries(tree);
  return made;
}

Expr *AstBuilder::map(Grammar::MapLiteralContext *tree) {
  auto *made = make<MapExpr>(tree);
  for (auto *part : tree->mapEntry())
    made->entries.push_back({string(part->string()), value(part->value())});
  return made;
}

Expr *AstBuilder::path(Grammar::NameContext *first, const std::vector<Grammar::AnyNameContext *> &rest) {
  auto *start = make<NameExpr>(first);
  start->name = name(first);
  Expr *made = start;
  for (auto *part : rest) {
    auto *member = module.make<MemberExpr>(source::join(made->span, span(part)));
    member->object = made;
    member->member = name(part);
    made = member;
  }
  return made;
}

} // namespace weft::syntax

//===- BuildExpr.cpp - Names, calls, operators ----------------------------===//
//
// Everything of an expression but literals and the forms that hold blocks.
//
//===----------------------------------------------------------------------===//

#include "lang/syntax/AstBuilder.h"

namespace weft::syntax {

using diagnostics::Code;

Expr *AstBuilder::value(Grammar::ValueContext *tree) {
  return tree->lambda() ? lambda(tree->lambda()) : expr(tree->expr());
}

Expr *AstBuilder::lambda(Grammar::LambdaContext *tree) {
  auto *made = make<LambdaExpr>(tree);
  for (auto *part : tree->name()) {
    auto *param = make<LambdaParam>(part);
    param->name = name(part);
    made->parameters.push_back(param);
  }
  made->body = expr(tree->expr());
  return made;
}

Expr *AstBuilder::expr(Grammar::ExprContext *tree) {
  if (auto *found = dynamic_cast<Grammar::LeafExprContext *>(tree))
    return leaf(found->leaf());
  if (auto *found = dynamic_cast<Grammar::BinaryExprContext *>(tree))
    return binary(found);
  if (auto *found = dynamic_cast<Grammar::TryExprContext *>(tree)) {
    auto *made = make<TryExpr>(tree);
    made->body = expr(found->expr());
    made->arms = arms(found->arms());
    return made;
  }
  if (IntExpr *least = leastInt(tree))
    return least;
  auto *made = make<UnaryExpr>(tree);
  made->opSpan = span(tree->getStart());
  if (auto *found = dynamic_cast<Grammar::NegateExprContext *>(tree)) {
    made->op = UnaryOp::negate;
    made->operand = expr(found->expr());
  } else {
    made->op = UnaryOp::logicalNot;
    made->operand = expr(dynamic_cast<Grammar::NotExprContext *>(tree)->expr());
  }
  return made;
}

namespace {

BinaryOp binaryOp(std::size_t token) {
  using Grammar = grammar::WeftParser;
  switch (token) {
  case Grammar::AT:
    return BinaryOp::matmul;
  case Grammar::STAR:
    return BinaryOp::multiply;
  case Grammar::SLASH:
    return BinaryOp::divide;
  case Grammar::PERCENT:
    return BinaryOp::remainder;
  case Grammar::PLUS:
    return BinaryOp::add;
  case Grammar::MINUS:
    return BinaryOp::subtract;
  case Grammar::ORELSE:
    return BinaryOp::orElse;
  case Grammar::EQUAL:
    return BinaryOp::equal;
  case Grammar::NOTEQUAL:
    return BinaryOp::notEqual;
  case Grammar::LESS:
    return BinaryOp::less;
  case Grammar::LESSEQUAL:
    return BinaryOp::lessEqual;
  case Grammar::GREATER:
    return BinaryOp::greater;
  case Grammar::GREATEREQUAL:
    return BinaryOp::greaterEqual;
  case Grammar::AND:
    return BinaryOp::logicalAnd;
  default:
    return BinaryOp::logicalOr;
  }
}

bool isComparison(BinaryOp op) { return op >= BinaryOp::equal && op <= BinaryOp::greaterEqual; }

} // namespace

Expr *AstBuilder::binary(Grammar::BinaryExprContext *tree) {
  auto *made = make<BinaryExpr>(tree);
  made->op = binaryOp(tree->op->getType());
  made->opSpan = span(tree->op);
  made->left = expr(tree->expr(0));
  made->right = expr(tree->expr(1));
  auto *left = as<BinaryExpr>(made->left);
  if (isComparison(made->op) && left && !left->parenthesised && isComparison(left->op)) {
    std::string middle(file.text(left->right->span));
    error(Code::chainedComparison, made->opSpan, "comparisons cannot be chained")
        .note(left->opSpan, "the first one is here")
        .hint("write `" + std::string(file.text(left->span)) + " and " + middle + " " + spelling(made->op) + " " +
              std::string(file.text(made->right->span)) + "`");
  }
  return made;
}

Expr *AstBuilder::leaf(Grammar::LeafContext *tree) {
  Expr *made = nullptr;
  LambdaExpr *shorthand = nullptr;
  if (tree->form()) {
    made = form(tree->form());
  } else if (auto *dot = dynamic_cast<Grammar::ShorthandPrimaryContext *>(tree->primary())) {
    shorthand = make<LambdaExpr>(tree);
    shorthand->isShorthand = true;
    auto *param = module.make<LambdaParam>(span(dot->DOT()));
    param->name = {"$", param->span};
    shorthand->parameters.push_back(param);
    auto *object = module.make<NameExpr>(param->span);
    object->name = param->name;
    auto *member = make<MemberExpr>(dot);
    member->object = object;
    member->member = name(dot->anyName());
    made = member;
  } else {
    made = primary(tree->primary());
  }
  for (auto *part : tree->suffix())
    made = suffix(made, part);
  if (tree->type()) {
    auto *typed = module.make<AsExpr>(source::join(span(tree->getStart()), span(tree->type())));
    if (made->kind != ExprKind::call)
      error(Code::asPlace, span(tree->AS()), "`as` stands directly after a call, and nothing is called here")
          .note(made->span, "this is no call")
          .hint("`as T` sends T's schema with a call; it does not convert values");
    typed->operand = made;
    typed->type = type(tree->type());
    made = typed;
  }
  if (tree->record()) {
    auto *with = make<WithExpr>(tree);
    with->operand = made;
    with->policy = entries(tree->record());
    made = with;
  }
  if (!shorthand)
    return made;
  shorthand->body = made;
  return shorthand;
}

Expr *AstBuilder::suffix(Expr *object, Grammar::SuffixContext *tree) {
  if (auto *found = dynamic_cast<Grammar::MemberSuffixContext *>(tree))
    return member(object, found);
  if (auto *found = dynamic_cast<Grammar::CallSuffixContext *>(tree))
    return call(object, found);
  auto *made = module.make<IndexExpr>(source::join(object->span, span(tree)));
  made->object = object;
  made->index = expr(dynamic_cast<Grammar::IndexSuffixContext *>(tree)->expr());
  return made;
}

Expr *AstBuilder::member(Expr *object, Grammar::MemberSuffixContext *tree) {
  Span whole = source::join(object->span, span(tree));
  if (tree->anyName()) {
    auto *made = module.make<MemberExpr>(whole);
    made->object = object;
    made->member = name(tree->anyName());
    return made;
  }
  // `t.0.1` arrives as one number.
  std::string digits = text(tree->NUMBER()->getSymbol());
  auto isIndex = [](std::string_view part) {
    return !part.empty() && part.size() <= 4 && part.find_first_not_of("0123456789") == std::string_view::npos;
  };
  std::size_t point = digits.find('.');
  std::string first = digits.substr(0, point);
  std::string second = point == std::string::npos ? "0" : digits.substr(point + 1);
  if (!isIndex(first) || !isIndex(second)) {
    error(Code::badNumber, span(tree->NUMBER()), "`" + digits + "` is no place in a tuple")
        .hint("places count from 0: `t.0`");
    return object;
  }
  auto index = [&](Expr *of, const std::string &place) {
    auto *made = module.make<TupleIndexExpr>(whole);
    made->object = of;
    made->index = static_cast<std::uint32_t>(std::stoul(place));
    return made;
  };
  Expr *made = index(object, first);
  return point == std::string::npos ? made : index(made, second);
}

Expr *AstBuilder::call(Expr *object, Grammar::CallSuffixContext *tree) {
  auto *made = module.make<CallExpr>(source::join(object->span, span(tree)));
  made->callee = object;
  for (auto *part : tree->argument()) {
    Argument argument{span(part), {}, nullptr};
    if (part->anyName())
      argument.name = name(part->anyName());
    argument.value = value(part->value());
    if (argument.name.empty() && !made->arguments.empty() && !made->arguments.back().name.empty())
      error(Code::argumentOrder, argument.span, "a positional argument follows a named one")
          .note(made->arguments.back().span, "this one is named")
          .hint("name this one too, or put it before the named ones");
    made->arguments.push_back(std::move(argument));
  }
  return made;
}

Expr *AstBuilder::primary(Grammar::PrimaryContext *tree) {
  if (auto *found = dynamic_cast<Grammar::NamePrimaryContext *>(tree)) {
    auto *made = make<NameExpr>(tree);
    made->name = name(found->name());
    return made;
  }
  if (auto *found = dynamic_cast<Grammar::UpperPrimaryContext *>(tree)) {
    if (auto *body = found->record()) {
      auto *made = make<RecordExpr>(tree);
      made->type = name(found->UPPER());
      made->entries = entries(body);
      return made;
    }
    auto *made = make<NameExpr>(tree);
    made->name = name(found->UPPER());
    return made;
  }
  if (auto *found = dynamic_cast<Grammar::NumberPrimaryContext *>(tree))
    return numberOrRate(found);
  if (dynamic_cast<Grammar::WordPrimaryContext *>(tree))
    return word(tree->getStart());
  if (auto *found = dynamic_cast<Grammar::StringPrimaryContext *>(tree))
    return string(found->string());
  if (auto *found = dynamic_cast<Grammar::RecordPrimaryContext *>(tree))
    return record(found->record());
  if (auto *found = dynamic_cast<Grammar::MapPrimaryContext *>(tree))
    return map(found->mapLiteral());
  if (auto *found = dynamic_cast<Grammar::ListPrimaryContext *>(tree)) {
    auto *made = make<ListExpr>(tree);
    for (auto *part : found->expr())
      made->elements.push_back(expr(part));
    return made;
  }
  auto *found = dynamic_cast<Grammar::TuplePrimaryContext *>(tree);
  auto parts = found->expr();
  if (parts.empty()) {
    error(Code::emptyParentheses, span(tree), "there is nothing in these parentheses")
        .hint("the absent value is `none`");
    return make<NoneExpr>(tree);
  }
  if (parts.size() == 1) {
    Expr *inner = expr(parts[0]);
    inner->parenthesised = true;
    return inner;
  }
  auto *made = make<TupleExpr>(tree);
  for (auto *part : parts)
    made->elements.push_back(expr(part));
  return made;
}

} // namespace weft::syntax

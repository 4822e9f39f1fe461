//===- PrintExpr.cpp - Expressions ----------------------------------------===//
//
// Literals stand as they were written. Parentheses are the author's; none is
// added but where a new line would change the meaning.
//
//===----------------------------------------------------------------------===//

#include "lang/format/Printer.h"

#include "lang/syntax/AstPrinter.h"

namespace weft::format {

using namespace syntax;

namespace {

/// The expression that an expression's first character belongs to.
const Expr *leftmost(const Expr *expr) {
  for (;;) {
    const Expr *next = nullptr;
    if (expr->parenthesised)
      return expr;
    if (auto *binary = as<BinaryExpr>(expr))
      next = binary->left;
    else if (auto *member = as<MemberExpr>(expr))
      next = member->object;
    else if (auto *place = as<TupleIndexExpr>(expr))
      next = place->object;
    else if (auto *index = as<IndexExpr>(expr))
      next = index->object;
    else if (auto *call = as<CallExpr>(expr))
      next = call->callee;
    else if (auto *typed = as<AsExpr>(expr))
      next = typed->operand;
    else if (auto *with = as<WithExpr>(expr))
      next = with->operand;
    else if (auto *lambda = as<LambdaExpr>(expr); lambda && lambda->isShorthand)
      return lambda;
    if (!next)
      return expr;
    expr = next;
  }
}

/// At the beginning of a line it would be read with the line above.
bool wouldGoOn(const Expr &expr) {
  const Expr *first = leftmost(&expr);
  if (first->parenthesised)
    return false;
  auto *unary = as<UnaryExpr>(first);
  auto *whole = as<IntExpr>(first);
  auto *name = as<NameExpr>(first);
  return (unary && unary->op == UnaryOp::negate) || (whole && whole->value < 0) || first->kind == ExprKind::lambda ||
         (name && name->name.text == "by");
}

int precedence(BinaryOp op) {
  switch (op) {
  case BinaryOp::matmul:
  case BinaryOp::multiply:
  case BinaryOp::divide:
  case BinaryOp::remainder:
    return 6;
  case BinaryOp::add:
  case BinaryOp::subtract:
    return 5;
  case BinaryOp::orElse:
    return 4;
  case BinaryOp::logicalAnd:
    return 2;
  case BinaryOp::logicalOr:
    return 1;
  default:
    return 3;
  }
}

/// It brings its own brackets, so that a call may close right behind it.
bool hasBrackets(const Expr &expr) {
  switch (expr.kind) {
  case ExprKind::list:
  case ExprKind::record:
  case ExprKind::map:
  case ExprKind::block:
    return !expr.parenthesised;
  case ExprKind::lambda: {
    auto *lambda = as<LambdaExpr>(&expr);
    return !lambda->isShorthand && hasBrackets(*lambda->body);
  }
  default:
    return false;
  }
}

} // namespace

Printer::Item Printer::exprItem(const Expr &node) {
  bool goesOn = wouldGoOn(node);
  return {node.span, {}, [this, &node] { return expr(node); }, goesOn};
}

Doc Printer::expr(const Expr &node) {
  Doc inner = bare(node);
  return node.parenthesised ? concat({text("("), inner, text(")")}) : inner;
}

Doc Printer::binary(const BinaryExpr &node) {
  // A chain of one precedence is one group: it breaks everywhere or nowhere.
  std::vector<const BinaryExpr *> chain{&node};
  bool toTheRight = node.op == BinaryOp::orElse;
  for (;;) {
    const Expr *next = toTheRight ? chain.back()->right : chain.back()->left;
    auto *inner = as<BinaryExpr>(next);
    if (!inner || inner->parenthesised || precedence(inner->op) != precedence(node.op))
      break;
    chain.push_back(inner);
  }
  std::vector<Doc> rest;
  auto link = [&](BinaryOp op, const Expr &operand) {
    // A line may not begin with `-`.
    if (op == BinaryOp::subtract)
      rest.insert(rest.end(), {text(" -"), line()});
    else
      rest.insert(rest.end(), {line(), text(std::string(spelling(op)) + " ")});
    rest.push_back(expr(operand));
  };
  Doc first;
  if (toTheRight) {
    first = expr(*chain.front()->left);
    for (std::size_t at = 0; at < chain.size(); ++at)
      link(chain[at]->op, at + 1 < chain.size() ? *chain[at + 1]->left : *chain[at]->right);
  } else {
    first = expr(*chain.back()->left);
    for (std::size_t at = chain.size(); at-- > 0;)
      link(chain[at]->op, *chain[at]->right);
  }
  return group(concat({first, indent(concat(std::move(rest)))}));
}

Doc Printer::lambda(const LambdaExpr &node) {
  if (node.isShorthand)
    return expr(*node.body);
  std::string names;
  for (const LambdaParam *param : node.parameters)
    names += (names.empty() ? "" : ", ") + param->name.text;
  return concat({text("|" + names + "| "), expr(*node.body)});
}

Doc Printer::call(const CallExpr &node) {
  Doc callee = expr(*node.callee);
  auto argument = [this](const Argument &argument) {
    Doc value = expr(*argument.value);
    return argument.name.empty() ? value : concat({text(argument.name.text + ": "), value});
  };
  const auto &arguments = node.arguments;
  // `f({` … `})`: the last argument brings the brackets.
  if (!arguments.empty() && hasBrackets(*arguments.back().value) && !commentBefore(arguments.back().span.begin)) {
    std::vector<Doc> parts;
    for (const Argument &each : arguments)
      parts.push_back(argument(each));
    if (parts.size() == 1)
      return concat({callee, text("("), parts[0], text(")")});
    Doc last = parts.back();
    parts.pop_back();
    Doc head = join(parts, text(", "));
    Doc hugging = concat({text("("), flat(head), text(", "), last, text(")")});
    Doc comma = concat({text(","), line()});
    Doc apart = concat(
        {text("("), indent(concat({softLine(), join(parts, comma), comma, last, text(",")})), softLine(), text(")")});
    // Whether the braces of an argument stand open by its author or for want of room must not matter: the second is
    // the first when the result is formatted again.
    if (isBroken(head))
      return concat({callee, apart});
    if (isBroken(last))
      return concat({callee, ifHeadFits(hugging, apart)});
    return concat({callee, group(ifBroken(ifFitsInside(last, apart, ifHeadFits(hugging, apart)), hugging))});
  }
  std::vector<Item> items;
  for (const Argument &each : arguments)
    items.push_back({each.span, {}, [&argument, &each] { return argument(each); }, false});
  return concat({callee, bracketed(roundBrackets, std::move(items), node.span.end)});
}

Doc Printer::bare(const Expr &node) {
  switch (node.kind) {
  case ExprKind::none:
  case ExprKind::boolean:
  case ExprKind::integer:
  case ExprKind::floating:
  case ExprKind::quantity:
  case ExprKind::string:
    return text(written(node.span));
  case ExprKind::rate: {
    auto *rate = as<RateExpr>(&node);
    std::string unit = rate->text.substr(rate->text.find_last_of(" \t\n") + 1);
    return concat({expr(*rate->amount), text(" per " + unit)});
  }
  case ExprKind::list: {
    std::vector<Item> items;
    for (const Expr *element : as<ListExpr>(&node)->elements)
      items.push_back(exprItem(*element));
    return bracketed(squareBrackets, std::move(items), node.span.end);
  }
  case ExprKind::tuple: {
    std::vector<Doc> parts;
    for (const Expr *element : as<TupleExpr>(&node)->elements)
      parts.push_back(expr(*element));
    return group(concat(
        {text("("), indent(concat({softLine(), join(parts, concat({text(","), line()}))})), softLine(), text(")")}));
  }
  case ExprKind::record: {
    auto *record = as<RecordExpr>(&node);
    Doc body = bracketed(entryBraces, entryItems(record->entries), node.span.end);
    return record->type.empty() ? body : concat({text(record->type.text + " "), body});
  }
  case ExprKind::map: {
    std::vector<Item> items;
    for (const MapEntry &entry : as<MapExpr>(&node)->entries) {
      Span span = source::join(entry.key->span, entry.value->span);
      items.push_back({span, {}, [this, &entry] {
                         return concat({expr(*entry.key), text(": "), expr(*entry.value)});
                       }});
    }
    return bracketed(entryBraces, std::move(items), node.span.end);
  }
  case ExprKind::name: {
    const std::string &name = as<NameExpr>(&node)->name.text;
    return text(name == "$" ? "" : name);
  }
  case ExprKind::member: {
    auto *member = as<MemberExpr>(&node);
    return concat({expr(*member->object), text("." + member->member.text)});
  }
  case ExprKind::tupleIndex: {
    auto *place = as<TupleIndexExpr>(&node);
    // `0.5` is another number than field 5 of 0.
    bool number = !place->object->parenthesised && (as<IntExpr>(place->object) || as<FloatExpr>(place->object));
    return concat({expr(*place->object), text((number ? " ." : ".") + std::to_string(place->index))});
  }
  case ExprKind::index: {
    auto *index = as<IndexExpr>(&node);
    return concat({expr(*index->object), text("["), expr(*index->index), text("]")});
  }
  case ExprKind::call:
    return call(*as<CallExpr>(&node));
  case ExprKind::asType: {
    auto *typed = as<AsExpr>(&node);
    return concat({expr(*typed->operand), text(" as " + spelling(*typed->type))});
  }
  case ExprKind::with: {
    auto *with = as<WithExpr>(&node);
    Doc operand = expr(*with->operand);
    return concat({operand, text(" with "), bracketed(entryBraces, entryItems(with->policy), node.span.end)});
  }
  case ExprKind::unary: {
    auto *unary = as<UnaryExpr>(&node);
    return concat({text(unary->op == UnaryOp::negate ? "-" : "not "), expr(*unary->operand)});
  }
  case ExprKind::binary:
    return binary(*as<BinaryExpr>(&node));
  case ExprKind::lambda:
    return lambda(*as<LambdaExpr>(&node));
  default:
    return form(node);
  }
}

} // namespace weft::format

//===- Operators.cpp - What operators take and give -----------------------===//
//
// Numbers mix (an int beside a float becomes one); amounts keep their unit.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Checker.h"

namespace weft::sema {
using syntax::as;
using syntax::BinaryOp;

namespace {

bool isAmount(Type type) {
  return type->is(TypeKind::duration) || type->is(TypeKind::size) || type->is(TypeKind::money);
}

const char *kindText(Type type) {
  switch (type->kind) {
  case TypeKind::integer:
  case TypeKind::floating:
    return "a number";
  case TypeKind::duration:
    return "a duration";
  case TypeKind::size:
    return "a size";
  case TypeKind::money:
    return "an amount of money";
  default:
    return nullptr;
  }
}

const char *verb(BinaryOp op) {
  switch (op) {
  case BinaryOp::add:
    return "added";
  case BinaryOp::subtract:
    return "subtracted";
  case BinaryOp::multiply:
    return "multiplied";
  case BinaryOp::divide:
  case BinaryOp::remainder:
    return "divided";
  default:
    return "compared";
  }
}

const char *exampleUnits(Type type) {
  return type->is(TypeKind::duration) ? "5s`, `5min" : type->is(TypeKind::size) ? "5KiB`, `5MB" : "$0.05";
}
} // namespace

Type Checker::inferUnary(const syntax::UnaryExpr *expr) {
  if (expr->op == syntax::UnaryOp::logicalNot)
    return check(expr->operand, simple(TypeKind::boolean));
  Type type = infer(expr->operand);
  Type operand = seen(type);
  if (isNumber(operand) || isAmount(operand) || operand->is(TypeKind::variable))
    return operand;
  if (operand->is(TypeKind::tensor)) {
    if (body.place == Place::tensorFn && operand->elementType != ElementType::boolean)
      return operand;
    error(body.place == Place::tensorFn ? Code::tensorOperands : Code::tensorOutside, expr->span,
          body.place == Place::tensorFn ? "a bool tensor has no negative"
                                        : "tensor arithmetic stands in tensor functions");
    return fail();
  }
  error(Code::wrongOperands, expr->span, "`-` takes a number or an amount, not " + show(type));
  return fail();
}

Type Checker::inferBinary(const syntax::BinaryExpr *expr, Type hint) {
  switch (expr->op) {
  case BinaryOp::logicalAnd:
  case BinaryOp::logicalOr:
    check(expr->left, simple(TypeKind::boolean));
    return check(expr->right, simple(TypeKind::boolean));
  case BinaryOp::orElse:
    return inferOrElse(expr, hint);
  case BinaryOp::equal:
  case BinaryOp::notEqual:
  case BinaryOp::less:
  case BinaryOp::lessEqual:
  case BinaryOp::greater:
  case BinaryOp::greaterEqual:
    return inferComparison(expr);
  default:
    return inferArithmetic(expr, hint);
  }
}

Type Checker::inferOrElse(const syntax::BinaryExpr *expr, Type hint) {
  // A float that is asked would refuse branches of an `int?`, which are converted when the whole is known.
  Type left = infer(expr->left, hint && !isNumber(seen(hint)) ? program.types.optional(hint) : nullptr);
  Type found = seen(left);
  if (found->is(TypeKind::error)) {
    infer(expr->right, hint);
    return fail();
  }
  if (found->is(TypeKind::variable)) {
    Type element = inference.fresh();
    inference.unify(found, program.types.optional(element));
    found = seen(found);
  }
  if (!found->is(TypeKind::optional)) {
    infer(expr->right, hint);
    error(Code::neverAbsent, expr->left->span, "this is never absent, so `??` never uses what stands behind it")
        .mark(show(left));
    return left;
  }
  Type element = resolved(found->element);
  Type right = infer(expr->right, element);
  if (seen(right)->is(TypeKind::optional)) {
    if (!convert(expr->right, found))
      mismatch(expr->right, found, right, {"the value it stands in for", expr->left->span});
    return found;
  }
  // `n ?? 0.5` where n is an int?: the whole is a float.
  if (seen(right)->is(TypeKind::floating) && seen(element)->is(TypeKind::integer)) {
    error(Code::typeMismatch, expr->right->span, "expected " + show(element) + ", found float")
        .note(expr->left->span, "the value it stands in for");
    return element;
  }
  if (!convert(expr->right, element))
    mismatch(expr->right, element, right, {"the value it stands in for", expr->left->span});
  return element;
}

Type Checker::asNumber(const syntax::Expr *expr, Type type) {
  if (!type->is(TypeKind::tensor) || !type->dims.empty())
    return type;
  Type number = simple(isFloat(type->elementType)                  ? TypeKind::floating
                       : type->elementType == ElementType::boolean ? TypeKind::boolean
                                                                   : TypeKind::integer);
  convert(expr, number);
  return number;
}

Type Checker::inferComparison(const syntax::BinaryExpr *expr) {
  Type boolean = simple(TypeKind::boolean);
  Type left = infer(expr->left);
  // Numbers mix, so an int on the left asks nothing of the branches on the right.
  Type right = infer(expr->right, isNumber(seen(left)) ? nullptr : left);
  Type a = seen(left), b = seen(right);
  if (a->is(TypeKind::error) || b->is(TypeKind::error)) // of tensors, its shape is open
    return body.place == Place::tensorFn ? fail() : boolean;
  if ((a->is(TypeKind::tensor) && !a->dims.empty()) || (b->is(TypeKind::tensor) && !b->dims.empty()) ||
      body.place == Place::tensorFn)
    return inferTensorBinary(expr, a, b);
  a = asNumber(expr->left, a);
  b = asNumber(expr->right, b);
  if (isNumber(a) && isNumber(b) && a->kind != b->kind) {
    convert(a->is(TypeKind::integer) ? expr->left : expr->right, simple(TypeKind::floating));
    return boolean;
  }
  Conversion ignored;
  if (conversion(b, a, ignored)) {
    convert(expr->right, a);
  } else if (conversion(a, b, ignored = {})) {
    convert(expr->left, b);
  } else {
    if (kindText(a) && kindText(b) && (isAmount(a) || isAmount(b)))
      wrongOperands(expr, left, right);
    else
      error(Code::notComparable, expr->span, show(left) + " and " + show(right) + " cannot be compared")
          .note(expr->left->span, show(left))
          .note(expr->right->span, show(right));
    return boolean;
  }
  Type type = inference.settle(a->is(TypeKind::optional) && !b->is(TypeKind::optional) ? b : a);
  bool order = expr->op != BinaryOp::equal && expr->op != BinaryOp::notEqual;
  if (order && (a->is(TypeKind::optional) || b->is(TypeKind::optional))) {
    error(Code::notComparable, (a->is(TypeKind::optional) ? expr->left : expr->right)->span,
          "this may be absent, and an absent value has no order")
        .mark(show(a->is(TypeKind::optional) ? left : right))
        .hint("say what stands in for it: `(… ?? d)`");
    return boolean;
  }
  if (Inference::open(type) && !order)
    return boolean; // `x == none`
  if (order ? !isOrdered(type) : !isComparable(type))
    error(Code::notComparable, expr->span,
          order ? "values of type " + text(type) + " have no order"
                : "values of type " + text(type) + " have no equality");
  return boolean;
}

Type Checker::inferArithmetic(const syntax::BinaryExpr *expr, Type hint) {
  bool joins = expr->op == BinaryOp::add && hint && seen(hint)->is(TypeKind::list);
  Type left = infer(expr->left, joins ? hint : nullptr);
  Type right =
      infer(expr->right, seen(left)->is(TypeKind::list) || seen(left)->is(TypeKind::variable) ? left : nullptr);
  Type a = seen(left), b = seen(right);
  if (a->is(TypeKind::error) || b->is(TypeKind::error))
    return fail();
  if (a->is(TypeKind::variable) || b->is(TypeKind::variable)) {
    inference.unify(a, b);
    a = seen(a);
    b = seen(b);
    if (a->is(TypeKind::variable)) {
      error(Code::typeNotKnown, expr->left->span, "the type of this operand is not known here");
      return fail();
    }
  }
  if (a->is(TypeKind::tensor) || b->is(TypeKind::tensor) || expr->op == BinaryOp::matmul) {
    bool scalars = (!a->is(TypeKind::tensor) || a->dims.empty()) && (!b->is(TypeKind::tensor) || b->dims.empty());
    if (body.place == Place::tensorFn)
      return inferTensorBinary(expr, a, b);
    if (!scalars || expr->op == BinaryOp::matmul) {
      error(Code::tensorOutside, expr->span, "tensor arithmetic stands in tensor functions")
          .hint("put it into a `fn` with tensors in its signature and call that");
      return fail();
    }
    a = asNumber(expr->left, a);
    b = asNumber(expr->right, b);
  }
  if (a->is(TypeKind::integer) && b->is(TypeKind::integer))
    return expr->op == BinaryOp::divide ? simple(TypeKind::floating) : a;
  if (isNumber(a) && isNumber(b)) {
    if (expr->op == BinaryOp::remainder)
      return wrongOperands(expr, left, right);
    convert(expr->left, simple(TypeKind::floating));
    convert(expr->right, simple(TypeKind::floating));
    return simple(TypeKind::floating);
  }
  if (isAmount(a) && a == b) {
    if (expr->op == BinaryOp::divide)
      return simple(TypeKind::floating);
    return expr->op == BinaryOp::multiply ? wrongOperands(expr, left, right) : a;
  }
  if (isAmount(a) && isNumber(b) && (expr->op == BinaryOp::multiply || expr->op == BinaryOp::divide))
    return a;
  if (isNumber(a) && isAmount(b) && expr->op == BinaryOp::multiply)
    return b;
  if (expr->op == BinaryOp::add && a->is(TypeKind::string) && b->is(TypeKind::string))
    return a;
  if (expr->op == BinaryOp::add && a->is(TypeKind::list) && b->is(TypeKind::list)) {
    if (convert(expr->right, a))
      return a;
    if (convert(expr->left, b))
      return b;
  }
  return wrongOperands(expr, left, right);
}

Type Checker::wrongOperands(const syntax::BinaryExpr *expr, Type left, Type right) {
  Type a = seen(left), b = seen(right);
  const char *one = kindText(a), *other = kindText(b);
  std::string op = syntax::spelling(expr->op);
  if (one && other && (isAmount(a) || isAmount(b))) {
    std::string verbText = verb(expr->op);
    Diagnostic &report =
        error(Code::unitMismatch, expr->span, std::string(one) + " and " + other + " cannot be " + verbText);
    report.note(expr->left->span, show(left)).note(expr->right->span, show(right));
    const syntax::Expr *number = isAmount(a) ? expr->right : expr->left;
    if (isNumber(a) || isNumber(b))
      report.hint(std::string(sources.file(number->span.file).text(number->span)) + " of what? `" +
                  exampleUnits(isAmount(a) ? a : b) + "`");
    return fail();
  }
  Diagnostic &report =
      error(Code::wrongOperands, expr->span, "`" + op + "` does not take " + show(left) + " and " + show(right));
  report.note(expr->left->span, show(left)).note(expr->right->span, show(right));
  if (expr->op == BinaryOp::add && (a->is(TypeKind::string) || b->is(TypeKind::string)))
    report.hint("put values into a string with `\"… ${x} …\"`");
  else if (expr->op == BinaryOp::add && (a->is(TypeKind::list) != b->is(TypeKind::list)))
    report.hint("lists are joined with lists: `xs + [x]`");
  else if (a->is(TypeKind::optional) || b->is(TypeKind::optional))
    report.hint("a value that may be absent needs a stand-in: `x ?? d`");
  else if (expr->op == BinaryOp::remainder)
    report.hint("`%` takes ints");
  return fail();
}

} // namespace weft::sema

//===- TensorExprs.cpp - Operators on tensors, and calls of tensor functions ----===//
//
// Shapes are compared by name where they have names and by size where sizes are
// known. When they disagree both are shown, under both operands.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Checker.h"

namespace weft::sema {
using syntax::as;
using syntax::BinaryOp;
using syntax::ExprKind;

namespace {

bool isComparisonOp(BinaryOp op) { return op >= BinaryOp::equal && op <= BinaryOp::greaterEqual; }

std::string product(const std::vector<Dim> &dims) {
  std::string out;
  for (const Dim &dim : dims)
    out += (out.empty() ? "" : ", ") + dim.text();
  return "[" + out + "]";
}
} // namespace

bool Checker::allowedInTensorFn(const syntax::Expr *expr) {
  switch (expr->kind) {
  case ExprKind::integer:
  case ExprKind::floating:
  case ExprKind::boolean:
  case ExprKind::name:
  case ExprKind::member:
  case ExprKind::tupleIndex:
  case ExprKind::call:
  case ExprKind::unary:
  case ExprKind::block:
  case ExprKind::record:
  case ExprKind::tuple:
  case ExprKind::index:
    return true;
  case ExprKind::binary: {
    BinaryOp op = as<syntax::BinaryExpr>(expr)->op;
    if (op != BinaryOp::orElse && op != BinaryOp::logicalAnd && op != BinaryOp::logicalOr)
      return true;
    break;
  }
  default:
    break;
  }
  Diagnostic &report = error(Code::notTensorCode, expr->span, "this does not stand in a tensor function");
  if (expr->kind == ExprKind::ifElse || expr->kind == ExprKind::match)
    report.hint("`select(c, a, b)` chooses by element; a workflow chooses between calls");
  else
    report.hint("a tensor function has tensors, numbers, records of tensors, `let`, and other tensor functions");
  return false;
}

void Checker::shapeMismatch(const syntax::Expr *expr, Type expected, Type found, const Reason &reason) {
  if (expected->elementType != found->elementType) {
    error(Code::elementTypesDiffer, expr->span, "expected " + text(expected) + ", found " + text(found))
        .hint("`cast(x, " + std::string(text(expected->elementType)) + ")`");
    return;
  }
  std::string why;
  if (expected->dims.size() != found->dims.size()) {
    why = std::to_string(found->dims.size()) + " dimensions are not " + std::to_string(expected->dims.size());
  } else {
    for (std::size_t i = 0; i < expected->dims.size(); ++i)
      if (!sameSize(expected->dims[i], found->dims[i])) {
        why = found->dims[i].described() + " is not " + expected->dims[i].described();
        break;
      }
  }
  Diagnostic &report =
      error(Code::shapeMismatch, expr->span, "expected " + text(expected) + ", found " + text(found) + ": " + why);
  report.mark(text(found));
  if (reason.span.end)
    report.note(reason.span, reason.note == "the result" ? text(expected) + " is promised here" : reason.note);
}

Diagnostic &Checker::showShape(Diagnostic &report, const syntax::Expr *expr, Type type) {
  report.note(expr->span, text(type));
  const ExprInfo &shown = info(expr);
  std::string name;
  Span origin;
  if (shown.denotes == Denotes::local && shown.symbol) {
    name = shown.symbol->name;
    origin = shown.symbol->span;
  } else if (const auto *member = as<syntax::MemberExpr>(expr); member && shown.denotes == Denotes::field) {
    Type record = seen(info(member->object).type);
    if (record->is(TypeKind::record) && shown.index >= 0) {
      const Field &field = record->fields[static_cast<std::size_t>(shown.index)];
      name = field.name;
      origin = field.span;
    }
  }
  auto line = [&](Span span) { return sources.file(span.file).location(span.begin).line; };
  bool elsewhere = origin.end && (origin.file != expr->span.file || line(origin) != line(expr->span));
  return elsewhere ? report.note(origin, "`" + name + "` comes from here") : report;
}

std::optional<std::vector<Dim>> Checker::broadcast(const std::vector<Dim> &a, const std::vector<Dim> &b,
                                                   std::string &why) {
  std::vector<Dim> out;
  std::size_t rank = std::max(a.size(), b.size());
  for (std::size_t i = 0; i < rank; ++i) {
    // Aligned at the last dimension; a missing one counts as 1.
    const Dim *left = i + a.size() >= rank ? &a[i + a.size() - rank] : nullptr;
    const Dim *right = i + b.size() >= rank ? &b[i + b.size() - rank] : nullptr;
    if (!left || !right) {
      out.push_back(left ? *left : *right);
    } else if (sameSize(*left, *right)) {
      // A name says more than a number.
      out.push_back(left->factors.empty() ? *right : *left);
    } else if (left->value() == 1) {
      out.push_back(*right);
    } else if (right->value() == 1) {
      out.push_back(*left);
    } else {
      why = left->described() + " is not " + right->described();
      return std::nullopt;
    }
  }
  return out;
}

Type Checker::inferTensorBinary(const syntax::BinaryExpr *expr, Type left, Type right) {
  if (expr->op == BinaryOp::matmul)
    return inferMatmul(expr, left, right);
  bool comparison = isComparisonOp(expr->op);
  if (!left->is(TypeKind::tensor) && !right->is(TypeKind::tensor)) {
    if (!isNumber(left) || !isNumber(right))
      return wrongOperands(expr, left, right);
    return simple(TypeKind::boolean);
  }
  // A number beside a tensor takes its element type.
  for (auto [side, one, other] : {std::tuple{expr->left, left, right}, std::tuple{expr->right, right, left}}) {
    if (one->is(TypeKind::tensor))
      continue;
    Type scalar = program.types.tensor(other->elementType, {});
    if (!isNumber(one) && !one->is(TypeKind::error))
      return wrongOperands(expr, left, right);
    if (!convert(side, scalar)) {
      error(Code::elementTypesDiffer, side->span,
            a(one) + " beside a tensor of " + std::string(text(other->elementType)))
          .hint("`cast(x, f32)`");
      return fail();
    }
    (one == left ? left : right) = scalar;
  }
  if (left->elementType != right->elementType) {
    error(Code::elementTypesDiffer, expr->span,
          "`" + std::string(syntax::spelling(expr->op)) + "` takes tensors of one element type, not " +
              std::string(text(left->elementType)) + " and " + std::string(text(right->elementType)))
        .note(expr->left->span, text(left))
        .note(expr->right->span, text(right))
        .hint("`cast(x, " + std::string(text(left->elementType)) + ")`");
    return fail();
  }
  if (expr->op == BinaryOp::remainder || (!comparison && left->elementType == ElementType::boolean) ||
      (expr->op == BinaryOp::divide && !isFloat(left->elementType))) {
    error(Code::tensorOperands, expr->span,
          "`" + std::string(syntax::spelling(expr->op)) + "` does not take tensors of " +
              std::string(text(left->elementType)));
    return fail();
  }
  std::string why;
  std::optional<std::vector<Dim>> dims = broadcast(left->dims, right->dims, why);
  if (!dims) {
    Diagnostic &report = error(Code::shapeMismatch, expr->span,
                               "`" + std::string(syntax::spelling(expr->op)) + "` works element by element: " + why);
    showShape(showShape(report, expr->left, left), expr->right, right);
    return fail();
  }
  return program.types.tensor(comparison ? ElementType::boolean : left->elementType, std::move(*dims));
}

Type Checker::inferMatmul(const syntax::BinaryExpr *expr, Type left, Type right) {
  if (!left->is(TypeKind::tensor) || !right->is(TypeKind::tensor)) {
    error(Code::tensorOperands, expr->span, "`@` takes two tensors, not " + show(left) + " and " + show(right));
    return fail();
  }
  auto both = [&](Diagnostic &report) -> Diagnostic & {
    return showShape(showShape(report, expr->left, left), expr->right, right);
  };
  if (left->elementType != right->elementType || left->elementType == ElementType::boolean) {
    both(error(Code::elementTypesDiffer, expr->span, "`@` takes tensors of one element type that can be multiplied"));
    return fail();
  }
  if (left->dims.size() < 2 || right->dims.size() < 2) {
    both(error(Code::tensorOperands, expr->span, "`@` takes matrices, so tensors of two dimensions or more"));
    return fail();
  }
  const Dim &inner = left->dims.back(), &outer = right->dims[right->dims.size() - 2];
  if (!sameSize(inner, outer)) {
    Diagnostic &report = error(Code::shapeMismatch, expr->opSpan,
                               "@ sums over the last dimension on the left and the first of the matrix on the right: " +
                                   inner.described() + " is not " + outer.described());
    both(report);
    if (sameSize(inner, right->dims.back())) {
      std::string written(sources.file(expr->right->span.file).text(expr->right->span));
      std::vector<Dim> turned = right->dims;
      std::swap(turned[turned.size() - 2], turned.back());
      const Symbol *symbol = info(expr->right).symbol;
      std::string declare =
          symbol && symbol->kind == SymbolKind::parameter
              ? "declare `" + symbol->name + ": " + std::string(text(right->elementType)) + product(turned) + "`, or "
              : "";
      report.hint(declare + "`transpose(" + written + ")`");
    }
    return fail();
  }
  std::string why;
  std::optional<std::vector<Dim>> dims = broadcast(std::vector<Dim>(left->dims.begin(), left->dims.end() - 2),
                                                   std::vector<Dim>(right->dims.begin(), right->dims.end() - 2), why);
  if (!dims) {
    both(error(Code::shapeMismatch, expr->opSpan, "`@` pairs the matrices of both sides: " + why));
    return fail();
  }
  dims->push_back(left->dims[left->dims.size() - 2]);
  dims->push_back(right->dims.back());
  return program.types.tensor(left->elementType, std::move(*dims));
}

Type Checker::callTensorFn(const syntax::CallExpr *expr, Symbol *symbol, const syntax::Expr *receiver, Type) {
  Callable &callable = *symbol->callable;
  bool outside = body.place == Place::workflow || body.place == Place::test;
  if (body.place != Place::tensorFn && (!outside || body.lambdas)) {
    inferArguments(expr);
    error(Code::notPureHere, expr->callee->span,
          "a tensor function is called from workflows and from other tensor functions")
        .note(symbol->span, "declared here");
    return callable.result;
  }
  std::vector<Slot> slots;
  for (const Parameter &parameter : callable.parameters)
    slots.push_back({parameter.name, parameter.type, parameter.defaultValue, parameter.span});
  std::optional<std::vector<BoundArgument>> arguments =
      bindArguments(expr, receiver, slots, "`" + symbol->name + "`", symbol->span);
  if (!arguments) {
    inferArguments(expr);
    return fail();
  }
  TensorBinding binding;
  bool sound = true;
  for (std::size_t i = 0; i < arguments->size(); ++i) {
    const BoundArgument &argument = (*arguments)[i];
    if (argument.isDefault)
      continue;
    const Parameter &parameter = callable.parameters[i];
    Type found = info(argument.value).type
                     ? info(argument.value).type
                     : infer(argument.value, boundAsOpen(bound(parameter.type, binding), callable));
    bindOpen(parameter.type, seen(found), callable, argument.value, binding);
    Type wanted = bound(parameter.type, binding);
    if (convert(argument.value, wanted)) {
      sound &= !isNumber(wanted) || isStatic(argument.value, "`" + parameter.name + "`");
      continue;
    }
    sound = false;
    std::string came;
    for (const DimSymbol *name : callable.dimParameters)
      if (auto said = binding.origin.find(name); said != binding.origin.end() && said->second != argument.value)
        if (text(parameter.type).find(name->name) != std::string::npos)
          came += "; " + name->name + " is " + binding.sizes.at(name).described() + " since an earlier argument";
    mismatch(argument.value, wanted, found,
             {"`" + slots[i].name + ": " + text(slots[i].type) + "` is declared here" + came, slots[i].span});
  }
  Type result = bound(callable.result, binding);
  if (!sound)
    return fail();
  CallInfo call;
  call.kind = CalleeKind::tensorFn;
  call.callee = symbol;
  call.receiver = receiver != nullptr;
  if (!noteBinding(expr->span, symbol, binding, outside, call))
    return fail();
  checkFinished(expr, symbol, outside);
  info(expr->callee).denotes = Denotes::callable;
  info(expr->callee).symbol = symbol;
  if (!info(expr->callee).type)
    info(expr->callee).type = simple(TypeKind::none);
  call.arguments = std::move(*arguments);
  call.result = result;
  module().calls[expr->id] = std::move(call);
  body.calls.push_back(expr);
  return result;
}

void Checker::checkFinished(const syntax::CallExpr *expr, const Symbol *symbol, bool outside) {
  if (!outside)
    return;
  bool partial = !symbol->callable->resultMarks.partialSum.empty();
  for (const Parameter &parameter : symbol->callable->parameters)
    partial |= !parameter.marks.partialSum.empty();
  if (partial)
    error(Code::partialSum, expr->span,
          "`" + symbol->name + "` takes or gives a sum that is not finished, and a workflow holds finished tensors")
        .note(symbol->span, "declared here")
        .hint("call it from a tensor function whose signature has no `sum@`");
}

} // namespace weft::sema

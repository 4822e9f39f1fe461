//===- TensorShapes.cpp - Functions that make another shape ---------------===//

#include "lang/sema/Checker.h"

#include <algorithm>

namespace weft::sema {
using syntax::as;

bool Checker::isDimName(const syntax::Expr *expr, const syntax::Expr *operand) {
  const auto *name = as<syntax::NameExpr>(expr);
  if (!name)
    return false;
  Symbol *symbol = lookUp(name->name.text);
  if (symbol)
    return symbol->kind == SymbolKind::dim;
  Type type = tensorOperand(operand);
  return std::any_of(type->dims.begin(), type->dims.end(),
                     [&](const Dim &dim) { return dim.symbol() && dim.symbol()->name == name->name.text; });
}

Type Checker::wrongTensorTail(const std::vector<const syntax::Expr *> &arguments, std::size_t from) {
  for (std::size_t i = from; i < arguments.size(); ++i)
    note(arguments[i]);
  return fail();
}

Type Checker::chosenPair(const syntax::CallExpr *expr, const syntax::Expr *left, const syntax::Expr *right, Type hint) {
  if (!isNumber(seen(infer(left))) || !isNumber(seen(infer(right))))
    return elementwisePair(expr, left, right);
  Type asked = hint ? seen(hint) : nullptr;
  ElementType element = asked && asked->is(TypeKind::tensor) ? asked->elementType : ElementType::f32;
  Type number = program.types.tensor(element, {});
  if (convert(left, number) && convert(right, number))
    return number;
  error(Code::elementTypesDiffer, expr->span,
        show(info(left).type) + " and " + show(info(right).type) + " where " + show(asked) + " is asked");
  return fail();
}

Type Checker::elementwisePair(const syntax::CallExpr *expr, const syntax::Expr *left, const syntax::Expr *right) {
  auto typed = [&](const syntax::Expr *one) { return seen(info(one).type ? info(one).type : infer(one)); };
  Type a = typed(left), b = typed(right);
  if (a->is(TypeKind::error) || b->is(TypeKind::error))
    return fail();
  if (isNumber(a) && isNumber(b)) {
    error(Code::tensorOperands, expr->span, "one of the two is a tensor");
    return fail();
  }
  if (isNumber(a) && b->is(TypeKind::tensor) && convert(left, program.types.tensor(b->elementType, {})))
    return b;
  if (isNumber(b) && a->is(TypeKind::tensor) && convert(right, program.types.tensor(a->elementType, {})))
    return a;
  std::string why;
  if (!a->is(TypeKind::tensor) || !b->is(TypeKind::tensor) || a->elementType != b->elementType) {
    error(Code::elementTypesDiffer, expr->span,
          "two tensors of one element type are asked, not " + show(a) + " and " + show(b));
    return fail();
  }
  std::optional<std::vector<Dim>> dims = broadcast(a->dims, b->dims, why);
  if (dims)
    return program.types.tensor(a->elementType, std::move(*dims));
  showShape(
      showShape(error(Code::shapeMismatch, expr->span, "the tensors are paired element by element: " + why), left, a),
      right, b);
  return fail();
}

Type Checker::transposeResult(const syntax::CallExpr *expr, const std::vector<const syntax::Expr *> &args) {
  if (args.empty() || args.size() > 2)
    return wrongTensorCall(expr, "transpose(x), transpose(x, [1, 0])");
  Type type = tensorOperand(args[0]);
  if (type->is(TypeKind::error))
    return wrongTensorTail(args, 1);
  std::vector<Dim> dims = type->dims;
  if (args.size() == 1) {
    if (dims.size() < 2)
      return wrongTensorCall(expr, "transpose(x) of two dimensions or more");
    std::swap(dims[dims.size() - 2], dims.back());
    return program.types.tensor(type->elementType, std::move(dims));
  }
  const auto *order = as<syntax::ListExpr>(args[1]);
  note(args[1]);
  std::vector<bool> used(dims.size(), false);
  bool sound = order && order->elements.size() == dims.size();
  for (std::size_t i = 0; sound && i < dims.size(); ++i) {
    const auto *place = as<syntax::IntExpr>(order->elements[i]);
    note(order->elements[i]);
    sound = place && place->value >= 0 && place->value < static_cast<std::int64_t>(dims.size()) &&
            !used[static_cast<std::size_t>(place->value)];
    if (sound) {
      used[static_cast<std::size_t>(place->value)] = true;
      dims[i] = type->dims[static_cast<std::size_t>(place->value)];
    }
  }
  if (!sound)
    return wrongTensorCall(expr, "transpose(x, [each place once, from 0])");
  return program.types.tensor(type->elementType, std::move(dims));
}

Type Checker::reshapeResult(const syntax::CallExpr *expr, const std::vector<const syntax::Expr *> &args) {
  const auto *sizes = args.size() == 2 ? as<syntax::ListExpr>(args[1]) : nullptr;
  if (!sizes)
    return wrongTensorCall(expr, "reshape(x, [B, S, 4, 6])");
  note(args[1]);
  Type type = tensorOperand(args[0]);
  std::vector<Dim> dims;
  std::optional<Dim> before = Dim::number(1), after = Dim::number(1);
  for (const syntax::Expr *size : sizes->elements) {
    std::optional<Dim> dim = sizeOf(size);
    if (!dim)
      return fail();
    dims.push_back(*dim);
    after = after ? multiply(*after, *dim) : after;
  }
  if (type->is(TypeKind::error))
    return type;
  for (const Dim &dim : type->dims)
    before = before ? multiply(*before, dim) : before;
  if (!before || !after || !sameSize(*before, *after)) {
    showShape(error(Code::shapeMismatch, expr->span,
                    "`reshape` keeps the number of elements: " + (before ? before->described() : "?") + " is not " +
                        (after ? after->described() : "?")),
              args[0], type);
    return fail();
  }
  return program.types.tensor(type->elementType, std::move(dims));
}

Type Checker::cutResult(const syntax::CallExpr *expr, const Builtin &builtin,
                        const std::vector<const syntax::Expr *> &args, CallInfo &call) {
  bool slice = builtin.id == BuiltinId::tensorSlice;
  if (args.size() != 4)
    return wrongTensorCall(expr, slice ? "slice(x, D, from, to)" : "pad(x, D, before, after)");
  Type type = tensorOperand(args[0]);
  if (type->is(TypeKind::error))
    return wrongTensorTail(args, 1);
  std::optional<std::size_t> place = dimensionOf(args[1], type, args[0]);
  std::optional<std::int64_t> first = amountOf(args[2], TypeKind::integer, slice ? "`from`" : "`before`");
  std::optional<std::int64_t> second = amountOf(args[3], TypeKind::integer, slice ? "`to`" : "`after`");
  if (!place || !first || !second)
    return fail();
  call.arguments[1].dimension = static_cast<std::int32_t>(*place);
  std::optional<std::int64_t> size = type->dims[*place].value();
  bool sound = slice ? *first >= 0 && *second > *first && (!size || *second <= *size)
                     : *first >= 0 && *second >= 0 && size.has_value();
  if (!sound) {
    error(Code::badSize, expr->span,
          slice ? "`slice` takes 0 <= from < to <= " + type->dims[*place].described()
                : "`pad` takes sizes of at least 0, of a dimension whose size is known");
    return fail();
  }
  std::vector<Dim> dims = type->dims;
  dims[*place] = Dim::number(slice ? *second - *first : *size + *first + *second);
  return program.types.tensor(type->elementType, std::move(dims));
}

Type Checker::concatResult(const syntax::CallExpr *expr, TensorArguments &given, CallInfo &call) {
  const auto &args = given.positional;
  const auto *parts = !args.empty() ? as<syntax::ListExpr>(args[0]) : nullptr;
  auto axis = given.named.find("axis");
  if (!parts || parts->elements.empty() || (args.size() == 2) == (axis != given.named.end()) || args.size() > 2)
    return wrongTensorCall(expr, "concat([a, b], D), concat([a, b], axis: 0)");
  note(parts);
  std::vector<Type> types;
  for (const syntax::Expr *part : parts->elements)
    types.push_back(tensorOperand(part));
  for (Type type : types)
    if (type->is(TypeKind::error))
      return wrongTensorTail(args, 1);
  std::optional<std::size_t> place;
  if (args.size() == 2) {
    place = dimensionOf(args[1], types[0], parts->elements[0]);
    if (place)
      call.arguments[1].dimension = static_cast<std::int32_t>(*place);
  } else if (std::optional<std::int64_t> at = amountOf(axis->second, TypeKind::integer, "`axis`")) {
    if (*at >= 0 && *at < static_cast<std::int64_t>(types[0]->dims.size()))
      place = static_cast<std::size_t>(*at);
    else
      error(Code::unknownDimension, axis->second->span, text(types[0]) + " has no dimension " + std::to_string(*at));
  }
  if (!place)
    return fail();
  std::int64_t total = 0;
  for (std::size_t i = 0; i < types.size(); ++i) {
    bool same = types[i]->elementType == types[0]->elementType && types[i]->dims.size() == types[0]->dims.size();
    for (std::size_t d = 0; same && d < types[i]->dims.size(); ++d)
      same = d == *place || sameSize(types[i]->dims[d], types[0]->dims[d]);
    if (!same) {
      Diagnostic &report = error(Code::shapeMismatch, parts->elements[i]->span,
                                 "`concat` joins tensors that agree but for the joined dimension")
                               .mark(text(types[i]));
      showShape(report, parts->elements[0], types[0]);
      return fail();
    }
    std::optional<std::int64_t> size = types[i]->dims[*place].value();
    if (!size || __builtin_add_overflow(total, *size, &total)) {
      error(Code::badSize, parts->elements[i]->span,
            "the size " + types[i]->dims[*place].text() + " must be known to be joined")
          .hint("declare it: `dim " + types[i]->dims[*place].text() + " = …`");
      return fail();
    }
  }
  std::vector<Dim> dims = types[0]->dims;
  dims[*place] = Dim::number(total);
  return program.types.tensor(types[0]->elementType, std::move(dims));
}

Type Checker::attentionResult(const syntax::CallExpr *expr, TensorArguments &given) {
  const auto &args = given.positional;
  if (args.size() != 3)
    return wrongTensorCall(expr, "attention(q, k, v, heads: 8, causal: true)");
  Type q = tensorOperand(args[0]), k = tensorOperand(args[1]), v = tensorOperand(args[2]);
  if (q->is(TypeKind::error) || k->is(TypeKind::error) || v->is(TypeKind::error))
    return fail();
  auto shapes = [&](Diagnostic &report) {
    showShape(showShape(showShape(report, args[0], q), args[1], k), args[2], v);
  };
  std::size_t rank = q->dims.size();
  bool sound = rank >= 2 && k->dims.size() == rank && v->dims.size() == rank && isFloat(q->elementType) &&
               q->elementType == k->elementType && q->elementType == v->elementType;
  for (std::size_t i = 0; sound && i + 2 < rank; ++i)
    sound = sameSize(q->dims[i], k->dims[i]) && sameSize(q->dims[i], v->dims[i]);
  sound = sound && sameSize(q->dims[rank - 1], k->dims[rank - 1]) && sameSize(k->dims[rank - 2], v->dims[rank - 2]);
  if (!sound) {
    shapes(error(Code::shapeMismatch, expr->span, "`attention` takes q[…, S, A], k[…, T, A] and v[…, T, C]"));
    return fail();
  }
  if (auto heads = given.named.find("heads"); heads != given.named.end()) {
    std::optional<std::int64_t> count = staticAmount(heads->second, "`heads`");
    std::optional<std::int64_t> columns = q->dims.back().value();
    if (count && (*count < 1 || (columns && *columns % *count != 0)))
      error(Code::badSize, heads->second->span,
            std::to_string(*count) + " heads do not divide " + q->dims.back().described());
  }
  std::vector<Dim> dims = q->dims;
  dims.back() = v->dims.back();
  return program.types.tensor(q->elementType, std::move(dims));
}

Type Checker::filledResult(const syntax::CallExpr *expr, const Builtin &builtin, TensorArguments &given, Type hint) {
  bool draws = builtin.id == BuiltinId::tensorNormal || builtin.id == BuiltinId::tensorUniform;
  if (given.positional.size() != (draws ? 1u : 0u))
    return wrongTensorCall(expr, draws ? std::string("normal(r, std: 0.02)") : builtin.name + "()");
  if (draws)
    check(given.positional[0], simple(TypeKind::rng));
  Type wanted = hint ? seen(hint) : nullptr;
  bool fills = builtin.id != BuiltinId::tensorIota;
  if (wanted && wanted->is(TypeKind::parameter) && !draws && fills)
    return wanted;
  bool record = wanted && wanted->is(TypeKind::record) && fills;
  if (!wanted || (!wanted->is(TypeKind::tensor) && !record)) {
    error(Code::shapeNotKnown, expr->span, "the shape of `" + builtin.name + "` is not known here")
        .hint("say it: `let w: f32[D, H] = " + builtin.name + "(…)`");
    return fail();
  }
  bool carries = allTensors(wanted, [&](Type type) {
    return (!draws || isFloat(type->elementType)) && type->elementType != ElementType::boolean;
  });
  bool ofNothing = builtin.id == BuiltinId::tensorIota && wanted->dims.empty();
  if (!carries || ofNothing) {
    error(Code::tensorOperands, expr->span, "`" + builtin.name + "` cannot fill " + a(wanted));
    return fail();
  }
  return wanted;
}

} // namespace weft::sema

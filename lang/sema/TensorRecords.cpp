//===- TensorRecords.cpp - Records of tensors as wholes -------------------===//
//
// `each` walks over the tensors of records of one type, `reduce` over the records
// of a stack, and a derivative has the type of what it is taken by.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Checker.h"

#include <algorithm>

namespace weft::sema {
using syntax::as;

namespace {

/// The one element type of all tensors in it; nothing if there are several, or none.
std::optional<ElementType> elementOf(Type type) {
  std::optional<ElementType> element;
  bool one = allTensors(type, [&](Type tensor) {
    bool same = !element || *element == tensor->elementType;
    element = tensor->elementType;
    return same;
  });
  return one ? element : std::nullopt;
}
} // namespace

Type Checker::eachResult(const syntax::CallExpr *expr, TensorArguments &given, CallInfo &call) {
  const auto &args = given.positional;
  const auto *lambda = args.empty() ? nullptr : as<syntax::LambdaExpr>(args.back());
  if (args.size() < 2 || !lambda)
    return wrongTensorCall(expr, "each(a, b, |x, y| e)");
  std::vector<Type> types;
  for (std::size_t i = 0; i + 1 < args.size(); ++i)
    types.push_back(seen(info(args[i]).type ? info(args[i]).type : infer(args[i])));
  Type record = types.front();
  for (std::size_t i = 0; i < types.size(); ++i) {
    if (types[i]->is(TypeKind::error))
      return wrongTensorTail(args, args.size() - 1);
    if (!types[i]->is(TypeKind::parameter) && !isTensors(types[i])) {
      error(Code::tensorOperands, args[i]->span,
            "`each` walks over the tensors of records, and this is " + a(types[i]));
      return wrongTensorTail(args, args.size() - 1);
    }
    if (!inference.fits(types[i], record)) {
      error(Code::tensorOperands, args[i]->span, "`each` walks over records of one type")
          .note(args[0]->span, text(record))
          .mark(text(types[i]));
      return wrongTensorTail(args, args.size() - 1);
    }
  }
  // Of a type parameter the tensors are not known: they are of f32, which the lowering holds each use to.
  std::optional<ElementType> element = record->is(TypeKind::parameter) ? ElementType::f32 : elementOf(record);
  if (!element) {
    error(Code::elementTypesDiffer, args[0]->span,
          "`each` walks over tensors of one element type, and " + text(record) + " has several");
    return wrongTensorTail(args, args.size() - 1);
  }
  program.dims.push_back({"…", std::nullopt, false, expr->span, true});
  call.shape = &program.dims.back();
  Type one = program.types.tensor(*element, {Dim::named(call.shape)});
  Type result = applied(lambda, std::vector<Type>(types.size(), one), one, "`each`");
  if (result->is(TypeKind::error))
    return fail();
  if (!convert(lambda->body, one)) {
    Type found = seen(result);
    error(Code::shapeMismatch, lambda->body->span,
          "`each` gives a record of the type it walks over, so its lambda gives a tensor like its arguments")
        .mark(text(found))
        .note(args[0]->span, text(record));
    return fail();
  }
  return record;
}

Type Checker::foldResult(const syntax::CallExpr *expr, TensorArguments &given) {
  const auto &args = given.positional;
  if (args.size() != 3)
    return wrongTensorCall(expr, "reduce(blocks, x, f)");
  Type stack = seen(info(args[0]).type ? info(args[0]).type : infer(args[0]));
  if (stack->is(TypeKind::error))
    return wrongTensorTail(args, 1);
  Type one = program.types.sliced(stack);
  if (!one) {
    error(Code::tensorOperands, args[0]->span,
          "`reduce` walks over what is stacked, `Block[L]` or `f32[L, D]`, and this is " + a(stack));
    return wrongTensorTail(args, 1);
  }
  Type start = seen(infer(args[1]));
  if (start->is(TypeKind::error))
    return wrongTensorTail(args, 2);
  if (!isTensors(start)) {
    error(Code::tensorOperands, args[1]->span, "`reduce` carries tensors, and this is " + a(start));
    return wrongTensorTail(args, 2);
  }
  Type result = applied(args[2], {start, one}, start, "`reduce`");
  if (result->is(TypeKind::error))
    return fail();
  const auto *lambda = as<syntax::LambdaExpr>(args[2]);
  if (lambda ? !convert(lambda->body, start) : !inference.fits(result, start)) {
    error(Code::shapeMismatch, args[2]->span,
          "`reduce` hands on what the function gives, so it gives what it begins with: " + show(result) + " is not " +
              text(start))
        .note(args[1]->span, "begins with " + text(start));
    return fail();
  }
  return start;
}

/// `blocks[2]`, `x[0]`: one of those that are stacked.
Type Checker::inferTensorIndex(const syntax::IndexExpr *expr, Type object) {
  std::optional<std::int64_t> at = staticAmount(expr->index, "the index into a stack");
  Type one = program.types.sliced(object);
  if (!one) {
    error(Code::notIndexable, expr->object->span, "`" + show(object) + "` is not stacked, so there is none to pick")
        .hint("`Block[L]` and `f32[L, D]` are");
    return fail();
  }
  std::optional<std::int64_t> size = object->dims.front().value();
  if (at && (*at < 0 || (size && *at >= *size))) {
    error(Code::badSize, expr->index->span,
          "there is no number " + std::to_string(*at) + ": " + text(object) + " counts from 0 to below " +
              object->dims.front().described());
    return fail();
  }
  return one;
}

bool Checker::hasGradient(Type type, Span span) {
  bool floats =
      type->is(TypeKind::parameter) || allTensors(type, [](Type tensor) { return isFloat(tensor->elementType); });
  if (!floats)
    error(Code::notDifferentiable, span,
          "a derivative is taken by a tensor of floats or a record of them, not by " + a(type));
  return floats;
}

Type Checker::callGradient(const syntax::CallExpr *expr, const syntax::CallExpr *gradient, BuiltinId which) {
  std::string name = which == BuiltinId::tensorGrad ? "`grad`" : "`value_and_grad`";
  note(gradient->callee);
  note(gradient);
  const syntax::Expr *function = gradient->arguments.size() == 1 ? gradient->arguments[0].value : nullptr;
  if (body.place != Place::tensorFn || !function) {
    for (const syntax::Argument &argument : gradient->arguments)
      note(argument.value);
    inferArguments(expr);
    if (function)
      error(Code::tensorOutside, gradient->span, name + " stands in tensor functions")
          .hint("put it into a `fn` with tensors in its signature and call that");
    else
      error(Code::tensorOperands, gradient->span, name + " takes one function: `grad(f)(x)`");
    return fail();
  }
  CallInfo call;
  if (const auto *lambda = as<syntax::LambdaExpr>(function)) {
    std::vector<Type> given;
    for (const syntax::Argument &argument : expr->arguments) {
      given.push_back(seen(infer(argument.value)));
      call.arguments.push_back({argument.value});
      if (!argument.name.empty())
        error(Code::unknownArgument, argument.name.span, "a lambda has no parameters by name");
    }
    call.result = applied(lambda, given, nullptr, name);
    for (Type type : given)
      if (type->is(TypeKind::error))
        return fail();
  } else {
    Symbol *symbol = staticName(function);
    const auto *member = as<syntax::MemberExpr>(function);
    if (member && !symbol)
      symbol = pathOf(member).symbol;
    note(function, symbol);
    if (!symbol || symbol->kind != SymbolKind::fn || !symbol->fn->tensor) {
      inferArguments(expr);
      error(Code::tensorOperands, function->span, name + " takes a tensor function by its name, or a lambda");
      return fail();
    }
    info(function).denotes = Denotes::callable;
    info(function).symbol = symbol;
    Type value = callTensorFn(expr, symbol, nullptr, nullptr);
    if (value->is(TypeKind::error))
      return fail();
    call = module().calls[expr->id];
  }
  if (call.result->is(TypeKind::error))
    return fail();
  Type value = seen(call.result);
  bool number = value->is(TypeKind::tensor) && value->dims.empty() &&
                (value->elementType == ElementType::f32 || value->elementType == ElementType::f64);
  if (!number || call.arguments.empty()) {
    error(Code::notDifferentiable, function->span,
          number ? "a function without arguments has no derivative"
                 : "the derivative of a number is taken, `f32` or `f64`, and this gives " + a(value))
        .hint("`sum(x)` and `mean(x)` make one number of many");
    return fail();
  }
  const BoundArgument &first = call.arguments.front();
  Type by = seen(info(first.value).finalType());
  if (!hasGradient(by, first.value->span))
    return fail();
  call.kind = CalleeKind::tensorCore;
  call.builtin = which;
  call.result = which == BuiltinId::tensorGrad ? by : program.types.tuple({value, by});
  Type result = call.result;
  module().calls[expr->id] = std::move(call);
  body.calls.push_back(expr);
  return result;
}

} // namespace weft::sema

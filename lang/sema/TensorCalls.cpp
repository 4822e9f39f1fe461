//===- TensorCalls.cpp - Shapes of the core tensor functions --------------===//
//
// What each function takes and gives. Named dimensions are looked up in the shape
// of the operand; a reduced dimension disappears.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Checker.h"

#include <algorithm>

namespace weft::sema {
using syntax::as;

Type Checker::callTensorCore(const syntax::CallExpr *expr, const Builtin &builtin, const syntax::Expr *receiver,
                             Type hint) {
  TensorArguments given;
  if (receiver)
    given.positional.push_back(receiver);
  for (const syntax::Argument &argument : expr->arguments)
    if (argument.name.empty())
      given.positional.push_back(argument.value);
    else
      given.named[argument.name.text] = argument.value;
  static const std::map<BuiltinId, std::vector<std::string>> namesOf = {
      {BuiltinId::tensorLayerNorm, {"eps"}}, {BuiltinId::tensorRmsNorm, {"eps"}},
      {BuiltinId::tensorConcat, {"axis"}},   {BuiltinId::tensorAttention, {"heads", "causal"}},
      {BuiltinId::tensorNormal, {"std"}},    {BuiltinId::tensorUniform, {"low", "high"}},
      {BuiltinId::tensorTopK, {"k"}},        {BuiltinId::tensorRope, {"heads", "base"}}};
  auto names = namesOf.find(builtin.id);
  for (const syntax::Argument &argument : expr->arguments) {
    if (argument.name.empty() || (names != namesOf.end() && std::find(names->second.begin(), names->second.end(),
                                                                      argument.name.text) != names->second.end()))
      continue;
    infer(argument.value);
    error(Code::unknownArgument, argument.name.span,
          "`" + builtin.name + "` has no parameter `" + argument.name.text + "`");
    return fail();
  }
  CallInfo call;
  call.kind = CalleeKind::tensorCore;
  call.builtin = builtin.id;
  call.receiver = receiver != nullptr;
  for (const syntax::Expr *value : given.positional)
    call.arguments.push_back({value});
  std::size_t before = engine.errorCount();
  Type result = tensorResult(expr, builtin, given, call, hint);
  if (names != namesOf.end())
    for (const std::string &name : names->second) {
      auto found = given.named.find(name);
      call.arguments.push_back({found == given.named.end() ? nullptr : found->second});
      if (found == given.named.end() || name == "axis" || name == "k" || info(found->second).type)
        continue;
      if (name == "heads") {
        staticAmount(found->second, "`heads`");
        continue;
      }
      constantOf(found->second, simple(name == "causal" ? TypeKind::boolean : TypeKind::floating), "`" + name + "`");
    }
  if (engine.errorCount() != before)
    return fail();
  call.result = result;
  module().calls[expr->id] = std::move(call);
  body.calls.push_back(expr);
  return result;
}

Type Checker::tensorOperand(const syntax::Expr *expr) {
  Type type = seen(info(expr).type ? info(expr).type : infer(expr));
  if (type->is(TypeKind::tensor) || type->is(TypeKind::error))
    return type;
  error(Code::tensorOperands, expr->span, "a tensor is asked here, not " + show(type));
  return fail();
}

Type Checker::wrongTensorCall(const syntax::CallExpr *expr, const std::string &signature) {
  for (const syntax::Argument &argument : expr->arguments)
    if (!info(argument.value).type)
      note(argument.value);
  error(Code::tensorOperands, expr->span, "the call does not fit `" + signature + "`");
  return fail();
}

std::optional<std::size_t> Checker::dimensionOf(const syntax::Expr *expr, Type tensor, const syntax::Expr *operand) {
  const auto *name = as<syntax::NameExpr>(expr);
  note(expr);
  if (!name) {
    error(Code::unknownDimension, expr->span, "a dimension is named here, as in `sum(x, D)`");
    return std::nullopt;
  }
  std::optional<std::size_t> place;
  for (std::size_t i = 0; i < tensor->dims.size(); ++i) {
    const DimSymbol *symbol = tensor->dims[i].symbol();
    if (!symbol || symbol->name != name->name.text)
      continue;
    if (place) {
      error(Code::unknownDimension, expr->span,
            "`" + name->name.text + "` stands twice in " + text(tensor) + ", so which one is meant is open")
          .hint("give one of them another name with `reshape`");
      return std::nullopt;
    }
    place = i;
  }
  if (!place)
    showShape(error(Code::unknownDimension, expr->span, text(tensor) + " has no dimension `" + name->name.text + "`"),
              operand, tensor);
  info(expr).denotes = Denotes::dim;
  info(expr).index = place ? static_cast<std::int32_t>(*place) : -1;
  return place;
}

Type Checker::reduceCall(CallInfo &call, Type operand, std::size_t from, bool keeps) {
  std::vector<bool> gone(operand->dims.size(), call.arguments.size() == from);
  for (std::size_t i = from; i < call.arguments.size(); ++i) {
    std::optional<std::size_t> place = dimensionOf(call.arguments[i].value, operand, call.arguments.front().value);
    if (!place)
      continue;
    if (gone[*place])
      error(Code::duplicateKey, call.arguments[i].value->span, "this dimension is named twice");
    gone[*place] = true;
    call.arguments[i].dimension = static_cast<std::int32_t>(*place);
  }
  if (keeps)
    return operand;
  std::vector<Dim> dims;
  for (std::size_t i = 0; i < gone.size(); ++i)
    if (!gone[i])
      dims.push_back(operand->dims[i]);
  return program.types.tensor(operand->elementType, std::move(dims));
}

std::optional<Dim> Checker::sizeOf(const syntax::Expr *expr) {
  if (const auto *number = as<syntax::IntExpr>(expr)) {
    infer(expr);
    return Dim::number(number->value);
  }
  if (const auto *name = as<syntax::NameExpr>(expr)) {
    note(expr);
    info(expr).denotes = Denotes::dim;
    info(expr).type = simple(TypeKind::integer);
    DimSymbol *symbol = resolveDimName(name->name.text, expr->span);
    return symbol ? std::optional<Dim>(Dim::named(symbol)) : std::nullopt;
  }
  if (const auto *binary = as<syntax::BinaryExpr>(expr);
      binary && (binary->op == syntax::BinaryOp::multiply || binary->op == syntax::BinaryOp::divide)) {
    note(expr);
    std::optional<Dim> left = sizeOf(binary->left), right = sizeOf(binary->right);
    if (!left || !right)
      return std::nullopt;
    std::optional<Dim> size =
        binary->op == syntax::BinaryOp::multiply ? multiply(*left, *right) : divide(*left, *right);
    if (!size)
      error(Code::badSize, expr->span, "this is not a whole size");
    return size;
  }
  note(expr);
  error(Code::badSize, expr->span, "a size is a number, a name, or a product of them");
  return std::nullopt;
}

Type Checker::tensorResult(const syntax::CallExpr *expr, const Builtin &builtin, TensorArguments &given, CallInfo &call,
                           Type hint) {
  const auto &args = given.positional;
  auto operand = [&](std::size_t i) { return tensorOperand(args[i]); };
  auto wanted = [&](std::size_t least, std::size_t most) { return args.size() >= least && args.size() <= most; };
  auto needsFloat = [&](Type type, const syntax::Expr *at) {
    if (type->is(TypeKind::tensor) && !isFloat(type->elementType))
      error(Code::elementTypesDiffer, at->span,
            "`" + builtin.name + "` takes floats, not " + std::string(text(type->elementType)))
          .hint("`cast(x, f32)`");
  };
  switch (builtin.id) {
  case BuiltinId::tensorSelect: {
    if (!wanted(3, 3))
      return wrongTensorCall(expr, "select(c, a, b)");
    Type condition = operand(0), result = chosenPair(expr, args[1], args[2], hint);
    if (condition->is(TypeKind::error) || result->is(TypeKind::error))
      return fail();
    std::string why;
    std::optional<std::vector<Dim>> dims = broadcast(condition->dims, result->dims, why);
    if (condition->elementType != ElementType::boolean)
      error(Code::elementTypesDiffer, args[0]->span,
            "`select` chooses by a tensor of bool, not of " + std::string(text(condition->elementType)));
    else if (!dims)
      showShape(showShape(error(Code::shapeMismatch, expr->span, "`select` works element by element: " + why), args[0],
                          condition),
                args[1], result);
    else
      return program.types.tensor(result->elementType, std::move(*dims));
    return fail();
  }
  case BuiltinId::tensorMin:
  case BuiltinId::tensorMax:
    if (args.size() == 2 && !isDimName(args[1], args[0]))
      return elementwisePair(expr, args[0], args[1]);
    [[fallthrough]];
  case BuiltinId::tensorSum:
  case BuiltinId::tensorMean: {
    if (args.empty())
      return wrongTensorCall(expr, "sum(x, D, …)");
    Type type = operand(0);
    if (type->is(TypeKind::error))
      return wrongTensorTail(args, 1);
    if (builtin.id == BuiltinId::tensorMean)
      needsFloat(type, args[0]);
    return reduceCall(call, type, 1, false);
  }
  case BuiltinId::tensorSoftmax:
  case BuiltinId::tensorLayerNorm:
  case BuiltinId::tensorRmsNorm: {
    if (!wanted(2, 2))
      return wrongTensorCall(expr, "softmax(x, D)");
    Type type = operand(0);
    if (type->is(TypeKind::error))
      return wrongTensorTail(args, 1);
    needsFloat(type, args[0]);
    return reduceCall(call, type, 1, true);
  }
  case BuiltinId::tensorTranspose:
    return transposeResult(expr, args);
  case BuiltinId::tensorReshape:
    return reshapeResult(expr, args);
  case BuiltinId::tensorSlice:
  case BuiltinId::tensorPad:
    return cutResult(expr, builtin, args, call);
  case BuiltinId::tensorConcat:
    return concatResult(expr, given, call);
  case BuiltinId::tensorCast: {
    const auto *name = args.size() == 2 ? as<syntax::NameExpr>(args[1]) : nullptr;
    std::optional<ElementType> element = name ? findElementType(name->name.text) : std::nullopt;
    if (!element)
      return wrongTensorCall(expr, "cast(x, bf16)");
    note(args[1]);
    Type type = operand(0);
    return type->is(TypeKind::error) ? type : program.types.tensor(*element, type->dims);
  }
  case BuiltinId::tensorEmbed: {
    if (!wanted(2, 2))
      return wrongTensorCall(expr, "embed(table, ids)");
    Type table = operand(0), ids = operand(1);
    if (table->is(TypeKind::error) || ids->is(TypeKind::error))
      return fail();
    if (table->dims.size() != 2 || isFloat(ids->elementType) || ids->elementType == ElementType::boolean) {
      error(Code::tensorOperands, expr->span, "`embed` takes a table of two dimensions and whole numbers")
          .note(args[0]->span, text(table))
          .note(args[1]->span, text(ids));
      return fail();
    }
    std::vector<Dim> dims = ids->dims;
    dims.push_back(table->dims[1]);
    return program.types.tensor(table->elementType, std::move(dims));
  }
  case BuiltinId::tensorCrossEntropy: {
    if (!wanted(2, 2))
      return wrongTensorCall(expr, "cross_entropy(logits, ids)");
    Type logits = operand(0), ids = operand(1);
    if (logits->is(TypeKind::error) || ids->is(TypeKind::error))
      return fail();
    needsFloat(logits, args[0]);
    std::vector<Dim> places(logits->dims.begin(), logits->dims.empty() ? logits->dims.end() : logits->dims.end() - 1);
    bool same = places.size() == ids->dims.size() && !logits->dims.empty() &&
                std::equal(places.begin(), places.end(), ids->dims.begin(), sameSize);
    if (!same || isFloat(ids->elementType)) {
      Diagnostic &report =
          error(Code::shapeMismatch, expr->span, "`cross_entropy` takes one whole number for each row of logits");
      showShape(showShape(report, args[0], logits), args[1], ids);
      return fail();
    }
    return program.types.tensor(logits->elementType, {});
  }
  case BuiltinId::tensorAttention:
    return attentionResult(expr, given);
  case BuiltinId::tensorArgmax:
  case BuiltinId::tensorTopK:
    return argmaxResult(expr, builtin, given, call);
  case BuiltinId::tensorSplit:
    return splitResult(expr, given, call);
  case BuiltinId::tensorGather:
    return gatherResult(expr, given, call);
  case BuiltinId::tensorOneHot:
    return oneHotResult(expr, given, hint);
  case BuiltinId::tensorRope:
    return ropeResult(expr, given, call);
  case BuiltinId::tensorEach:
    return eachResult(expr, given, call);
  case BuiltinId::tensorReduce:
    return foldResult(expr, given);
  case BuiltinId::tensorGrad:
  case BuiltinId::tensorValueAndGrad:
    for (const syntax::Expr *argument : args)
      note(argument);
    error(Code::tensorOperands, expr->span, "`" + builtin.name + "(f)` is a function, and it is called at once")
        .hint("`" + builtin.name + "(f)(x)`");
    return fail();
  case BuiltinId::tensorZeros:
  case BuiltinId::tensorOnes:
  case BuiltinId::tensorIota:
  case BuiltinId::tensorNormal:
  case BuiltinId::tensorUniform:
    return filledResult(expr, builtin, given, hint);
  default: {
    if (!wanted(1, 1))
      return wrongTensorCall(expr, builtin.name + "(x)");
    Type type = operand(0);
    if (builtin.id != BuiltinId::tensorAbs && builtin.id != BuiltinId::tensorRelu)
      needsFloat(type, args[0]);
    return type;
  }
  }
}

} // namespace weft::sema

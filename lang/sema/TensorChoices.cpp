//===- TensorChoices.cpp - Picking, splitting, and turning by places ------===//

#include "lang/sema/Checker.h"

namespace weft::sema {
using syntax::as;

namespace {
bool isWhole(Type type) { return !isFloat(type->elementType) && type->elementType != ElementType::boolean; }
} // namespace

Type Checker::argmaxResult(const syntax::CallExpr *expr, const Builtin &builtin, TensorArguments &given,
                           CallInfo &call) {
  const auto &args = given.positional;
  bool several = builtin.id == BuiltinId::tensorTopK;
  auto k = given.named.find("k");
  if (args.size() != 2 || several != (k != given.named.end()))
    return wrongTensorCall(expr, several ? "top_k(x, D, k: 3)" : "argmax(x, D)");
  Type type = tensorOperand(args[0]);
  if (type->is(TypeKind::error))
    return wrongTensorTail(args, 1);
  std::optional<std::size_t> place = dimensionOf(args[1], type, args[0]);
  if (!place)
    return fail();
  call.arguments[1].dimension = static_cast<std::int32_t>(*place);
  std::vector<Dim> dims = type->dims;
  if (!several) {
    dims.erase(dims.begin() + static_cast<std::ptrdiff_t>(*place));
    return program.types.tensor(ElementType::i32, std::move(dims));
  }
  std::optional<Dim> count = sizeOf(k->second);
  if (!count)
    return fail();
  std::optional<std::int64_t> many = count->value(), size = dims[*place].value();
  if (many && (*many < 1 || (size && *many > *size))) {
    error(Code::badSize, k->second->span,
          "`k` is at least 1 and at most " + dims[*place].described() + ", and here it is " + count->described());
    return fail();
  }
  dims[*place] = *count;
  Type values = program.types.tensor(type->elementType, dims);
  return program.types.tuple({values, program.types.tensor(ElementType::i32, std::move(dims))});
}

Type Checker::splitResult(const syntax::CallExpr *expr, TensorArguments &given, CallInfo &call) {
  const auto &args = given.positional;
  if (args.size() != 3)
    return wrongTensorCall(expr, "split(x, D, 3)");
  Type type = tensorOperand(args[0]);
  if (type->is(TypeKind::error))
    return wrongTensorTail(args, 1);
  std::optional<std::size_t> place = dimensionOf(args[1], type, args[0]);
  std::optional<std::int64_t> count = amountOf(args[2], TypeKind::integer, "the number of parts");
  if (!place || !count)
    return fail();
  call.arguments[1].dimension = static_cast<std::int32_t>(*place);
  constexpr std::int64_t maxParts = 1024; // As many values as a tuple shall have.
  std::optional<Dim> part =
      *count >= 1 && *count <= maxParts ? divide(type->dims[*place], Dim::number(*count)) : std::nullopt;
  if (!part || (part->known() && !part->value())) {
    error(Code::badSize, args[2]->span,
          "`split` makes equal parts, at most " + std::to_string(maxParts) + ", and " + type->dims[*place].described() +
              " does not divide by " + std::to_string(*count));
    return fail();
  }
  std::vector<Dim> dims = type->dims;
  dims[*place] = *part;
  Type one = program.types.tensor(type->elementType, std::move(dims));
  return *count == 1 ? one : program.types.tuple(std::vector<Type>(static_cast<std::size_t>(*count), one));
}

Type Checker::gatherResult(const syntax::CallExpr *expr, TensorArguments &given, CallInfo &call) {
  const auto &args = given.positional;
  if (args.size() != 3)
    return wrongTensorCall(expr, "gather(x, D, ids)");
  Type type = tensorOperand(args[0]), ids = tensorOperand(args[2]);
  if (type->is(TypeKind::error) || ids->is(TypeKind::error)) {
    note(args[1]);
    return fail();
  }
  std::optional<std::size_t> place = dimensionOf(args[1], type, args[0]);
  if (!place)
    return fail();
  call.arguments[1].dimension = static_cast<std::int32_t>(*place);
  if (!isWhole(ids)) {
    error(Code::elementTypesDiffer, args[2]->span, "`gather` picks by whole numbers, not by " + text(ids))
        .hint("`cast(ids, i32)`");
    return fail();
  }
  std::vector<Dim> dims(type->dims.begin(), type->dims.begin() + static_cast<std::ptrdiff_t>(*place));
  dims.insert(dims.end(), ids->dims.begin(), ids->dims.end());
  dims.insert(dims.end(), type->dims.begin() + static_cast<std::ptrdiff_t>(*place) + 1, type->dims.end());
  return program.types.tensor(type->elementType, std::move(dims));
}

Type Checker::oneHotResult(const syntax::CallExpr *expr, TensorArguments &given, Type hint) {
  const auto &args = given.positional;
  if (args.size() != 2)
    return wrongTensorCall(expr, "one_hot(ids, C)");
  Type ids = tensorOperand(args[0]);
  if (ids->is(TypeKind::error))
    return wrongTensorTail(args, 1);
  std::optional<Dim> size = sizeOf(args[1]);
  if (!size)
    return fail();
  if (!isWhole(ids)) {
    error(Code::elementTypesDiffer, args[0]->span, "`one_hot` takes whole numbers, not " + text(ids))
        .hint("`cast(ids, i32)`");
    return fail();
  }
  Type wanted = hint ? seen(hint) : nullptr;
  bool asked = wanted && wanted->is(TypeKind::tensor) && wanted->elementType == ElementType::f64;
  std::vector<Dim> dims = ids->dims;
  dims.push_back(*size);
  return program.types.tensor(asked ? ElementType::f64 : ElementType::f32, std::move(dims));
}

Type Checker::ropeResult(const syntax::CallExpr *expr, TensorArguments &given, CallInfo &call) {
  const auto &args = given.positional;
  if (args.size() != 2)
    return wrongTensorCall(expr, "rope(x, S, heads: 8, base: 10000)");
  Type type = tensorOperand(args[0]);
  if (type->is(TypeKind::error))
    return wrongTensorTail(args, 1);
  std::optional<std::size_t> place = dimensionOf(args[1], type, args[0]);
  if (!place)
    return fail();
  call.arguments[1].dimension = static_cast<std::int32_t>(*place);
  if (!isFloat(type->elementType) || *place + 1 >= type->dims.size()) {
    error(Code::tensorOperands, expr->span,
          "`rope` turns the last dimension of a tensor of floats by places along another one")
        .note(args[0]->span, text(type));
    return fail();
  }
  auto heads = given.named.find("heads");
  std::optional<std::int64_t> count = heads == given.named.end() ? 1 : staticAmount(heads->second, "`heads`"),
                              columns = type->dims.back().value();
  if (count && (*count < 1 || (columns && (*columns % *count != 0 || *columns / *count % 2 != 0))))
    error(Code::badSize, heads == given.named.end() ? args[0]->span : heads->second->span,
          "`rope` turns pairs of columns in each head, and " + type->dims.back().described() + " is not " +
              std::to_string(*count) + " heads of an even number");
  return type;
}

} // namespace weft::sema

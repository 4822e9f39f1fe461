//===- Inference.cpp - Types that are not known yet -----------------------===//
//
// Named types are never rebuilt, but for the sizes of records of tensors: they hold no variables and no parameters.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Inference.h"

#include <algorithm>

namespace weft::sema {
namespace {

bool sameSizes(const std::vector<Dim> &left, const std::vector<Dim> &right) {
  return left.size() == right.size() && std::equal(left.begin(), left.end(), right.begin(), sameSize);
}
} // namespace

Type Inference::fresh() { return types.variable(next++); }

Type Inference::resolve(Type type) const {
  while (type->is(TypeKind::variable)) {
    auto bound = bindings.find(type);
    if (bound == bindings.end())
      return type;
    type = bound->second;
  }
  // `T?` of a generic fn whose T turns out to be an optional: an absence is one.
  if (type->is(TypeKind::optional))
    if (Type inner = resolve(type->element); inner->is(TypeKind::optional))
      return inner;
  return type;
}

/// Rebuilds a structural type around what `leaf` makes of its leaves; a null from
/// `leaf` means: look inside.
template <typename Leaf> Type Inference::rebuild(Type type, const Leaf &leaf) {
  if (Type replaced = leaf(type))
    return replaced;
  auto all = [&](const std::vector<Type> &parts) {
    std::vector<Type> out;
    for (Type part : parts)
      out.push_back(rebuild(part, leaf));
    return out;
  };
  switch (type->kind) {
  case TypeKind::list:
    return types.list(rebuild(type->element, leaf));
  case TypeKind::map:
    return types.map(rebuild(type->element, leaf));
  case TypeKind::optional:
    return types.optional(rebuild(type->element, leaf));
  case TypeKind::tuple:
    return types.tuple(all(type->elements));
  case TypeKind::function:
    return types.function(all(type->elements), rebuild(type->element, leaf));
  case TypeKind::agent:
    return types.agent(all(type->elements), rebuild(type->element, leaf));
  case TypeKind::record: {
    if (!type->name.empty())
      return type;
    std::vector<Field> fields = type->fields;
    for (Field &field : fields)
      field.type = rebuild(field.type, leaf);
    return types.literalRecord(std::move(fields));
  }
  default:
    return type;
  }
}

Type Inference::settle(Type type) {
  return rebuild(type, [&](Type part) -> Type {
    if (!part->is(TypeKind::variable))
      return nullptr;
    Type bound = resolve(part);
    return bound->is(TypeKind::variable) ? bound : settle(bound);
  });
}

Type Inference::close(Type type) {
  return rebuild(type,
                 [&](Type part) { return part->is(TypeKind::variable) ? types.simple(TypeKind::none) : nullptr; });
}

bool Inference::open(Type type) {
  bool found = false;
  walk(type, [&](Type part) { found |= part->is(TypeKind::variable); });
  return found;
}

bool Inference::occurs(Type variable, Type type) const {
  bool found = false;
  // Bindings are followed by hand: `walk` sees a bound variable as a leaf.
  std::function<void(Type)> look = [&](Type part) {
    walk(part, [&](Type inner) {
      if (inner == variable)
        found = true;
      else if (inner->is(TypeKind::variable) && resolve(inner) != inner)
        look(resolve(inner));
    });
  };
  look(type);
  return found;
}

bool Inference::unify(Type left, Type right) {
  left = resolve(left);
  right = resolve(right);
  if (left == right || left->is(TypeKind::error) || right->is(TypeKind::error))
    return true;
  if (left->is(TypeKind::variable) || right->is(TypeKind::variable)) {
    if (!left->is(TypeKind::variable))
      std::swap(left, right);
    if (occurs(left, right))
      return false;
    bindings[left] = right;
    return true;
  }
  if (left->kind != right->kind || left->elements.size() != right->elements.size())
    return false;
  for (std::size_t i = 0; i < left->elements.size(); ++i)
    if (!unify(left->elements[i], right->elements[i]))
      return false;
  switch (left->kind) {
  case TypeKind::list:
  case TypeKind::map:
  case TypeKind::optional:
  case TypeKind::function:
  case TypeKind::agent:
    return unify(left->element, right->element);
  case TypeKind::tuple:
    return true;
  case TypeKind::record:
    if (left->origin && left->origin == right->origin)
      return sameSizes(left->dims, right->dims) && sameSizes(left->sizes, right->sizes);
    if (!left->name.empty() || !right->name.empty() || left->fields.size() != right->fields.size())
      return false;
    for (std::size_t i = 0; i < left->fields.size(); ++i)
      if (left->fields[i].name != right->fields[i].name || !unify(left->fields[i].type, right->fields[i].type))
        return false;
    return true;
  case TypeKind::tensor:
    return left->elementType == right->elementType && sameSizes(left->dims, right->dims);
  default:
    return false;
  }
}

bool Inference::fits(Type from, Type to) {
  from = resolve(from);
  to = resolve(to);
  if (from == to || from->is(TypeKind::never) || from->is(TypeKind::error) || to->is(TypeKind::error))
    return true;
  if (from->is(TypeKind::variable) || to->is(TypeKind::variable))
    return unify(from, to);
  if (to->is(TypeKind::optional))
    return from->is(TypeKind::optional) ? fits(from->element, to->element) : fits(from, to->element);
  if (from->is(TypeKind::alias) && !to->is(TypeKind::alias))
    return fits(from->element, to);
  if (from->kind != to->kind || from->elements.size() != to->elements.size())
    return false;
  switch (from->kind) {
  case TypeKind::list:
  case TypeKind::map:
    return fits(from->element, to->element);
  case TypeKind::tuple:
    for (std::size_t i = 0; i < from->elements.size(); ++i)
      if (!fits(from->elements[i], to->elements[i]))
        return false;
    return true;
  case TypeKind::function:
  case TypeKind::agent:
    // What is handed in must fit what is taken.
    for (std::size_t i = 0; i < from->elements.size(); ++i)
      if (!fits(to->elements[i], from->elements[i]))
        return false;
    return fits(from->element, to->element);
  default:
    return unify(from, to);
  }
}

bool Inference::enters(Type from, Type to) {
  from = resolve(from);
  to = resolve(to);
  if (from == to)
    return true;
  if (to->is(TypeKind::alias))
    return enters(from, to->element);
  if (to->is(TypeKind::optional))
    return enters(from->is(TypeKind::optional) ? from->element : from, to->element);
  if (from->is(TypeKind::alias))
    return enters(from->element, to);
  if (from->kind != to->kind || from->elements.size() != to->elements.size())
    return fits(from, to);
  switch (from->kind) {
  case TypeKind::list:
  case TypeKind::map:
    return enters(from->element, to->element);
  case TypeKind::tuple:
    for (std::size_t i = 0; i < from->elements.size(); ++i)
      if (!enters(from->elements[i], to->elements[i]))
        return false;
    return true;
  default:
    return fits(from, to);
  }
}

Type Inference::substitute(Type type, const std::map<Type, Type> &replacements) {
  return rebuild(type, [&](Type part) -> Type {
    auto found = replacements.find(part);
    return found == replacements.end() ? nullptr : found->second;
  });
}

Type Inference::substituteDims(Type type, const std::map<const DimSymbol *, Dim> &replacements) {
  return rebuild(type, [&](Type part) -> Type {
    auto all = [&](const std::vector<Dim> &dims) {
      std::vector<Dim> out;
      for (const Dim &dim : dims)
        out.push_back(sema::substitute(dim, replacements).value_or(dim));
      return out;
    };
    if (part->is(TypeKind::tensor))
      return types.tensor(part->elementType, all(part->dims));
    return part->is(TypeKind::record) && part->origin ? types.instance(part, all(part->dims), all(part->sizes))
                                                      : nullptr;
  });
}

} // namespace weft::sema

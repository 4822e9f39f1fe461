//===- TypeQuestions.cpp - What holds of a type ---------------------------===//
//
// Walks over types whose parts are resolved: what can be compared, put in order,
// computed with by a tensor function.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Types.h"

#include <algorithm>
#include <set>

namespace weft::sema {

Type base(Type type) {
  while (type->is(TypeKind::alias) && type->element)
    type = type->element;
  return type;
}

void walk(Type type, const std::function<void(Type)> &visit) {
  std::set<Type> seen;
  std::vector<Type> open{type};
  while (!open.empty()) {
    Type next = open.back();
    open.pop_back();
    if (!next || !seen.insert(next).second)
      continue;
    visit(next);
    open.push_back(next->element);
    open.insert(open.end(), next->elements.begin(), next->elements.end());
    for (const Field &field : next->fields)
      open.push_back(field.type);
    for (const Case &one : next->cases)
      for (const Field &field : one.fields)
        open.push_back(field.type);
  }
}

bool hasChecks(Type type) {
  bool found = false;
  walk(type, [&](Type part) {
    found |= part->check != nullptr;
    for (const Field &field : part->fields)
      found |= field.check != nullptr;
    for (const Case &one : part->cases)
      for (const Field &field : one.fields)
        found |= field.check != nullptr;
  });
  return found;
}

bool isComparable(Type type) {
  bool comparable = true;
  walk(type, [&](Type part) {
    comparable &= !part->is(TypeKind::function) && !part->is(TypeKind::agent) && !part->is(TypeKind::rng) &&
                  !part->is(TypeKind::tensor);
  });
  return comparable;
}

bool isOrdered(Type type) {
  switch (base(type)->kind) {
  case TypeKind::integer:
  case TypeKind::floating:
  case TypeKind::string:
  case TypeKind::duration:
  case TypeKind::size:
  case TypeKind::money:
  case TypeKind::error:
    return true;
  default:
    return false;
  }
}

bool isNumber(Type type) {
  TypeKind kind = base(type)->kind;
  return kind == TypeKind::integer || kind == TypeKind::floating || kind == TypeKind::error;
}

bool holdsTensor(Type type) {
  bool found = false;
  walk(type, [&](Type part) { found |= part->is(TypeKind::tensor); });
  return found;
}

bool allTensors(Type type, const std::function<bool(Type)> &holds) {
  type = base(type);
  if (type->is(TypeKind::record))
    return std::all_of(type->fields.begin(), type->fields.end(),
                       [&](const Field &field) { return allTensors(field.type, holds); });
  if (type->is(TypeKind::tuple))
    return std::all_of(type->elements.begin(), type->elements.end(),
                       [&](Type element) { return allTensors(element, holds); });
  return type->is(TypeKind::tensor) && holds(type);
}

bool isTensors(Type type) {
  return allTensors(type, [](Type) { return true; });
}

bool isEnumeration(Type type) {
  Type sum = base(type);
  return sum->is(TypeKind::sum) &&
         std::all_of(sum->cases.begin(), sum->cases.end(), [](const Case &one) { return one.fields.empty(); });
}

} // namespace weft::sema

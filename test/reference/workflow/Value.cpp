//===- Value.cpp - Making and comparing values ----------------------------===//

#include "test/reference/workflow/Value.h"

#include <cmath>

namespace weft::reference::workflow {
namespace {

Value made(Value::Kind kind) {
  Value value;
  value.kind = kind;
  return value;
}

} // namespace

Value Value::boolean(bool value) {
  Value out = made(Kind::boolean);
  out.truth = value;
  return out;
}
Value Value::integer(std::int64_t value) { return amount(Kind::integer, value); }
Value Value::floating(double value) {
  Value out = made(Kind::floating);
  out.real = value;
  return out;
}
Value Value::string(std::string value) {
  Value out = made(Kind::string);
  out.text = std::move(value);
  return out;
}
Value Value::bytes(std::string value) {
  Value out = made(Kind::bytes);
  out.text = std::move(value);
  return out;
}
Value Value::amount(Kind unit, std::int64_t value) {
  Value out = made(unit);
  out.number = value;
  return out;
}
Value Value::list(Values items) {
  Value out = made(Kind::list);
  out.items = std::make_shared<const Values>(std::move(items));
  return out;
}
Value Value::map(std::map<std::string, Value> entries) {
  Value out = made(Kind::map);
  out.entries = std::make_shared<const std::map<std::string, Value>>(std::move(entries));
  return out;
}
Value Value::record(Values fields) {
  Value out = list(std::move(fields));
  out.kind = Kind::record;
  return out;
}
Value Value::sum(std::int64_t index, Values fields) {
  Value out = list(std::move(fields));
  out.kind = Kind::sum;
  out.number = index;
  return out;
}
Value Value::of(Tensor tensor) {
  Value out = made(Kind::tensor);
  out.tensor = std::make_shared<const Tensor>(std::move(tensor));
  return out;
}
Value Value::of(Function function) {
  Value out = made(Kind::function);
  out.function = std::make_shared<const Function>(std::move(function));
  return out;
}

const Value *Scope::find(const sema::Symbol *symbol) const {
  for (const Scope *scope = this; scope; scope = scope->outer.get())
    if (auto found = scope->values.find(symbol); found != scope->values.end())
      return &found->second;
  return nullptr;
}

sema::Type Scope::actual(sema::Type parameter) const {
  for (const Scope *scope = this; scope; scope = scope->outer.get())
    if (auto found = scope->types.find(parameter); found != scope->types.end())
      return found->second;
  return nullptr;
}

bool equal(const Value &left, const Value &right) {
  if (left.isNumber() && right.isNumber())
    return compare(left, right) == 0;
  if (left.kind != right.kind)
    return false;
  switch (left.kind) {
  case Value::Kind::none:
    return true;
  case Value::Kind::boolean:
    return left.truth == right.truth;
  case Value::Kind::string:
  case Value::Kind::bytes:
  case Value::Kind::file:
    return left.text == right.text;
  case Value::Kind::map: {
    if (left.entries->size() != right.entries->size())
      return false;
    for (auto a = left.entries->begin(), b = right.entries->begin(); a != left.entries->end(); ++a, ++b)
      if (a->first != b->first || !equal(a->second, b->second))
        return false;
    return true;
  }
  case Value::Kind::sum:
    if (left.number != right.number)
      return false;
    [[fallthrough]];
  case Value::Kind::list:
  case Value::Kind::record: {
    if (left.items->size() != right.items->size())
      return false;
    for (std::size_t i = 0; i < left.items->size(); ++i)
      if (!equal((*left.items)[i], (*right.items)[i]))
        return false;
    return true;
  }
  case Value::Kind::tensor:
    return left.tensor->type == right.tensor->type && left.tensor->shape == right.tensor->shape &&
           left.tensor->elements == right.tensor->elements;
  default:
    return left.number == right.number;
  }
}

int compare(const Value &left, const Value &right) {
  auto sign = [](auto a, auto b) { return a < b ? -1 : a > b ? 1 : 0; };
  if (left.is(Value::Kind::integer) && right.is(Value::Kind::integer))
    return sign(left.number, right.number);
  if (left.isNumber() && right.isNumber()) // Wide enough for both kinds, so nothing is rounded.
    return sign(left.is(Value::Kind::integer) ? static_cast<long double>(left.number) : left.real,
                right.is(Value::Kind::integer) ? static_cast<long double>(right.number) : right.real);
  if (left.is(Value::Kind::string))
    return sign(left.text.compare(right.text), 0); // Bytes of UTF-8 are ordered as code points are.
  return sign(left.number, right.number);
}

} // namespace weft::reference::workflow

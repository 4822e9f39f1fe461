//===- Types.cpp - What a value may be ------------------------------------===//
//
// Interning goes by a key made of the kind and the indices of the parts, so that
// equality of structure is equality of addresses.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Types.h"

#include <algorithm>
#include <set>

namespace weft::sema {
namespace {

std::string keyOf(std::string_view head, const std::vector<Type> &parts) {
  std::string key(head);
  for (Type part : parts)
    key += ":" + std::to_string(part->index);
  return key;
}

constexpr std::string_view elementNames[] = {"f32", "f64", "bf16", "f16", "i64", "i32", "i8", "u8", "bool"};
constexpr std::uint64_t elementBytes[] = {4, 8, 2, 2, 8, 4, 1, 1, 1};

std::string joined(const std::vector<Type> &types) {
  std::string out;
  for (Type type : types)
    out += (out.empty() ? "" : ", ") + text(type);
  return out;
}

std::string literalText(Type type) {
  std::string out = "{ ";
  for (std::size_t i = 0; i < type->fields.size(); ++i)
    out += (i ? ", " : "") + type->fields[i].name + ": " + text(type->fields[i].type);
  return out + " }";
}

/// A declared record is its name; a stack and sizes that are not called as in the declaration stand behind it.
std::string recordText(Type type) {
  std::string out = type->name, sizes;
  for (std::size_t i = 0; i < type->dims.size(); ++i)
    out += (i ? ", " : "[") + type->dims[i].text();
  if (!type->dims.empty())
    out += "]";
  for (std::size_t i = 0; i < type->sizes.size() && i < type->origin->open.size(); ++i)
    if (type->sizes[i].text() != type->origin->open[i]->name)
      sizes += (sizes.empty() ? "" : ", ") + type->origin->open[i]->name + " = " + type->sizes[i].text();
  return sizes.empty() ? out : out + " with " + sizes;
}

std::string tensorText(Type type) {
  std::string out(text(type->elementType));
  for (std::size_t i = 0; i < type->dims.size(); ++i)
    out += (i ? ", " : "[") + type->dims[i].text();
  return type->dims.empty() ? out : out + "]";
}
} // namespace

std::string_view text(ElementType type) { return elementNames[static_cast<std::size_t>(type)]; }

std::optional<ElementType> findElementType(std::string_view name) {
  const auto *found = std::find(std::begin(elementNames), std::end(elementNames), name);
  if (found == std::end(elementNames))
    return std::nullopt;
  return static_cast<ElementType>(found - std::begin(elementNames));
}

std::uint64_t bytesOf(ElementType type) { return elementBytes[static_cast<std::size_t>(type)]; }

int TypeInfo::fieldIndex(std::string_view field) const {
  for (std::size_t i = 0; i < fields.size(); ++i)
    if (fields[i].name == field)
      return static_cast<int>(i);
  return -1;
}

int TypeInfo::caseIndex(std::string_view wanted) const {
  for (std::size_t i = 0; i < cases.size(); ++i)
    if (cases[i].name == wanted)
      return static_cast<int>(i);
  return -1;
}

TypeTable::TypeTable() {
  for (int kind = 0; kind <= static_cast<int>(TypeKind::rng); ++kind) {
    TypeInfo info;
    info.kind = static_cast<TypeKind>(kind);
    add(std::move(info));
  }
  TypeInfo *kinds = declare(TypeKind::sum, "FailureKind", "", {});
  for (std::string_view kind : failureKinds)
    kinds->cases.push_back({std::string(kind), {}, "", {}});
  failureKindType = kinds;
  TypeInfo *failure = declare(TypeKind::record, "Failure", "", {});
  failure->failureRecord = true;
  auto field = [&](const char *name, Type type) {
    Field made;
    made.name = name;
    made.type = type;
    failure->fields.push_back(std::move(made));
  };
  field("kind", kinds);
  field("why", simple(TypeKind::string));
  field("step", simple(TypeKind::string));
  failureType = failure;
}

TypeInfo *TypeTable::add(TypeInfo info) {
  info.index = static_cast<std::uint32_t>(types.size());
  types.push_back(std::move(info));
  return &types.back();
}

Type TypeTable::intern(std::string key, TypeInfo info) {
  auto [place, fresh] = interned.try_emplace(std::move(key), nullptr);
  if (fresh)
    place->second = add(std::move(info));
  return place->second;
}

Type TypeTable::simple(TypeKind kind) const { return &types[static_cast<std::size_t>(kind)]; }

Type TypeTable::list(Type element) {
  TypeInfo info;
  info.kind = TypeKind::list;
  info.element = element;
  return intern(keyOf("list", {element}), std::move(info));
}

Type TypeTable::map(Type element) {
  TypeInfo info;
  info.kind = TypeKind::map;
  info.element = element;
  return intern(keyOf("map", {element}), std::move(info));
}

Type TypeTable::optional(Type element) {
  Type inner = base(element);
  if (inner->is(TypeKind::optional) || inner->is(TypeKind::error) || inner->is(TypeKind::none))
    return element;
  TypeInfo info;
  info.kind = TypeKind::optional;
  info.element = element;
  return intern(keyOf("optional", {element}), std::move(info));
}

Type TypeTable::tuple(std::vector<Type> elements) {
  TypeInfo info;
  info.kind = TypeKind::tuple;
  std::string key = keyOf("tuple", elements);
  info.elements = std::move(elements);
  return intern(std::move(key), std::move(info));
}

Type TypeTable::function(std::vector<Type> parameters, Type result) {
  TypeInfo info;
  info.kind = TypeKind::function;
  std::string key = keyOf("fn", parameters) + ">" + std::to_string(result->index);
  info.elements = std::move(parameters);
  info.element = result;
  return intern(std::move(key), std::move(info));
}

Type TypeTable::agent(std::vector<Type> parameters, Type result) {
  TypeInfo info;
  info.kind = TypeKind::agent;
  std::string key = keyOf("agent", parameters) + ">" + std::to_string(result->index);
  info.elements = std::move(parameters);
  info.element = result;
  return intern(std::move(key), std::move(info));
}

Type TypeTable::tensor(ElementType element, std::vector<Dim> dims) {
  std::string key = "tensor:" + std::string(text(element));
  for (const Dim &dim : dims)
    key += "," + dim.key();
  TypeInfo info;
  info.kind = TypeKind::tensor;
  info.elementType = element;
  info.dims = std::move(dims);
  return intern(std::move(key), std::move(info));
}

Type TypeTable::instance(Type record, std::vector<Dim> stack, std::vector<Dim> sizes) {
  record = record->declared();
  if (stack.empty() && sizes.empty())
    return record;
  std::string key = "instance:" + std::to_string(record->index);
  for (const Dim &dim : stack)
    key += "," + dim.key();
  key += ";";
  for (const Dim &dim : sizes)
    key += "," + dim.key();
  if (auto known = interned.find(key); known != interned.end())
    return known->second;
  std::map<const DimSymbol *, Dim> said;
  for (std::size_t i = 0; i < sizes.size() && i < record->open.size(); ++i)
    said.emplace(record->open[i], sizes[i]);
  TypeInfo info = *record;
  info.open.clear();
  info.origin = record;
  for (Field &field : info.fields)
    field.type = stacked(withSizes(field.type, said), stack);
  info.dims = std::move(stack);
  info.sizes = std::move(sizes);
  return intern(std::move(key), std::move(info));
}

Type TypeTable::withSizes(Type type, const std::map<const DimSymbol *, Dim> &said) {
  auto all = [&](const std::vector<Dim> &dims) {
    std::vector<Dim> out;
    for (const Dim &dim : dims)
      out.push_back(substitute(dim, said).value_or(dim));
    return out;
  };
  if (type->is(TypeKind::tensor))
    return tensor(type->elementType, all(type->dims));
  if (type->is(TypeKind::record) && type->origin)
    return instance(type, all(type->dims), all(type->sizes));
  if (!type->is(TypeKind::tuple))
    return type;
  std::vector<Type> elements;
  for (Type element : type->elements)
    elements.push_back(withSizes(element, said));
  return tuple(std::move(elements));
}

Type TypeTable::stacked(Type type, const std::vector<Dim> &stack) {
  if (stack.empty())
    return type;
  std::vector<Dim> dims = stack;
  dims.insert(dims.end(), type->dims.begin(), type->dims.end());
  if (type->is(TypeKind::tensor))
    return tensor(type->elementType, std::move(dims));
  if (type->is(TypeKind::record))
    return type->name.empty() ? fieldsStacked(type, stack) : instance(type, std::move(dims), type->sizes);
  if (!type->is(TypeKind::tuple))
    return type;
  std::vector<Type> elements;
  for (Type element : type->elements)
    elements.push_back(stacked(element, stack));
  return tuple(std::move(elements));
}

Type TypeTable::fieldsStacked(Type record, const std::vector<Dim> &stack) {
  std::vector<Field> fields = record->fields;
  for (Field &field : fields)
    field.type = stacked(field.type, stack);
  return literalRecord(std::move(fields));
}

Type TypeTable::sliced(Type type) {
  bool stack = (type->is(TypeKind::tensor) || (type->is(TypeKind::record) && type->origin)) && !type->dims.empty();
  if (!stack)
    return nullptr;
  std::vector<Dim> dims(type->dims.begin() + 1, type->dims.end());
  return type->is(TypeKind::tensor) ? tensor(type->elementType, std::move(dims))
                                    : instance(type, std::move(dims), type->sizes);
}

Type TypeTable::literalRecord(std::vector<Field> fields) {
  std::string key = "record";
  for (const Field &field : fields)
    key += ":" + field.name + "=" + std::to_string(field.type->index);
  TypeInfo info;
  info.kind = TypeKind::record;
  info.fields = std::move(fields);
  return intern(std::move(key), std::move(info));
}

TypeInfo *TypeTable::declare(TypeKind kind, std::string name, std::string module, source::Span span) {
  TypeInfo info;
  info.kind = kind;
  info.name = std::move(name);
  info.module = std::move(module);
  info.span = span;
  return add(std::move(info));
}

Type TypeTable::variable(std::uint32_t number) {
  TypeInfo info;
  info.kind = TypeKind::variable;
  info.name = std::to_string(number);
  std::string key = "variable:" + info.name;
  return intern(std::move(key), std::move(info));
}

std::string text(Type type) {
  static constexpr std::string_view simple[] = {"?",     "nothing", "none",     "bool", "int",   "float", "string",
                                                "bytes", "json",    "duration", "size", "money", "file",  "rng"};
  switch (type->kind) {
  case TypeKind::list:
    return "list<" + text(type->element) + ">";
  case TypeKind::map:
    return "map<" + text(type->element) + ">";
  case TypeKind::optional:
    // Of an absence nothing yet says of what.
    return type->element->is(TypeKind::variable) ? "none" : text(type->element) + "?";
  case TypeKind::tuple:
    return "(" + joined(type->elements) + ")";
  case TypeKind::function:
    return "fn(" + joined(type->elements) + ") -> " + text(type->element);
  case TypeKind::agent:
    return "agent(" + joined(type->elements) + ") -> " + text(type->element);
  case TypeKind::record:
    return type->name.empty() ? literalText(type) : recordText(type);
  case TypeKind::sum:
  case TypeKind::alias:
  case TypeKind::parameter:
    return type->name;
  case TypeKind::tensor:
    return tensorText(type);
  case TypeKind::variable:
    return "?";
  default:
    return std::string(simple[static_cast<std::size_t>(type->kind)]);
  }
}

} // namespace weft::sema

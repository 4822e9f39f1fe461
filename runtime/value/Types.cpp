//===- Types.cpp - Making, naming and proving a table of types ------------===//

#include "runtime/value/Types.h"

#include <set>

namespace weft::value {
namespace {

constexpr std::string_view kindNames[typeKindCount] = {
    "none", "bool", "int", "float", "string", "bytes",  "json", "duration", "size",  "money",  "file",
    "rng",  "list", "map", "T?",    "tuple",  "record", "sum",  "function", "agent", "tensor", "state"};

/// A type in a message: what is longer or deeper than people read is cut, whatever a table from outside holds.
constexpr int maxTextDepth = 16;
constexpr std::size_t maxTextBytes = 200;

std::string textOf(const TypeTable &types, TypeId id, int depth);

std::string textOf(const TypeTable &types, const std::vector<Field> &fields, int depth) {
  std::string text = "(";
  for (const Field &field : fields) {
    if (text.size() > maxTextBytes)
      return text + ", …)";
    text += (text.size() > 1 ? ", " : "") + textOf(types, field.type, depth);
  }
  return text + ")";
}

std::string textOf(const TypeTable &types, TypeId id, int depth) {
  const Type &type = types[id];
  if (!type.name.empty())
    return type.name;
  if (depth > maxTextDepth)
    return "…";
  auto element = [&] {
    return type.element < 0 ? "none" : textOf(types, static_cast<TypeId>(type.element), depth + 1);
  };
  switch (type.kind) {
  case TypeKind::list:
    return "list<" + element() + ">";
  case TypeKind::map:
    return "map<" + element() + ">";
  case TypeKind::optional:
    return element() + "?";
  case TypeKind::tuple:
    return textOf(types, type.fields, depth + 1);
  case TypeKind::function:
    return "fn" + textOf(types, type.fields, depth + 1) + " -> " + element();
  case TypeKind::agent:
    return "agent" + textOf(types, type.fields, depth + 1) + " -> " + element();
  case TypeKind::tensor: {
    std::string text = base::name(type.dtype);
    if (type.dims.empty())
      return text;
    text += "[";
    for (std::size_t i = 0; i < type.dims.size(); ++i)
      text += (i ? ", " : "") + (type.dims[i] < 0 ? "?" : std::to_string(type.dims[i]));
    return text + "]";
  }
  default:
    return std::string(kindNames[static_cast<std::uint8_t>(type.kind)]);
  }
}

base::Error wrong(TypeId id, const std::string &what) {
  return base::error(base::Code::invalid, "type " + std::to_string(id) + " " + what);
}

} // namespace

std::string_view name(TypeKind kind) {
  WEFT_ASSERT(static_cast<std::uint8_t>(kind) < typeKindCount);
  return kindNames[static_cast<std::uint8_t>(kind)];
}

TypeId TypeTable::add(Type type) {
  checked.clear();
  types.push_back(std::move(type));
  return static_cast<TypeId>(types.size() - 1);
}

TypeId TypeTable::simple(TypeKind kind) {
  for (TypeId id = 0; id < types.size(); ++id)
    if (types[id].kind == kind && types[id].name.empty() && types[id].check < 0)
      return id;
  Type type;
  type.kind = kind;
  return add(std::move(type));
}

TypeId TypeTable::list(TypeId element) {
  Type type;
  type.kind = TypeKind::list;
  type.element = static_cast<std::int32_t>(element);
  return add(std::move(type));
}

TypeId TypeTable::map(TypeId element) {
  Type type;
  type.kind = TypeKind::map;
  type.element = static_cast<std::int32_t>(element);
  return add(std::move(type));
}

TypeId TypeTable::optional(TypeId element) {
  Type type;
  type.kind = TypeKind::optional;
  type.element = static_cast<std::int32_t>(element);
  return add(std::move(type));
}

TypeId TypeTable::tuple(const std::vector<TypeId> &elements) {
  Type type;
  type.kind = TypeKind::tuple;
  for (TypeId element : elements)
    type.fields.push_back({std::to_string(type.fields.size()), element, -1, "", ""});
  return add(std::move(type));
}

TypeId TypeTable::record(std::string name, std::vector<Field> fields, std::string doc) {
  Type type;
  type.kind = TypeKind::record;
  type.name = std::move(name);
  type.fields = std::move(fields);
  type.doc = std::move(doc);
  return add(std::move(type));
}

TypeId TypeTable::sum(std::string name, std::vector<Case> cases, std::string doc) {
  Type type;
  type.kind = TypeKind::sum;
  type.name = std::move(name);
  type.cases = std::move(cases);
  type.doc = std::move(doc);
  return add(std::move(type));
}

TypeId TypeTable::tensor(base::ElementType dtype, std::vector<std::int64_t> dims) {
  Type type;
  type.kind = TypeKind::tensor;
  type.dtype = dtype;
  type.dims = std::move(dims);
  return add(std::move(type));
}

TypeId TypeTable::function(std::vector<Field> params, TypeId result) {
  Type type;
  type.kind = TypeKind::function;
  type.fields = std::move(params);
  type.element = static_cast<std::int32_t>(result);
  return add(std::move(type));
}

TypeId TypeTable::agent(std::vector<Field> params, TypeId result) {
  TypeId id = function(std::move(params), result);
  types[id].kind = TypeKind::agent;
  return id;
}

std::string TypeTable::text(TypeId id) const { return textOf(*this, id, 0); }

std::optional<TypeId> TypeTable::named(std::string_view name) const {
  for (TypeId id = 0; id < types.size(); ++id)
    if (!name.empty() && types[id].name == name)
      return id;
  return std::nullopt;
}

bool TypeTable::isPlainSum(TypeId id) const {
  const Type &type = (*this)[id];
  if (type.kind != TypeKind::sum)
    return false;
  for (const Case &each : type.cases)
    if (!each.fields.empty())
      return false;
  return true;
}

bool TypeTable::hasChecks(TypeId id) const {
  WEFT_ASSERT(id < types.size());
  if (checked.size() == types.size())
    return checked[id];
  TypeTable copy = *this;
  copy.findChecks();
  return copy.checked[id];
}

void TypeTable::findChecks() {
  checked.assign(types.size(), false);
  auto anyOf = [&](const std::vector<Field> &fields) {
    for (const Field &field : fields)
      if (field.check >= 0 || checked[field.type])
        return true;
    return false;
  };
  // Types refer to each other in any order: repeat until nothing changes.
  for (bool changed = true; changed;) {
    changed = false;
    for (TypeId id = 0; id < types.size(); ++id) {
      const Type &type = types[id];
      if (checked[id] || type.kind == TypeKind::function || type.kind == TypeKind::agent)
        continue;
      bool found =
          type.check >= 0 || anyOf(type.fields) || (type.element >= 0 && checked[static_cast<TypeId>(type.element)]);
      for (const Case &each : type.cases)
        found = found || anyOf(each.fields);
      checked[id] = found;
      changed = changed || found;
    }
  }
}

base::Result<void> TypeTable::seal(std::size_t functions) {
  auto checkIndex = [&](std::int32_t check) { return check >= -1 && check < static_cast<std::int64_t>(functions); };
  auto fieldsHold = [&](const std::vector<Field> &fields, std::string &why) {
    std::set<std::string_view> names;
    for (const Field &field : fields) {
      if (field.type >= types.size())
        why = "has field \"" + field.name + "\" of type " + std::to_string(field.type) + ", of " +
              std::to_string(types.size());
      else if (!checkIndex(field.check))
        why = "has field \"" + field.name + "\" checked by function " + std::to_string(field.check) + ", of " +
              std::to_string(functions);
      else if (!names.insert(field.name).second)
        why = "has two fields \"" + field.name + "\"";
      if (!why.empty())
        return false;
    }
    return true;
  };
  for (TypeId id = 0; id < types.size(); ++id) {
    const Type &type = types[id];
    std::string why;
    if (static_cast<std::uint8_t>(type.kind) >= typeKindCount)
      return wrong(id, "has kind " + std::to_string(static_cast<int>(type.kind)) + ", which this build does not know");
    if (!fieldsHold(type.fields, why))
      return wrong(id, why);
    if (!checkIndex(type.check))
      return wrong(id, "is checked by function " + std::to_string(type.check) + ", of " + std::to_string(functions));
    bool needsElement = type.kind == TypeKind::list || type.kind == TypeKind::map || type.kind == TypeKind::optional ||
                        type.kind == TypeKind::function || type.kind == TypeKind::agent;
    if (type.element < -1 || type.element >= static_cast<std::int64_t>(types.size()) ||
        (needsElement && type.element < 0))
      return wrong(id, "has element type " + std::to_string(type.element) + ", of " + std::to_string(types.size()));
    if (type.kind == TypeKind::optional) {
      TypeKind inner = types[static_cast<TypeId>(type.element)].kind;
      if (inner == TypeKind::optional || inner == TypeKind::none)
        return wrong(id, "is optional of what may be absent itself");
    }
    if (type.kind == TypeKind::tuple && type.fields.size() < 2)
      return wrong(id, "is a tuple of fewer than two elements");
    if (type.kind == TypeKind::sum && type.cases.size() < 2)
      return wrong(id, "is a sum of fewer than two cases");
    std::set<std::string_view> cases;
    for (const Case &each : type.cases) {
      if (!cases.insert(each.name).second)
        return wrong(id, "has two cases \"" + each.name + "\"");
      if (!fieldsHold(each.fields, why))
        return wrong(id, why);
      for (const Field &field : each.fields)
        if (field.name == "kind")
          return wrong(id, "has a case with a field \"kind\", which is where JSON keeps the case");
    }
    if (static_cast<std::uint8_t>(type.dtype) >= base::elementTypeCount)
      return wrong(id, "has an element type that this build does not know");
    if (type.dims.size() > 8)
      return wrong(id, "is a tensor of rank " + std::to_string(type.dims.size()) + ", at most 8 is supported");
    for (std::int64_t dim : type.dims)
      if (dim < -1)
        return wrong(id, "has a dimension of size " + std::to_string(dim));
  }
  if (auto ok = refuseEndless(); !ok)
    return ok;
  findChecks();
  return {};
}

base::Result<void> TypeTable::refuseEndless() const {
  // 0 not seen, 1 on the way from the root, 2 done. Declared types may come back to themselves: they have a name to
  // be referred to by.
  std::vector<std::uint8_t> state(types.size(), 0);
  std::vector<std::pair<TypeId, bool>> pending;
  for (TypeId root = 0; root < types.size(); ++root) {
    pending.push_back({root, false});
    while (!pending.empty()) {
      auto [id, leaves] = pending.back();
      pending.pop_back();
      if (leaves) {
        state[id] = 2;
        continue;
      }
      if (state[id] || !types[id].name.empty())
        continue;
      state[id] = 1;
      pending.push_back({id, true});
      const Type &type = types[id];
      auto visit = [&](TypeId next) {
        if (state[next] != 1) {
          pending.push_back({next, false});
          return true;
        }
        return false;
      };
      bool ends = type.element < 0 || visit(static_cast<TypeId>(type.element));
      for (const Field &field : type.fields)
        ends = visit(field.type) && ends;
      for (const Case &each : type.cases)
        for (const Field &field : each.fields)
          ends = visit(field.type) && ends;
      if (!ends)
        return wrong(id, "is made of itself and has no name");
    }
  }
  return {};
}

} // namespace weft::value

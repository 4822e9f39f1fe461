//===- Builtins.cpp - The functions that are always there -----------------===//
//
// A reader of the little language of signatures: `name<A: ordered>(x: list<A>) -> A?`.
// What stands there was written by us, so a mistake ends the program at start.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Builtins.h"

#include <cctype>
#include <cstdlib>

namespace weft::sema {
namespace {

struct Row {
  BuiltinId id;
  BuiltinFamily family;
  std::string_view text;
};

constexpr Row rows[] = {
#define WEFT_CORE(id, signature) {BuiltinId::id, BuiltinFamily::core, signature},
#define WEFT_LIBRARY(id, signature) {BuiltinId::id, BuiltinFamily::library, signature},
#define WEFT_SYSTEM(id, signature) {BuiltinId::id, BuiltinFamily::system, signature},
#define WEFT_TENSOR(id, name) {BuiltinId::id, BuiltinFamily::tensor, name},
#define WEFT_MOCK(id, signature) {BuiltinId::id, BuiltinFamily::mock, signature},
#include "lang/sema/Builtins.def"
};

std::string_view headOf(std::string_view signature) { return signature.substr(0, signature.find_first_of("<(")); }

class SignatureReader {
public:
  SignatureReader(TypeTable &types, std::string_view text) : types(types), rest(text) {}

  Builtin read(const Row &row) {
    out.id = row.id;
    out.family = row.family;
    out.signature = row.text;
    out.name = word();
    if (take("<"))
      do {
        Type parameter = typeParameter(word());
        if (take(":"))
          out.constraints[indexOf(parameter)] = constraint(word());
      } while (take(","));
    take(">");
    expect("(");
    while (!take(")")) {
      BuiltinParameter parameter;
      parameter.name = word();
      expect(":");
      parameter.type = type();
      out.parameters.push_back(parameter);
      take(",");
    }
    expect("->");
    out.result = type();
    return std::move(out);
  }

private:
  static Constraint constraint(const std::string &name) {
    return name == "ordered"      ? Constraint::ordered
           : name == "comparable" ? Constraint::comparable
           : name == "number"     ? Constraint::number
           : name == "tensors"    ? Constraint::tensors
                                  : Constraint::additive;
  }

  Type type() {
    Type made = atom();
    return take("?") ? types.optional(made) : made;
  }

  Type atom() {
    if (take("("))
      return types.tuple(listUntil(")"));
    std::string name = word();
    if (name == "fn") {
      expect("(");
      std::vector<Type> parameters = listUntil(")");
      expect("->");
      return types.function(std::move(parameters), type());
    }
    if (name == "list" || name == "map") {
      expect("<");
      Type element = listUntil(">").front();
      return name == "list" ? types.list(element) : types.map(element);
    }
    if (std::isupper(static_cast<unsigned char>(name[0])))
      return typeParameter(name);
    static const std::map<std::string, TypeKind> simple = {
        {"none", TypeKind::none},      {"bool", TypeKind::boolean},      {"int", TypeKind::integer},
        {"float", TypeKind::floating}, {"string", TypeKind::string},     {"bytes", TypeKind::bytes},
        {"json", TypeKind::json},      {"duration", TypeKind::duration}, {"size", TypeKind::size},
        {"money", TypeKind::money}};
    return types.simple(simple.at(name));
  }

  std::vector<Type> listUntil(std::string_view end) {
    std::vector<Type> out;
    while (!take(end)) {
      out.push_back(type());
      take(",");
    }
    return out;
  }

  Type typeParameter(const std::string &name) {
    for (Type known : out.typeParameters)
      if (known->name == name)
        return known;
    out.typeParameters.push_back(types.declare(TypeKind::parameter, name, "", {}));
    out.constraints.push_back(Constraint::nothing);
    return out.typeParameters.back();
  }

  std::size_t indexOf(Type parameter) const {
    std::size_t index = 0;
    while (out.typeParameters[index] != parameter)
      ++index;
    return index;
  }

  void space() {
    while (!rest.empty() && rest[0] == ' ')
      rest.remove_prefix(1);
  }
  bool take(std::string_view token) {
    space();
    if (!rest.starts_with(token))
      return false;
    rest.remove_prefix(token.size());
    return true;
  }
  void expect(std::string_view token) {
    if (!take(token))
      std::abort();
  }
  std::string word() {
    space();
    std::size_t length = 0;
    while (length < rest.size() && (std::isalnum(static_cast<unsigned char>(rest[length])) || rest[length] == '_'))
      ++length;
    std::string out(rest.substr(0, length));
    rest.remove_prefix(length);
    return out;
  }

  TypeTable &types;
  std::string_view rest;
  Builtin out;
};
} // namespace

Builtins::Builtins(TypeTable &types) {
  for (const Row &row : rows) {
    if (row.family <= BuiltinFamily::system) {
      all.push_back(SignatureReader(types, row.text).read(row));
    } else {
      Builtin builtin;
      builtin.id = row.id;
      builtin.family = row.family;
      builtin.name = headOf(row.text);
      builtin.signature = row.text;
      all.push_back(std::move(builtin));
    }
    byName.emplace(all.back().name, all.size() - 1);
  }
}

std::vector<const Builtin *> Builtins::find(std::string_view name, BuiltinFamily family) const {
  std::vector<const Builtin *> out;
  for (auto [at, end] = byName.equal_range(name); at != end; ++at)
    if (all[at->second].family == family)
      out.push_back(&all[at->second]);
  return out;
}

std::vector<std::string> Builtins::names() const {
  std::vector<std::string> out;
  for (const auto &[name, index] : byName)
    if ((out.empty() || out.back() != name) && all[index].family != BuiltinFamily::library)
      out.push_back(name);
  return out;
}

std::string_view nameOf(BuiltinId id) { return headOf(rows[static_cast<std::size_t>(id)].text); }

} // namespace weft::sema

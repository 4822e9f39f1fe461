//===- Types.h - Types of a generated program -----------------------------===//
#pragma once

#include "test/integration/generated/Random.h"

#include <deque>
#include <utility>

namespace weft::generated {

struct Type {
  enum class Kind : std::uint8_t {
    integer,
    floating,
    string,
    boolean,
    duration,
    money,
    list,
    map,
    optional,
    tuple,
    record,
    sum,
  } kind;
  std::string name; ///< As it is written.
  /// Of list, map and optional the element; of a tuple all.
  std::vector<const Type *> parts;
  std::vector<std::pair<std::string, const Type *>> fields;
  struct Case {
    std::string name;
    std::vector<std::pair<std::string, const Type *>> fields;
  };
  std::vector<Case> cases;

  bool is(Kind other) const { return kind == other; }
};
using TypeRef = const Type *;

/// All types that a program uses, each once.
class Types {
public:
  /// Chooses the program's records and sums.
  explicit Types(Random &random);

  TypeRef simple(Type::Kind kind) const;
  TypeRef list(TypeRef element) { return derived(Type::Kind::list, "list<" + element->name + ">", {element}); }
  TypeRef map(TypeRef element) { return derived(Type::Kind::map, "map<" + element->name + ">", {element}); }
  TypeRef optional(TypeRef element) { return derived(Type::Kind::optional, element->name + "?", {element}); }
  TypeRef pair(TypeRef first, TypeRef second) {
    return derived(Type::Kind::tuple, "(" + first->name + ", " + second->name + ")", {first, second});
  }

  /// Any type; `depth` bounds what stands inside.
  TypeRef any(int depth);
  TypeRef record() const { return random.of(records); }
  const std::vector<TypeRef> &allRecords() const { return records; }
  const std::vector<TypeRef> &allSums() const { return sums; }
  /// `type` declarations, one a line.
  std::vector<std::string> declarations() const;

private:
  TypeRef derived(Type::Kind kind, std::string name, std::vector<TypeRef> parts);
  TypeRef field(int depth);

  Random &random;
  std::deque<Type> all;
  std::vector<TypeRef> records, sums;
};

} // namespace weft::generated

//===- Types.h - The types of a program, as plain data --------------------===//
//
// The mirror of `Type` in runtime/plan/plan.fbs: the plan reader makes one
// table per plan, and the compiler and tests make tables without a plan. Values
// carry no names; JSON, schemas, forms and `${}` texts are derived from here.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Assert.h"
#include "runtime/base/ElementType.h"
#include "runtime/base/Result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weft::value {

/// The order is that of TypeKind in plan.fbs.
enum class TypeKind : std::uint8_t {
  none,
  boolean,
  integer,
  real,
  string,
  bytes,
  json,
  duration,
  size,
  money,
  file,
  rng,
  list,
  map,
  optional,
  tuple,
  record,
  sum,
  function,
  agent,
  tensor,
  state,
};

inline constexpr std::uint8_t typeKindCount = 22;

/// As the language writes it: "int", "list", "tuple".
std::string_view name(TypeKind kind);

/// The order is that of Label in plan.fbs.
enum class Label : std::uint8_t { open, internal, secret };

using TypeId = std::uint32_t;

struct Field {
  std::string name;
  TypeId type = 0;
  std::int32_t check = -1; ///< Function over the fields up to and with this one; -1: no `where`.
  std::string checkText;   ///< The `where` as written.
  std::string doc;
};

struct Case {
  std::string name;
  std::vector<Field> fields;
  std::string doc;
};

struct Type {
  TypeKind kind = TypeKind::none;
  std::string name; ///< Of a declared type; empty for `list<int>` and the like.
  std::string doc;
  std::int32_t element = -1; ///< list, map, optional: of what; function, agent: the result.
  std::vector<Field> fields; ///< record; tuple (names "0", "1", …); function, agent: parameters.
  std::vector<Case> cases;   ///< sum
  std::int32_t check = -1;   ///< A named type's `where`: function of one parameter.
  std::string checkText;
  base::ElementType dtype = base::ElementType::f32; ///< tensor
  std::vector<std::int64_t> dims;                   ///< tensor; -1: known when a run starts.
  Label label = Label::open;
};

/// Types by index. Grows while it is made; everyone else reads it, from any thread.
class TypeTable {
public:
  TypeId add(Type type);
  const Type &operator[](TypeId id) const {
    WEFT_ASSERT(id < types.size());
    return types[id];
  }
  /// To fill in a type that was added before its fields were known (recursive types).
  Type &edit(TypeId id) {
    WEFT_ASSERT(id < types.size());
    return types[id];
  }
  std::size_t size() const { return types.size(); }

  // Makers of unnamed types; each kind without parameters is added once.
  TypeId simple(TypeKind kind);
  TypeId list(TypeId element);
  TypeId map(TypeId element);
  TypeId optional(TypeId element);
  TypeId tuple(const std::vector<TypeId> &elements);
  TypeId record(std::string name, std::vector<Field> fields, std::string doc = "");
  TypeId sum(std::string name, std::vector<Case> cases, std::string doc = "");
  TypeId tensor(base::ElementType dtype, std::vector<std::int64_t> dims);
  TypeId function(std::vector<Field> params, TypeId result);
  TypeId agent(std::vector<Field> params, TypeId result);

  /// The declared name, else the type as the language writes it: "list<Fact>", "(int, string)", "f32[4, 8]".
  std::string text(TypeId id) const;
  std::optional<TypeId> named(std::string_view name) const;

  /// True when a `where` stands on the type or anywhere inside it. Computed once by `seal`; before, O(table).
  bool hasChecks(TypeId id) const;
  /// A sum whose cases all have no fields: a string in JSON.
  bool isPlainSum(TypeId id) const;

  /// Proves that indices are in range, that the parts a kind needs are there (a sum has two cases or more, a tuple two
  /// elements or more, optional is not of an optional), that names are not twice in one record or sum, and that only
  /// named types contain themselves; and remembers which types hold checks. `functions` bounds the check indices.
  base::Result<void> seal(std::size_t functions);

private:
  void findChecks();
  base::Result<void> refuseEndless() const;
  std::vector<Type> types;
  std::vector<bool> checked; ///< Of each type, after `seal`.
};

} // namespace weft::value

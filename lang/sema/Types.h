//===- Types.h - What a value may be --------------------------------------===//
//
// Types are interned in a table: two equal types are one address. Records, sums
// and aliases with a `where` are named and equal only to themselves; everything
// else is equal by structure. An alias without a `where` is its base. Marks of
// sharding are no part of a type: they stand beside it (`Marks`), because what
// is marked differently still fits.
//
// After checking, a type that is reachable from a `CheckedProgram` holds no
// `variable`, and an `error` only if errors were reported.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/sema/Dims.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weft::syntax {
struct Expr;
} // namespace weft::syntax

namespace weft::sema {

enum class TypeKind : std::uint8_t {
  error, ///< Already reported; fits everywhere, so that one mistake is told once.
  never, ///< Of `fail`, `break`, `continue`: no value arrives, so any type fits.
  none,  ///< The unit value; what a workflow without `->` gives.
  boolean,
  integer,
  floating,
  string,
  bytes,
  json,
  duration,
  size,
  money,
  file,
  rng,
  list,      ///< element
  map,       ///< element; keys are strings
  optional,  ///< element, itself never optional
  tuple,     ///< elements
  record,    ///< name (empty for a literal without a type), fields
  sum,       ///< name, cases
  alias,     ///< name, element (the base), check: only with a `where`
  function,  ///< elements (parameters), element (result): a pure function as a value
  agent,     ///< elements (parameters), element (result): an agent or workflow as a value
  tensor,    ///< elementType, dims
  parameter, ///< Of a generic `fn`: name; nothing is known of its values
  variable,  ///< While checking only: a type that is not known yet
};

/// The numbers are those of the plan.
enum class ElementType : std::uint8_t {
  f32 = 0,
  f64 = 1,
  bf16 = 2,
  f16 = 3,
  i64 = 4,
  i32 = 5,
  i8 = 6,
  u8 = 7,
  boolean = 8
};

std::string_view text(ElementType type);
std::optional<ElementType> findElementType(std::string_view name);
inline bool isFloat(ElementType type) { return type <= ElementType::f16; }
std::uint64_t bytesOf(ElementType type);

/// How the author wants a tensor to be split; empty where nothing is marked.
struct DimMark {
  std::vector<std::string> axes; ///< Outermost first.
  bool whole = false;            ///< `@whole`: not to be split.
  bool empty() const { return axes.empty() && !whole; }
};
struct Marks {
  std::vector<DimMark> dims;           ///< One per dimension, or none at all.
  std::vector<std::string> partialSum; ///< Axes of `sum@axis`.
  std::string mesh;                    ///< The mesh whose axes these are; empty without marks.
  bool empty() const { return dims.empty() && partialSum.empty(); }
};

struct TypeInfo;
using Type = const TypeInfo *;
struct Symbol;

struct Field {
  std::string name;
  Type type = nullptr;
  const syntax::Expr *check = nullptr;   ///< `where`; sees this field and those above it.
  std::vector<const Symbol *> checkSees; ///< Its free names: symbols of the fields 0 … own, in order.
  std::string checkText;                 ///< As in the source.
  std::string doc;
  source::Span span; ///< Of the name.
  Marks marks;
};

struct Case {
  std::string name;
  std::vector<Field> fields;
  std::string doc;
  source::Span span;
};

struct TypeInfo {
  TypeKind kind = TypeKind::error;
  std::uint32_t index = 0; ///< Dense in its table.
  std::string name;        ///< record, sum, alias, parameter
  std::string module;      ///< Where a named type is declared.
  std::string doc;
  source::Span span;                          ///< Of the name, for named types.
  Type element = nullptr;                     ///< See TypeKind.
  std::vector<Type> elements;                 ///< See TypeKind.
  std::vector<Field> fields;                  ///< record
  std::vector<Case> cases;                    ///< sum
  ElementType elementType = ElementType::f32; ///< tensor
  std::vector<Dim> dims;                      ///< tensor; rank 0 is a number of that element type
  /// record: names of sizes that its declaration leaves open; they are said where the record is named.
  std::vector<const DimSymbol *> open;
  /// record: the declared one that this one stacks, or whose open sizes it says; null for a declared one. Then `dims`
  /// are the stack's, outermost first, and stand in front of the dimensions of every tensor below; `sizes` belong to
  /// `origin->open`, in order.
  Type origin = nullptr;
  std::vector<Dim> sizes;
  const syntax::Expr *check = nullptr; ///< alias: its `where`, over `it`.
  const Symbol *checkIt = nullptr;     ///< alias: the symbol of `it`.
  std::string checkText;
  bool failureRecord = false; ///< The `{ kind, why, step }` that `catch { err => … }` binds.

  bool is(TypeKind other) const { return kind == other; }
  /// Position of a field, or -1.
  int fieldIndex(std::string_view field) const;
  /// Position of a case, or -1.
  int caseIndex(std::string_view wanted) const;
  /// The declared record that a record is made of: itself, if it is one.
  Type declared() const { return origin ? origin : this; }
};

/// The ten kinds of failure, in the plan's order; cases of `kind` in `err`.
inline constexpr std::string_view failureKinds[] = {"transport", "timeout", "rate_limit", "refused",         "budget",
                                                    "schema",    "tool",    "cancelled",  "unknown_outcome", "failed"};

/// Owns and interns types. Addresses stay valid as long as the table.
class TypeTable {
public:
  TypeTable();
  TypeTable(const TypeTable &) = delete;
  TypeTable &operator=(const TypeTable &) = delete;

  /// Kinds without parts: error to rng.
  Type simple(TypeKind kind) const;
  Type list(Type element);
  Type map(Type element);
  /// `T?` of an optional, of error or of none is that type itself.
  Type optional(Type element);
  Type tuple(std::vector<Type> elements);
  Type function(std::vector<Type> parameters, Type result);
  Type agent(std::vector<Type> parameters, Type result);
  Type tensor(ElementType element, std::vector<Dim> dims);
  /// A declared record of tensors, stacked (`Block[L]`) and with what its open sizes are; itself where neither is said.
  Type instance(Type record, std::vector<Dim> stack, std::vector<Dim> sizes);
  /// A tensor, or a record or tuple of them, with these dimensions in front of all.
  Type stacked(Type type, const std::vector<Dim> &stack);
  /// One of those that are stacked along the first dimension; null if the type has none.
  Type sliced(Type type);
  /// A record without a name; equal by names and types of fields, in order.
  Type literalRecord(std::vector<Field> fields);
  /// `err` in `catch`: kind (a sum of failureKinds), why, step.
  Type failure() const { return failureType; }
  Type failureKind() const { return failureKindType; }
  /// A new named type; fill it before it is looked into.
  TypeInfo *declare(TypeKind kind, std::string name, std::string module, source::Span span);
  Type variable(std::uint32_t number);

  std::size_t size() const { return types.size(); }
  Type at(std::size_t index) const { return &types[index]; }

private:
  Type intern(std::string key, TypeInfo info);
  Type withSizes(Type type, const std::map<const DimSymbol *, Dim> &said);
  Type fieldsStacked(Type record, const std::vector<Dim> &stack);
  TypeInfo *add(TypeInfo info);

  std::deque<TypeInfo> types;
  std::map<std::string, Type, std::less<>> interned;
  Type failureType = nullptr;
  Type failureKindType = nullptr;
};

/// As in the source: "list<f32[B, D]>", "fn(int) -> Note?".
std::string text(Type type);

/// What an alias stands for, through all aliases; any other type is itself.
Type base(Type type);
/// Whether a value of the type may have to be checked when it enters: an alias
/// or a field below has a `where`. Looks through recursive types once.
bool hasChecks(Type type);
/// Whether values can be compared with `==`: no function, agent or rng inside.
bool isComparable(Type type);
/// int, float, string, duration, size, money.
bool isOrdered(Type type);
/// int, float.
bool isNumber(Type type);
/// Whether a tensor stands in it: itself, an element, a field.
bool holdsTensor(Type type);
/// Whether it is a tensor, or a record or tuple whose parts all are, down to the last.
bool isTensors(Type type);
/// Whether this holds of each tensor in it.
bool allTensors(Type type, const std::function<bool(Type)> &holds);
/// A sum all of whose cases are without fields.
bool isEnumeration(Type type);
/// Calls `visit` for the type and everything below it, each once.
void walk(Type type, const std::function<void(Type)> &visit);

} // namespace weft::sema

//===- AstType.h - Types as they are written ------------------------------===//
//
// `list<T>`, `string?`, `f32[B@data, 3*H, sum@model]`, `fn(A) -> B`.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/syntax/AstNode.h"

namespace weft::syntax {

enum class TypeKind : std::uint8_t {
  named,    ///< NamedType
  optional, ///< OptionalType
  tuple,    ///< TupleType
  function, ///< FunctionType
};

struct TypeExpr : Node {
  const TypeKind kind;

protected:
  explicit TypeExpr(TypeKind kind) : kind(kind) {}
};

/// One factor of a size: `3`, `H`, or either after `*` or `/`.
struct SizeFactor {
  Span span;
  bool divides = false;    ///< It stood after `/`; factors apply from left to right.
  std::string name;        ///< The dimension's name, empty for a number.
  std::int64_t number = 0; ///< At least 1 if `name` is empty.
};

/// How a dimension is split over a mesh.
enum class Split : std::uint8_t {
  unmarked, ///< No mark: the compiler's choice.
  whole,    ///< `@whole`
  axes,     ///< `@data`, `@(site, data)`
};

/// One entry between the brackets of a tensor's or a record's type.
struct Dimension : Node {
  /// `sum@model`: a sum over the axes that is still to be made; `size` is empty.
  bool partialSum = false;
  std::vector<SizeFactor> size; ///< `3*H` has two factors; never empty but for a partial sum.
  Split split = Split::unmarked;
  std::vector<Name> axes; ///< The first is outermost; empty but for Split::axes.
};

/// A name with what may follow it: `int`, `list<T>`, `std.x.Note`, `f32[B, D]`, `Block[L@pipe]`.
struct NamedType : TypeExpr {
  static constexpr TypeKind nodeKind = TypeKind::named;
  NamedType() : TypeExpr(nodeKind) {}

  std::vector<Name> qualifier;         ///< `std`, `x` of `std.x.Note`; usually empty.
  Name name;                           ///< `Note`
  std::vector<TypeExpr *> arguments;   ///< Of `<…>`.
  std::vector<Dimension *> dimensions; ///< Of `[…]`; empty if there are no brackets.
};

/// `T?`
struct OptionalType : TypeExpr {
  static constexpr TypeKind nodeKind = TypeKind::optional;
  OptionalType() : TypeExpr(nodeKind) {}

  TypeExpr *inner = nullptr;
};

/// `(A, B)`; never one element (that is the element itself). No element, `()`, is the type of `none`.
struct TupleType : TypeExpr {
  static constexpr TypeKind nodeKind = TypeKind::tuple;
  TupleType() : TypeExpr(nodeKind) {}

  std::vector<TypeExpr *> elements;
};

/// `fn(A) -> B` or `agent(A) -> B`.
struct FunctionType : TypeExpr {
  static constexpr TypeKind nodeKind = TypeKind::function;
  FunctionType() : TypeExpr(nodeKind) {}

  bool isAgent = false;
  std::vector<TypeExpr *> parameters;
  TypeExpr *result = nullptr;
};

} // namespace weft::syntax

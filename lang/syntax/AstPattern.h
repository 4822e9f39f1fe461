//===- AstPattern.h - What stands left of => and after let ----------------===//
//
// Whether a bare name is a case or binds is decided by the type, hence not here.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/syntax/AstNode.h"

namespace weft::syntax {

struct Expr;

enum class PatternKind : std::uint8_t {
  wildcard, ///< WildcardPattern
  name,     ///< NamePattern
  literal,  ///< LiteralPattern
  caseOf,   ///< CasePattern
  tuple,    ///< TuplePattern
  record,   ///< RecordPattern
};

struct Pattern : Node {
  const PatternKind kind;

protected:
  explicit Pattern(PatternKind kind) : kind(kind) {}
};

/// `_`
struct WildcardPattern : Pattern {
  static constexpr PatternKind nodeKind = PatternKind::wildcard;
  WildcardPattern() : Pattern(nodeKind) {}
};

/// A bare name: at the top of a match arm a case, after `let` `for` `loop` a
/// binding, inside brackets a case if the type has one of that name, else a
/// binding. In a `catch` arm a failure kind, or the name of the error.
struct NamePattern : Pattern {
  static constexpr PatternKind nodeKind = PatternKind::name;
  NamePattern() : Pattern(nodeKind) {}

  Name name;
};

/// `1`, `-2`, `"x"`, `true`, `none`, `30s`: `value` is an IntExpr, FloatExpr,
/// BoolExpr, NoneExpr, QuantityExpr, a StringExpr without holes, or a UnaryExpr
/// `-` over a number. (The least int is an IntExpr.)
struct LiteralPattern : Pattern {
  static constexpr PatternKind nodeKind = PatternKind::literal;
  LiteralPattern() : Pattern(nodeKind) {}

  Expr *value = nullptr;
};

/// `revise(why)`, `Verdict.accept`, `Verdict.revise(_)`, `some(v)`.
struct CasePattern : Pattern {
  static constexpr PatternKind nodeKind = PatternKind::caseOf;
  CasePattern() : Pattern(nodeKind) {}

  Name type; ///< Empty unless the case is qualified.
  Name name;
  bool hasArguments = false; ///< Brackets were written.
  std::vector<Pattern *> arguments;
};

/// `(a, b)`; at least two elements.
struct TuplePattern : Pattern {
  static constexpr PatternKind nodeKind = PatternKind::tuple;
  TuplePattern() : Pattern(nodeKind) {}

  std::vector<Pattern *> elements;
};

/// `Note { title, points }`: each field is bound under its own name.
struct RecordPattern : Pattern {
  static constexpr PatternKind nodeKind = PatternKind::record;
  RecordPattern() : Pattern(nodeKind) {}

  Name type;
  std::vector<NamePattern *> fields;
};

} // namespace weft::syntax

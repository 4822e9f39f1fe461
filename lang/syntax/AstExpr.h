//===- AstExpr.h - Expressions but for forms ------------------------------===//
//
// What all expressions share, and those without blocks below them: literals, what
// is made of parts, names, calls, operators, lambdas.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/syntax/AstPattern.h"
#include "lang/syntax/AstType.h"

#include <cstdint>

namespace weft::syntax {

enum class ExprKind : std::uint8_t {
  // Literals.
  none,
  boolean,
  integer,
  floating,
  quantity,
  rate,
  string,
  // Made of parts.
  list,
  tuple,
  record,
  map,
  // Names and access.
  name,
  member,
  tupleIndex,
  index,
  call,
  asType,
  with,
  // Operators.
  unary,
  binary,
  lambda,
  // Forms.
  block,
  ifElse,
  match,
  forEach,
  loop,
  race,
  vote,
  tryCatch,
  atomic,
  // Statements without a value of their own.
  breakLoop,
  continueLoop,
  fail,
  assertThat,
  emit,
};

struct Expr : Node {
  const ExprKind kind;
  bool parenthesised = false; ///< Written in brackets of its own; the span excludes them.

protected:
  explicit Expr(ExprKind kind) : kind(kind) {}
};

/// Declares `nodeKind` and the constructor of one kind of expression; gone at the end of AstForm.h.
#define WEFT_EXPR(Class, value)                                                                                        \
  static constexpr ExprKind nodeKind = ExprKind::value;                                                                \
  Class() : Expr(nodeKind) {}

//===----------------------------------------------------------------------===//
// Literals
//===----------------------------------------------------------------------===//

/// `none`
struct NoneExpr : Expr {
  WEFT_EXPR(NoneExpr, none)
};

/// `true`, `false`
struct BoolExpr : Expr {
  WEFT_EXPR(BoolExpr, boolean)
  bool value = false;
};

/// `42`, `1_000`, `20k` (20 000), `2M`. Never negative, `-1` is a UnaryExpr, but for `-9223372036854775808`, the least:
/// without its minus it is none.
struct IntExpr : Expr {
  WEFT_EXPR(IntExpr, integer)
  std::int64_t value = 0;
};

/// `0.5`, `3e-4`; a scaled number that is not whole, `0.0005k`, is one too.
struct FloatExpr : Expr {
  WEFT_EXPR(FloatExpr, floating)
  double value = 0;
};

/// What a number with a unit measures, and the unit of `QuantityExpr::amount`.
enum class Quantity : std::uint8_t {
  duration,  ///< Nanoseconds.
  size,      ///< Bytes.
  money,     ///< Nano-dollars.
  bandwidth, ///< Bits per second; `400GBps` is 3 200 000 000 000.
  compute,   ///< Operations per second.
};

/// `30s`, `64KiB`, `$0.05`, `25Gbps`, `67TFLOPS`. Exact: a literal that is not a
/// whole number of the unit above is an error. Never negative.
struct QuantityExpr : Expr {
  WEFT_EXPR(QuantityExpr, quantity)
  Quantity quantity = Quantity::duration;
  std::int64_t amount = 0;
  std::string text; ///< As in the source: strings interpolate it so.
};

/// What a rate counts by, and the unit of `RateExpr::perAmount`.
enum class RateBase : std::uint8_t {
  time,   ///< Nanoseconds: `per s`, `per min`, `per h`.
  tokens, ///< Tokens: `per tok`, `per ktok`, `per Mtok`.
  calls,  ///< Calls: `per call`.
};

/// `$0.15 per Mtok`, `500 per min`, `$28 per h`.
struct RateExpr : Expr {
  WEFT_EXPR(RateExpr, rate)
  Expr *amount = nullptr; ///< An IntExpr, a FloatExpr, or a QuantityExpr of money.
  RateBase base = RateBase::time;
  std::int64_t perAmount = 0; ///< 1 000 000 for `per Mtok`, 60 000 000 000 for `per min`.
  std::string text;           ///< As in the source.
};

/// A piece of a string: text with escapes resolved, or a hole.
struct StringPiece {
  Span span;
  std::string text;     ///< Of a text piece; may be empty only in an empty string.
  Expr *hole = nullptr; ///< The expression between `${` and `}`; null for a text piece.
};

/// `"…"` or `"""…"""`. Neighbouring text is one piece; common indentation and the
/// first and last newline of a block are gone. An empty string has no pieces.
struct StringExpr : Expr {
  WEFT_EXPR(StringExpr, string)
  bool isBlock = false; ///< Written with three quotes.
  std::vector<StringPiece> pieces;

  bool isPlain() const { return pieces.empty() || (pieces.size() == 1 && !pieces[0].hole); }
  /// The text of a plain string.
  const std::string &plainText() const {
    static const std::string empty;
    return pieces.empty() ? empty : pieces[0].text;
  }
};

//===----------------------------------------------------------------------===//
// Made of parts
//===----------------------------------------------------------------------===//

/// `[a, b]`
struct ListExpr : Expr {
  WEFT_EXPR(ListExpr, list)
  std::vector<Expr *> elements;
};

/// `(a, b)`; at least two elements.
struct TupleExpr : Expr {
  WEFT_EXPR(TupleExpr, tuple)
  std::vector<Expr *> elements;
};

/// `key: value` of a record, a declaration's body, a policy or a budget. The
/// value may be a lambda. Whether a key stands twice, or is known, is sema's.
struct Entry : Node {
  std::string doc; ///< Of the `///` lines above; empty if there are none.
  Name key;
  Expr *value = nullptr;
};

/// `{ a: 1 }` or `Box { a: 1 }`.
struct RecordExpr : Expr {
  WEFT_EXPR(RecordExpr, record)
  Name type; ///< Empty if no type was named.
  std::vector<Entry *> entries;
};

struct MapEntry {
  StringExpr *key = nullptr;
  Expr *value = nullptr;
};

/// `{ "k": 1 }`, `{}`
struct MapExpr : Expr {
  WEFT_EXPR(MapExpr, map)
  std::vector<MapEntry> entries;
};

//===----------------------------------------------------------------------===//
// Names and access
//===----------------------------------------------------------------------===//

/// A value, function, declaration, case, or, with a capital, a type or dimension.
struct NameExpr : Expr {
  WEFT_EXPR(NameExpr, name)
  Name name;
};

/// `x.f`: a field, a tool's member, a case (`Verdict.accept`), a module's name
/// (`std.optim`), `train.lm`, or the callee of `x.f(a)`.
struct MemberExpr : Expr {
  WEFT_EXPR(MemberExpr, member)
  Expr *object = nullptr;
  Name member;
};

/// `t.0`
struct TupleIndexExpr : Expr {
  WEFT_EXPR(TupleIndexExpr, tupleIndex)
  Expr *object = nullptr;
  std::uint32_t index = 0;
};

/// `xs[i]`, `m["k"]`
struct IndexExpr : Expr {
  WEFT_EXPR(IndexExpr, index)
  Expr *object = nullptr;
  Expr *index = nullptr;
};

struct Argument {
  Span span;
  Name name; ///< Empty if positional; named ones follow positional ones (checked).
  Expr *value = nullptr;
};

/// `f(a, b: c)`, `x.f(a)` (the callee is a MemberExpr)
struct CallExpr : Expr {
  WEFT_EXPR(CallExpr, call)
  Expr *callee = nullptr;
  std::vector<Argument> arguments;
};

/// `call as T`; `operand` is a CallExpr (checked).
struct AsExpr : Expr {
  WEFT_EXPR(AsExpr, asType)
  Expr *operand = nullptr;
  TypeExpr *type = nullptr;
};

/// `e with { retry: 3 }`; `operand` is a call, an `as`, a name chain or a form
/// other than `try`. That it is one that takes a policy is sema's.
struct WithExpr : Expr {
  WEFT_EXPR(WithExpr, with)
  Expr *operand = nullptr;
  std::vector<Entry *> policy;
};

//===----------------------------------------------------------------------===//
// Operators
//===----------------------------------------------------------------------===//

enum class UnaryOp : std::uint8_t { negate, logicalNot };

struct UnaryExpr : Expr {
  WEFT_EXPR(UnaryExpr, unary)
  UnaryOp op = UnaryOp::negate;
  Span opSpan;
  Expr *operand = nullptr;
};

enum class BinaryOp : std::uint8_t {
  matmul,
  multiply,
  divide,
  remainder, // @ * / %
  add,
  subtract, // + -
  orElse,   // ??, groups to the right; lazy
  equal,
  notEqual,
  less,
  lessEqual,
  greater,
  greaterEqual,
  logicalAnd,
  logicalOr, // lazy
};

/// The operator as it is written: "@", "??", "and".
const char *spelling(BinaryOp op);
const char *spelling(UnaryOp op);

struct BinaryExpr : Expr {
  WEFT_EXPR(BinaryExpr, binary)
  BinaryOp op = BinaryOp::add;
  Span opSpan;
  Expr *left = nullptr;
  Expr *right = nullptr;
};

/// A parameter of a lambda; a node because it binds.
struct LambdaParam : Node {
  Name name;
};

/// `|a, b| e`. A leading dot is one too: `.score` and `.name.upper()` have one
/// parameter named "$", which no program can write, and `isShorthand` set; the
/// body is the whole chain.
struct LambdaExpr : Expr {
  WEFT_EXPR(LambdaExpr, lambda)
  bool isShorthand = false;
  std::vector<LambdaParam *> parameters;
  Expr *body = nullptr;
};

} // namespace weft::syntax

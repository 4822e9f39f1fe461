//===- AstForm.h - Statements, and expressions with blocks ----------------===//
//
// Everything else that has a value, `fail` and `break` included: they stand only
// as statements and as the right side of an arm, and have no value to give.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/syntax/AstExpr.h"

namespace weft::syntax {

//===----------------------------------------------------------------------===//
// Statements
//===----------------------------------------------------------------------===//

enum class StmtKind : std::uint8_t {
  expression, ///< ExprStmt
  let,        ///< LetStmt
  mock,       ///< MockStmt, tests only (sema's check)
  replay,     ///< ReplayStmt, tests only
  crash,      ///< CrashStmt, tests only
};

struct Stmt : Node {
  const StmtKind kind;

protected:
  explicit Stmt(StmtKind kind) : kind(kind) {}
};

struct ExprStmt : Stmt {
  static constexpr StmtKind nodeKind = StmtKind::expression;
  ExprStmt() : Stmt(nodeKind) {}
  Expr *expr = nullptr;
};

/// `let p: T = e`
struct LetStmt : Stmt {
  static constexpr StmtKind nodeKind = StmtKind::let;
  LetStmt() : Stmt(nodeKind) {}
  Pattern *pattern = nullptr;
  TypeExpr *type = nullptr; ///< May be null.
  Expr *value = nullptr;
};

/// `mock fs.write_file => |path, content| { ok: true }`
struct MockStmt : Stmt {
  static constexpr StmtKind nodeKind = StmtKind::mock;
  MockStmt() : Stmt(nodeKind) {}
  Expr *target = nullptr; ///< A NameExpr, or MemberExprs over one.
  Expr *value = nullptr;
};

/// `replay "brief.json"`
struct ReplayStmt : Stmt {
  static constexpr StmtKind nodeKind = StmtKind::replay;
  ReplayStmt() : Stmt(nodeKind) {}
  StringExpr *recording = nullptr; ///< Plain (checked).
};

/// `crash everywhere`
struct CrashStmt : Stmt {
  static constexpr StmtKind nodeKind = StmtKind::crash;
  CrashStmt() : Stmt(nodeKind) {}
};

//===----------------------------------------------------------------------===//
// Forms
//===----------------------------------------------------------------------===//

/// `{ … }`: never empty. Its value is the last statement's if that is an
/// expression, else `none`.
struct BlockExpr : Expr {
  WEFT_EXPR(BlockExpr, block)
  std::vector<Stmt *> statements;
};

/// `if c { } else if d { } else { }`
struct IfExpr : Expr {
  WEFT_EXPR(IfExpr, ifElse)
  Expr *condition = nullptr;
  BlockExpr *thenBlock = nullptr;
  Expr *otherwise = nullptr; ///< A BlockExpr, an IfExpr, or null.
};

/// `pattern => body`
struct Arm : Node {
  Pattern *pattern = nullptr;
  Expr *body = nullptr;
};

struct MatchExpr : Expr {
  WEFT_EXPR(MatchExpr, match)
  Expr *subject = nullptr; ///< May be a WithExpr: `match editor(d) with { … } { … }`.
  std::vector<Arm *> arms;
};

/// `for p in xs parallel n { e }`
struct ForExpr : Expr {
  WEFT_EXPR(ForExpr, forEach)
  Pattern *pattern = nullptr;
  Expr *items = nullptr;
  Expr *parallel = nullptr; ///< May be null.
  BlockExpr *body = nullptr;
};

/// `loop p = init max n { … } else { … }`
struct LoopExpr : Expr {
  WEFT_EXPR(LoopExpr, loop)
  Pattern *pattern = nullptr;
  Expr *init = nullptr;
  Expr *max = nullptr;
  BlockExpr *body = nullptr;
  BlockExpr *otherwise = nullptr; ///< May be null.
};

/// `race { a, b }`
struct RaceExpr : Expr {
  WEFT_EXPR(RaceExpr, race)
  std::vector<Expr *> alternatives;
};

/// `vote k of n { e } by f`
struct VoteExpr : Expr {
  WEFT_EXPR(VoteExpr, vote)
  Expr *keep = nullptr;    ///< k; of `vote n { … }`, n.
  Expr *samples = nullptr; ///< n; null where only one number was written.
  BlockExpr *body = nullptr;
  Expr *judge = nullptr; ///< A NameExpr or MemberExprs over one; null without `by`.
};

/// `try e catch { timeout => a, err => b }`
struct TryExpr : Expr {
  WEFT_EXPR(TryExpr, tryCatch)
  Expr *body = nullptr;
  std::vector<Arm *> arms;
};

/// `atomic { … }`
struct AtomicExpr : Expr {
  WEFT_EXPR(AtomicExpr, atomic)
  BlockExpr *body = nullptr;
};

struct BreakExpr : Expr {
  WEFT_EXPR(BreakExpr, breakLoop)
  Expr *value = nullptr;
};

struct ContinueExpr : Expr {
  WEFT_EXPR(ContinueExpr, continueLoop)
  Expr *value = nullptr;
};

struct FailExpr : Expr {
  WEFT_EXPR(FailExpr, fail)
  Expr *why = nullptr;
};

struct AssertExpr : Expr {
  WEFT_EXPR(AssertExpr, assertThat)
  Expr *condition = nullptr;
  Expr *why = nullptr; ///< May be null.
};

struct EmitExpr : Expr {
  WEFT_EXPR(EmitExpr, emit)
  Expr *value = nullptr;
};

#undef WEFT_EXPR

} // namespace weft::syntax

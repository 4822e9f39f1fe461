//===- Body.h - What is being checked now ---------------------------------===//
//
// Bodies are checked one after the other, but a call may need the result type
// of a function whose body comes later: then this one is put aside.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/sema/CheckedProgram.h"
#include "lang/sema/Scope.h"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace weft::sema {

/// What kind of code is being checked: decides what may stand in it.
enum class Place : std::uint8_t { workflow, test, fn, tensorFn, prompt, where, constant };

/// Why a type was expected: a note at another place.
struct Reason {
  std::string note;
  source::Span span;
};

/// The loop whose body is being checked.
struct LoopFrame {
  const syntax::LoopExpr *loop = nullptr;
  Type carried = nullptr;
  std::set<const syntax::Expr *> ends;      ///< `break`, `continue` and `fail` that stand where the value stands.
  std::vector<const syntax::Expr *> breaks; ///< Values of `break`.
};

/// What is being checked now; saved when another body is needed first.
struct Body {
  Place place = Place::constant;
  std::uint32_t module = 0;
  Scope *scope = nullptr;
  Callable *callable = nullptr;
  Type emits = nullptr;
  LoopFrame *loop = nullptr;
  TestInfo *test = nullptr;
  unsigned lambdas = 0;                         ///< Depth; inside a lambda no call leaves.
  const syntax::LambdaExpr *stepping = nullptr; ///< The lambda of a `reduce` in a workflow: calls may leave it.
  bool inMock = false;                          ///< What a mock answers: pure like a lambda.
  std::vector<const syntax::Expr *> exprs;      ///< Whose types are settled at the end.
  std::vector<const syntax::Pattern *> patterns;
  std::vector<const syntax::Expr *> calls; ///< Whose CallInfo is settled at the end.
  std::vector<Symbol *> locals;
};

} // namespace weft::sema

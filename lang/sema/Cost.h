//===- Cost.h - What is paid at least -------------------------------------===//
#pragma once

#include "lang/sema/CheckedProgram.h"

namespace weft::sema {

/// What a body cannot do without. Zero where nothing is certain.
struct LeastCost {
  double nano = 0; ///< Nano-dollars.
  double tokens = 0, calls = 0;
  const syntax::Expr *heaviest = nullptr; ///< The call that costs most; null if none does.
  double heaviestNano = -1, heaviestCalls = 0;

  void add(const LeastCost &other, double times = 1);
};

/// Of one call of a workflow or an agent, of whatever module. O(size of the bodies that it reaches).
LeastCost leastCost(const CheckedProgram &program, const Symbol &symbol);

/// Of the fixed text of a string.
double leastTokens(const syntax::Expr *text);

} // namespace weft::sema

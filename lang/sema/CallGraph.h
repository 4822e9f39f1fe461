//===- CallGraph.h - Who may call whom ------------------------------------===//
//
// For the rules that need the whole program. A value of agent type may be any
// agent, workflow or model that stands as a value in what the program reaches and
// whose type fits: more cannot be known, and less would be wrong.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/sema/CheckedProgram.h"

#include <functional>
#include <set>

namespace weft::sema {

/// Agents, workflows and models that stand as values in the root module, or in what it reaches of others, whose tests
/// and helpers stay out of this. After all bodies are checked.
std::set<const Symbol *> findAgentValues(const CheckedProgram &program);

class CallGraph {
public:
  CallGraph(const CheckedProgram &program, const std::set<const Symbol *> &values) : program(program), values(values) {}

  /// What a call, or the judge of a vote, may reach; empty for what stays inside.
  std::vector<const Symbol *> callees(const syntax::Expr *expr) const;
  /// The effect of the call alone, arguments excluded.
  Effect effectOf(const syntax::Expr *expr) const;
  /// Body of a fn or workflow; null for others.
  static const syntax::Expr *bodyOf(const Symbol *symbol);

private:
  const CheckedProgram &program;
  const std::set<const Symbol *> &values;
};

} // namespace weft::sema

//===- Scope.h - Which name is seen where ---------------------------------===//
//
// A chain of tables from the innermost block to the module. A scope that opens a
// lambda notes what is seen through it: those are its captures.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/sema/Symbols.h"

namespace weft::sema {

class Scope {
public:
  explicit Scope(Scope *outer, std::vector<const Symbol *> *captures = nullptr) : outer(outer), captures(captures) {}

  /// The symbol already there, if the scope has one of this name; else null, and bound.
  Symbol *bind(Symbol *symbol);
  /// The nearest one; noted as used, and as captured by the lambdas in between.
  Symbol *find(std::string_view name);
  /// Names of this scope and those around it.
  void collect(std::vector<std::string> &names) const;
  const std::map<std::string, Symbol *, std::less<>> &own() const { return names; }

private:
  Scope *outer;
  std::vector<const Symbol *> *captures;
  std::map<std::string, Symbol *, std::less<>> names;
};

} // namespace weft::sema

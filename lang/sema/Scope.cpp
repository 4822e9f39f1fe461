//===- Scope.cpp - Which name is seen where -------------------------------===//

#include "lang/sema/Scope.h"

#include <algorithm>

namespace weft::sema {

Symbol *Scope::bind(Symbol *symbol) {
  auto [place, fresh] = names.try_emplace(symbol->name, symbol);
  return fresh ? nullptr : place->second;
}

Symbol *Scope::find(std::string_view name) {
  if (auto found = names.find(name); found != names.end()) {
    found->second->used = true;
    return found->second;
  }
  Symbol *symbol = outer ? outer->find(name) : nullptr;
  if (symbol && captures && std::find(captures->begin(), captures->end(), symbol) == captures->end())
    captures->push_back(symbol);
  return symbol;
}

void Scope::collect(std::vector<std::string> &out) const {
  for (const auto &[name, symbol] : names)
    if (!name.starts_with("$"))
      out.push_back(name);
  if (outer)
    outer->collect(out);
}

} // namespace weft::sema

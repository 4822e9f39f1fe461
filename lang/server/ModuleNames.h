//===- ModuleNames.h - What a module's own names stand for ----------------===//
//
// Those that it declares, and those that its `use` takes from others.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/sema/CheckedProgram.h"

#include <map>
#include <optional>

namespace weft::server {

class ModuleNames {
public:
  ModuleNames(const sema::CheckedProgram &program, const source::Sources &sources, std::uint32_t module);

  /// Declared or imported, by the name used here; null if there is none.
  const sema::Symbol *find(std::string_view name) const;
  /// What an import means in its own module; null if it is not known.
  const sema::Symbol *imported(const syntax::Import *import) const;
  /// Where `use … as` gave this name.
  std::optional<source::Span> renamed(const std::string &name) const;
  /// `std.vote.majority`; null if there is none.
  const sema::Symbol *qualified(const std::string &library, std::string_view name) const;
  const std::map<std::string, const sema::Symbol *, std::less<>> &all() const { return names; }

private:
  const sema::Symbol *exported(std::size_t module, std::string_view name) const;

  const sema::CheckedProgram &program;
  std::map<std::string, const sema::Symbol *, std::less<>> names;
  std::map<const syntax::Import *, const sema::Symbol *> imports;
  std::map<std::string, source::Span> renames;
};

} // namespace weft::server

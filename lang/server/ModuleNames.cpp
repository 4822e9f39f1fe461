//===- ModuleNames.cpp - What a module's own names stand for --------------===//

#include "lang/server/ModuleNames.h"

namespace weft::server {
using syntax::as;

namespace {

/// As the loader was asked for it.
std::string sourceNameOf(const syntax::UseDecl *use, const std::string &user) {
  std::string path;
  for (const syntax::Name &part : use->path)
    path += (path.empty() ? "" : "/") + part.text;
  if (!use->isRelative)
    return path;
  std::size_t slash = user.rfind('/');
  return (slash == std::string::npos ? "" : user.substr(0, slash + 1)) + path + ".weft";
}

} // namespace

ModuleNames::ModuleNames(const sema::CheckedProgram &program, const source::Sources &sources, std::uint32_t module)
    : program(program) {
  const syntax::Module &tree = *program.modules[module]->tree;
  std::map<std::string, std::size_t> bySource;
  for (std::size_t i = 0; i < program.modules.size(); ++i)
    bySource[sources.file(program.modules[i]->tree->file).name()] = i;
  for (const syntax::Decl *decl : tree.decls) {
    const auto *use = as<syntax::UseDecl>(decl);
    if (!use)
      continue;
    auto from = bySource.find(sourceNameOf(use, sources.file(tree.file).name()));
    if (from == bySource.end())
      continue;
    for (const syntax::Import *import : use->imports) {
      const sema::Symbol *meant = exported(from->second, import->name.text);
      if (!meant)
        continue;
      imports[import] = meant;
      names.emplace(import->bound().text, meant);
      if (!import->alias.empty())
        renames.emplace(import->alias.text, import->alias.span);
    }
  }
  for (const sema::Symbol *symbol : program.modules[module]->declared)
    names.insert_or_assign(symbol->name, symbol);
}

const sema::Symbol *ModuleNames::exported(std::size_t module, std::string_view name) const {
  for (const sema::Symbol *symbol : program.modules[module]->declared)
    if (symbol->name == name)
      return symbol;
  return nullptr;
}

const sema::Symbol *ModuleNames::find(std::string_view name) const {
  auto found = names.find(name);
  return found == names.end() ? nullptr : found->second;
}

const sema::Symbol *ModuleNames::imported(const syntax::Import *import) const {
  auto found = imports.find(import);
  return found == imports.end() ? nullptr : found->second;
}

std::optional<source::Span> ModuleNames::renamed(const std::string &name) const {
  auto found = renames.find(name);
  return found == renames.end() ? std::nullopt : std::optional(found->second);
}

const sema::Symbol *ModuleNames::qualified(const std::string &library, std::string_view name) const {
  for (std::size_t i = 0; i < program.modules.size(); ++i)
    if (program.modules[i]->name == "std/" + library)
      return exported(i, name);
  return nullptr;
}

} // namespace weft::server

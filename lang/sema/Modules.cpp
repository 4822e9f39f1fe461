//===- Modules.cpp - Loading, `use`, qualified names ----------------------===//
//
// A module is loaded once, whoever uses it, and completely before its user. What
// `std.x.y` names in a type or in the middle of a body is loaded like what `use` names.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Checker.h"

#include "lang/sema/TypeWalk.h"
#include "lang/sema/Walk.h"
#include "lang/syntax/Parser.h"

#include <algorithm>

namespace weft::sema {
using syntax::as;

namespace {

std::string folderOf(const std::string &file) {
  std::size_t slash = file.rfind('/');
  return slash == std::string::npos ? "" : file.substr(0, slash + 1);
}

/// `std`, `x`, `y` of `std.x.y`; empty if the chain does not begin with `std`.
std::vector<syntax::Name> stdPath(const syntax::Expr *expr) {
  if (const auto *name = as<syntax::NameExpr>(expr))
    return name->name.text == "std" ? std::vector<syntax::Name>{name->name} : std::vector<syntax::Name>{};
  const auto *member = as<syntax::MemberExpr>(expr);
  if (!member)
    return {};
  std::vector<syntax::Name> path = stdPath(member->object);
  if (!path.empty())
    path.push_back(member->member);
  return path;
}

constexpr std::size_t maxListed = 12; ///< Names of a module in a message.

/// The nearest of the names that others may take from the module, or all of them.
void offerNames(Diagnostic &report, const std::string &written, const std::map<std::string, Symbol *, std::less<>> &own,
                std::uint32_t module) {
  std::vector<std::string> names;
  for (const auto &[name, symbol] : own)
    if (symbol->module == module && !name.starts_with("_"))
      names.push_back(name);
  if (report.offer(written, names) || names.empty())
    return;
  std::string list;
  for (std::size_t i = 0; i < names.size() && i < maxListed; ++i)
    list += (i ? ", " : "") + names[i];
  report.hint("it declares: " + list + (names.size() > maxListed ? ", …" : ""));
}

/// "std.lists" of "std/lists"; the file of a neighbour as it is.
std::string shownName(const std::string &module) {
  std::string name = module;
  if (name.starts_with("std/"))
    std::replace(name.begin(), name.end(), '/', '.');
  return name;
}

} // namespace

std::uint32_t Checker::loadFile(const source::SourceFile &file, std::string name) {
  auto index = static_cast<std::uint32_t>(program.modules.size());
  syntax::ParseResult parsed = syntax::parse(file, engine, options.memory);
  auto made = std::make_unique<CheckedModule>();
  made->name = name;
  made->tree = parsed.module.get();
  made->exprs.resize(parsed.module->nodeCount);
  program.modules.push_back(std::move(made));
  program.trees.push_back(std::move(parsed.module));
  program.moduleOfFile[file.id()] = index;
  moduleScopes.emplace_back(nullptr);
  if (!parsed.ok)
    broken.insert(index);
  loaded[name] = index;
  loading.push_back(name);
  loadUsed(index);
  loading.pop_back();
  finished.push_back(index);
  return index;
}

std::string Checker::moduleName(std::uint32_t module, const syntax::UseDecl *use) const {
  std::string path;
  for (const syntax::Name &part : use->path)
    path += (path.empty() ? "" : "/") + part.text;
  if (!use->isRelative)
    return path;
  const syntax::Module &tree = *program.modules[module]->tree;
  return folderOf(sources.file(tree.file).name()) + path + ".weft";
}

std::optional<std::uint32_t> Checker::loadModule(const std::string &name, Span use) {
  if (std::find(loading.begin(), loading.end(), name) != loading.end()) {
    std::string circle;
    for (auto at = std::find(loading.begin(), loading.end(), name); at != loading.end(); ++at)
      circle += (at->empty() ? "this file" : *at) + " → ";
    error(Code::importCycle, use, "modules use each other in a circle: " + circle + (name.empty() ? "this file" : name))
        .hint("move what both need into a third module");
    return std::nullopt;
  }
  if (auto known = loaded.find(name); known != loaded.end())
    return known->second;
  std::optional<std::string> text = loader ? loader(name) : std::nullopt;
  if (!text) {
    error(Code::unknownModule, use, "there is no module `" + shownName(name) + "`")
        .hint(name.starts_with("std/") ? "modules of the standard library are listed in stdlib/README.md"
                                       : "`use ./x.{…}` takes the file x.weft beside this one");
    return std::nullopt;
  }
  return loadFile(sources.add(name, std::move(*text)), name);
}

void Checker::loadUsed(std::uint32_t module) {
  const syntax::Module &tree = *program.modules[module]->tree;
  for (const syntax::Decl *decl : tree.decls) {
    if (const auto *use = as<syntax::UseDecl>(decl)) {
      std::string name = moduleName(module, use);
      // The root is known by its file as well.
      if (use->isRelative && name == sources.file(program.modules[0]->tree->file).name())
        name = "";
      if (std::optional<std::uint32_t> used = loadModule(name, use->path.front().span))
        usedModules[use] = *used;
      continue;
    }
    auto load = [&](const syntax::Name &first, const syntax::Name &second) {
      loadModule("std/" + second.text, {first.span.file, first.span.begin, second.span.end});
    };
    forEachNamedType(decl, [&](const syntax::NamedType *type) {
      if (type->qualifier.size() == 2 && type->qualifier[0].text == "std")
        load(type->qualifier[0], type->qualifier[1]);
    });
    forEachRoot(decl, [&](const syntax::Expr *root) {
      forEachExpr(root, [&](const syntax::Expr *expr) {
        std::vector<syntax::Name> path = stdPath(expr);
        if (path.size() == 3)
          load(path[0], path[1]);
      });
    });
  }
}

void Checker::bindImports(std::uint32_t module) {
  for (const syntax::Decl *decl : program.modules[module]->tree->decls) {
    const auto *use = as<syntax::UseDecl>(decl);
    if (!use)
      continue;
    auto from = usedModules.find(use);
    for (const syntax::Import *import : use->imports) {
      if (from == usedModules.end()) {
        unknownImports.insert(import->bound().text);
        continue;
      }
      const auto &exported = moduleScopes[from->second].own();
      auto found = exported.find(import->name.text);
      if (found == exported.end() || found->second->module != from->second) {
        unknownImports.insert(import->bound().text);
        if (mayBeMissing(from->second, import->name.text))
          continue;
        Diagnostic &report =
            error(Code::unknownName, import->name.span,
                  "`" + import->name.text + "` is not declared in " + shownName(program.modules[from->second]->name));
        offerNames(report, import->name.text, exported, from->second);
        continue;
      }
      if (import->name.text.starts_with("_")) {
        error(Code::privateName, import->name.span, "`" + import->name.text + "` is private to its module")
            .note(found->second->span, "declared here");
      }
      found->second->used = true;
      Symbol *bound = found->second;
      if (import->bound().text != import->name.text) {
        // Another name for the same thing: a copy that shares everything it points to.
        program.symbols.push_back(*bound);
        bound = &program.symbols.back();
        bound->name = import->bound().text;
        aliasOf[bound] = found->second;
      }
      if (Symbol *other = moduleScopes[module].bind(bound))
        error(Code::duplicateName, import->bound().span, "`" + import->bound().text + "` is already declared")
            .note(other->span, "the other one");
    }
  }
}

bool Checker::isLibrary(std::uint32_t index) const {
  return program.modules[index]->name.starts_with("std/") || (index == 0 && options.isLibrary);
}

bool Checker::isLost(std::uint32_t index, const std::string &name) const {
  const std::vector<syntax::BrokenDecl> &lost = program.modules[index]->tree->broken;
  return std::any_of(lost.begin(), lost.end(), [&](const syntax::BrokenDecl &one) { return one.name.text == name; });
}

bool Checker::mayBeMissing(std::uint32_t index, const std::string &name) const {
  if (!broken.contains(index) || name == diagnostics::placeholder)
    return false;
  const std::vector<syntax::BrokenDecl> &lost = program.modules[index]->tree->broken;
  return lost.empty() || std::any_of(lost.begin(), lost.end(), [&](const syntax::BrokenDecl &one) {
           return one.name.empty() || one.name.text == name;
         });
}

Symbol *Checker::qualified(const std::vector<syntax::Name> &path, Span span) {
  auto known = loaded.find("std/" + path[1].text);
  if (known == loaded.end())
    return nullptr; // Reported when it was to be loaded.
  const auto &exported = moduleScopes[known->second].own();
  auto found = exported.find(path[2].text);
  if (found == exported.end()) {
    Diagnostic &report =
        error(Code::unknownName, path[2].span, "`" + path[2].text + "` is not declared in std." + path[1].text);
    offerNames(report, path[2].text, exported, known->second);
    return nullptr;
  }
  found->second->used = true;
  return found->second;
}

} // namespace weft::sema

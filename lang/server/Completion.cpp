//===- Completion.cpp - What may be typed here ----------------------------===//
//
// Names come from sema by a probe; what stands after a dot from the type of what
// stands before it; words of the language from the place alone.
//
//===----------------------------------------------------------------------===//

#include "lang/server/Features.h"

#include "lang/sema/Walk.h"
#include "lang/server/ModuleNames.h"
#include "lang/server/Probe.h"
#include "lang/server/Show.h"

#include <algorithm>
#include <filesystem>
#include <set>

namespace weft::server {
using namespace syntax;

namespace {

/// The protocol's CompletionItemKind.
enum class ItemKind : int {
  method = 2,
  function = 3,
  field = 5,
  variable = 6,
  module = 9,
  key = 10,
  keyword = 14,
  file = 17,
  caseOf = 20,
  record = 22
};

constexpr std::string_view declarationWords[] = {"agent", "cluster", "deploy", "dim",   "fn",
                                                 "label", "mesh",    "model",  "store", "test",
                                                 "tool",  "train",   "type",   "use",   "workflow"};
constexpr std::string_view expressionWords[] = {"assert", "atomic", "break", "continue", "emit", "fail",
                                                "false",  "for",    "if",    "let",      "loop", "match",
                                                "none",   "not",    "race",  "true",     "try",  "vote"};
constexpr std::string_view signatureWords[] = {"budget", "depth", "effect", "emits", "where"};

class Items {
public:
  void add(const std::string &label, ItemKind kind, const std::string &detail = "", const std::string &doc = "") {
    if (label.empty() || label == diagnostics::placeholder || !seen.insert(label).second)
      return;
    json::object item{{"label", label}, {"kind", static_cast<int>(kind)}};
    if (!detail.empty())
      item["detail"] = detail;
    if (!doc.empty())
      item["documentation"] = json::object{{"kind", "markdown"}, {"value", doc}};
    list.push_back(std::move(item));
  }
  void add(const sema::Symbol &symbol) { add(symbol.name, kindOf(symbol.kind), headline(symbol), docOf(symbol)); }

  static ItemKind kindOf(sema::SymbolKind kind) {
    switch (kind) {
    case sema::SymbolKind::fn:
    case sema::SymbolKind::workflow:
    case sema::SymbolKind::train:
    case sema::SymbolKind::agent:
    case sema::SymbolKind::core:
      return ItemKind::function;
    case sema::SymbolKind::member:
      return ItemKind::method;
    case sema::SymbolKind::type:
      return ItemKind::record;
    case sema::SymbolKind::tool:
      return ItemKind::module;
    default:
      return ItemKind::variable;
    }
  }

  template <typename Words> void words(const Words &words) {
    for (std::string_view word : words)
      add(std::string(word), ItemKind::keyword);
  }

  json::array list;

private:
  std::set<std::string> seen;
};

/// The expression `x.` whose member is the placeholder; null if there is none.
const MemberExpr *memberOf(const Analysis &probed) {
  const MemberExpr *found = nullptr;
  for (const Decl *decl : probed.rootModule().tree->decls)
    sema::forEachRoot(decl, [&](const Expr *root) {
      sema::forEachExpr(root, [&](const Expr *expr) {
        if (const auto *member = as<MemberExpr>(expr); member && member->member.text == diagnostics::placeholder)
          found = member;
      });
    });
  return found;
}

void addExported(Items &items, const sema::CheckedModule &module) {
  for (const sema::Symbol *symbol : module.declared)
    if (!symbol->name.starts_with("_"))
      items.add(*symbol);
}

/// Core functions whose first parameter takes such a value, as signatures say it: "list<", "string", "map<".
void addMethods(Items &items, const Analysis &probed, sema::Type type) {
  sema::TypeTable types;
  const sema::Builtins builtins(types);
  auto fits = [&](sema::Type wanted) {
    return wanted->is(type->kind) || (wanted->is(sema::TypeKind::floating) && type->is(sema::TypeKind::integer)) ||
           (wanted->is(sema::TypeKind::parameter) && sema::isNumber(type));
  };
  for (const std::string &name : builtins.names())
    for (const sema::Builtin *one : builtins.find(name, sema::BuiltinFamily::core))
      if (!one->parameters.empty() && fits(one->parameters[0].type))
        items.add(name, ItemKind::method, one->signature);
  ModuleNames names(*probed.program, probed.sources, 0);
  for (const auto &[name, symbol] : names.all())
    if (symbol->callable && symbol->kind != sema::SymbolKind::model && !symbol->callable->parameters.empty() &&
        symbol->callable->parameters[0].type && sema::base(symbol->callable->parameters[0].type) == type)
      items.add(name, ItemKind::method, headline(*symbol), docOf(*symbol));
}

void addMembers(Items &items, const Analysis &probed, const MemberExpr *member) {
  const sema::ExprInfo &object = probed.program->of(member->object);
  if (const sema::Symbol *symbol = object.symbol; object.denotes == sema::Denotes::tool && symbol) {
    if (symbol->tool)
      for (const sema::Symbol *one : symbol->tool->members)
        items.add(*one);
    if (symbol->kind == sema::SymbolKind::type && symbol->type)
      for (const sema::Case &one : sema::base(symbol->type)->cases)
        items.add(one.name, ItemKind::caseOf, "", one.doc);
    return;
  }
  if (!object.type)
    return;
  sema::Type type = sema::base(object.type);
  for (const sema::Field &field : type->fields)
    items.add(field.name, ItemKind::field, sema::text(field.type), field.doc);
  if (type->is(sema::TypeKind::record))
    items.add("copy", ItemKind::method, "copy(field: …): the record with other fields");
  addMethods(items, probed, type);
}

/// A name that sema offers, with what is known of it.
void addNamed(Items &items, const Analysis &probed, const ModuleNames &names, const std::string &name,
              std::uint32_t offset, ItemKind otherwise) {
  const Decl *decl = probed.declAt(offset);
  const Occurrence *local = nullptr;
  for (const Occurrence &one : probed.occurrences())
    if (decl && one.declares() && one.span.begin >= decl->span.begin && one.span.begin < offset && one.symbol &&
        one.symbol->kind >= sema::SymbolKind::parameter && one.symbol->name == name)
      local = &one;
  if (local)
    items.add(name, ItemKind::variable, headline(*probed.program, *local), docOf(*local));
  else if (const sema::Symbol *symbol = names.find(name))
    items.add(name, Items::kindOf(symbol->kind), headline(*symbol), docOf(*symbol));
  else if (std::vector<std::string> signatures = signaturesOf(name); !signatures.empty())
    items.add(name, ItemKind::function, signatures.front());
  else
    items.add(name, otherwise);
}

/// `use std.`, `use ./`: names of modules.
bool addModules(Items &items, const Workspace &workspace, const std::string &path, const Cursor &cursor) {
  std::string_view line = cursor.line;
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  if (line == "use std.") {
    for (const std::string &name : workspace.libraryModules())
      items.add(name, ItemKind::module, "std." + name);
    return true;
  }
  if (line != "use ./")
    return false;
  std::filesystem::path own(path);
  std::error_code error;
  for (std::filesystem::directory_iterator at(own.parent_path(), error), end; !error && at != end; at.increment(error))
    if (at->path().extension() == ".weft" && at->path() != own)
      items.add(at->path().stem().string(), ItemKind::file, at->path().filename().string());
  return true;
}

} // namespace

Answer completion(Workspace &workspace, const std::string &path, std::uint32_t offset) {
  std::optional<std::string> text = workspace.textOf(path);
  if (!text)
    return Refusal{Refusal::invalidParams, "there is no text of " + path};
  Items items;
  Cursor cursor = cursorAt(*text, offset);
  if (cursor.inText || addModules(items, workspace, path, cursor))
    return json::value(std::move(items.list));
  bool outside = cursor.open.empty();
  if (outside && cursor.firstOfLine) {
    items.words(declarationWords);
    return json::value(std::move(items.list));
  }
  std::shared_ptr<const Analysis> probed = probe(workspace, path, *text, cursor, ProbeForm::name);
  if (cursor.before == '.') {
    if (const MemberExpr *member = probed ? memberOf(*probed) : nullptr)
      addMembers(items, *probed, member);
    if (probed && cursor.line.ends_with("std."))
      for (const std::string &name : workspace.libraryModules())
        items.add(name, ItemKind::module, "std." + name);
    if (probed)
      for (std::size_t i = 1; i < probed->program->modules.size(); ++i)
        if (const sema::CheckedModule &module = *probed->program->modules[i];
            module.name.starts_with("std/") && cursor.line.ends_with("std." + module.name.substr(4) + "."))
          addExported(items, module);
    return json::value(std::move(items.list));
  }
  auto addFrom = [&](const std::shared_ptr<const Analysis> &from, ItemKind kind) {
    if (!from)
      return;
    ModuleNames names(*from->program, from->sources, 0);
    for (const std::string &name : candidatesOf(*from))
      if (kind == ItemKind::key)
        items.add(name, kind);
      else
        addNamed(items, *from, names, name, cursor.wordBegin, kind);
  };
  // Behind an opening brace, a comma or a line break a key may begin, or an arm.
  char around = outside ? 0 : cursor.open.back();
  bool begins = cursor.before == '{' || cursor.before == ',' || cursor.before == '(' || cursor.firstOfLine;
  if (begins && (around == '{' || around == '('))
    addFrom(probe(workspace, path, *text, cursor, ProbeForm::key), ItemKind::key);
  if (begins && around == '{')
    addFrom(probe(workspace, path, *text, cursor, ProbeForm::arm), ItemKind::caseOf);
  addFrom(probed, ItemKind::variable);
  if (outside)
    items.words(signatureWords);
  else if (cursor.before != ':')
    items.words(expressionWords);
  return json::value(std::move(items.list));
}

} // namespace weft::server

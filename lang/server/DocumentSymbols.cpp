//===- DocumentSymbols.cpp - The outline of a document --------------------===//

#include "lang/server/Features.h"

namespace weft::server {
using namespace syntax;

namespace {

/// The protocol's SymbolKind.
enum class OutlineKind : int {
  field = 8,
  sum = 10,
  tool = 11,
  function = 12,
  constant = 14,
  object = 19,
  caseOf = 22,
  record = 23,
  test = 24,
  alias = 26
};

json::object made(const LineTable &lines, const std::string &name, OutlineKind kind, Span whole, Span word) {
  // A client refuses an empty name, and a word outside of the whole.
  Span inside = word.begin >= whole.begin && word.end <= whole.end && word.end > word.begin ? word : whole;
  return {{"name", name.empty() ? "…" : name},
          {"kind", static_cast<int>(kind)},
          {"range", lines.range(whole.begin, whole.end)},
          {"selectionRange", lines.range(inside.begin, inside.end)}};
}

void addParts(const LineTable &lines, const Decl *decl, json::array &parts) {
  if (const auto *d = as<RecordDecl>(decl))
    for (const Field *field : d->fields)
      parts.push_back(made(lines, field->name.text, OutlineKind::field, field->span, field->name.span));
  else if (const auto *d = as<SumDecl>(decl))
    for (const Case *one : d->cases)
      parts.push_back(made(lines, one->name.text, OutlineKind::caseOf, one->span, one->name.span));
  else if (const auto *d = as<ToolDecl>(decl))
    for (const Member *member : d->members)
      parts.push_back(made(lines, member->name.text, OutlineKind::function, member->span, member->name.span));
}

OutlineKind kindOf(const Decl *decl) {
  switch (decl->kind) {
  case DeclKind::record:
    return OutlineKind::record;
  case DeclKind::sum:
    return OutlineKind::sum;
  case DeclKind::alias:
    return OutlineKind::alias;
  case DeclKind::fn:
  case DeclKind::workflow:
  case DeclKind::agent:
    return OutlineKind::function;
  case DeclKind::tool:
    return OutlineKind::tool;
  case DeclKind::test:
    return OutlineKind::test;
  default:
    return OutlineKind::object;
  }
}

} // namespace

json::array outlineOf(const syntax::Module &tree, const LineTable &lines) {
  json::array list;
  for (const Decl *decl : tree.decls) {
    if (const auto *dims = as<DimDecl>(decl)) {
      for (const DimBinding *one : dims->bindings)
        list.push_back(made(lines, one->name.text, OutlineKind::constant, one->span, one->name.span));
    } else if (const auto *test = as<TestDecl>(decl)) {
      list.push_back(
          made(lines, "test \"" + test->title->plainText() + "\"", OutlineKind::test, decl->span, test->title->span));
    } else if (!decl->name.empty()) {
      json::object one = made(lines, decl->name.text, kindOf(decl), decl->span, decl->name.span);
      json::array parts;
      addParts(lines, decl, parts);
      if (!parts.empty())
        one["children"] = std::move(parts);
      list.push_back(std::move(one));
    }
  }
  return list;
}

Answer documentSymbols(const Analysis &analysis) {
  return json::value(outlineOf(*analysis.rootModule().tree, analysis.lines()));
}

} // namespace weft::server

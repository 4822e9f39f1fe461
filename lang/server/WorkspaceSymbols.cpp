//===- WorkspaceSymbols.cpp - Declarations by their names -----------------===//
//
// Each spec's outline is made once and kept until its text changes. Form is
// enough for that: nothing is checked.
//
//===----------------------------------------------------------------------===//

#include "lang/server/Features.h"

#include "lang/syntax/Parser.h"

namespace weft::server {
namespace {

constexpr std::size_t maxSymbols = 500;

char lowered(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// Whether the letters stand in the name in this order.
bool hasLetters(std::string_view name, std::string_view letters) {
  for (char c : name)
    if (!letters.empty() && lowered(c) == lowered(letters[0]))
      letters.remove_prefix(1);
  return letters.empty();
}

const json::array &outlineAt(Workspace &workspace, const std::string &path) {
  std::string stamp = workspace.stampOf(path);
  Workspace::Outline &kept = workspace.outlines[path];
  if (kept.stamp == stamp)
    return kept.symbols;
  kept = {std::move(stamp), {}};
  if (std::optional<std::string> text = workspace.textOf(path)) {
    source::Sources sources;
    diagnostics::DiagnosticEngine engine;
    const source::SourceFile &file = sources.add(path, std::move(*text));
    syntax::ParseResult parsed = syntax::parse(file, engine);
    kept.symbols = outlineOf(*parsed.module, LineTable(file.text(), workspace.documents.encoding));
  }
  return kept.symbols;
}

class Found {
public:
  explicit Found(const std::string &query) : query(query) {}

  void addAll(const json::array &outline, const std::string &uri, const std::string &container) {
    for (const json::value &one : outline) {
      std::string name = textAt(one, "name").value_or("");
      if (hasLetters(name, query) && list.size() < maxSymbols) {
        json::object symbol{{"name", name}, {"kind", *at(one, "kind")}};
        symbol["location"] = json::object{{"uri", uri}, {"range", *at(one, "selectionRange")}};
        if (!container.empty())
          symbol["containerName"] = container;
        list.push_back(std::move(symbol));
      }
      if (const json::array *parts = listAt(one, "children"))
        addAll(*parts, uri, name);
    }
  }
  bool full() const { return list.size() >= maxSymbols; }

  json::array list;

private:
  const std::string &query;
};

} // namespace

Answer workspaceSymbols(Workspace &workspace, const std::string &query, const Cancelled &cancelled) {
  Found found(query);
  for (const std::string &path : workspace.specs()) {
    if (cancelled && cancelled())
      return Refusal{Refusal::cancelled, "taken back"};
    found.addAll(outlineAt(workspace, path), workspace.uriAt(path), "");
    if (found.full())
      break;
  }
  return json::value(std::move(found.list));
}

} // namespace weft::server

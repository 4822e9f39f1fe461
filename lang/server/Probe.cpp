//===- Probe.cpp - A program with a placeholder where something is typed --===//

#include "lang/server/Probe.h"

#include "lang/syntax/Parser.h"

#include <algorithm>

namespace weft::server {

std::string probeText(std::string_view text, const Cursor &cursor, ProbeForm form, bool close) {
  std::string made(text.substr(0, cursor.wordBegin));
  made += diagnostics::placeholder;
  if (form == ProbeForm::key)
    made += ": 0";
  else if (form == ProbeForm::arm)
    made += " => 0";
  if (close)
    made += closing(cursor.openLine);
  return made.append(text.substr(cursor.wordEnd));
}

std::shared_ptr<const Analysis> probe(const Workspace &workspace, const std::string &path, std::string_view text,
                                      const Cursor &cursor, ProbeForm form) {
  for (bool close : {false, true}) {
    if (close && cursor.openLine.empty())
      break;
    std::map<std::string, std::string> instead{{path, probeText(text, cursor, form, close)}};
    // A look at the form first: checking costs as much again.
    source::Sources sources;
    diagnostics::DiagnosticEngine engine;
    syntax::ParseResult parsed = syntax::parse(sources.add(path, instead[path]), engine, &workspace.parseMemory());
    const auto &decls = parsed.module->decls;
    bool sound = std::any_of(decls.begin(), decls.end(), [&](const syntax::Decl *decl) {
      return decl->span.begin <= cursor.wordBegin && cursor.wordBegin <= decl->span.end;
    });
    if (sound)
      return workspace.analyse(path, instead);
  }
  return nullptr;
}

std::vector<std::string> candidatesOf(const Analysis &probed) {
  std::vector<std::string> names;
  for (const diagnostics::Diagnostic *one : probed.engine.sorted())
    if (one->span.file == 0)
      names.insert(names.end(), one->candidates.begin(), one->candidates.end());
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

} // namespace weft::server

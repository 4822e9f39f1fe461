//===- Definition.cpp - Where a name is declared --------------------------===//

#include "lang/server/Features.h"

#include "lang/server/ModuleNames.h"

namespace weft::server {
namespace {

/// The module whose name stands at a byte, in `use ./parts.{…}`; nothing if none does, or nothing of it is known.
std::optional<source::FileId> moduleAt(const Analysis &analysis, std::uint32_t offset) {
  const auto *use = syntax::as<syntax::UseDecl>(analysis.declAt(offset));
  if (!use || offset < use->path.front().span.begin || offset > use->path.back().span.end)
    return std::nullopt;
  ModuleNames names(*analysis.program, analysis.sources, 0);
  for (const syntax::Import *import : use->imports)
    if (const sema::Symbol *imported = names.imported(import))
      return analysis.program->modules[imported->module]->tree->file;
  return std::nullopt;
}

} // namespace

Answer definition(const Analysis &analysis, std::uint32_t offset) {
  if (std::optional<source::FileId> module = moduleAt(analysis, offset))
    return analysis.location({*module, 0, 0});
  const Occurrence *name = analysis.nameAt(offset);
  if (!name || name->target.end == name->target.begin)
    return json::value(nullptr);
  return analysis.location(name->target);
}

} // namespace weft::server

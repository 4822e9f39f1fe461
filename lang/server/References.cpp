//===- References.cpp - Who uses a name -----------------------------------===//
//
// Each spec of the workspace that has the word in its text is checked, and its
// own names are looked through. A thing is the same if it is declared in the same
// file at the same byte.
//
//===----------------------------------------------------------------------===//

#include "lang/server/Features.h"

#include <algorithm>

namespace weft::server {

std::optional<std::vector<Use>> usesOf(Workspace &workspace, const Analysis &analysis, std::uint32_t offset,
                                       const Cancelled &cancelled) {
  const Occurrence *name = analysis.nameAt(offset);
  if (!name || name->target.end == name->target.begin)
    return std::nullopt;
  const std::string home = analysis.pathOf(name->target.file);
  const std::uint32_t begin = name->target.begin;
  const std::string word(analysis.sources.file(name->target.file).text(name->target));
  std::vector<std::string> paths = workspace.specs();
  for (const std::string &other : {home, analysis.pathOf(0)})
    if (std::find(paths.begin(), paths.end(), other) == paths.end())
      paths.push_back(other);
  std::vector<Use> uses;
  for (const std::string &path : paths) {
    if (cancelled && cancelled())
      return std::nullopt;
    std::optional<std::string> text = workspace.textOf(path);
    if (!text || text->find(word) == std::string::npos)
      continue;
    std::shared_ptr<const Analysis> other = workspace.analyse(path);
    if (!other)
      continue;
    for (const Occurrence &one : other->occurrences())
      if (one.target.end > one.target.begin && one.target.begin == begin && other->pathOf(one.target.file) == home &&
          (uses.empty() || uses.back().path != path || uses.back().span != one.span))
        uses.push_back({path, one.span, other->location(one.span), one.declares()});
  }
  return uses;
}

Answer references(Workspace &workspace, const Analysis &analysis, std::uint32_t offset, bool withDeclaration,
                  const Cancelled &cancelled) {
  json::array list;
  std::optional<std::vector<Use>> uses = usesOf(workspace, analysis, offset, cancelled);
  if (!uses)
    return cancelled && cancelled() ? Answer(Refusal{Refusal::cancelled, "taken back"}) : Answer(json::value(nullptr));
  for (const Use &use : *uses)
    if (withDeclaration || !use.declares)
      list.push_back(use.location);
  return list;
}

Answer highlights(const Analysis &analysis, std::uint32_t offset) {
  const Occurrence *name = analysis.nameAt(offset);
  if (!name)
    return json::value(nullptr);
  json::array list;
  constexpr int read = 2, write = 3; // The protocol's kinds.
  auto same = [&](const Occurrence &one) {
    bool declared = name->target.end > name->target.begin;
    return declared ? one.target == name->target : one.builtin && one.builtin == name->builtin;
  };
  for (const Occurrence &one : analysis.occurrences())
    if (same(one))
      list.push_back(json::object{{"range", analysis.range(one.span)}, {"kind", one.declares() ? write : read}});
  return list;
}

} // namespace weft::server

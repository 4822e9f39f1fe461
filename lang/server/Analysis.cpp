//===- Analysis.cpp - A program and what was said about it ----------------===//

#include "lang/server/Analysis.h"

#include "lang/server/Documents.h"

#include <algorithm>

namespace weft::server {

std::string Analysis::pathOf(source::FileId file) const {
  const std::string &name = sources.file(file).name();
  return name.starts_with("std/") ? library + "/" + name.substr(4) + ".weft" : name;
}

std::string Analysis::uri(source::FileId file) const {
  std::string path = pathOf(file);
  auto open = uris.find(path);
  return open == uris.end() ? uriOf(path) : open->second;
}

const LineTable &Analysis::table(source::FileId file) const {
  if (tables.size() <= file)
    tables.resize(file + 1);
  if (!tables[file])
    tables[file] = std::make_unique<LineTable>(sources.file(file).text(), encoding);
  return *tables[file];
}

json::value Analysis::range(source::Span span) const { return table(span.file).range(span.begin, span.end); }

json::value Analysis::position(source::FileId file, std::uint32_t offset) const {
  return toJson(table(file).positionAt(offset));
}

json::value Analysis::location(source::Span span) const { return {{"uri", uri(span.file)}, {"range", range(span)}}; }

const std::vector<Occurrence> &Analysis::occurrences() const {
  if (!names)
    names = std::make_unique<std::vector<Occurrence>>(occurrencesOf(*program, sources, 0));
  return *names;
}

const Occurrence *Analysis::nameAt(std::uint32_t offset) const {
  const std::vector<Occurrence> &all = occurrences();
  auto after = std::upper_bound(all.begin(), all.end(), offset,
                                [](std::uint32_t at, const Occurrence &one) { return at < one.span.begin; });
  if (after == all.begin() || std::prev(after)->span.end < offset)
    return nullptr;
  // Of several things that one word means the first was found by the innermost part.
  std::uint32_t begin = std::prev(after)->span.begin;
  while (after != all.begin() && std::prev(after)->span.begin == begin)
    --after;
  return &*after;
}

const syntax::Decl *Analysis::declAt(std::uint32_t offset) const {
  for (const syntax::Decl *decl : rootModule().tree->decls)
    if (decl->span.begin <= offset && offset <= decl->span.end)
      return decl;
  return nullptr;
}

} // namespace weft::server

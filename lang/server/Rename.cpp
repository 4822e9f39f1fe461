//===- Rename.cpp - Another name for a thing, everywhere ------------------===//
//
// The new text of every spec that uses the name is checked before anything is
// offered: each name must mean what it meant before, and no message may be new.
// So a name that would be taken, hidden or caught elsewhere is refused with the
// place where that would be.
//
//===----------------------------------------------------------------------===//

#include "lang/server/Features.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace weft::server {
namespace {

bool isWord(const std::string &name) {
  auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !name.empty() && letter(name[0]) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

/// The spans that get the new name, by path, in order.
using Edits = std::map<std::string, std::vector<source::Span>>;

std::string edited(const std::string &text, const std::vector<source::Span> &spans, const std::string &name) {
  std::string out;
  std::size_t from = 0;
  for (source::Span span : spans) {
    out.append(text, from, span.begin - from);
    out += name;
    from = span.end;
  }
  return out.append(text, from);
}

/// Where a byte of the old text lies in the new one.
class Moved {
public:
  Moved(const Edits &edits, std::size_t newLength) : edits(edits), newLength(newLength) {}

  std::uint32_t operator()(const std::string &path, std::uint32_t offset) const {
    auto found = edits.find(path);
    if (found == edits.end())
      return offset;
    std::int64_t moved = offset;
    for (source::Span span : found->second)
      if (span.end <= offset)
        moved += static_cast<std::int64_t>(newLength) - (span.end - span.begin);
    return static_cast<std::uint32_t>(moved);
  }

private:
  const Edits &edits;
  std::size_t newLength;
};

/// Where each name of an analysis stands and what it means, in the new texts' bytes.
using Meanings = std::set<std::tuple<std::uint32_t, std::string, std::uint32_t>>;

template <typename Map> Meanings meaningsOf(const Analysis &analysis, const Map &moved) {
  Meanings all;
  const std::string root = analysis.pathOf(0);
  for (const Occurrence &one : analysis.occurrences()) {
    bool declared = one.target.end > one.target.begin;
    std::string home = declared ? analysis.pathOf(one.target.file) : "";
    std::uint32_t begin = declared      ? moved(home, one.target.begin)
                          : one.builtin ? static_cast<std::uint32_t>(*one.builtin)
                                        : 0;
    all.emplace(moved(root, one.span.begin), std::move(home), begin);
  }
  return all;
}

/// The first message of `after` of a code that stands more often there than in `before`.
const diagnostics::Diagnostic *newMessage(const Analysis &before, const Analysis &after) {
  std::map<diagnostics::Code, int> counts;
  for (const diagnostics::Diagnostic *one : before.engine.sorted())
    ++counts[one->code];
  for (const diagnostics::Diagnostic *one : after.engine.sorted())
    if (--counts[one->code] < 0)
      return one;
  return nullptr;
}

std::string lineText(const Analysis &analysis, std::uint32_t offset) {
  return analysis.pathOf(0) + ":" + std::to_string(analysis.root().location(offset).line);
}

/// Why one spec does not stand the change; empty if it does.
std::string wrongAfter(const Analysis &before, const Analysis &after, const Edits &edits, const std::string &name) {
  if (const diagnostics::Diagnostic *one = newMessage(before, after))
    return "with `" + name + "`, " + after.sources.file(one->span.file).name() + ":" +
           std::to_string(after.sources.file(one->span.file).location(one->span.begin).line) +
           " would be wrong: " + one->message;
  Meanings wanted = meaningsOf(before, Moved(edits, name.size()));
  Meanings found = meaningsOf(after, [](const std::string &, std::uint32_t offset) { return offset; });
  if (wanted == found)
    return "";
  std::uint32_t where = 0;
  for (const auto &one : found)
    if (!wanted.contains(one)) {
      where = std::get<0>(one);
      break;
    }
  return "with `" + name + "`, the name in " + lineText(after, where) + " would mean something else";
}

/// The occurrence, if it can be renamed at all; else why not.
std::variant<const Occurrence *, std::string> renameable(const Workspace &workspace, const Analysis &analysis,
                                                         std::uint32_t offset) {
  const Occurrence *name = analysis.nameAt(offset);
  if (!name)
    return "no name stands here";
  if (name->target.end == name->target.begin)
    return name->builtin ? "core functions keep their names" : "this name belongs to the language";
  if (workspace.inLibrary(analysis.pathOf(name->target.file)))
    return "the library is not the workspace's: take the name under another one, `use … as`";
  const source::SourceFile &home = analysis.sources.file(name->target.file);
  // Members of `files` stand for no word of the program.
  if (name->symbol && !name->field && home.text(name->target) != name->symbol->name &&
      analysis.root().text(name->span) == name->symbol->name)
    return "this member belongs to its provider";
  return name;
}

/// Where a declaration that could not be read has the word, which nobody could rename there; nothing if none has.
std::optional<std::string> unread(const Analysis &analysis, std::string_view word) {
  auto part = [](char c) { return isWord({'_', c}); };
  for (const syntax::BrokenDecl &broken : analysis.rootModule().tree->broken) {
    std::string_view text = analysis.root().text(broken.span);
    for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1))
      if ((at == 0 || !part(text[at - 1])) && (at + word.size() == text.size() || !part(text[at + word.size()])))
        return lineText(analysis, broken.span.begin + static_cast<std::uint32_t>(at));
  }
  return std::nullopt;
}

} // namespace

Answer prepareRename(const Workspace &workspace, const Analysis &analysis, std::uint32_t offset) {
  auto found = renameable(workspace, analysis, offset);
  if (auto *why = std::get_if<std::string>(&found))
    return Refusal{Refusal::requestFailed, *why};
  const Occurrence *name = std::get<const Occurrence *>(found);
  return json::object{{"range", analysis.range(name->span)},
                      {"placeholder", std::string(analysis.root().text(name->span))}};
}

Answer rename(Workspace &workspace, const Analysis &analysis, std::uint32_t offset, const std::string &name,
              const Cancelled &cancelled) {
  auto found = renameable(workspace, analysis, offset);
  if (auto *why = std::get_if<std::string>(&found))
    return Refusal{Refusal::requestFailed, *why};
  if (!isWord(name))
    return Refusal{Refusal::requestFailed, "`" + name + "` is not a name: letters, digits and _, no digit first"};
  std::optional<std::vector<Use>> uses = usesOf(workspace, analysis, offset, cancelled);
  if (!uses)
    return Refusal{Refusal::cancelled, "taken back"};
  const Occurrence *meant = std::get<const Occurrence *>(found);
  const std::string word(analysis.sources.file(meant->target.file).text(meant->target));
  Edits edits;
  std::map<std::string, json::array> changes;
  std::map<std::string, std::string> texts;
  for (const Use &use : *uses) {
    std::optional<std::string> text = workspace.textOf(use.path);
    // A use under another name, `use … as`, keeps it.
    if (!text || text->substr(use.span.begin, use.span.end - use.span.begin) != word)
      continue;
    edits[use.path].push_back(use.span);
    changes[use.path].push_back(json::object{{"range", use.location.at("range")}, {"newText", name}});
    texts[use.path] = std::move(*text);
  }
  for (const auto &[path, spans] : edits)
    texts[path] = edited(texts[path], spans, name);
  for (const auto &[path, spans] : edits) {
    if (cancelled && cancelled())
      return Refusal{Refusal::cancelled, "taken back"};
    std::shared_ptr<const Analysis> before = workspace.analyse(path), after = workspace.analyse(path, texts);
    if (!before || !after)
      continue;
    // A local is known in its own declaration alone, and that was read.
    bool isLocal = meant->symbol && meant->symbol->kind == sema::SymbolKind::local;
    if (std::optional<std::string> where = isLocal ? std::nullopt : unread(*before, word))
      return Refusal{Refusal::requestFailed,
                     *where + " has the word in a declaration that cannot be read: mend it first"};
    if (std::string why = wrongAfter(*before, *after, edits, name); !why.empty())
      return Refusal{Refusal::requestFailed, why};
  }
  json::object byUri;
  for (auto &[path, list] : changes)
    byUri[workspace.uriAt(path)] = std::move(list);
  return json::value(json::object{{"changes", std::move(byUri)}});
}

} // namespace weft::server
